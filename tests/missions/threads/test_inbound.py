"""Mails as mail programs really write them, in `mails/`, with the addresses left to fill in."""

import base64
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as sent
from django.test import Client
from pytest_django.fixtures import Settings

from explor import clock
from explor.journal.models import Entry
from explor.notifications.delivery import deliver
from explor.notifications.incoming import answer_in, read_mail
from explor.notifications.models import OutboxMail
from missions.dossier.models import ConflictOfInterest, EngagementState, Mission
from missions.threads.models import Fate, InboundMail, Message, Thread, ThreadKind
from missions.threads.replies import Forged, read_reply_address, reply_address
from tests.factories import World
from tests.missions.threads.test_threads import say

MAILS = Path(__file__).parent / "mails"
SECRET = "un-secret-d-essai"
WHERE = f"/api/courrier/{SECRET}/"

#: What each mail says once the rest is cut away.
ANSWERS = {
    "gmail": "Bonjour,\n\nMerci, c’est noté : nous serons à l’aéroport.\n\n"
    "- Awa viendra avec la voiture\n- Binta prépare la salle\n\nCordialement,\nAwa",
    "outlook": "Bonjour Dominique,\n\nLe passeport est renouvelé, voir la préfecture.\n\n"
    "Bien à vous,\nAwa Exemple\nAssociation Exemple",
    "outlook_web": "D'accord pour mardi.",
    "orange": "Oui pour le 3 mars, merci beaucoup.",
    "orange_neuf": "La salle est réservée.",
    "ios_photo": "Voici la salle.",
    "latin1": "Très bien, à bientôt à Ségou !",
    "html_seul": "Bonjour,\n\nLe devis est accepté : [le voir](https://exemple.example/devis).\n\n"
    "1. Payer\n2. Confirmer\n\nAwa",
    "pieces": "Voici le devis.",
    "yahoo": "C’est d’accord, j’arrive à 14 h.",
    "dessous": "Nous serons trois.",
    "casse": "Bonjour à tous, le message est cass.",
}


@pytest.fixture(autouse=True)
def mail_comes_in(settings: Settings) -> None:
    settings.INBOUND_DOMAIN = "reponses.explor.example"
    settings.INBOUND_SECRET = SECRET


@pytest.fixture
def mission(world: World) -> Mission:
    """With a message of the coordination, to which the association answers."""
    found = world.mission("preparation")
    say(found, world.coordinator, "Le billet est pris pour le 3 mars.")
    OutboxMail.objects.all().delete()
    return found


def written(name: str, world: World, **changes: str) -> bytes:
    address = changes.get("to") or reply_address(Thread.objects.get(), world.osim)
    sender = changes.get("sender") or world.osim.email
    raw = (MAILS / f"{name}.eml").read_bytes()
    return raw.replace(b"@TO@", address.encode()).replace(b"@FROM@", sender.encode())


def arrives(raw: bytes) -> dict[str, Any]:
    answer = Client(enforce_csrf_checks=True, raise_request_exception=False).post(
        WHERE, raw, content_type="message/rfc822"
    )
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def told(world: World) -> list[str]:
    return list(OutboxMail.objects.filter(event="reply_refused").values_list("text", flat=True))


@pytest.mark.parametrize("name", ANSWERS)
def test_answer_is_read_without_what_it_answers(name: str) -> None:
    text = read_mail((MAILS / f"{name}.eml").read_bytes()).text
    assert [line for line in text.split("\n") if line] == [
        line for line in ANSWERS[name].split("\n") if line
    ]


def test_answers_by_mail_join_the_conversation(world: World, mission: Mission) -> None:
    for name in ANSWERS:
        assert arrives(written(name, world))["suite"] == Fate.POSTED, name
    rows = Message.objects.filter(author=world.osim)
    assert rows.count() == len(ANSWERS)
    assert {row.channel for row in rows} == {"mail"}
    photo = rows.get(inbound__identity="<ios-6@mail.exemple.example>").attachments.get().file
    assert (photo.name, photo.content_type) == ("IMG_0042.JPG", "image/jpeg")
    # the others are told, the author only of the file that was left out
    assert OutboxMail.objects.filter(event="message", to_email=world.osim.email).count() == 0
    assert OutboxMail.objects.filter(event="message", to_email=world.volunteer.email).exists()


