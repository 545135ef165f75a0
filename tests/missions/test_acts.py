"""Each act × each state: done where the design says, refused with a reason elsewhere."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse

from capitalisation.interviews.actions import plan_interview
from capitalisation.reports.actions import (
    accept_report,
    add_deliverable,
    return_report,
    save_report,
    start_report,
    submit_report,
)
from explor import clock
from explor.accounts.models import User
from explor.ui.errors import Refusal
from missions.acts import WHEN
from missions.dossier.actions import (
    approve_sheet,
    create_mission,
    plan_dates,
    propose_sheet,
    record_outcome,
    record_real_dates,
    set_components,
)
from missions.dossier.milestones import reopen_milestone, settle_milestone, waive_milestone
from missions.dossier.models import EngagementState, Milestone, Mission, SheetState
from missions.dossier.sheet_actions import return_sheet
from missions.dossier.suspension import resume, suspend
from missions.funding.actions import NewLine, write_budget
from missions.funding.cofundings import record_cofunding
from missions.funding.commitments import commit
from missions.funding.expenses import record_expense
from missions.funding.instalments import cancel_instalment, pay_instalment, plan_instalment
from missions.lifecycle import FINAL, STAGES, Kind, State
from missions.matching.actions import (
    answer_proposal,
    confirm_volunteer,
    propose_volunteer,
    withdraw_volunteer,
)
from missions.request.actions import save_request
from missions.request.annexing import add_annex
from missions.request.correcting import answer_correction, ask_corrections, settle_correction
from missions.request.models import AnnexKind
from missions.review.actions import add_note, save_review
from missions.review.decision_actions import record_decision
from missions.review.lead_actions import assign_lead
from missions.review.letter_actions import approve_letter, save_letter, send_letter
from missions.review.opinion_actions import ask_opinions, give_opinion
from missions.review.roll_actions import declare_conflict, note_roll
from tests.capitalisation.corpus.samples import make_guide
from tests.capitalisation.reports.samples import make_report
from tests.factories import World, engage
from tests.ground_funding import open_one
from tests.missions.review.test_letters import decided

ALL = frozenset(State)


def line(first: State, last: State) -> frozenset[State]:
    return frozenset(STAGES[STAGES.index(first) : STAGES.index(last) + 1])


ACCEPTED = line(State.MATCHING, State.FOLLOW_UP)
BEFORE_RETURN = line(State.MATCHING, State.FIELD)
SEARCHED = line(State.MATCHING, State.PREPARATION)
REVIEW = frozenset({State.REVIEW})
COMMITTEE = frozenset({State.COMMITTEE})


@dataclass
class Scene:
    """A mission with everything an act may need; the acts are made by `who` they are for."""

    world: World
    mission: Mission

    def __getattr__(self, role: str) -> User:
        return self.world.person(role)

    def milestone(self) -> Milestone:
        return self.mission.milestones.get(kind=Kind.AGREEMENT)


Try = Callable[[Scene], object]
soon = clock.today() + timedelta(days=40)
EXPENSE = {
    "heading": "travel",
    "label": "Billet",
    "state": "spent",
    "dated": clock.today(),
    "amount": Decimal(10),
    "currency": "EUR",
}


def settled(scene: Scene) -> Milestone:
    row = scene.milestone()
    row.done_on = clock.today()
    row.save(update_fields=["done_on"])
    return row


def proposed(scene: Scene) -> Mission:
    scene.mission.sheet_state = SheetState.PROPOSED
    scene.mission.save(update_fields=["sheet_state"])
    return scene.mission


def suspended(scene: Scene) -> Mission:
    scene.mission.suspended_until = soon
    scene.mission.save(update_fields=["suspended_until"])
    return scene.mission


#: name → what is done, and where the design lets it be done
ACTS: dict[str, tuple[Try, frozenset[State]]] = {
    "settle_milestone": (
        lambda s: settle_milestone(s.milestone(), actor=s.coordinator),
        ALL - FINAL,
    ),
    "waive_milestone": (
        lambda s: waive_milestone(s.milestone(), because="Sur papier", actor=s.coordinator),
        ALL - FINAL,
    ),
    "reopen_milestone": (
        lambda s: reopen_milestone(settled(s), because="Erreur", actor=s.coordinator),
        ALL - FINAL,
    ),
    "plan_dates": (
        lambda s: plan_dates(s.mission, departs_on=soon, returns_on=soon, actor=s.coordinator),
        BEFORE_RETURN,
    ),
    "record_real_dates": (
        lambda s: record_real_dates(
            s.mission, departed_on=soon, returned_on=soon, actor=s.coordinator
        ),
        frozenset({State.REPORT}),
    ),
    "record_outcome": (
        lambda s: record_outcome(
            s.mission.components.get().objectives.get(),
            outcome="reached",
            why="",
            achievements=["Un guide"],
            actor=s.coordinator,
        ),
        frozenset({State.REPORT}),
    ),
    "propose_sheet": (
        lambda s: propose_sheet(s.mission, summary="Un résumé", actor=s.coordinator),
        line(State.REPORT, State.CLOSED),
    ),
    "approve_sheet": (
        lambda s: approve_sheet(proposed(s), actor=s.researcher),
        line(State.REPORT, State.CLOSED),
    ),
    # what is public can always be taken back
    "return_sheet": (
        lambda s: return_sheet(proposed(s), because="À revoir", actor=s.coordinator),
        ALL,
    ),
    "suspend": (
        lambda s: suspend(s.mission, until=soon, because="Élections", actor=s.coordinator),
        ACCEPTED,
    ),
    "resume": (lambda s: resume(suspended(s), because="", actor=s.coordinator), ALL),
    "set_components": (
        lambda s: set_components(s.mission, [("", "training", ["Former"])], actor=s.osim),
        frozenset({State.DRAFT, State.SUBMITTED}),
    ),
    "write_budget": (
        lambda s: write_budget(s.mission, [NewLine("expense", "travel", Decimal(1))], actor=s.osim),
        frozenset({State.DRAFT, State.SUBMITTED}),
    ),
    "save_request": (
        lambda s: save_request(s.mission, {}, actor=s.osim, version=None),
        frozenset({State.DRAFT, State.SUBMITTED}),
    ),
    "add_annex": (
        lambda s: add_annex(
            s.mission, AnnexKind.OTHER, b"Une piece.", name="a.txt", actor=s.osim, token=uuid4()
        ),
        frozenset({State.DRAFT, State.SUBMITTED}) | ACCEPTED,
    ),
    "correct": (
        lambda s: ask_corrections(
            s.mission, {"need": "Combien ?"}, actor=s.coordinator, token=uuid4()
        ),
        REVIEW,
    ),
    "save_review": (
        lambda s: save_review(s.mission, {"impact": 2}, actor=s.coordinator),
        REVIEW,
    ),
    "add_note": (
        lambda s: add_note(s.mission, text="Vu", actor=s.coordinator, token=uuid4()),
        ALL - {State.DRAFT},
    ),
    "assign_lead": (
        lambda s: assign_lead(s.mission, person=s.coordinator, actor=s.coordinator),
        ALL - FINAL - {State.DRAFT},
    ),
    "note_roll": (lambda s: note_roll(s.mission, actor=s.coordinator), REVIEW | COMMITTEE),
    "declare_conflict": (
        lambda s: declare_conflict(
            s.mission, person=s.coordinator, nature="Ma sœur", actor=s.coordinator
        ),
        ALL,
    ),
    "ask_opinions": (
        lambda s: ask_opinions(
            s.mission,
            people=[s.committee],
            due_on=soon,
            actor=s.coordinator,
            token=uuid4(),
        ),
        REVIEW,
    ),
    "record_decision": (
        lambda s: record_decision(
            s.mission, outcome="declined", reason="Trop loin", actor=s.committee
        ),
        COMMITTEE,
    ),
    "commit": (
        lambda s: commit(
            s.mission, Decimal(10), year=open_one(s.world).year, actor=s.administrator
        ),
        COMMITTEE | ACCEPTED,
    ),
    "propose_volunteer": (
        lambda s: propose_volunteer(
            s.mission, s.volunteer.volunteer, why="Son métier", actor=s.coordinator
        ),
        SEARCHED,
    ),
    "answer_proposal": (
        lambda s: answer_proposal(
            engage(s.mission, s.volunteer, EngagementState.PROPOSED),
            accept=True,
            actor=s.volunteer,
        ),
        SEARCHED,
    ),
    "confirm_volunteer": (
        lambda s: confirm_volunteer(
            engage(s.mission, s.volunteer, EngagementState.ACCEPTED), actor=s.coordinator
        ),
        SEARCHED,
    ),
    "withdraw_volunteer": (
        lambda s: withdraw_volunteer(
            engage(s.mission, s.volunteer), because="Empêchement", actor=s.coordinator
        ),
        BEFORE_RETURN,
    ),
    "withdraw_oneself": (
        lambda s: withdraw_volunteer(
            engage(s.mission, s.volunteer, EngagementState.ACCEPTED),
            because="Empêchement",
            actor=s.volunteer,
        ),
        BEFORE_RETURN,
    ),
    "record_expense": (
        lambda s: record_expense(s.mission, EXPENSE, actor=s.osim),
        ACCEPTED | {State.CLOSED, State.CANCELLED},
    ),
    "record_cofunding": (
        lambda s: record_cofunding(
            s.mission,
            {"funder_name": "La commune", "asked": Decimal(3), "asked_on": clock.today()},
            actor=s.osim,
        ),
        ALL - {State.DRAFT, State.DECLINED, State.UNFOLLOWED, State.WITHDRAWN},
    ),
    "plan_interview": (
        lambda s: plan_interview(
            s.mission,
            guide=make_guide(s.world.programme),
            person_label="Volontaire A",
            actor=s.researcher,
        ),
        ACCEPTED | {State.CLOSED, State.CANCELLED},
    ),
    "start_report": (
        lambda s: (engage(s.mission, s.volunteer), start_report(s.mission, actor=s.volunteer)),
        frozenset({State.FIELD, State.REPORT}),
    ),
}


def put(mission: Mission, state: State) -> Mission:
    Mission.objects.filter(pk=mission.pk).update(state=state)
    return Mission.objects.defer("search").select_related("project__holder").get(pk=mission.pk)


def done_in(world: World, mission: Mission, act: Try) -> tuple[set[State], list[str]]:
    """The states where the act is done; what it said in the others."""
    done, said = set(), []
    for state in State:
        try:
            with transaction.atomic():
                act(Scene(world, put(mission, state)))
                done.add(state)
                transaction.set_rollback(True)
        except Refusal as refusal:
            said.append(refusal.reason)
        except PermissionDenied:
            pass
    return done, said


@pytest.mark.parametrize("name", ACTS)
def test_act_is_done_where_the_design_says(world: World, name: str) -> None:
    act, where = ACTS[name]
    done, _ = done_in(world, world.mission(State.DRAFT), act)
    assert done == where


@pytest.mark.parametrize("name", sorted(set(ACTS) & set(WHEN)))
def test_refusal_says_where_the_mission_is(world: World, name: str) -> None:
    _, said = done_in(world, world.mission(State.DRAFT), ACTS[name][0])
    assert all("Le dossier est «" in words for words in said), said


def test_letter_is_written_once_decided_and_sent_once_effective(world: World) -> None:
    mission, letter = decided(world)
    words = {"body": "Bonjour", "contact": "a@example.org", "valid_until": None}
    acts: dict[str, Try] = {
        "save": lambda s: save_letter(letter, version=letter.version, actor=s.coordinator, **words),
        "approve": lambda s: approve_letter(letter, version=letter.version, actor=s.administrator),
    }
    open_to = COMMITTEE | ACCEPTED | {State.CLOSED, State.DECLINED, State.CANCELLED}
    for act in acts.values():
        assert done_in(world, mission, act)[0] == open_to
    approve_letter(letter, version=letter.version, actor=world.administrator)
    sent, _ = done_in(world, mission, lambda s: send_letter(letter, actor=s.coordinator))
    assert sent == open_to - COMMITTEE


def test_payments_are_planned_and_made_while_the_money_is_held(world: World) -> None:
    mission = world.mission(State.SUPPORT)
    commit(mission, Decimal(100), year=open_one(world).year, actor=None)
    plan = {"label": "Acompte", "due_on": clock.today(), "amount": Decimal(10)}
    row = plan_instalment(mission, actor=None, **plan)
    held = COMMITTEE | ACCEPTED | {State.CLOSED}
    acts: tuple[Try, ...] = (
        lambda s: plan_instalment(s.mission, actor=s.coordinator, **plan),
        lambda s: pay_instalment(row, paid_on=clock.today(), reference="VIR", actor=s.coordinator),
        lambda s: cancel_instalment(row, reason="Erreur", actor=s.coordinator),
    )
    for act in acts:
        assert done_in(world, mission, act)[0] == held


def test_corrections_live_during_the_review(world: World) -> None:
    mission = world.mission(State.REVIEW)
    (row,) = ask_corrections(mission, {"need": "Combien ?"}, actor=None, token=uuid4())
    acts: tuple[Try, ...] = (
        lambda s: answer_correction(row, answer="Douze", actor=s.osim),
        lambda s: settle_correction(row, actor=s.coordinator),
    )
    for act in acts:
        assert done_in(world, mission, act)[0] == REVIEW


def test_opinion_is_given_before_the_decision(world: World) -> None:
    mission = world.mission(State.REVIEW)
    (row,) = ask_opinions(mission, people=[world.committee], due_on=soon, actor=None, token=uuid4())
    given, _ = done_in(
        world,
        mission,
        lambda s: give_opinion(row, verdict="favourable", text="Oui", actor=s.committee),
    )
    assert given == REVIEW | COMMITTEE


def test_report_is_written_on_the_field_and_read_at_the_return(world: World) -> None:
    mission = world.mission(State.REPORT)
    draft = make_report(mission)
    writing = frozenset({State.FIELD, State.REPORT})
    acts: tuple[Try, ...] = (
        lambda s: save_report(draft, {"story": "Autre"}, actor=s.volunteer),
        lambda s: add_deliverable(draft, title="Un film", actor=s.volunteer),
        lambda s: submit_report(draft, actor=s.volunteer),
    )
    for act in acts:
        assert done_in(world, mission, act)[0] == writing
    filed = submit_report(draft, actor=None)
    for act in (
        lambda s: accept_report(filed, actor=s.coordinator),
        lambda s: return_report(filed, because="Les dates", actor=s.coordinator),
    ):
        assert done_in(world, mission, act)[0] == frozenset({State.REPORT})


def test_dates_of_a_mission_that_is_over_stay(
    world: World, as_role: Callable[[str], Client]
) -> None:
    """The fault as it was met: by the page, with the right of the coordination."""
    mission = world.mission(State.CLOSED, departs_on=soon, returns_on=soon)
    as_role("coordinator").post(
        reverse("mission_dates", args=[mission.reference]),
        {"departs_on": "2030-01-01", "returns_on": "2030-01-09", "confirmed": "1"},
    )
    mission.refresh_from_db()
    assert (mission.departs_on, mission.returns_on) == (soon, soon)


#: Acts that lock a mission and are tried elsewhere, or in any state: name → why.
ELSEWHERE = {
    "advance": "the lifecycle's own table: test_lifecycle",
    "put_in_state": "test_doors",
    "make_effective": "test_doors",
    "decide": "record_decision, then a step",
    "create_mission": "there is no state yet",
    "submit_request": "a step",
    "save_letter": "here, with a letter",
    "approve_letter": "here, with a letter",
    "send_letter": "here, with a letter",
    "ask_confirmation": "drafts only, by its right: test_confirmations",
    "answer_confirmation": "drafts only: test_confirmations",
    "confirm_as_member": "drafts only: test_confirmations",
    "ask_corrections": "here, as « correct »",
    "answer_correction": "here, with a correction",
    "settle_correction": "here, with a correction",
    "ask_again": "settle_correction, then ask_corrections",
    "remove_annex": "same check as add_annex",
    "change_expense": "same right as record_expense",
    "remove_expense": "same right as record_expense",
    "change_cofunding": "same right as record_cofunding",
    "remove_cofunding": "same right as record_cofunding",
    "plan_instalment": "here, with money held",
    "change_instalment": "same check as plan_instalment",
    "pay_instalment": "here, with money held",
    "cancel_instalment": "here, with money held",
    "release": "money is given back at any time",
    "give_opinion": "here, with an opinion asked",
    "decline_opinion": "same check as give_opinion",
    "extend_opinion": "same check as give_opinion",
    "cancel_opinion": "same check as give_opinion",
}


def test_every_act_that_locks_a_mission_is_tried() -> None:
    found = set()
    for path in sorted(Path(settings.BASE_DIR, "missions").rglob("*.py")):
        if {"demo", "migrations", "management"} & set(path.parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        locking = {
            name
            for name, node in functions.items()
            if any(
                isinstance(call, ast.Call)
                and getattr(call.func, "id", "") in {"lock", "_lock", "_locked", "_lock_both"}
                for call in ast.walk(node)
            )
        }
        found |= {name for name in locking if not name.startswith("_")}
    tried = set(ACTS) | set(ELSEWHERE)
    # invitations, registrations and practices lock no mission
    others = {"send_again", "revoke", "accept"}
    assert found - tried - others == set()


@pytest.mark.parametrize("role", ["other_osim", "volunteer", "other_coordinator", "committee"])
def test_what_an_act_writes_is_refused_to_who_reaches_it_another_way(
    world: World, role: str
) -> None:
    draft, back = world.mission(State.DRAFT), world.mission(State.REPORT)
    person = world.person(role)
    acts: tuple[Callable[[], object], ...] = (
        lambda: set_components(draft, [("", "training", ["Former"])], actor=person),
        lambda: write_budget(draft, [], actor=person),
        lambda: record_real_dates(back, departed_on=soon, returned_on=soon, actor=person),
        lambda: record_outcome(
            back.components.get().objectives.get(),
            outcome="reached",
            why="",
            achievements=[],
            actor=person,
        ),
        lambda: create_mission(
            draft.project,
            programme=world.programme,
            territory=world.territory,
            title="Une autre",
            country="BJ",
            actor=person,
        ),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
