"""One mission at a time, in the sitting: roll, votes, decision, next."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from capitalisation.committee.session_deciding import decide_item, defer_item
from capitalisation.committee.session_forms import CountForm
from capitalisation.committee.session_models import AgendaItem, CommitteeSession, VoteChoice
from capitalisation.committee.session_queries import Sitting, agenda_for, roll_of, votes_on
from capitalisation.committee.session_sitting import (
    cast_vote,
    close_roll,
    count_votes,
    go_to,
    stand_aside,
)
from capitalisation.committee.session_views import found_item, found_session, tried
from explor import clock
from explor.accounts.http import PersonRequest
from explor.intake.numbers import whole
from explor.intake.typed import reason_in
from explor.journal.actions import record
from explor.ui.errors import Refusal
from missions.dossier.actions import REFUSED
from missions.funding.queries import budget_of, envelope_and_left
from missions.review.decision_forms import RETURNED, DecisionForm
from missions.review.queries import review_of, total


@require_safe
def session_item(request: PersonRequest, uuid: UUID, point: int) -> HttpResponse:
    """The mission on the table; who stood aside sees that they are out, and nothing of it."""
    session, item, sitting = _sitting(request, uuid, point)
    return _page(request, session, item, sitting)


@require_safe
def session_pulse(request: PersonRequest, uuid: UUID, point: int) -> HttpResponse:
    """What moves while a page is open. Nothing (204) when the sitting has not moved since `v`."""
    session = found_session(request, uuid)
    if request.GET.get("v") == str(session.version):
        return HttpResponse(status=204)
    session, item, sitting = _sitting(request, uuid, point, session=session)
    context = _live(request, session, item, sitting) if not _is_out(item) else {}
    context |= {"session": session, "item": item, "sitting": sitting, "moved": True}
    return render(request, "capitalisation/committee/_session_live.html", context)


def _sitting(
    request: PersonRequest, uuid: UUID, point: int, session: CommitteeSession | None = None
) -> tuple[CommitteeSession, AgendaItem, Sitting]:
    session = session or found_session(request, uuid)
    agenda = agenda_for(session, request.user)
    item = next((row for row in agenda if row.pk == point), None) or found_item(session, 0)
    item.session = session
    return session, item, Sitting(session, roll_of(session, item), agenda)


def _is_out(item: AgendaItem) -> bool:
    return bool(getattr(item, "is_out", False))


def _page(
    request: PersonRequest,
    session: CommitteeSession,
    item: AgendaItem,
    sitting: Sitting,
    form: DecisionForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"session": session, "item": item, "sitting": sitting}
    context |= {"is_out": _is_out(item), "following": sitting.after(item)}
    if not _is_out(item):
        context |= _live(request, session, item, sitting)
        context |= _ground(request, item)
        context["form"] = form or _form(request, item, sitting, context)
    status = 422 if form is not None else 200
    return render(request, "capitalisation/committee/session_item.html", context, status=status)


def _live(
    request: PersonRequest, session: CommitteeSession, item: AgendaItem, sitting: Sitting
) -> dict[str, Any]:
    """What is drawn again by the pulse: quorum, roll, votes, money left."""
    envelope, left = envelope_and_left(item.mission, clock.today().year)
    mine = sitting.row_of(request.user)
    keeps = request.user.has_perm("capitalisation.keep_session", session)
    runs = session.is_open and item.is_waiting
    return {
        "envelope": envelope,
        "left": left,
        "mine": mine,
        "keeps": keeps,
        "runs": runs,
        "may_vote": runs and item.rolled_at and mine is not None and mine.is_here,
        "choices": VoteChoice.choices,
        "votes": votes_on(item, sitting.roll),
        "count_form": CountForm(),
    }


def _ground(request: PersonRequest, item: AgendaItem) -> dict[str, Any]:
    """The recommendation and the budget, for who may read them."""
    found: dict[str, Any] = {"mission": item.mission}
    if request.user.has_perm("missions.read_review_summary", item.mission):
        review = review_of(item.mission)
        found |= {"review": review, "total": total(review)}
    if request.user.has_perm("missions.view_budget", item.mission):
        found["budget"] = budget_of(item.mission)
    return found


def _form(
    request: PersonRequest, item: AgendaItem, sitting: Sitting, context: dict[str, Any]
) -> DecisionForm | None:
    """For who decides, once the roll is made."""
    if not context["runs"] or item.rolled_at is None:
        return None
    if not request.user.has_perm("missions.record_decision", item.mission):
        return None
    budget = context.get("budget")
    initial = {"token": uuid4(), "amount": budget.asked if budget else None}
    return DecisionForm(initial=initial, in_session=True, quorate=sitting.item_is_quorate)


@require_POST
def session_decide(request: PersonRequest, uuid: UUID, point: int) -> HttpResponse:
    session, item, sitting = _sitting(request, uuid, point)
    quorate = sitting.item_is_quorate
    form = DecisionForm(request.POST, in_session=True, quorate=quorate)
    if form.is_valid():
        words = {**form.cleaned_data, "amount": form.cleaned_data["amount"] or Decimal(0)}
        try:
            decide_item(item, actor=request.user, **words)
        except Refusal as refusal:
            form.add_error(None, refusal)
        except PermissionDenied:
            text = f"Tentative refusée : décision en {str(session).lower()}."
            record(item.mission.stream, REFUSED, text, actor=request.user)
            raise
        else:
            return _onward(request, session, form.cleaned_data["outcome"])
    if _is_out(item):
        raise PermissionDenied
    return _page(request, session, item, sitting, form)


def _onward(request: PersonRequest, session: CommitteeSession, outcome: str) -> HttpResponse:
    """To the next mission of the agenda, or to the sitting when all were looked at."""
    done = "Renvoyée en instruction." if outcome == RETURNED else "La décision est enregistrée."
    tried(request, lambda: None, done)
    session.refresh_from_db(fields=["current"])
    if session.current_id is None:
        return redirect(session)
    return redirect("session_item", session.uuid, session.current_id)


@require_POST
def session_defer(request: PersonRequest, uuid: UUID, point: int) -> HttpResponse:
    session = found_session(request, uuid)
    item, reason = found_item(session, point), reason_in(request)
    done = "Le point est reporté à une prochaine séance."
    tried(request, lambda: defer_item(item, reason=reason, actor=request.user), done)
    return redirect("session_item", uuid, point)


@require_POST
def session_goto(request: PersonRequest, uuid: UUID, point: int) -> HttpResponse:
    item = found_item(found_session(request, uuid), point)
    tried(request, lambda: go_to(item, actor=request.user))
    return redirect("session_item", uuid, point)


@require_POST
def session_aside(request: PersonRequest, uuid: UUID, point: int) -> HttpResponse:
    item, nature = found_item(found_session(request, uuid), point), reason_in(request)
    done = "Vous êtes sorti·e : cette mission ne vous est plus ouverte."
    tried(request, lambda: stand_aside(item, nature=nature, actor=request.user), done)
    return redirect("session_item", uuid, point)


@require_POST
def session_roll(request: PersonRequest, uuid: UUID, point: int) -> HttpResponse:
    item = found_item(found_session(request, uuid), point)
    tried(request, lambda: close_roll(item, actor=request.user), "Le tour est fait.")
    return redirect("session_item", uuid, point)


@require_POST
def session_vote(request: PersonRequest, uuid: UUID, point: int) -> HttpResponse:
    """`choice`, of oneself or of `person` for who keeps the sitting."""
    session = found_session(request, uuid)
    item, posted = found_item(session, point), request.POST.get("person", "")
    called = session.attendances.select_related("user")
    row = called.filter(user=whole(posted)).first()
    person = row.user if row is not None else None
    choice = request.POST.get("choice", "")
    tried(request, lambda: cast_vote(item, choice, person=person, actor=request.user))
    return redirect("session_item", uuid, point)


@require_POST
def session_count(request: PersonRequest, uuid: UUID, point: int) -> HttpResponse:
    item, form = found_item(found_session(request, uuid), point), CountForm(request.POST)
    if form.is_valid():
        tried(request, lambda: count_votes(item, actor=request.user, **form.cleaned_data))
    else:
        tried(request, lambda: _refuse("Écrivez les trois nombres de voix."))
    return redirect("session_item", uuid, point)


def _refuse(words: str) -> None:
    raise Refusal(words)
