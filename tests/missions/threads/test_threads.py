from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from explor import clock
from explor.accounts.models import Role, User
from explor.journal.models import Entry
from explor.notifications.models import Notice, OutboxMail
from explor.ui.errors import Refusal
from missions.dossier.models import ConflictOfInterest, Mission
from missions.threads.actions import Draft, mark_seen, post_message
from missions.threads.audience import readable_kinds
from missions.threads.models import LastSeen, Message, Thread, ThreadKind
from missions.threads.queries import audience_of, readers_of
from missions.threads.work import unread_messages
from tests.factories import World, make_person
from tests.role_rows.kinds import ROLES

AsRole = Callable[[str], Client]
K = ThreadKind


def say(
    mission: Mission,
    author: User,
    text: str = "Bonjour à tous.",
    kind: K = K.MISSION,
    **draft: object,
) -> Message:
    words = {"token": uuid4(), **draft}
    return post_message(mission, kind, Draft(text, **words), actor=author)  # type: ignore[arg-type]


def page(mission: Mission, kind: str = "") -> str:
    return f"/missions/{mission.reference}/messages/{kind}{'/' if kind else ''}"


READERS = {
    K.MISSION: {"osim", "volunteer", "coordinator"},
    K.TEAM: {"coordinator", "administrator"},
    K.COMMITTEE: {"coordinator", "committee"},
}
EVERYBODY = [role for role in ROLES if role != "anonymous"]


def test_audience_is_fixed_by_the_kind_and_the_same_for_rules_and_names(world: World) -> None:
    for state in ("submitted", "committee", "preparation", "closed"):
        mission = world.mission(state)
        for kind in K:
            who = {
                role for role in EVERYBODY if kind in readable_kinds(world.person(role), mission)
            }
            if state == "submitted":
                expected = READERS[kind] - {"volunteer"} if kind != K.COMMITTEE else set()
            else:
                expected = READERS[kind] - ({"volunteer"} if state == "committee" else set())
            assert who == expected, (state, kind)
            if who:
                named = {person.pk for person in audience_of(mission, kind)}
                assert named == {world.person(role).pk for role in who}


def test_private_draft_has_no_conversation(world: World) -> None:
    mission = world.mission("draft")
    assert readable_kinds(world.osim, mission) == []
    shared = world.mission("draft", shared_draft=True)
    assert readable_kinds(world.osim, shared) == [K.MISSION]
    assert readable_kinds(world.coordinator, shared) == [K.MISSION]


def test_message_tells_the_others_with_its_text(world: World) -> None:
    mission = world.mission("preparation")
    say(mission, world.coordinator, "Le billet est pris.")
    told = {notice.recipient for notice in Notice.objects.all()}
    assert told == {world.osim, world.volunteer}
    mail = OutboxMail.objects.filter(to_email=world.osim.email).get()
    assert "Le billet est pris." in mail.text
    assert f"{world.volunteer}" in mail.text
    assert mail.from_name == str(world.coordinator)


def test_message_of_who_does_not_take_part_is_refused(world: World) -> None:
    mission = world.mission("preparation")
    for role in ("other_osim", "other_coordinator", "researcher", "administrator", "stranger"):
        with pytest.raises(PermissionDenied):
            say(mission, world.person(role))
    with pytest.raises(PermissionDenied):
        say(mission, world.osim, kind=K.TEAM)
    assert Message.objects.count() == 0


def test_conflict_of_interest_takes_the_conversation_away(world: World, as_role: AsRole) -> None:
    mission = world.mission("committee")
    say(mission, world.committee, kind=K.COMMITTEE)
    ConflictOfInterest.objects.create(
        mission=mission, user=world.committee, nature="Bureau", declared_at=clock.now()
    )
    mission = Mission.objects.get(pk=mission.pk)
    assert readable_kinds(world.committee, mission) == []
    assert world.committee not in audience_of(mission, K.COMMITTEE)
    assert as_role("committee").get(page(mission, "comite")).status_code == 404
    with pytest.raises(PermissionDenied):
        say(mission, world.committee, kind=K.COMMITTEE)