def test_bad_attachment_is_left_out_and_said(world: World, mission: Mission) -> None:
    assert arrives(written("pieces", world))["suite"] == Fate.POSTED
    message = Message.objects.get(author=world.osim)
    assert [row.file.name for row in message.attachments.all()] == ["devis signé.pdf"]
    [text] = told(world)
    assert "payer.exe" in text and "n’est pas accepté" in text


def test_same_mail_twice_is_one_message(world: World, mission: Mission) -> None:
    raw = written("gmail", world)
    first, again = arrives(raw), arrives(raw)
    assert first == again == {"suite": "posted", "motif": ""}
    assert Message.objects.filter(author=world.osim).count() == 1
    assert InboundMail.objects.count() == 1


@pytest.mark.parametrize("name", ["absence", "absence_sujet", "non_remis"])
def test_robots_are_not_heard(world: World, mission: Mission, name: str) -> None:
    assert arrives(written(name, world))["suite"] == Fate.IGNORED
    assert not Message.objects.filter(author=world.osim).exists()
    assert OutboxMail.objects.count() == 0
    assert Entry.objects.get(stream="courrier").verb == "threads.ignored_mail"


def test_forged_address_is_dropped_without_a_word(world: World, mission: Mission) -> None:
    good = reply_address(Thread.objects.get(), world.osim)
    mailbox, domain = good.split("@")
    worse = f"{mailbox[:-1]}{'a' if mailbox[-1] != 'a' else 'b'}@{domain}"
    for number, address in enumerate(
        (worse, f"reponse+abc@{domain}", f"{mailbox}@ailleurs.example", f"autre@{domain}")
    ):
        raw = written("gmail", world, to=address).replace(b"gmail-1@", b"forge-%d@" % number)
        assert arrives(raw)["suite"] == Fate.REFUSED
    assert OutboxMail.objects.count() == 0
    assert Message.objects.filter(author=world.osim).count() == 0
    assert Entry.objects.filter(verb="threads.refused_mail").count() == 4


def test_every_changed_bit_of_the_key_is_forged(world: World, mission: Mission) -> None:
    address = reply_address(Thread.objects.get(), world.osim)
    assert len(address.split("@")[0]) <= 64
    key = read_reply_address(address.upper())
    assert (key.thread_id, key.person_id) == (Thread.objects.get().pk, world.osim.pk)
    code = address.split("@")[0].removeprefix("reponse+").upper()
    data = base64.b32decode(code + "=" * (-len(code) % 8))
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        other = base64.b32encode(changed).decode().rstrip("=").lower()
        with pytest.raises(Forged):
            read_reply_address(f"reponse+{other}@reponses.explor.example")


def test_answer_from_another_address_is_not_published(world: World, mission: Mission) -> None:
    for number in range(3):
        raw = written("gmail", world, sender="pirate@ailleurs.example")
        assert arrives(raw.replace(b"gmail-1@", b"p-%d@" % number))["suite"] == Fate.REFUSED
    assert not Message.objects.filter(author=world.osim).exists()
    # once, to the person's own address
    [row] = OutboxMail.objects.all()
    assert row.to_email == world.osim.email
    assert "pirate@ailleurs.example" in row.text


def test_old_address_is_refused_and_said(world: World, mission: Mission) -> None:
    raw = written("gmail", world)
    with clock.at(clock.now() + timedelta(days=91)):
        assert arrives(raw)["suite"] == Fate.REFUSED
    [text] = told(world)
    assert "90 jours" in text


def test_who_left_is_refused_and_learns_nothing(world: World, mission: Mission) -> None:
    address = reply_address(Thread.objects.get(), world.volunteer)
    mission.engagements.update(state=EngagementState.WITHDRAWN)
    raw = written("gmail", world, to=address, sender=world.volunteer.email)
    assert arrives(raw)["suite"] == Fate.REFUSED
    [text] = told(world)
    assert "ne participez plus" in text
    assert mission.reference not in text and mission.title not in text


def test_declared_tie_closes_the_mail_too(world: World) -> None:
    mission = world.mission("committee")
    say(mission, world.coordinator, kind=ThreadKind.COMMITTEE)
    address = reply_address(Thread.objects.get(), world.committee)
    ConflictOfInterest.objects.create(
        mission=mission, user=world.committee, nature="Bureau", declared_at=clock.now()
    )
    raw = written("gmail", world, to=address, sender=world.committee.email)
    assert arrives(raw)["suite"] == Fate.REFUSED
    assert Message.objects.count() == 1


def test_closed_account_is_refused_without_a_word(world: World, mission: Mission) -> None:
    raw = written("gmail", world)
    world.osim.is_active = False
    world.osim.save()
    assert arrives(raw)["suite"] == Fate.REFUSED
    assert OutboxMail.objects.count() == 0


