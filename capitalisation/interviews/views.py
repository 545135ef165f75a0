"""An interview: consent, then answers; and what the person heard may do about it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capitalisation.audiences import INTERVIEW
from capitalisation.corpus.models import Text
from capitalisation.corpus.page import tell_doubts
from capitalisation.interviews.actions import (
    complete_interview,
    delete_interview,
    record_consent,
    save_answers,
    withdraw_consent,
)
from capitalisation.interviews.forms import AnswersForm, ConsentForm
from capitalisation.interviews.models import Interview
from capitalisation.interviews.page import interview_context
from capitalisation.interviews.queries import for_lists, interviews_for, questions_of, uses_of
from capitalisation.interviews.telling import stream_of
from explor.accounts.http import PersonRequest
from explor.accounts.models import User
from explor.intake.typed import reason_in
from explor.journal.models import Entry
from explor.journal.queries import history_for
from explor.ui.errors import Refusal, Stale


def _interview(request: PersonRequest, uuid: str, permission: str = "view_interview") -> Interview:
    """The interview, or 404: for whom may not open it, or may not do this to it."""
    rows = for_lists(interviews_for(request.user)).select_related("mission__programme", "text")
    interview = get_object_or_404(rows, uuid=uuid)
    if not request.user.has_perm(f"capitalisation.{permission}", interview):
        raise Http404
    return interview


@require_safe
def interview(request: PersonRequest, uuid: str) -> HttpResponse:
    return _page(request, _interview(request, uuid))


def _acts_of(interview: Interview, user: User) -> QuerySet[Entry]:
    return history_for(stream_of(interview), reader=user, thing=interview, team=INTERVIEW)


def _page(
    request: PersonRequest, interview: Interview, status: int = 200, **forms: object
) -> HttpResponse:
    context = interview_context(interview, request.user, correcting="corriger" in request.GET)
    context |= {"history": _acts_of(interview, request.user)[:12], **forms}
    return render(request, "capitalisation/interviews/interview.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_consent(request: PersonRequest, uuid: str) -> HttpResponse:
    """Say the consent, or say it again: always from choices left blank."""
    interview = _interview(request, uuid, "write_interview")
    form = ConsentForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        try:
            if form.is_valid():
                record_consent(interview, **form.cleaned_data, actor=request.user)
                messages.success(request, "Accord enregistré.")
                return redirect("interview", uuid=uuid)
        except Refusal as refusal:
            form.add_error(None, refusal)
    context = {"interview": interview, "consent_form": form}
    status = 422 if form.errors else 200
    return render(request, "capitalisation/interviews/consent.html", context, status=status)


@require_POST
def interview_answers(request: PersonRequest, uuid: str) -> HttpResponse:
    """Keep what is typed; with « Terminer », the interview also joins the corpus."""
    interview = _interview(request, uuid, "write_interview")
    form = AnswersForm(request.POST, interview=interview, asked=questions_of(interview))
    if not form.is_valid():
        return _page(request, interview, 422, answers_form=form)
    data = form.cleaned_data
    try:
        saved = save_answers(interview, form.answers(), actor=request.user, version=data["version"])
    except Stale as stale:
        found = {"conflicts": form.typed(), "present": stale.version}
        return _page(request, interview, 409, answers_form=form, **found)
    except Refusal as refusal:
        form.add_error(None, refusal)
        return _page(request, interview, 422, answers_form=form)
    if saved.text_id is not None:
        tell_doubts(request, Text.objects.filter(pk=saved.text_id))
    if "complete" not in request.POST:
        messages.success(request, "Réponses enregistrées.")
        return redirect("interview", uuid=uuid)
    return _complete(request, saved, data["held_on"])


def _complete(request: PersonRequest, interview: Interview, held_on: object) -> HttpResponse:
    """The answers are saved already: a refusal loses nothing."""
    try:
        if held_on is None:
            raise Refusal("Dites quel jour l’entretien a eu lieu.")
        complete_interview(interview, held_on=held_on, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, "Entretien terminé : son texte est dans le corpus.")
    except Refusal as refusal:
        messages.error(request, f"Réponses enregistrées, mais : {refusal.reason}")
    return redirect("interview", uuid=interview.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_withdraw(request: PersonRequest, uuid: str) -> HttpResponse:
    """Take the consent back, after seeing where the words serve."""
    interview = _interview(request, uuid, "withdraw_consent")
    if request.method == "POST":
        try:
            withdraw_consent(interview, actor=request.user)
            messages.success(request, "L’accord est retiré : plus rien n’est lu ni cité.")
        except Refusal as refusal:
            messages.error(request, refusal.reason)
        return redirect("interview", uuid=uuid)
    context = {"interview": interview, "uses": uses_of(interview)}
    return render(request, "capitalisation/interviews/withdraw.html", context)


@require_POST
def interview_delete(request: PersonRequest, uuid: str) -> HttpResponse:
    interview = _interview(request, uuid, "write_interview")
    try:
        delete_interview(interview, actor=request.user, because=reason_in(request))
    except PermissionDenied as error:
        raise Http404 from error
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return redirect("interview", uuid=uuid)
    messages.success(request, "Entretien effacé, avec son texte et ses passages.")
    return redirect("interview_list")