def test_same_token_posts_once(world: World) -> None:
    mission, token = world.mission("preparation"), uuid4()
    first = say(mission, world.osim, token=token)
    assert say(mission, world.osim, token=token) == first
    assert (Message.objects.count(), OutboxMail.objects.count()) == (1, 2)
    with pytest.raises(PermissionDenied):
        say(mission, world.coordinator, token=token)


@pytest.mark.parametrize("text", ["", "   \n", "x" * 10_001])
def test_empty_or_endless_message_is_refused(world: World, text: str) -> None:
    with pytest.raises(Refusal):
        say(world.mission("preparation"), world.osim, text)


def test_correction_is_another_message(world: World) -> None:
    mission = world.mission("preparation")
    first = say(mission, world.osim, "Rendez-vous mardi.")
    second = say(mission, world.osim, "Rendez-vous jeudi.", corrects=first)
    assert [row.text for row in Message.objects.all()] == [
        "Rendez-vous mardi.",
        "Rendez-vous jeudi.",
    ]
    assert (
        "Corrige le message"
        in OutboxMail.objects.filter(notice__key__endswith=f":{second.pk}")[0].text
    )
    with pytest.raises(Refusal):
        say(mission, world.coordinator, corrects=first)


def test_history_says_that_something_was_said_and_never_what(world: World) -> None:
    mission = world.mission("committee")
    say(mission, world.coordinator, "Secret de comité", kind=K.COMMITTEE)
    say(mission, world.coordinator, "Bonjour")
    verbs = Entry.objects.filter(stream=mission.stream).values_list("verb", "text")
    assert {verb for verb, _ in verbs} == {"missions.post_team_message", "missions.post_message"}
    assert not any("Secret" in text for _, text in verbs)


def test_seen_goes_forward_only_and_reads_the_notices(world: World) -> None:
    mission = world.mission("preparation")
    first, last = say(mission, world.osim, "Un"), say(mission, world.osim, "Deux")
    thread = Thread.objects.get()
    mark_seen(thread, last, actor=world.coordinator)
    mark_seen(thread, first, actor=world.coordinator)
    assert LastSeen.objects.get(person=world.coordinator).message == last
    assert not Notice.objects.unread().filter(recipient=world.coordinator).exists()
    assert Notice.objects.unread().filter(recipient=world.volunteer).count() == 2


def test_page_shows_one_tab_per_conversation_of_the_person(world: World, as_role: AsRole) -> None:
    mission = world.mission("preparation")
    coordinator = as_role("coordinator").get(page(mission)).text
    for kind in K:
        assert page(mission, kind.value) in coordinator
    osim = as_role("osim").get(page(mission)).text
    assert "équipe" not in osim.lower().replace("l’équipe", "")
    assert as_role("osim").get(page(mission, "equipe")).status_code == 404
    assert as_role("researcher").get(page(mission)).status_code == 404
    assert as_role("osim").get(page(mission, "autre")).status_code == 404


def test_composer_names_everyone(world: World, as_role: AsRole) -> None:
    mission = world.mission("preparation")
    text = as_role("volunteer").get(page(mission)).text
    assert "lue par 3 personnes" in text
    for role, word in (
        ("osim", "association"),
        ("volunteer", "volontaire"),
        ("coordinator", "coordination"),
    ):
        assert f"<strong>{world.person(role)}</strong> ({word})" in text


def test_reader_roles_are_those_of_the_conversation(world: World) -> None:
    mission = world.mission("committee")
    roles = {reader.person: reader.role for reader in readers_of(mission, K.COMMITTEE)}
    assert roles == {world.coordinator: "coordination", world.committee: "comité"}


