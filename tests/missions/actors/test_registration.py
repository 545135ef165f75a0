"""An association is inscribed once; others ask to join it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from explor.accounts.models import JoinRequest, Membership, Organisation, Role
from explor.accounts.numbers import clean_rna, clean_siret
from explor.accounts.queries import candidates
from explor.journal.models import Entry
from explor.notifications.models import Notice
from explor.ui.errors import Refusal
from missions.actors.registration import (
    answer_join,
    ask_to_join,
    register,
    withdraw_join,
)
from tests.factories import OrganisationFactory, UserFactory, World

SIRET = "73282932000074"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("w 751 234 567", "W751234567"), ("W9R1000123", "W9R1000123"), ("", "")],
)
def test_rna_is_cleaned(typed: str, kept: str) -> None:
    assert clean_rna(typed) == kept


@pytest.mark.parametrize("typed", ["W7512345", "751234567", "WA12345678", "W75123456789"])
def test_wrong_rna_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="lettre W"):
        clean_rna(typed)


@pytest.mark.parametrize("typed", ["732 829 320 00074", "73282932000074"])
def test_siret_is_cleaned(typed: str) -> None:
    assert clean_siret(typed) == SIRET


def test_siren_is_enough() -> None:
    assert clean_siret("732 829 320") == "732829320"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("73282932000079", "contient une erreur"),
        ("732829321", "contient une erreur"),
        ("123", "quatorze chiffres"),
        ("7328293200007A", "quatorze chiffres"),
    ],
)
def test_wrong_siret_is_refused(typed: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        clean_siret(typed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Les Amis du Fleuve", True),
        ("association les amis du fleuve", True),
        ("Amis du Fleuvve", True),
        ("Ami·es du fleuve", True),
        ("Association pour les puits du Nord", False),
        ("Femmes de Kpomassé", False),
    ],
)
def test_near_names_are_found_and_far_ones_are_not(db: None, typed: str, found: bool) -> None:
    here = OrganisationFactory.create(name="Association des Amis du Fleuve")
    OrganisationFactory.create(name="Association Soleil")
    assert [row.organisation for row in candidates(typed)] == ([here] if found else [])


def test_same_number_and_same_legal_body_come_first(db: None) -> None:
    near = OrganisationFactory.create(name="Puits et Forages")
    same = OrganisationFactory.create(name="Autre nom", siret=SIRET)
    OrganisationFactory.create(name="Puits et Forages", kind="ess")
    found = candidates("Puits et forages", siret="732829320")
    assert [(row.organisation, row.same_number) for row in found] == [(same, True), (near, False)]


def test_registering_makes_the_person_a_member(world: World) -> None:
    person, token = UserFactory.create(), uuid4()
    made = register(actor=person, token=token, name="Les Puits", city="Lille", rna="W595000009")
    assert made.kind == "osim" and made.osim_profile is not None
    assert list(made.memberships.values_list("user", "role")) == [(person.pk, Role.MEMBER)]
    assert Entry.objects.filter(stream=f"organisation:{made.uuid}").count() == 2
    person = type(person).objects.get(pk=person.pk)
    again = register(actor=person, token=token, name="Les Puits", city="Lille")
    assert again == made
    with pytest.raises(PermissionDenied):
        register(actor=world.other_osim, token=token, name="Les Puits", city="Lille")


def test_coordinator_registers_without_becoming_a_member(world: World) -> None:
    made = register(actor=world.coordinator, token=uuid4(), name="Les Puits", city="Lille")
    assert not made.memberships.exists()
    assert world.coordinator.has_perm("missions.manage_organisation", made)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rna": "W595000009"}, "demandez à la rejoindre"),
        ({"siret": SIRET}, "demandez à la rejoindre"),
        ({"name": "LES PUITS", "city": "lille"}, "dans cette ville"),
    ],
)
def test_number_or_name_cannot_be_registered_twice(
    world: World, fields: dict[str, str], words: str
) -> None:
    OrganisationFactory.create(name="Les Puits", city="Lille", rna="W595000009", siret=SIRET)
    with pytest.raises(Refusal, match=words):
        register(actor=world.osim, token=uuid4(), **{"name": "Autre", "city": "Paris", **fields})


def test_same_name_in_another_town_is_another(world: World) -> None:
    OrganisationFactory.create(name="Les Puits", city="Lille")
    assert register(actor=world.osim, token=uuid4(), name="Les Puits", city="Nantes").pk


def typed(**fields: str) -> dict[str, str]:
    base = {"name": "Les Puits de Kpomassé", "city": "Lille", "token": str(uuid4())}
    return {**base, **fields}


def test_page_shows_candidates_before_registering(
    as_role: Callable[[str], Client], world: World
) -> None:
    OrganisationFactory.create(name="Puits de Kpomasse", city="Roubaix")
    client, data = as_role("volunteer"), typed()
    answer = client.post("/organisations/inscrire/", data)
    text = answer.content.decode()
    assert "C’est elle" in text and "Roubaix" in text and 'value="Les Puits de Kpomassé"' in text
    assert not Organisation.objects.filter(name="Les Puits de Kpomassé").exists()
    answer = client.post("/organisations/inscrire/", {**data, "sure": "1"})
    made = Organisation.objects.get(name="Les Puits de Kpomassé")
    assert answer.headers["Location"] == f"/organisations/{made.uuid}/"
    client.post("/organisations/inscrire/", {**data, "sure": "1"})
    assert Organisation.objects.filter(name="Les Puits de Kpomassé").count() == 1


def test_page_offers_no_way_round_an_exact_number(as_role: Callable[[str], Client]) -> None:
    OrganisationFactory.create(name="Autre nom", rna="W595000009")
    client, data = as_role("volunteer"), typed(rna="W595 000 009")
    text = client.post("/organisations/inscrire/", data).content.decode()
    assert "Même numéro" in text and "Non, c’est une autre" not in text
    answer = client.post("/organisations/inscrire/", {**data, "sure": "1"})
    assert "demandez à la rejoindre" in answer.content.decode()
    assert Organisation.objects.filter(rna="W595000009").count() == 1


def test_joining_opens_nothing_before_a_yes(as_role: Callable[[str], Client], world: World) -> None:
    mission = world.mission("review")
    client, home = as_role("stranger"), f"/organisations/{world.association.uuid}/"
    data = {"message": "Je suis la trésorière.", "token": str(uuid4())}
    assert client.post(f"{home}rejoindre/", data).headers["Location"] == "/organisations/"
    assert client.post(f"{home}rejoindre/", data).status_code == 302
    request = JoinRequest.objects.get()
    for path in (home, f"/missions/{mission.reference}/"):
        assert client.get(path).status_code == 404
    assert "En attente de réponse" in client.get("/organisations/").content.decode()
    assert Notice.objects.get(recipient=world.osim).url == home
    page = as_role("osim").get(home).content.decode()
    assert "Je suis la trésorière." in page and "Accepter" in page
    answer = as_role("osim").post(
        f"/organisations/demandes/{request.uuid}/repondre/", {"answer": "accept"}
    )
    assert answer.status_code == 302
    for path in (home, f"/missions/{mission.reference}/"):
        assert client.get(path).status_code == 200
    assert "acceptée" in Notice.objects.get(recipient=world.stranger).subject


def test_refused_person_reads_nothing_and_may_ask_again(world: World) -> None:
    request = ask_to_join(world.association, actor=world.volunteer, token=uuid4())
    answer_join(request, actor=world.osim, accept=False)
    assert not Membership.objects.filter(user=world.volunteer).exists()
    with pytest.raises(Refusal, match="déjà reçu"):
        answer_join(request, actor=world.osim, accept=True)
    again = ask_to_join(world.association, actor=world.volunteer, token=uuid4())
    assert again.pk != request.pk
    assert withdraw_join(again, actor=world.volunteer).state == "withdrawn"


@pytest.mark.parametrize("role", ["other_osim", "volunteer", "other_coordinator", "committee"])
def test_join_is_not_answered_by_others(world: World, role: str) -> None:
    world.mission("review")
    request = ask_to_join(world.association, actor=world.volunteer, token=uuid4())
    with pytest.raises(PermissionDenied):
        answer_join(request, actor=world.person(role), accept=True)
    with pytest.raises(PermissionDenied):
        withdraw_join(request, actor=world.osim)


def test_coordination_answers_when_there_is_no_member(world: World) -> None:
    world.mission("review")
    Membership.objects.filter(organisation=world.association).delete()
    request = ask_to_join(world.association, actor=world.volunteer, token=uuid4())
    told = Notice.objects.filter(event="membership").values_list("recipient", flat=True)
    assert list(told) == [world.coordinator.pk]
    answer_join(request, actor=world.coordinator, accept=True)
    assert world.association.memberships.get().user == world.volunteer


@pytest.mark.parametrize(
    ("holder", "words"), [("association", "déjà membre"), ("structure", "Seule une association")]
)
def test_joining_is_refused_to_members_and_for_other_bodies(
    world: World, holder: str, words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        ask_to_join(getattr(world, holder), actor=world.osim, token=uuid4())


def test_my_organisations_page_takes_the_same_queries(
    as_role: Callable[[str], Client], world: World, django_assert_num_queries: Any
) -> None:
    client, counts = as_role("osim"), []
    for number in (1, 3):
        for _ in range(number):
            body = OrganisationFactory.create()
            Membership.objects.create(user=world.osim, organisation=body, role=Role.MEMBER)
        with django_assert_num_queries(7):
            counts.append(client.get("/organisations/").status_code)
    assert counts == [200, 200]


def test_administration_registers_any_body_and_others_an_association_only(
    as_role: Callable[[str], Client], world: World
) -> None:
    client, data = as_role("administrator"), typed(name="Réseau Breton", kind="support_network")
    assert client.post("/organisations/inscrire/", data).status_code == 302
    made = Organisation.objects.get(name="Réseau Breton")
    assert made.kind == "support_network" and not made.memberships.exists()
    as_role("osim").post("/organisations/inscrire/", typed(name="Autre", kind="funder"))
    assert Organisation.objects.get(name="Autre").kind == "osim"
    with pytest.raises(PermissionDenied):
        register(actor=world.coordinator, token=uuid4(), kind="ess", name="X", city="Y")
