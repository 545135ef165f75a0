"""What the page of an interview shows, to whom: the words only while the consent holds."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from capitalisation.interviews.forms import AnswersForm, ConsentForm
from capitalisation.interviews.models import Consent, Interview, InterviewState
from capitalisation.interviews.queries import questions_of, uses_of
from explor.accounts.models import User
from explor.ui.html import day


def interview_context(
    interview: Interview, user: User, *, correcting: bool = False
) -> dict[str, Any]:
    """Once withdrawn, only the person still sees their words; nobody writes before a consent."""
    consent = consent_of(interview)
    withdrawn = consent is not None and consent.withdrawn_at is not None
    is_person = interview.person_id == user.pk
    writes = user.has_perm("capitalisation.write_interview", interview)
    open_to_answers = bool(
        writes and consent and not withdrawn and (consent.notes or consent.transcription)
    )
    done = interview.state == InterviewState.DONE
    typing = open_to_answers and (correcting or not done)
    asked = questions_of(interview)
    return {
        "interview": interview,
        "consent": consent,
        "withdrawn": withdrawn,
        "is_person": is_person,
        "writes": writes,
        "done": done,
        "asked": asked,
        "reads": bool(consent) and (not withdrawn or is_person),
        "can_correct": open_to_answers and done and not typing,
        "can_withdraw": bool(
            consent
            and not withdrawn
            and user.has_perm("capitalisation.withdraw_consent", interview)
        ),
        "consent_form": ConsentForm() if writes and consent is None else None,
        "answers_form": AnswersForm(interview=interview, asked=asked) if typing else None,
        "choices": choices_of(consent) if consent else [],
        "about": _about(interview),
        "text_url": _text_url(interview, user),
        "uses": uses_of(interview) if writes or is_person else None,
    }


def consent_of(interview: Interview) -> Consent | None:
    """The consent, read with the interview; None before it is given."""
    return getattr(interview, "consent", None)


def choices_of(consent: Consent) -> list[tuple[str, str]]:
    """The choices in words, yes and no alike."""
    yes_or_no = {True: "oui", False: "non"}
    return [
        ("Prise de notes", yes_or_no[consent.notes]),
        ("Transcription", yes_or_no[consent.transcription]),
        ("Enregistrement audio", yes_or_no[consent.audio]),
        ("Photo ou vidéo", yes_or_no[consent.photo]),
        ("Citation", consent.get_quote_level_display()),
        ("Diffusion", consent.get_circle_display()),
        ("Preuve", consent.proof),
    ]


def _about(interview: Interview) -> list[tuple[str, object]]:
    return [
        ("Moment", interview.guide.get_moment_display()),
        ("Parole de", interview.guide.get_audience_display()),
        ("Mené par", interview.interviewer or ""),
        ("Tenu le", day(interview.held_on)),
        ("Guide", f"version {interview.guide.version}"),
    ]


def _text_url(interview: Interview, user: User) -> str:
    """Where its text is coded, for who may read whole texts."""
    text = interview.text
    if text is None:
        return ""
    text.mission = interview.mission  # the same object: its roles are read already
    if text.withdrawn_at or not user.has_perm("capitalisation.view_text", text):
        return ""
    try:
        return reverse("text", args=[text.uuid])
    except NoReverseMatch:
        return ""