def test_posting_from_the_page_and_reading_marks_as_seen(world: World, as_role: AsRole) -> None:
    mission = world.mission("preparation")
    osim, volunteer = as_role("osim"), as_role("volunteer")
    sent = osim.post(
        page(mission, "mission"),
        {
            "text": "Voici le programme.",
            "token": str(uuid4()),
            "attached": [
                SimpleUploadedFile("programme.txt", b"Jour 1"),
                SimpleUploadedFile("b.md", b"x"),
            ],
        },
    )
    message = Message.objects.get()
    assert sent["Location"] == f"{page(mission, 'mission')}#message-{message.pk}"
    assert message.attachments.count() == 2
    assert "Pas encore lu" in osim.get(page(mission)).text
    assert '<span class="count">1</span>' in volunteer.get(f"/missions/{mission.reference}/").text
    assert "Nouveau" in volunteer.get(page(mission)).text
    assert '<span class="count">' not in volunteer.get(f"/missions/{mission.reference}/").text
    assert f"Lu par {world.volunteer}" in osim.get(page(mission)).text


def test_files_are_for_the_conversation_only(world: World, as_role: AsRole) -> None:
    mission = world.mission("preparation")
    message = say(mission, world.coordinator, kind=K.TEAM, files=[("note.txt", b"Interne")])
    url = message.attachments.get().file.get_absolute_url()
    assert b"".join(as_role("administrator").get(url)) == b"Interne"
    for role in ("osim", "volunteer", "committee", "researcher", "stranger"):
        assert as_role(role).get(url).status_code == 404
    ConflictOfInterest.objects.create(
        mission=mission, user=world.coordinator, nature="Lien", declared_at=clock.now()
    )
    assert as_role("coordinator").get(url).status_code == 404


def test_refused_file_keeps_the_text(world: World, as_role: AsRole) -> None:
    mission = world.mission("preparation")
    answer = as_role("osim").post(
        page(mission, "mission"),
        {
            "text": "Mon texte long",
            "token": str(uuid4()),
            "attached": [SimpleUploadedFile("x.exe", b"MZ"), SimpleUploadedFile("ok.txt", b"ok")],
        },
    )
    assert answer.status_code == 422
    assert "Mon texte long" in answer.text and "Choisissez un fichier" in answer.text
    assert Message.objects.count() == 0


@pytest.mark.parametrize("token", ["", "pas-un-jeton"])
def test_form_without_its_token_posts_nothing(world: World, as_role: AsRole, token: str) -> None:
    mission = world.mission("preparation")
    answer = as_role("osim").post(page(mission, "mission"), {"text": "Bonjour", "token": token})
    assert (answer.status_code, Message.objects.count()) == (422, 0)


@pytest.mark.parametrize("role", ["osim", "coordinator"])
def test_page_takes_the_same_queries_for_any_number(
    world: World, as_role: AsRole, django_assert_max_num_queries: DjangoAssertNumQueries, role: str
) -> None:
    mission, client = world.mission("preparation"), as_role(role)
    say(mission, world.volunteer, files=[("a.txt", b"a")])
    client.get(page(mission))
    with django_assert_max_num_queries(12) as one:
        client.get(page(mission))
    for number in range(3):
        make_person(world.network, Role.COORDINATOR)
        say(mission, world.volunteer, f"Encore {number}", files=[("a.txt", b"a")])
    # what is new is marked as seen: two writes more, once
    with django_assert_max_num_queries(13):
        client.get(page(mission))
    with django_assert_max_num_queries(12) as many:
        client.get(page(mission))
    assert len(many) == len(one)


def test_older_messages_are_one_page_further(world: World, as_role: AsRole) -> None:
    mission = world.mission("preparation")
    for number in range(52):
        say(mission, world.osim, f"Numéro {number}.")
    text = as_role("coordinator").get(page(mission)).text
    assert "Numéro 51." in text and "Numéro 1." not in text
    first = Message.objects.order_by("-pk")[49].pk
    assert f"?avant={first}" in text
    assert "Numéro 1." in as_role("coordinator").get(f"{page(mission)}?avant={first}").text


def test_errand_names_the_conversation_whatever_the_subject_says(world: World) -> None:
    mission = world.mission("preparation")
    say(mission, world.osim)
    Notice.objects.filter(recipient=world.coordinator).update(subject="Tout autre chose")
    (errand,) = unread_messages(world.coordinator)
    assert errand.kicker == mission.reference
    assert errand.title == "Conversation «\u00a0Mission\u00a0»"
