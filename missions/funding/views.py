"""The « Financement » page of a mission, and the form behind each of its rows."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor import clock
from explor.accounts.http import PersonRequest
from explor.documents.views import file_response
from explor.intake.typed import reason_in
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.dossier.standing import STAFF, roles_on
from missions.funding.cofundings import change_cofunding, record_cofunding, remove_cofunding
from missions.funding.documents import expense_statement
from missions.funding.expenses import change_expense, record_expense, remove_expense
from missions.funding.instalments import (
    cancel_instalment,
    change_instalment,
    pay_instalment,
    plan_instalment,
)
from missions.funding.models import CoFunding, Expense, Instalment
from missions.funding.overview import overview_of
from missions.funding.sheet_forms import (
    CoFundingForm,
    ExpenseForm,
    InstalmentForm,
    PaymentForm,
)
from missions.funding.sheets import Sheet, answer, present, sent, tried, values_of

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def mission_funding(request: PersonRequest, reference: str) -> HttpResponse:
    mission = _mission(request, reference)
    may = request.user.has_perm
    context = page_context(mission, request.user, "funding")
    context |= {
        "money": overview_of(
            mission, clock.today(), outside=not roles_on(request.user, mission) & STAFF
        ),
        "may_spend": may("missions.record_expense", mission),
        "may_fund": may("missions.record_cofunding", mission),
        "may_pay": may("missions.pay", mission),
        "sees_envelope": may("missions.view_envelopes"),
    }
    return render(request, "missions/funding/mission_funding.html", context)


@require_safe
def expense_statement_pdf(request: PersonRequest, reference: str) -> HttpResponse:
    mission = _mission(request, reference)
    name = f"etat-de-frais-{mission.reference}.pdf"
    return file_response(expense_statement(mission), name=name, content_type="application/pdf")


@read_or_write
def expense_new(request: PersonRequest, reference: str) -> HttpResponse:
    mission = _mission(request, reference, "missions.record_expense")
    form = ExpenseForm(*sent(request), initial={"dated": clock.today()})

    def act(words: dict[str, Any]) -> Any:
        token = form.cleaned_data["token"]
        receipt = words.pop("receipt")
        return record_expense(mission, words, receipt=receipt, token=token, actor=request.user)

    told = "La dépense est notée."
    return answer(request, mission, Sheet("Noter une dépense", "Noter", told, form, act))


@read_or_write
def expense(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission = _mission(request, reference, "missions.record_expense")
    row = get_object_or_404(Expense, mission=mission, token=token)
    form = ExpenseForm(*sent(request), version=row.version, initial=values_of(row, ExpenseForm))

    def act(words: dict[str, Any]) -> Any:
        receipt, version = words.pop("receipt"), form.cleaned_data["version"]
        return change_expense(row, words, receipt=receipt, version=version, actor=request.user)

    told = "La dépense est enregistrée."
    about = f"Justificatif gardé : {row.receipt}." if row.receipt else ""
    sheet = Sheet("Modifier une dépense", "Enregistrer", told, form, act, present(row, form), about)
    return answer(request, mission, sheet)


@require_POST
def expense_remove(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission = _mission(request, reference, "missions.record_expense")
    row = get_object_or_404(Expense, mission=mission, token=token)
    reason = reason_in(request)
    return tried(
        request,
        mission,
        "La dépense est retirée.",
        lambda: remove_expense(row, reason=reason, actor=request.user),
    )


@read_or_write
def cofunding_new(request: PersonRequest, reference: str) -> HttpResponse:
    mission = _mission(request, reference, "missions.record_cofunding")
    form = CoFundingForm(*sent(request), mission=mission, initial={"asked_on": clock.today()})

    def act(words: dict[str, Any]) -> Any:
        token = form.cleaned_data["token"]
        return record_cofunding(mission, words, token=token, actor=request.user)

    told = "Le cofinancement est noté."
    return answer(request, mission, Sheet("Noter un cofinancement", "Noter", told, form, act))


@read_or_write
def cofunding(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission = _mission(request, reference, "missions.record_cofunding")
    row = get_object_or_404(CoFunding, mission=mission, token=token)
    initial = values_of(row, CoFundingForm)
    form = CoFundingForm(*sent(request), mission=mission, version=row.version, initial=initial)

    def act(words: dict[str, Any]) -> Any:
        version = form.cleaned_data["version"]
        return change_cofunding(row, words, version=version, actor=request.user)

    told = "Le cofinancement est enregistré."
    sheet = Sheet("Modifier un cofinancement", "Enregistrer", told, form, act, present(row, form))
    return answer(request, mission, sheet)


@require_POST
def cofunding_remove(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission = _mission(request, reference, "missions.record_cofunding")
    row = get_object_or_404(CoFunding, mission=mission, token=token)
    reason = reason_in(request)
    return tried(
        request,
        mission,
        "Le cofinancement est retiré.",
        lambda: remove_cofunding(row, reason=reason, actor=request.user),
    )


@read_or_write
def instalment_new(request: PersonRequest, reference: str) -> HttpResponse:
    mission = _mission(request, reference, "missions.pay")
    form = InstalmentForm(*sent(request))

    def act(words: dict[str, Any]) -> Any:
        token = form.cleaned_data["token"]
        return plan_instalment(mission, **words, token=token, actor=request.user)

    told = "Le versement est prévu."
    return answer(request, mission, Sheet("Prévoir un versement", "Prévoir", told, form, act))


@read_or_write
def instalment(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission = _mission(request, reference, "missions.pay")
    row = _instalment(mission, token)
    initial = values_of(row, InstalmentForm)
    form = InstalmentForm(*sent(request), version=row.version, initial=initial)

    def act(words: dict[str, Any]) -> Any:
        version = form.cleaned_data["version"]
        return change_instalment(row, **words, version=version, actor=request.user)

    told = "Le versement est enregistré."
    sheet = Sheet("Modifier un versement", "Enregistrer", told, form, act, present(row, form))
    return answer(request, mission, sheet)


@read_or_write
def instalment_pay(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission = _mission(request, reference, "missions.pay")
    row = _instalment(mission, token)
    initial = {"paid_on": clock.today()}
    form = PaymentForm(*sent(request), version=row.version, initial=initial)

    def act(words: dict[str, Any]) -> Any:
        version = form.cleaned_data["version"]
        return pay_instalment(row, **words, version=version, actor=request.user)

    sheet = Sheet(
        "Noter le versement fait",
        "C’est versé",
        "Le versement est noté.",
        form,
        act,
        about=str(row),
    )
    return answer(request, mission, sheet)


@require_POST
def instalment_cancel(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission = _mission(request, reference, "missions.pay")
    row = _instalment(mission, token)
    reason = reason_in(request)
    return tried(
        request,
        mission,
        "Le versement est annulé.",
        lambda: cancel_instalment(row, reason=reason, actor=request.user),
    )


def _mission(request: PersonRequest, reference: str, writes: str = "") -> Mission:
    """Not found to who may not read the money; forbidden to who reads it and may not write."""
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("missions.view_funding", mission):
        raise Http404
    if writes and not request.user.has_perm(writes, mission):
        raise PermissionDenied
    return mission


def _instalment(mission: Mission, token: UUID) -> Instalment:
    return get_object_or_404(
        Instalment.objects.select_related("commitment__mission"),
        commitment__mission=mission,
        token=token,
    )
