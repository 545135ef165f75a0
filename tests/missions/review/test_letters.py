"""The letter of a decision: nobody outside the team knows before it leaves."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from explor.accounts.models import User
from explor.journal.queries import history
from explor.notifications.models import Notice, OutboxMail
from explor.ui.errors import Refusal, Stale
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.lifecycle import Kind
from missions.review.letter_actions import approve_letter, save_letter, send_letter
from missions.review.letter_documents import letter_pdf
from missions.review.letter_models import DecisionLetter
from missions.review.letter_queries import letter_in_force, read_letters
from tests.factories import World
from tests.missions.review.test_decisions import envelope, yes
from tests.pdf import check_pdf

AsRole = Callable[[str], Client]


def decided(world: World, **words: Any) -> tuple[Mission, DecisionLetter]:
    mission = world.mission("committee")
    if words.get("amount"):
        envelope(world)
    mission = yes(mission, world.committee, **words)
    letter = letter_in_force(mission)
    assert letter is not None
    return mission, letter


def sent(world: World, letter: DecisionLetter) -> DecisionLetter:
    approve_letter(letter, version=letter.version, actor=world.coordinator)
    return send_letter(letter, actor=world.coordinator)


def rewrite(letter: DecisionLetter, actor: User, version: int | None = None) -> DecisionLetter:
    return save_letter(
        letter,
        body="Bonjour, votre demande est retenue.",
        contact="Dominique",
        valid_until=None,
        version=version or letter.version,
        actor=actor,
    )


def test_decision_drafts_the_letter_of_its_outcome(world: World) -> None:
    mission, letter = decided(world)
    assert letter.state == "draft"
    assert "retenue" in letter.body and mission.title in letter.body
    assert letter.valid_until is not None
    assert world.coordinator.email in letter.contact
    _, refused = decided(world, outcome="declined")
    assert "n’a pas pu la retenir" in refused.body
    assert refused.valid_until is None


def test_letter_is_approved_by_another_than_its_writer(world: World) -> None:
    _, letter = decided(world)
    with pytest.raises(Refusal, match="une autre personne"):
        approve_letter(letter, version=letter.version, actor=world.committee)
    letter = rewrite(letter, world.coordinator)
    with pytest.raises(Refusal, match="une autre personne"):
        approve_letter(letter, version=letter.version, actor=world.coordinator)
    letter = approve_letter(letter, version=letter.version, actor=world.committee)
    assert letter.state == "approved"
    assert rewrite(letter, world.coordinator).state == "draft"


def test_lone_writer_approves_with_a_reason(world: World) -> None:
    _, letter = decided(world)
    for person in (world.coordinator, world.administrator):
        person.is_active = False
        person.save()
    with pytest.raises(Refusal, match="dites pourquoi"):
        approve_letter(letter, version=letter.version, actor=world.committee)
    letter = approve_letter(
        letter, version=letter.version, alone_because="Congés d’été", actor=world.committee
    )
    assert letter.alone_because == "Congés d’été"


def test_letter_read_in_a_former_version_is_not_approved(world: World) -> None:
    _, letter = decided(world)
    read = letter.version
    rewrite(letter, world.administrator)
    with pytest.raises(Stale):
        approve_letter(letter, version=read, actor=world.coordinator)
    with pytest.raises(Stale):
        rewrite(letter, world.coordinator, version=read)


def test_letter_leaves_once_approved_numbered_and_frozen(world: World) -> None:
    mission, letter = decided(world, amount="800", conditions="Un visa")
    with pytest.raises(Refusal, match="une fois approuvée"):
        send_letter(letter, actor=world.coordinator)
    letter = sent(world, letter)
    assert letter.number is not None and letter.number.endswith("-L001")
    assert letter.file is not None and len(letter.file.sha256) == 64
    mission.refresh_from_db()
    assert mission.decision_told_at == letter.sent_at
    assert mission.milestones.get(kind=Kind.LETTER).done_on is not None
    notice = Notice.objects.get(recipient=world.osim)
    assert "Un visa" in notice.text and "800,00" in notice.text
    assert OutboxMail.objects.filter(to_email=world.osim.email).count() == 1
    with pytest.raises(Refusal):
        rewrite(letter, world.coordinator)
    assert history(mission.stream).filter(verb="missions.send_letter").count() == 1


@pytest.mark.parametrize("role", ["osim", "researcher", "other_coordinator", "stranger"])
def test_letter_is_refused_to_others(world: World, role: str) -> None:
    _, letter = decided(world)
    person = world.person(role)
    for act in (
        lambda: rewrite(letter, person),
        lambda: approve_letter(letter, version=letter.version, actor=person),
        lambda: send_letter(letter, actor=person),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_letter_waits_for_an_effective_decision(world: World) -> None:
    mission, letter = decided(world)
    letter = approve_letter(letter, version=letter.version, actor=world.coordinator)
    advance(mission, "reconsider", actor=world.committee, reason="À revoir")
    with pytest.raises(Refusal, match="effective"):
        send_letter(letter, actor=world.coordinator)


def test_replaced_letter_stays_readable(world: World) -> None:
    mission, letter = decided(world)
    sent(world, letter)
    advance(mission, "reconsider", actor=world.committee, reason="À revoir")
    yes(mission, world.committee, outcome="declined", reason="Partenaire dissous")
    second = letter_in_force(mission)
    assert second is not None
    sent(world, second)
    _, kept = read_letters(mission)
    assert [(row.state, row.number is not None) for row in kept] == [
        ("sent", True),
        ("replaced", True),
    ]


def test_decision_kept_after_a_second_look_is_still_told(world: World) -> None:
    mission, letter = decided(world)
    sent(world, letter)
    advance(mission, "reconsider", actor=world.committee, reason="À revoir")
    mission = advance(mission, "accept", actor=world.committee)
    assert not mission.is_hushed


def test_letter_pdf_is_accessible_and_says_it_all(world: World) -> None:
    _, letter = decided(world, amount="800", conditions="Un visa")
    report = check_pdf(letter_pdf(letter))
    assert report.problems == []
    for words in ("Besoin clair", "Un visa", "800,00", "Valable jusqu", world.coordinator.email):
        assert words in report.text
    assert "Projet de lettre" in report.text
    assert "Projet de lettre" not in check_pdf(letter_pdf(sent(world, letter))).text


def page(name: str, mission: Mission) -> str:
    return reverse(name, args=[mission.reference])


def test_association_knows_nothing_before_the_letter(as_role: AsRole, world: World) -> None:
    mission, letter = decided(world, reason="Motif du comité", amount="731")
    client = as_role("osim")
    assert "731,00" not in client.get(page("mission_funding", mission)).text
    for name in ("mission", "mission_decision", "mission_history"):
        shown = client.get(page(name, mission)).text
        assert "731,00" not in shown
        assert "Motif du comité" not in shown
        assert "Recherche de volontaire" not in shown
        assert "retenue" not in shown.lower()
    assert "c’est au comité de décider" in client.get(page("mission", mission)).text
    assert "Le comité ne s’est pas encore prononcé" in shown_decision(client, mission)
    assert [row.label for row in client.get(reverse("mission_list")).context["list"].rows] == [
        "Présentée au comité"
    ]
    assert "Recherche de volontaire" not in client.get(reverse("accueil")).text
    assert client.get(page("mission_letter", mission)).status_code == 404
    sent(world, letter)
    assert "Motif du comité" in shown_decision(client, mission)
    assert "Lettre EX-" in shown_decision(client, mission)


def shown_decision(client: Client, mission: Mission) -> str:
    return client.get(page("mission_decision", mission)).text


def test_letter_file_is_for_who_may_read_the_amount(as_role: AsRole, world: World) -> None:
    _, letter = decided(world)
    letter = sent(world, letter)
    assert letter.file is not None
    address = letter.file.get_absolute_url()
    found = {}
    for role in ("osim", "coordinator", "other_osim", "researcher", "volunteer"):
        answer = as_role(role).get(address)
        found[role] = answer.status_code
        if answer.streaming:
            answer.getvalue()
    assert found == {
        "osim": 200,
        "coordinator": 200,
        "other_osim": 404,
        "researcher": 404,
        "volunteer": 404,
    }


def test_letter_is_corrected_approved_and_sent_from_its_page(as_role: AsRole, world: World) -> None:
    mission, letter = decided(world)
    client, url = as_role("coordinator"), page("mission_letter", mission)
    words = {"body": "Un texte revu", "contact": "Dominique", "valid_until": "2027-01-31"}
    assert client.post(url, {**words, "version": str(letter.version)}).status_code == 302
    stale = client.post(url, {**words, "body": "Un autre texte", "version": "1"})
    assert stale.status_code == 409
    assert "Un autre" in stale.text and "Un texte" in stale.text
    approve = page("letter_approve", mission)
    letter.refresh_from_db()
    posted = {"version": str(letter.version), "send": "1"}
    assert "une autre personne" in client.post(approve, posted, follow=True).text
    assert "est envoyée" in as_role("committee").post(approve, posted, follow=True).text
    letter.refresh_from_db()
    assert letter.state == "sent"
    preview = as_role("committee").get(page("letter_preview", mission))
    assert preview.status_code == 302


@pytest.mark.parametrize("name", ["mission_decision", "mission_letter"])
def test_letter_pages_cost_few_queries(
    as_role: AsRole, world: World, django_assert_max_num_queries: Any, name: str
) -> None:
    mission, letter = decided(world)
    client = as_role("coordinator")
    with django_assert_max_num_queries(12):
        client.get(page(name, mission))
    sent(world, letter)
    with django_assert_max_num_queries(12):
        client.get(page(name, mission))


def test_letter_waits_on_the_home_page_of_who_may_approve_it(as_role: AsRole, world: World) -> None:
    _, letter = decided(world)
    told = "Relisez et approuvez la lettre"
    shown = {
        role: told in as_role(role).get(reverse("accueil")).text
        for role in ("coordinator", "committee", "osim")
    }
    assert shown == {"coordinator": True, "committee": False, "osim": False}
    approve_letter(letter, version=letter.version, actor=world.coordinator)
    assert "Envoyez la lettre" in as_role("committee").get(reverse("accueil")).text
