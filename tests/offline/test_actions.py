"""Texts that reach a request: saved, kept aside, waiting for a choice; never lost."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, QueryDict

from explor.accounts.models import Role, User
from explor.journal.models import Entry
from explor.offline.actions import Reused, apply_operation, save_form
from explor.offline.models import Operation, Revision, RevisionState
from explor.offline.operations import Outcome
from explor.offline.queries import open_choices, open_sheet, pending, refused
from explor.offline.records import digest
from missions.dossier.models import Mission
from missions.request.forms import RequestForm
from missions.request.models import Request
from missions.request.queries import answers, request_of
from tests.factories import World, make_person
from tests.offline.samples import sending, states


@pytest.fixture
def mission(world: World) -> Mission:
    mission = world.mission()
    Request.objects.create(mission=mission)
    return mission


def write(mission: Mission, actor: User, device: str = "d1", **changes: Any) -> Outcome:
    """`need=("typed", "over")`."""
    return apply_operation("request", mission, sending(changes, device=device), actor=actor)


def need(mission: Mission) -> str:
    return Request.objects.get(mission=mission).need


def texts(**where: Any) -> list[tuple[list[str], str]]:
    return [(row.value, row.state) for row in Revision.objects.filter(**where)]


def test_text_typed_over_what_is_saved_is_saved(world: World, mission: Mission) -> None:
    outcome = write(mission, world.osim, need=("L’eau manque.", ""), sworn=(["on"], ""))
    assert states(outcome.fields) == {"need": "applied", "sworn": "applied"}
    assert outcome.fields["need"]["base"] == digest(["L’eau manque."])
    assert need(mission) == "L’eau manque."
    assert request_of(mission).sworn
    assert texts(field="need") == [(["L’eau manque."], "applied")]


def test_same_sending_twice_is_written_once(world: World, mission: Mission) -> None:
    given = sending({"need": ("A", "")})
    first = apply_operation("request", mission, given, actor=world.osim)
    write(mission, world.osim, need=("B", "A"))
    again = apply_operation("request", mission, given, actor=world.osim)
    assert again == first
    assert need(mission) == "B"
    assert Operation.objects.count() == 2
    assert pending("request", mission.uuid) == []


def test_identity_served_for_another_text_is_refused(world: World, mission: Mission) -> None:
    op_id = str(uuid4())
    apply_operation("request", mission, sending({"need": ("A", "")}, op_id=op_id), actor=world.osim)
    with pytest.raises(Reused):
        apply_operation(
            "request", mission, sending({"need": ("B", "A")}, op_id=op_id), actor=world.osim
        )
    assert need(mission) == "A"


def test_identity_of_another_person_is_refused(world: World, mission: Mission) -> None:
    given = sending({"need": ("A", "")})
    apply_operation("request", mission, given, actor=world.osim)
    other = make_person(world.association, Role.MEMBER)
    with pytest.raises(Reused):
        apply_operation("request", mission, given, actor=other)


def test_two_texts_over_the_same_one_are_both_kept(world: World, mission: Mission) -> None:
    write(mission, world.osim, need=("Premier", ""))
    outcome = write(mission, world.osim, "d2", need=("Second", ""), public=("Femmes", ""))
    assert states(outcome.fields) == {"need": "pending", "public": "applied"}
    assert outcome.fields["need"]["base"] == digest([])
    assert need(mission) == "Premier"
    (choice,) = open_choices("request", mission)
    assert choice.label == "Le besoin"
    assert [option.words for option in choice.options] == ["Premier", "<ins>Second</ins>"]
    assert Entry.objects.filter(verb="offline.keep_both", actor=world.osim).count() == 1


def test_device_is_not_set_against_its_own_late_answer(world: World, mission: Mission) -> None:
    write(mission, world.osim, need=("Le début", ""))
    write(mission, world.osim, need=("Le début puis ", "Le début"))
    outcome = write(mission, world.osim, need=("Le début puis la suite", ""))
    assert states(outcome.fields) == {"need": "applied"}
    assert need(mission) == "Le début puis la suite"
    assert pending("request", mission.uuid) == []


def test_device_goes_on_from_its_own_refused_text(world: World, mission: Mission) -> None:
    for typed, over in [("beau", ""), ("beauco", "beau"), ("beaucoup", "beau")]:
        outcome = write(mission, world.osim, public_women=(typed, over))
        assert states(outcome.fields) == {"public_women": "unapplied"}
    assert refused("request", mission).keys() == {"public_women"}


@pytest.mark.parametrize("between", ["another device", "another person", "no name"])
def test_late_text_waits_when_somebody_wrote_between(
    world: World, mission: Mission, between: str
) -> None:
    device = "" if between == "no name" else "d1"
    write(mission, world.osim, device, need=("Le début", ""))
    if between == "another device":
        write(mission, world.osim, "d2", need=("Le début, ailleurs", "Le début"))
    elif between == "another person":
        other = make_person(world.association, Role.MEMBER)
        write(mission, other, "d3", need=("Le début, par une autre", "Le début"))
    saved = need(mission)
    outcome = write(mission, world.osim, device, need=("La suite", ""))
    assert states(outcome.fields) == {"need": "pending"}
    assert need(mission) == saved


def test_same_text_twice_asks_nothing(world: World, mission: Mission) -> None:
    write(mission, world.osim, need=("Le même", ""))
    outcome = write(mission, world.osim, "d2", need=("Le même", ""))
    assert states(outcome.fields) == {"need": "same"}
    assert pending("request", mission.uuid) == []


def test_text_that_waits_is_replaced_by_its_next_wording(world: World, mission: Mission) -> None:
    write(mission, world.osim, need=("Premier", ""))
    write(mission, world.osim, "d2", need=("Sec", ""))
    write(mission, world.osim, "d2", need=("Second", ""))
    write(mission, world.osim, "d3", need=("Troisième", ""))
    assert [row.value for row in pending("request", mission.uuid)] == [["Second"], ["Troisième"]]
    assert (["Sec"], "replaced") in texts(field="need")


def pick(mission: Mission, option: int, field: str = "need") -> dict[str, Any]:
    (choice,) = [one for one in open_choices("request", mission) if one.field == field]
    picked: dict[str, Any] = json.loads(choice.options[option].button)
    return picked


def resolve(mission: Mission, actor: User, *picked: dict[str, Any]) -> Outcome:
    return apply_operation("request", mission, sending({}, resolves=list(picked)), actor=actor)


def test_choice_of_the_saved_text_sets_the_other_aside(world: World, mission: Mission) -> None:
    write(mission, world.osim, need=("Premier", ""))
    write(mission, world.osim, "d2", need=("Second", ""))
    resolve(mission, world.osim, pick(mission, 0))
    assert need(mission) == "Premier"
    row = Revision.objects.get(field="need", state=RevisionState.DISCARDED)
    assert (row.value, row.chosen_by) == (["Second"], world.osim)
    assert pending("request", mission.uuid) == []


def test_choice_of_the_other_text_keeps_the_saved_one_in_the_history(
    world: World, mission: Mission
) -> None:
    write(mission, world.osim, need=("Premier", ""))
    write(mission, world.osim, "d2", need=("Second", ""))
    outcome = resolve(mission, world.osim, pick(mission, 1))
    assert outcome.fields["need"] == {"state": "applied", "base": digest(["Second"])}
    assert need(mission) == "Second"
    assert (["Premier"], "discarded") in texts(field="need")
    assert (["Second"], "applied") in texts(field="need")
    assert Entry.objects.filter(verb="offline.choose_text").count() == 1


def test_choice_among_texts_that_changed_since_is_asked_again(
    world: World, mission: Mission
) -> None:
    write(mission, world.osim, need=("Premier", ""))
    write(mission, world.osim, "d2", need=("Second", ""))
    seen = pick(mission, 1)
    write(mission, world.osim, need=("Premier, complété", "Premier"))
    outcome = resolve(mission, world.osim, seen)
    assert states(outcome.fields) == {"need": "pending"}
    assert need(mission) == "Premier, complété"
    assert [row.value for row in pending("request", mission.uuid)] == [["Second"]]


def test_choice_leaves_the_text_that_nobody_had_seen(world: World, mission: Mission) -> None:
    write(mission, world.osim, need=("Premier", ""))
    write(mission, world.osim, "d2", need=("Second", ""))
    seen = pick(mission, 0)
    write(mission, world.osim, "d3", need=("Troisième", ""))
    resolve(mission, world.osim, seen)
    assert [row.value for row in pending("request", mission.uuid)] == [["Troisième"]]


def test_invalid_text_is_kept_and_shown_with_its_reason(world: World, mission: Mission) -> None:
    outcome = write(mission, world.osim, days_on_spot=("mille", ""), need=("Eau", ""))
    assert states(outcome.fields) == {"days_on_spot": "unapplied", "need": "applied"}
    form = RequestForm(found=answers(mission, steps=["expertise"]), steps=["expertise"])
    sheet = open_sheet("request", mission, form)
    assert form["days_on_spot"].value() == "mille"
    assert form.errors["days_on_spot"] == [outcome.refused["days_on_spot"]]
    assert sheet.bases["days_on_spot"] == digest(["mille"])
    assert refused("request", mission) == outcome.refused


def test_invalid_text_corrected_is_saved(world: World, mission: Mission) -> None:
    write(mission, world.osim, days_on_spot=("mille", ""))
    write(mission, world.osim, days_on_spot=("mille deux", "mille"))
    outcome = write(mission, world.osim, days_on_spot=("8", "mille deux"))
    assert states(outcome.fields) == {"days_on_spot": "applied"}
    assert request_of(mission).days_on_spot == 8
    assert refused("request", mission) == {}
    assert [state for _, state in texts(field="days_on_spot")] == [
        "replaced",
        "replaced",
        "applied",
    ]


def test_text_over_an_invalid_one_nobody_saw_waits(world: World, mission: Mission) -> None:
    write(mission, world.osim, days_on_spot=("mille", ""))
    outcome = write(mission, world.osim, "d2", days_on_spot=("8", ""))
    assert states(outcome.fields) == {"days_on_spot": "pending"}
    resolve(mission, world.osim, pick(mission, 1, "days_on_spot"))
    assert request_of(mission).days_on_spot == 8


def test_text_refused_for_its_neighbour_is_saved_with_it(world: World, mission: Mission) -> None:
    write(mission, world.osim, window_from=("2027-05-01", ""))
    outcome = write(mission, world.osim, window_to=("2027-04-01", ""))
    assert states(outcome.fields) == {"window_to": "unapplied"}
    outcome = write(mission, world.osim, window_from=("2027-03-01", "2027-05-01"))
    assert states(outcome.fields) == {"window_from": "applied", "window_to": "applied"}
    asked = request_of(mission)
    assert (str(asked.window_from), str(asked.window_to)) == ("2027-03-01", "2027-04-01")
    assert refused("request", mission) == {}


def test_field_that_no_longer_exists_is_kept(world: World, mission: Mission) -> None:
    outcome = write(mission, world.osim, retired_question=("Ma réponse", ""))
    assert "n’existe plus" in outcome.refused["retired_question"]
    assert texts(field="retired_question") == [(["Ma réponse"], "unapplied")]


def test_neighbours_of_one_list_written_apart_are_both_kept(world: World, mission: Mission) -> None:
    write(mission, world.osim, expense_travel_amount=("900", ""), expense_travel_how=("avion", ""))
    write(mission, world.osim, "d2", expense_visa_amount=("60", ""))
    budget = answers(mission)["budget"]
    assert {line.heading: line.amount for line in budget.expenses} == {"travel": 900, "visa": 60}


@pytest.mark.parametrize("role", ["other_osim", "volunteer", "stranger"])
def test_record_of_another_is_not_found(world: World, mission: Mission, role: str) -> None:
    with pytest.raises(Http404):
        write(mission, world.person(role), need=("A", ""))
    assert need(mission) == ""


def test_reader_may_not_write(world: World) -> None:
    mission = world.mission("review")
    Request.objects.create(mission=mission)
    with pytest.raises(PermissionDenied):
        write(mission, world.coordinator, need=("A", ""))
    assert Operation.objects.count() == 0


def test_history_of_texts_is_not_rewritten(world: World, mission: Mission) -> None:
    write(mission, world.osim, need=("A", ""))
    row = Revision.objects.get()
    row.value = ["autre"]
    for forbidden in (row.save, row.delete, Operation.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            forbidden()


def plain_form(mission: Mission, **changed: str) -> QueryDict:
    """The page of two steps as a browser without a script posts it."""
    steps = ["projet", "expertise"]
    form = RequestForm(found=answers(mission, steps=steps), steps=steps)
    sheet = open_sheet("request", mission, form)
    query = QueryDict(mutable=True)
    for name, value in sheet.values.items():
        query.setlist(name, value)
    for name, text in changed.items():
        query.setlist(name, [text])
    query.update({"token": str(sheet.token), "bases": sheet.bases_text})
    return query


def test_plain_forms_of_two_people_meet_too(world: World, mission: Mission) -> None:
    other = make_person(world.association, Role.MEMBER)
    mine, theirs = plain_form(mission, need="Premier"), plain_form(mission, need="Second")
    theirs["public"] = "Femmes"
    assert save_form("request", mission, mine, actor=world.osim).settled
    outcome = save_form("request", mission, theirs, actor=other)
    assert outcome.pending == ["need"]
    assert (need(mission), request_of(mission).public) == ("Premier", "Femmes")


def test_plain_form_untouched_writes_nothing(world: World, mission: Mission) -> None:
    write(mission, world.osim, days_on_spot=("mille", ""), need=("Eau", ""))
    before = Revision.objects.count()
    assert save_form("request", mission, plain_form(mission), actor=world.osim).settled
    assert Revision.objects.count() == before


def test_plain_form_sent_again_continues_its_first_sending(world: World, mission: Mission) -> None:
    page = plain_form(mission, need="Premier")
    save_form("request", mission, page, actor=world.osim)
    save_form("request", mission, page, actor=world.osim)
    assert Operation.objects.count() == 1
    page["need"] = "Premier, corrigé"
    assert save_form("request", mission, page, actor=world.osim).settled
    assert need(mission) == "Premier, corrigé"


def test_plain_form_carries_a_choice(world: World, mission: Mission) -> None:
    write(mission, world.osim, need=("Premier", ""))
    write(mission, world.osim, "d2", need=("Second", ""))
    page = plain_form(mission)
    page["choice"] = json.dumps(pick(mission, 1))
    assert save_form("request", mission, page, actor=world.osim).settled
    assert need(mission) == "Second"
