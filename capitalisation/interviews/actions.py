"""Planning, holding and taking back interviews. Consent comes first: nothing is typed without."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from capitalisation.audiences import INTERVIEW, RESEARCH
from capitalisation.corpus.actions import (
    delete_text,
    set_quote_level,
    withdraw_text,
)
from capitalisation.corpus.models import Circle, QuoteLevel
from capitalisation.interviews.models import (
    Answer,
    Consent,
    Interview,
    InterviewGuide,
    InterviewState,
)
from capitalisation.interviews.telling import pour, stream_of, tell_asked, tell_withdrawn
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.accounts.sending import claim
from explor.documents.actions import store_file
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.ui.errors import Refusal, Stale
from missions.acts import check_when
from missions.dossier.milestones import tick
from missions.dossier.models import Mission

PLAN_INTERVIEW = Verb("capitalisation.plan_interview", RESEARCH)
RECORD_CONSENT = Verb("capitalisation.record_consent", INTERVIEW)
SAVE_ANSWERS = Verb("capitalisation.save_answers", INTERVIEW)
COMPLETE_INTERVIEW = Verb("capitalisation.complete_interview", RESEARCH)
WITHDRAW_CONSENT = Verb("capitalisation.withdraw_consent", INTERVIEW)
DELETE_INTERVIEW = Verb("capitalisation.delete_interview", RESEARCH)


@transaction.atomic
def plan_interview(
    mission: Mission,
    *,
    guide: InterviewGuide,
    person_label: str,
    person_function: str = "",
    person: User | None = None,
    actor: User | None,
    token: UUID | None = None,
    is_example: bool = False,
) -> Interview:
    """An interview to hold, led by the actor; the person heard is told when they have an account.

    The same `token` gives the same interview. Raises `PermissionDenied`, or `Refusal` for a guide
    of another programme.
    """
    require(actor, "capitalisation.plan_interview", mission)
    check_when("plan_interview", mission.state)
    if guide.programme_id != mission.programme_id:
        raise Refusal("Ce guide appartient à un autre programme.")
    if not person_label.strip():
        raise Refusal("Dites qui sera entendu, sans nom de famille si possible.")
    token = token or uuid4()
    claim(Interview, token, actor)
    interview, created = Interview.objects.get_or_create(
        token=token,
        defaults={
            "mission": mission,
            "guide": guide,
            "person": person,
            "person_label": person_label.strip(),
            "person_function": person_function.strip(),
            "interviewer": actor,
            "is_example": is_example,
        },
    )
    if not created:
        if interview.mission_id != mission.pk:
            raise PermissionDenied
        return interview
    what = guide.title[:1].lower() + guide.title[1:]
    record(mission.stream, PLAN_INTERVIEW, f"Prévu : {what}.", actor=actor)
    if person is not None:
        tell_asked(interview, person, actor)
    return interview


@transaction.atomic
def record_consent(
    interview: Interview,
    *,
    quote_level: str,
    circle: str,
    notes: bool,
    audio: bool,
    transcription: bool,
    photo: bool,
    proof: str,
    collected_on: date,
    actor: User | None,
    proof_file: "UploadedFile[Any] | None" = None,
) -> Consent:
    """What the person accepts, choice by choice; said again, it replaces what they said before.

    Raises `PermissionDenied`; `Refusal` without a proof, for a day to come, or once withdrawn.
    """
    interview = _locked(interview, actor)
    consent = Consent.objects.filter(interview=interview).first()
    if consent is not None and consent.withdrawn_at is not None:
        raise Refusal("Ce consentement a été retiré : il ne se rétablit pas.")
    if not proof.strip():
        raise Refusal("Indiquez la preuve de l’accord.")
    if collected_on > clock.today():
        raise Refusal("La date de l’accord est dans le futur.")
    consent = consent or Consent(interview=interview)
    consent.notes, consent.audio, consent.photo = notes, audio, photo
    consent.transcription = transcription
    consent.quote_level, consent.circle = QuoteLevel(quote_level), Circle(circle)
    consent.proof, consent.collected_on = proof.strip(), collected_on
    consent.collected_by = actor
    if proof_file is not None:
        consent.proof_file = store_file(
            proof_file,
            name=proof_file.name or "accord",
            actor=actor,
            target=interview,
            permission="capitalisation.view_interview",
        )
    consent.save()
    interview.consent = consent
    record(stream_of(interview), RECORD_CONSENT, f"Accord : {consent}.", actor=actor)
    if interview.text is not None:
        set_quote_level(interview.text, quote_level, circle, actor=actor)
        pour(interview, actor)
    return consent


@transaction.atomic
def save_answers(
    interview: Interview,
    answers: Mapping[int, str],
    *,
    actor: User | None,
    version: int | None = None,
) -> Interview:
    """Keep the answers given by question id; those not mentioned stay as they are.

    Once the interview is done, its text in the corpus follows. Raises `PermissionDenied`; `Refusal`
    without a consent to notes or to transcription; `Stale` when `version` is no longer the last.
    """
    interview = _locked(interview, actor)
    _check_consent(interview)
    if version is not None and version != interview.version:
        raise Stale(interview.version)
    known = set(interview.guide.questions.values_list("pk", flat=True))
    for question_id, text in answers.items():
        if question_id not in known:
            raise Refusal("Cette question n’est pas dans le guide de l’entretien.")
        Answer.objects.update_or_create(
            interview=interview, question_id=question_id, defaults={"text": text}
        )
    interview.version += 1
    interview.save(update_fields=["version"])
    record(stream_of(interview), SAVE_ANSWERS, "Réponses enregistrées.", actor=actor)
    if interview.state == InterviewState.DONE:
        pour(interview, actor)
    return interview


@transaction.atomic
def complete_interview(interview: Interview, *, held_on: date, actor: User | None) -> Interview:
    """Held: its answers join the corpus and the milestone of its moment and audience is done.

    Raises `PermissionDenied`; `Refusal` without consent, without a single answer, or for a day to
    come.
    """
    interview = _locked(interview, actor)
    _check_consent(interview)
    if held_on > clock.today():
        raise Refusal("La date de l’entretien est dans le futur.")
    again = interview.state == InterviewState.DONE
    interview.state, interview.held_on = InterviewState.DONE, held_on
    pour(interview, actor)
    interview.version += 1
    interview.save(update_fields=["state", "held_on", "text", "version"])
    guide = interview.guide
    kind = f"interview_{guide.moment}_{guide.audience}"
    tick(interview.mission, kind, actor=actor, on=held_on)
    if not again:
        what = guide.title[:1].lower() + guide.title[1:]
        record(
            interview.mission.stream,
            COMPLETE_INTERVIEW,
            f"Réalisé : {what}.",
            actor=actor,
        )
    return interview


@transaction.atomic
def withdraw_consent(interview: Interview, *, actor: User | None) -> Interview:
    """One act takes every word out of lists, quotations and publications to come.

    The researchers of the mission are told. Twice is once. Raises `PermissionDenied`; `Refusal`
    when no consent was ever given.
    """
    interview = _fresh(interview)
    require(actor, "capitalisation.withdraw_consent", interview)
    consent = Consent.objects.filter(interview=interview).first()
    if consent is None:
        raise Refusal("Aucun accord n’a été donné pour cet entretien.")
    if consent.withdrawn_at is not None:
        return interview
    consent.withdrawn_at, consent.withdrawn_by = clock.now(), actor
    consent.quote_level, consent.circle = QuoteLevel.NONE, Circle.TEAM
    consent.save()
    interview.consent = consent
    if interview.text is not None:
        interview.text = withdraw_text(interview.text, actor=actor)
    record(stream_of(interview), WITHDRAW_CONSENT, "Accord retiré.", actor=actor)
    tell_withdrawn(interview, actor)
    return interview


@transaction.atomic
def delete_interview(interview: Interview, *, actor: User | None, because: str) -> None:
    """Erase the interview, its answers, its text and every passage taken from it.

    The reason is kept, never the words. The proof of consent, a file apart, stays with whoever
    collected it. Raises `PermissionDenied`, and `Refusal` without a reason.
    """
    interview = _locked(interview, actor)
    if not because.strip():
        raise Refusal("Donnez la raison de l’effacement.")
    stream, mission, text = stream_of(interview), interview.mission, interview.text
    interview.delete()
    if text is not None:
        delete_text(text, actor=actor)
    verb, words = DELETE_INTERVIEW, "Entretien effacé."
    record(stream, verb, words, actor=actor, reason=because.strip())
    record(mission.stream, verb, words, actor=actor)


def _fresh(interview: Interview) -> Interview:
    rows = Interview.objects.select_related("mission__programme", "guide", "text")
    return lock_row(rows.defer("mission__search"), interview.pk)


def _locked(interview: Interview, actor: User | None) -> Interview:
    interview = _fresh(interview)
    require(actor, "capitalisation.write_interview", interview)
    return interview


def _check_consent(interview: Interview) -> None:
    consent = Consent.objects.filter(interview=interview).first()
    if consent is None:
        raise Refusal("Recueillez d’abord l’accord de la personne : rien ne s’écrit avant.")
    if consent.withdrawn_at is not None:
        raise Refusal("La personne a retiré son accord : rien ne peut plus être écrit.")
    if not (consent.notes or consent.transcription):
        raise Refusal("La personne n’accepte ni prise de notes ni transcription : rien ne s’écrit.")
