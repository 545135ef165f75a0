"""« Procès-verbal de comité »: completed, approved by a second person, frozen, sent."""

from datetime import date
from uuid import UUID

from django.db import transaction

from capitalisation.audiences import SESSION
from capitalisation.committee.minutes_documents import minutes_pdf
from capitalisation.committee.minutes_models import SessionMinutes, SessionTask
from capitalisation.committee.session_models import CommitteeSession, SessionState
from capitalisation.committee.session_planning import lock_session, told, touch, when
from capitalisation.committee.session_queries import members_to_tell
from capitalisation.committee.session_sitting import KEEP
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.accounts.sending import sent_before
from explor.documents.actions import keep_bytes
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal, Stale

SESSION_TASK = Verb("session.task", SESSION)
SESSION_MINUTES = Verb("session.minutes", SESSION)
APPROVE_MINUTES = Verb("session.approve_minutes", SESSION)


@transaction.atomic
def add_task(
    session: CommitteeSession,
    *,
    text: str,
    who: str,
    due_on: date | None,
    token: UUID,
    actor: User | None,
) -> SessionTask:
    """Something agreed: what, who, for when; until the minutes are approved. The same `token`
    gives the same row. Raises `PermissionDenied`, `Refusal`."""
    session = _open(session, actor)
    if known := sent_before(SessionTask.objects.all(), token, actor=actor, session=session):
        return known
    if not text.strip() or not who.strip():
        raise Refusal("Dites ce qui est à faire, et par qui.")
    task = SessionTask.objects.create(
        session=session, token=token, text=text.strip(), who=who.strip(), due_on=due_on
    )
    touch(session)
    told(session, SESSION_TASK, f"Action décidée : {task.text} ({task.who}).", actor)
    return task


@transaction.atomic
def remove_task(task: SessionTask, *, actor: User | None) -> None:
    session = _open(task.session, actor)
    told(session, SESSION_TASK, f"Action retirée : {task.text}.", actor)
    task.delete()
    touch(session)


def _open(session: CommitteeSession, actor: User | None) -> CommitteeSession:
    session = lock_session(session, KEEP, actor, SessionState.OPEN, SessionState.CLOSED)
    if SessionMinutes.objects.filter(session=session, approved_at__isnull=False).exists():
        raise Refusal("Le procès-verbal est approuvé : il ne change plus.")
    return session


@transaction.atomic
def save_minutes(
    minutes: SessionMinutes, *, remarks: str, version: int, actor: User | None
) -> SessionMinutes:
    """The secretary's remarks. Raises `PermissionDenied`, `Stale`, `Refusal`."""
    session = _open(minutes.session, actor)
    minutes = lock_row(SessionMinutes.objects.all(), minutes.pk)
    minutes.session = session
    if version != minutes.version:
        raise Stale(minutes.version)
    minutes.remarks, minutes.drafted_by = remarks.strip(), actor
    minutes.version += 1
    minutes.save(update_fields=["remarks", "drafted_by", "version"])
    told(session, SESSION_MINUTES, "Procès-verbal complété.", actor)
    return minutes


@transaction.atomic
def approve_minutes(minutes: SessionMinutes, *, version: int, actor: User | None) -> SessionMinutes:
    """A second person approves: the document is frozen with its SHA-256 and sent to the members.

    Raises `PermissionDenied`, `Stale` (what was read has changed since), `Refusal`.
    """
    session = _open_to_approve(minutes, actor)
    minutes = lock_row(SessionMinutes.objects.all(), minutes.pk)
    minutes.session = session
    if version != minutes.version:
        raise Stale(minutes.version)
    if minutes.is_approved:
        raise Refusal("Ce procès-verbal est déjà approuvé.")
    if actor is not None and actor.pk == minutes.drafted_by_id:
        raise Refusal("Vous l’avez écrit : une autre personne doit l’approuver.")
    minutes.approved_by, minutes.approved_at = actor, clock.now()
    minutes.version += 1
    minutes.file = keep_bytes(
        minutes_pdf(minutes),
        name=f"proces-verbal-{minutes.number}.pdf",
        content_type="application/pdf",
        actor=None,
        target=minutes,
        permission="capitalisation.read_minutes",
    )
    minutes.save(update_fields=["approved_by", "approved_at", "version", "file"])
    told(session, APPROVE_MINUTES, f"Procès-verbal {minutes.number} approuvé.", actor)
    announce(
        Event.MINUTES,
        recipients=members_to_tell(session),
        subject=f"Procès-verbal du comité du {when(session)}",
        text=f"Le procès-verbal {minutes.number} est approuvé : présences, décisions, votes et "
        "actions sont à lire dans Explor.",
        url=minutes.get_absolute_url(),
        key=f"minutes:{minutes.number}",
        actor=actor,
    )
    return minutes


def _open_to_approve(minutes: SessionMinutes, actor: User | None) -> CommitteeSession:
    session = lock_session(
        minutes.session, "capitalisation.approve_minutes", actor, SessionState.CLOSED
    )
    if actor is not None and actor.pk == minutes.drafted_by_id:
        return session
    require(actor, "capitalisation.read_minutes", minutes)
    return session
