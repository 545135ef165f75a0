"""Roles and accounts, by the administration."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from explor.accounts.actions import close_account, end_role, give_role, reopen_account
from explor.accounts.models import Membership, Role
from explor.journal.models import Entry
from explor.ui.errors import Refusal
from tests.factories import UserFactory, World, make_person

OTHERS = ("osim", "volunteer", "coordinator", "researcher", "committee")


def page(person: Any) -> str:
    return f"/reglages/personnes/{person.uuid}/"


def test_role_is_given_and_ended_with_a_trace(
    as_role: Callable[[str], Client], world: World
) -> None:
    client, path = as_role("administrator"), page(world.volunteer)
    data = {"organisation": world.network.pk, "role": Role.COMMITTEE}
    assert client.post(path, data).headers["Location"] == path
    row = Membership.objects.get(user=world.volunteer)
    assert (row.organisation, row.role) == (world.network, Role.COMMITTEE)
    assert client.post(path, data).status_code == 302
    text = client.get(path).content.decode()
    assert text.count("Rôle donné à") == 1
    client.post(f"{path}roles/{row.pk}/retirer/", {"reason": "Fin de mandat."})
    assert not Membership.objects.filter(user=world.volunteer).exists()
    assert "Fin de mandat." in client.get(path).content.decode()
    told = Entry.objects.filter(stream=f"organisation:{world.network.uuid}")
    assert set(told.values_list("verb", flat=True)) == {"accounts.give_role", "accounts.end_role"}


def test_association_holds_members_only(world: World) -> None:
    with pytest.raises(Refusal, match="que des membres"):
        give_role(world.volunteer, world.association, Role.COORDINATOR, actor=world.administrator)


@pytest.mark.parametrize("role", OTHERS)
def test_others_manage_nobody(world: World, role: str) -> None:
    actor, row = world.person(role), Membership.objects.get(user=world.other_osim)
    for act in (
        lambda: give_role(world.volunteer, world.network, Role.COMMITTEE, actor=actor),
        lambda: end_role(row, actor=actor),
        lambda: close_account(world.other_osim, actor=actor, reason="Parce que."),
        lambda: reopen_account(world.other_osim, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_closed_account_is_out_at_once_and_comes_back(
    as_role: Callable[[str], Client], world: World
) -> None:
    theirs, client = as_role("osim"), as_role("administrator")
    assert theirs.get("/accueil/").status_code == 200
    client.post(f"{page(world.osim)}fermer/", {"reason": ""})
    assert theirs.get("/accueil/").status_code == 200
    client.post(f"{page(world.osim)}fermer/", {"reason": "Départ de l’association."})
    assert theirs.get("/accueil/").status_code == 302
    world.osim.refresh_from_db()
    with pytest.raises(Refusal, match="fermé"):
        give_role(world.osim, world.network, Role.MEMBER, actor=world.administrator)
    client.post(f"{page(world.osim)}rouvrir/")
    assert theirs.get("/accueil/").status_code == 200


def test_somebody_always_administers(world: World) -> None:
    row = Membership.objects.get(user=world.administrator)
    with pytest.raises(Refusal, match="personne pour administrer"):
        end_role(row, actor=world.administrator)
    with pytest.raises(Refusal, match="votre propre compte"):
        close_account(world.administrator, actor=world.administrator, reason="Je pars.")
    with pytest.raises(Refusal, match="personne pour administrer"):
        close_account(world.administrator, actor=None, reason="Départ.")
    make_person(world.network, Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(Refusal, match="personne pour administrer"):
        end_role(row, actor=world.administrator)
    make_person(world.network, Role.ADMINISTRATOR)
    end_role(row, actor=world.administrator)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=bINTOU", {"Bintou Exemple"}),
        ("q=reseau+exemple+ouest", {"Lou Exemple"}),
        ("role=committee", {"Maxime Exemple"}),
        ("compte=ferme", {"Fermée Exemple"}),
        ("q=introuvable", set()),
    ],
)
def test_people_are_found_by_name_organisation_role_and_state(
    as_role: Callable[[str], Client], world: World, query: str, found: set[str]
) -> None:
    UserFactory.create(first_name="Fermée", is_active=False)
    answer = as_role("administrator").get(f"/reglages/personnes/?{query}")
    assert {str(row) for row in answer.context["page"]} == found


def test_list_of_people_takes_the_same_queries(
    as_role: Callable[[str], Client], world: World, django_assert_max_num_queries: Any
) -> None:
    client, counts = as_role("administrator"), []
    for number in (1, 3, 20):
        for _ in range(number):
            make_person(world.network, Role.MEMBER)
        with django_assert_max_num_queries(12) as seen:
            assert client.get("/reglages/personnes/").status_code == 200
        counts.append(len(seen))
    assert len(set(counts)) == 1


def test_last_passkey_of_a_team_member_stays(
    as_role: Callable[[str], Client], world: World
) -> None:
    def key() -> Authenticator:
        return Authenticator.objects.create(
            user=world.coordinator, type="webauthn", data={"name": "Clé"}
        )

    client, first = as_role("coordinator"), key()
    path = f"/compte/2fa/webauthn/keys/{first.pk}/remove/"
    answer = client.get(path, follow=True)
    assert "ajoutez d’abord" in answer.content.decode()
    client.post(path)
    assert Authenticator.objects.filter(pk=first.pk).exists()
    assert as_role("osim").get(path).status_code == 404


def test_first_administrator_is_named_by_command_once(db: None) -> None:
    arguments = ("first_administrator", "claude@reseau.example", "--organisation=Réseau Exemple")
    call_command(*arguments)
    row = Membership.objects.get()
    assert (row.user.email, row.role) == ("claude@reseau.example", Role.ADMINISTRATOR)
    assert not row.user.has_usable_password()
    with pytest.raises(CommandError, match="administre déjà"):
        call_command(*arguments)


def test_pages_of_people_stay_under_twelve_queries(
    as_role: Callable[[str], Client], world: World, django_assert_max_num_queries: Any
) -> None:
    world.mission("review")
    home = f"/organisations/{world.association.uuid}/"
    pages = {
        "administrator": [
            page(world.osim),
            home,
            "/reglages/programmes/explor/",
            "/reglages/territoires/hauts-de-france/",
            "/organisations/inscrire/",
        ],
        "coordinator": [home, f"{home}modifier/", "/organisations/", f"{home}rejoindre/"],
        "osim": [f"{home}modifier/", "/organisations/inscrire/", "/compte/"],
        "volunteer": ["/mon-profil/", "/organisations/"],
    }
    for role, paths in pages.items():
        client = as_role(role)
        for path in paths:
            with django_assert_max_num_queries(12):
                assert client.get(path).status_code == 200, path
