"""Inviting, leaving, removing; correcting the sheet and the profile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from explor import clock
from explor.accounts.models import Invitation, Membership, Organisation, Role
from explor.notifications.models import OutboxMail
from explor.ui.errors import Refusal
from missions.actors import members
from missions.actors.models import Skill
from tests.factories import OrganisationFactory, UserFactory, World, make_person

EMAIL = "nouvelle.personne@essai.example"


def invited(world: World, email: str = EMAIL) -> Invitation:
    return members.invite(world.association, email, actor=world.osim, token=uuid4())


def path_of(invitation: Invitation) -> str:
    return f"/invitation/{members.invitation_key(invitation)}/"


def test_invitation_is_mailed_and_accepted_by_its_address(
    as_role: Callable[[str], Client], world: World
) -> None:
    page = f"/organisations/{world.association.uuid}/"
    sent = as_role("osim").post(page, {"email": EMAIL.upper(), "token": str(uuid4())})
    assert sent.status_code == 302
    mail = OutboxMail.objects.get()
    assert mail.to_email == EMAIL and str(world.association) in mail.subject
    person, client = UserFactory.create(email=EMAIL), Client()
    assert "Créer mon compte" in client.get(mail.url).content.decode()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert "Accepter" in client.get(mail.url).content.decode()
    assert client.post(mail.url).headers["Location"] == page
    assert client.get(page).status_code == 200
    assert Membership.objects.get(user=person).role == Role.MEMBER
    assert "n’est plus valable" in client.get(mail.url).content.decode()


def test_invitation_is_for_one_address(as_role: Callable[[str], Client], world: World) -> None:
    invitation = invited(world)
    client = as_role("volunteer")
    assert "une autre adresse" in client.get(path_of(invitation)).content.decode()
    answer = client.post(path_of(invitation))
    assert answer.status_code == 422 and EMAIL in answer.content.decode()
    assert not Membership.objects.filter(user=world.volunteer).exists()
    world.volunteer.emailaddress_set.create(email=EMAIL, verified=False)
    assert client.post(path_of(invitation)).status_code == 422
    world.volunteer.emailaddress_set.update(verified=True)
    assert client.post(path_of(invitation)).status_code == 302


@pytest.mark.parametrize("tail", ["abc", "WyJhIiwxXQ:1abc:forged"])
def test_forged_invitation_does_not_exist(db: None, tail: str) -> None:
    assert Client().get(f"/invitation/{tail}/").status_code == 404


def test_expired_revoked_or_resent_invitation_opens_nothing(world: World) -> None:
    person = UserFactory.create(email=EMAIL)
    invitation = invited(world)
    first = path_of(invitation)
    with (
        clock.at(clock.now() + members.LASTS + timedelta(minutes=1)),
        pytest.raises(Refusal, match="plus valable"),
    ):
        members.accept(invitation, actor=person)
    renewed = members.send_again(invitation, actor=world.osim)
    assert Client().get(first).status_code == 404
    assert Client().get(path_of(renewed)).status_code == 200
    assert OutboxMail.objects.filter(to_email=EMAIL).count() == 2
    members.revoke(renewed, actor=world.osim)
    with pytest.raises(Refusal, match="plus valable"):
        members.accept(renewed, actor=person)
    assert not Membership.objects.filter(user=person).exists()


def test_invitation_is_not_sent_for_ever(world: World) -> None:
    invitation = invited(world)
    for _ in range(members.AT_MOST - 1):
        members.send_again(invitation, actor=world.osim)
    with pytest.raises(Refusal, match="cinq fois"):
        members.send_again(invitation, actor=world.osim)


def test_inviting_twice_is_refused_and_an_expired_one_gives_its_place(world: World) -> None:
    invited(world)
    with pytest.raises(Refusal, match="déjà invitée"):
        invited(world)
    with pytest.raises(Refusal, match="déjà membre"):
        invited(world, world.osim.email)
    with clock.at(clock.now() + members.LASTS + timedelta(days=1)):
        invited(world)
    assert Invitation.objects.filter(revoked_at__isnull=True).count() == 1


@pytest.mark.parametrize("role", ["other_osim", "volunteer", "other_coordinator", "researcher"])
def test_others_do_not_invite(world: World, role: str) -> None:
    world.mission("review")
    invitation = invited(world)
    actor = world.person(role)
    for act in (
        lambda: members.invite(world.association, "x@essai.example", actor=actor, token=uuid4()),
        lambda: members.send_again(invitation, actor=actor),
        lambda: members.revoke(invitation, actor=actor),
        lambda: members.remove_member(Membership.objects.get(user=world.osim), actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_only_the_administration_invites_to_a_team(world: World) -> None:
    with pytest.raises(PermissionDenied):
        members.invite(
            world.network, EMAIL, actor=world.coordinator, token=uuid4(), role=Role.COMMITTEE
        )
    with pytest.raises(Refusal, match="que des membres"):
        members.invite(
            world.association, EMAIL, actor=world.administrator, token=uuid4(), role=Role.COMMITTEE
        )
    made = members.invite(
        world.network, EMAIL, actor=world.administrator, token=uuid4(), role=Role.COMMITTEE
    )
    person = UserFactory.create(email=EMAIL)
    assert members.accept(made, actor=person).role == Role.COMMITTEE


def test_leaving_takes_the_dossiers_away(as_role: Callable[[str], Client], world: World) -> None:
    mission = world.mission("review")
    make_person(world.association, Role.MEMBER)
    client = as_role("osim")
    home = f"/organisations/{world.association.uuid}/"
    assert client.post(f"{home}quitter/").headers["Location"] == "/organisations/"
    assert client.get(f"/missions/{mission.reference}/").status_code == 404
    assert client.get(home).status_code == 404
    assert client.post(f"{home}quitter/").status_code == 404


def test_last_member_leaves_knowingly_only(as_role: Callable[[str], Client], world: World) -> None:
    client, home = as_role("osim"), f"/organisations/{world.association.uuid}/"
    answer = client.post(f"{home}quitter/", follow=True)
    assert "Plus personne n’agirait" in answer.content.decode()
    assert world.association.memberships.count() == 1
    client.post(f"{home}quitter/", {"last": "1"})
    assert world.association.memberships.count() == 0


def test_colleague_is_removed_and_told(world: World) -> None:
    colleague = make_person(world.association, Role.MEMBER)
    members.remove_member(Membership.objects.get(user=colleague), actor=world.osim)
    assert not Membership.objects.filter(user=colleague).exists()
    assert colleague.notices.get().event == "membership"
    with pytest.raises(Refusal, match="l’administration"):
        members.remove_member(
            Membership.objects.get(user=world.researcher), actor=world.administrator
        )


def test_one_person_in_several_organisations(
    as_role: Callable[[str], Client], world: World
) -> None:
    invitation = members.invite(
        world.other_association, world.osim.email, actor=world.other_osim, token=uuid4()
    )
    client = as_role("osim")
    assert "On vous invite" in client.get("/organisations/").content.decode()
    client.post(path_of(invitation))
    assert world.osim.memberships.count() == 2
    for body in (world.association, world.other_association):
        assert client.get(f"/organisations/{body.uuid}/").status_code == 200


def test_organisation_page_takes_the_same_queries(
    as_role: Callable[[str], Client], world: World, django_assert_max_num_queries: Any
) -> None:
    client, path = as_role("osim"), f"/organisations/{world.association.uuid}/"
    counts = []
    for number in (1, 3):
        for place in range(number):
            make_person(world.association, Role.MEMBER)
            invited(world, f"x{number}{place}@essai.example")
        with django_assert_max_num_queries(12) as seen:
            client.get(path)
        counts.append(len(seen))
    assert counts[0] == counts[1]


# --- the sheets -----------------------------------------------------------------------
def sheet(organisation: Organisation, **changes: str) -> dict[str, str]:
    base = {
        "name": organisation.name,
        "preferred_channel": "email",
        "version": str(organisation.version),
    }
    return {**base, **changes}


def test_members_and_near_coordination_edit_the_sheet(
    as_role: Callable[[str], Client], world: World
) -> None:
    world.mission("review")
    path = f"/organisations/{world.association.uuid}/modifier/"
    for role, city in (("osim", "Lille"), ("coordinator", "Arras"), ("administrator", "Lens")):
        world.association.refresh_from_db()
        answer = as_role(role).post(path, sheet(world.association, city=city))
        assert answer.status_code == 302, role
        world.association.refresh_from_db()
        assert world.association.city == city
    for role in ("other_osim", "other_coordinator", "committee"):
        assert as_role(role).post(path, sheet(world.association)).status_code == 404


def test_stale_sheet_shows_both_texts_and_loses_nothing(
    as_role: Callable[[str], Client], world: World
) -> None:
    path = f"/organisations/{world.association.uuid}/modifier/"
    mine = sheet(world.association, contact_name="Awa Exemple")
    as_role("administrator").post(path, sheet(world.association, contact_name="Claude Exemple"))
    answer = as_role("osim").post(path, mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Awa" in text and "Claude" in text and 'name="version" value="2"' in text
    assert as_role("osim").post(path, {**mine, "version": "2"}).status_code == 302
    world.association.osim_profile.refresh_from_db()
    assert world.association.osim_profile.contact_name == "Awa Exemple"


def test_number_of_another_is_refused_on_the_sheet(
    as_role: Callable[[str], Client], world: World
) -> None:
    OrganisationFactory.create(rna="W595000009")
    path = f"/organisations/{world.association.uuid}/modifier/"
    answer = as_role("osim").post(path, sheet(world.association, rna="W595000009"))
    assert answer.status_code == 422
    assert "celui d’une autre organisation" in answer.content.decode()


def profile(**changes: Any) -> dict[str, Any]:
    base = {
        "first_name": "Camille",
        "last_name": "Exemple",
        "status": "employee",
        "frame": "csi",
        "longest_stay_days": "12",
        "version": "1",
    }
    return {**base, **changes}


def test_volunteer_edits_their_own_profile(as_role: Callable[[str], Client], world: World) -> None:
    skill = Skill.objects.create(slug="compta", label="Comptabilité")
    client = as_role("volunteer")
    answer = client.post(
        "/mon-profil/", profile(job="Comptable", skills=[skill.pk], languages=["fr", "fon"])
    )
    assert answer.status_code == 302
    row = world.volunteer.volunteer
    row.refresh_from_db()
    assert (row.job, row.languages, row.version) == ("Comptable", ["fr", "fon"], 2)
    assert list(row.skills.all()) == [skill]
    stale = client.post("/mon-profil/", profile(job="Jardinier"))
    assert stale.status_code == 409
    assert "Comptable" in stale.content.decode() and "Jardinier" in stale.content.decode()


def test_profile_refuses_dates_in_disorder_and_other_people(
    as_role: Callable[[str], Client],
) -> None:
    wrong = profile(available_from="2026-05-01", available_to="2026-04-01")
    answer = as_role("volunteer").post("/mon-profil/", wrong)
    assert answer.status_code == 422
    assert as_role("osim").get("/mon-profil/").status_code == 404