def test_huge_mail_is_refused_and_said(world: World, mission: Mission, settings: Settings) -> None:
    settings.INBOUND_MAX_BYTES = 20_000
    assert arrives(written("ios_photo", world))["suite"] == Fate.REFUSED
    [text] = told(world)
    assert "trop lourd" in text
    assert InboundMail.objects.get().size == 20_001


def test_empty_answer_is_refused_and_said(world: World, mission: Mission) -> None:
    assert arrives(written("vide", world))["suite"] == Fate.REFUSED
    [text] = told(world)
    assert "Écrivez votre message." in text


def test_endless_answer_is_refused_and_said(world: World, mission: Mission) -> None:
    raw = written("latin1", world).split(b"\r\n\r\n")[0] + b"\r\n\r\n" + b"mot " * 4000
    assert arrives(raw)["suite"] == Fate.REFUSED
    [text] = told(world)
    assert "trop long" in text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 500,
        b"From: a\r\n\r\n",
        b"To: " + b"<" * 5000,
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n" * 300,
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 3000,
        b"Subject: " + b"=?utf-8?Q?" * 400 + b"\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\n" * 60,
        b"Message-ID: " + b"a" * 900 + b"\r\n\r\nx",
    ],
)
def test_nonsense_never_breaks_anything(world: World, raw: bytes) -> None:
    assert arrives(raw)["suite"] in {Fate.REFUSED, Fate.IGNORED}
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "text", [" \n" * 6000, "Le " * 4000, "Le Le a" * 2000, "On 1 wrote " * 1500, "De : x\n" * 3000]
)
def test_hostile_text_is_read_quickly(text: str) -> None:
    before = clock.now()
    answer_in(text)
    assert (clock.now() - before).total_seconds() < 3


@pytest.mark.parametrize("html", ["<!--" * 20000, "<ul><li>" * 9000, "<blockquote>" * 9000])
def test_hostile_html_is_read_quickly(html: str) -> None:
    before = clock.now()
    read_mail(b"Content-Type: text/html\r\n\r\n" + html.encode())
    assert (clock.now() - before).total_seconds() < 10


def test_broken_bytes_never_reach_the_database(world: World) -> None:
    raw = (
        b"From: a\xff\x00@b.example\r\nMessage-ID: <\x00\xfe@b>\r\n"
        b'Content-Type: text/plain; charset="ut\x00f8"\r\n\r\nBonjour\x00\xff'
    )
    assert arrives(raw)["suite"] == Fate.REFUSED


def test_sentence_that_looks_like_a_header_is_kept() -> None:
    text = "Bonjour,\n\nLe maire nous a écrit :\nil viendra mardi.\n"
    assert "il viendra mardi" in answer_in(text)


def test_door_opens_with_its_secret_only(world: World, settings: Settings) -> None:
    visitor = Client()
    assert (
        visitor.post("/api/courrier/faux/", b"x", content_type="message/rfc822").status_code == 404
    )
    assert visitor.get(WHERE).status_code == 405
    settings.INBOUND_SECRET = ""
    for path in (WHERE, "/api/courrier/%20/"):
        assert visitor.post(path, b"x", content_type="message/rfc822").status_code == 404
    assert InboundMail.objects.count() == 0


def test_mail_of_a_message_may_be_answered(world: World, mission: Mission) -> None:
    say(mission, world.coordinator, "Qui vient ?")
    row = OutboxMail.objects.get(to_email=world.osim.email)
    assert deliver(row.pk)
    [letter] = sent.outbox
    assert letter.reply_to == [reply_address(Thread.objects.get(), world.osim)]
    assert letter.extra_headers["References"] == f"<conversation-{Thread.objects.get().pk}@explor>"
    assert str(world.coordinator) in str(make_header(decode_header(letter.from_email)))
    assert str(letter.body).startswith("Pour répondre, écrivez au-dessus de cette ligne.")
    assert "Qui vient ?" in str(letter.body)


def test_site_where_no_mail_comes_in_asks_for_no_answer_by_mail(
    world: World, mission: Mission, settings: Settings
) -> None:
    settings.INBOUND_DOMAIN = ""
    say(mission, world.coordinator, "Qui vient ?")
    deliver(OutboxMail.objects.get(to_email=world.osim.email).pk)
    assert sent.outbox[0].reply_to == []
    assert "au-dessus de cette ligne" not in str(sent.outbox[0].body)
