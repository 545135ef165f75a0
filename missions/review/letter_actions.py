"""Correcting, approving and sending the letter of a decision."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.documents.actions import keep_bytes
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal, Stale
from missions import lifecycle
from missions.acts import check_when
from missions.audiences import LETTER_LEFT, TEAM
from missions.dossier.actions import lock
from missions.dossier.milestones import tick
from missions.dossier.models import Mission, OwnerRole
from missions.dossier.numbering import next_number
from missions.dossier.queries import people_on
from missions.review.letter_documents import facts_of, letter_pdf
from missions.review.letter_models import DecisionLetter, LetterState
from missions.review.letter_queries import second_readers

SAVE_LETTER = Verb("missions.save_letter", TEAM)
APPROVE_LETTER = Verb("missions.approve_letter", TEAM)


@transaction.atomic
def save_letter(
    letter: DecisionLetter,
    *,
    body: str,
    contact: str,
    valid_until: date | None,
    version: int,
    actor: User | None,
) -> DecisionLetter:
    """Change the words of a letter that has not left; an approval given before falls.

    Raises `PermissionDenied`, `Stale`, `Refusal`.
    """
    letter = _locked(letter, "missions.write_letter", actor)
    check_when("write_letter", letter.mission.state)
    if version != letter.version:
        raise Stale(letter.version)
    _check_open(letter)
    if not body.strip() or not contact.strip():
        raise Refusal("Une lettre a un texte, et dit à qui écrire.")
    letter.body, letter.contact, letter.valid_until = body.strip(), contact.strip(), valid_until
    letter.state = LetterState.DRAFT
    letter.drafted_by, letter.drafted_at = actor, clock.now()
    letter.approved_by, letter.approved_at, letter.alone_because = None, None, ""
    _save(letter)
    _tell(letter, SAVE_LETTER, "Lettre de décision modifiée.", actor)
    return letter


@transaction.atomic
def approve_letter(
    letter: DecisionLetter, *, version: int, alone_because: str = "", actor: User | None
) -> DecisionLetter:
    """A second person reads it. The writer approves alone only when nobody else may, and says why.

    Raises `PermissionDenied`, `Stale` (somebody changed what was read), `Refusal`.
    """
    letter = _locked(letter, "missions.approve_letter", actor)
    check_when("write_letter", letter.mission.state)
    if version != letter.version:
        raise Stale(letter.version)
    if letter.state != LetterState.DRAFT:
        raise Refusal("Cette lettre n’attend pas de relecture.")
    own = actor is not None and actor.pk == letter.drafted_by_id
    if own and second_readers(letter):
        raise Refusal("Vous avez écrit cette lettre : une autre personne doit l’approuver.")
    if own and not alone_because.strip():
        raise Refusal("Personne d’autre ne peut l’approuver : dites pourquoi vous le faites.")
    letter.state = LetterState.APPROVED
    letter.approved_by, letter.approved_at = actor, clock.now()
    letter.alone_because = alone_because.strip() if own else ""
    _save(letter)
    _tell(letter, APPROVE_LETTER, "Lettre de décision approuvée.", actor)
    return letter


@transaction.atomic
def send_letter(letter: DecisionLetter, *, actor: User | None) -> DecisionLetter:
    """Number, date and freeze the letter, put it in the dossier and write to the association,
    which learns the decision now. Raises `PermissionDenied`, `Refusal`."""
    letter = _locked(letter, "missions.send_letter", actor)
    if letter.state != LetterState.APPROVED:
        raise Refusal("La lettre s’envoie une fois approuvée par une seconde personne.")
    mission = letter.mission
    check_when("send_letter", mission.state)
    if mission.decided_at is None:
        raise Refusal("La décision est notée, mais le comité ne l’a pas encore rendue effective.")
    letter.state, letter.sent_at, letter.sent_by = LetterState.SENT, clock.now(), actor
    letter.number = _next_number(mission)
    letter.file = keep_bytes(
        letter_pdf(letter),
        name=f"decision-{letter.number}.pdf",
        content_type="application/pdf",
        actor=None,
        target=letter,
        permission="missions.read_letter",
    )
    _save(letter)
    mission.decision_told_at = letter.sent_at
    mission.save(update_fields=["decision_told_at"])
    tick(mission, lifecycle.Kind.LETTER, actor=actor)
    sent = f"Lettre de décision {letter.number} envoyée à l’association."
    _tell(letter, LETTER_LEFT, sent, actor)
    _write_to_the_association(letter, actor)
    return letter


def _write_to_the_association(letter: DecisionLetter, actor: User | None) -> None:
    mission = letter.mission
    facts = "\n".join(f"{label} : {value}" for label, value in facts_of(letter))
    announce(
        Event.DECISION,
        recipients=people_on(mission, OwnerRole.OSIM),
        subject=f"{mission.reference} : la décision du comité",
        text=f"{letter.body}\n\n{facts}",
        url=reverse("mission_decision", args=[mission.reference]),
        key=f"letter:{letter.number}",
        actor=actor,
    )


def _next_number(mission: Mission) -> str:
    """`EX-2026-L014`: the next of the programme's year."""
    prefix = f"{mission.programme.reference_prefix}-{clock.today().year}-L"
    return f"{prefix}{next_number(prefix, DecisionLetter.objects.all(), 'number'):03d}"


def _locked(letter: DecisionLetter, permission: str, actor: User | None) -> DecisionLetter:
    """The mission's row first, as a decision does, then the letter's."""
    mission = lock(letter.mission)
    letter = lock_row(DecisionLetter.objects.select_related("decision"), letter.pk)
    letter.mission = letter.decision.mission = mission
    require(actor, permission, mission)
    return letter


def _check_open(letter: DecisionLetter) -> None:
    if not letter.is_open:
        raise Refusal("Cette lettre est partie : elle ne change plus.")


def _save(letter: DecisionLetter) -> None:
    letter.version += 1
    letter.save()


def _tell(letter: DecisionLetter, verb: Verb, text: str, actor: User | None) -> None:
    record(letter.mission.stream, verb, text, actor=actor, reason=letter.alone_because)
