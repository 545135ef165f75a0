"""Committing an envelope's money to a mission, and giving it back.

The one door for whoever decides: `commit` when a decision engages an amount, `release` when it
does not any more. PostgreSQL holds the total (`Envelope.committed <= Envelope.amount`); the rows
are locked first only to answer in words.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require, step
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row, lock_rows
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.acts import check_when
from missions.audiences import AMOUNTS_AFTER_LETTER
from missions.dossier.actions import lock
from missions.dossier.models import Mission
from missions.funding.envelope_models import Commitment, CommitmentState, Envelope
from missions.funding.instalments import cancel_planned
from missions.funding.money import euros

COMMIT = Verb("funding.commit", AMOUNTS_AFTER_LETTER)
RELEASE = Verb("funding.release", AMOUNTS_AFTER_LETTER)

#: A mission that ends so takes nothing from its envelope any more, but what was paid.
GIVES_BACK = frozenset(
    {
        lifecycle.State.CANCELLED,
        lifecycle.State.DECLINED,
        lifecycle.State.UNFOLLOWED,
        lifecycle.State.WITHDRAWN,
    }
)


@transaction.atomic
def commit(
    mission: Mission,
    amount: Decimal,
    *,
    year: int,
    actor: User | None,
    decision: str = "",
) -> Commitment | None:
    """Take `amount` euros for the mission from its envelope of `year`, replacing what it held.

    Call it in the transaction that records the decision, whatever the amount: zero gives back
    (and returns `None`). The same envelope keeps its row and its instalments; another year's
    envelope begins a row, and the former keeps only what was paid. `decision` is how the decision
    is named on the page (« comité du 12/03/2026 »). Raises `PermissionDenied`
    (`missions.record_decision`), `Refusal`: no envelope, not enough left, negative, or under what
    the instalments already foresee.
    """
    mission = lock(mission)
    require(actor, "missions.record_decision", mission)
    check_when("commit", mission.state)
    if amount < 0:
        raise Refusal("Un montant ne peut pas être négatif.")
    if not amount:
        _give_back(mission, actor, "La décision n’engage aucun montant.")
        return None
    envelope = _lock_envelopes(mission, year)
    if envelope is None:
        raise Refusal(f"Aucune enveloppe n’est ouverte pour {mission.territory} en {year}.")
    _give_back(mission, actor, "Une autre enveloppe prend la suite.", but=envelope)
    row = Commitment.objects.filter(mission=mission, envelope=envelope).first()
    _check_room(mission, envelope, row, amount)
    row = row or Commitment(mission=mission, envelope=envelope)
    row.amount = row.drawn = amount
    row.state, row.released_at = CommitmentState.HELD.value, None
    row.decision, row.committed_at = decision[:80], clock.now()
    row.save()
    _told(row, actor, COMMIT, f"Montant engagé : {euros(amount)}")
    return row


@transaction.atomic
def release(mission: Mission, *, actor: User | None, reason: str = "") -> Commitment | None:
    """Give back to the envelope what the mission holds, but what was already paid.

    The instalments still to come are cancelled. Returns the row given back, `None` when the
    mission held nothing. Raises `PermissionDenied`. A mission that is cancelled, declined,
    withdrawn or left without follow-up gives back by itself: see `follow_state`.
    """
    mission = lock(mission)
    require(actor, "missions.record_decision", mission)
    return _give_back(mission, actor, reason)


@step
def follow_state(mission: Mission, source: str, actor: User | None) -> None:
    """What a change of state does to the money; `dossier` calls it in the same transaction.

    Ending without going gives back. Coming back by hand from such an ending to an accepted state
    takes the amount again, and is refused when the envelope has gone to others meanwhile.
    """
    if mission.state in GIVES_BACK:
        _give_back(mission, actor, lifecycle.label(mission.state))
    elif source in GIVES_BACK and mission.state in lifecycle.ACCEPTED:
        _take_again(mission, actor)


def _take_again(mission: Mission, actor: User | None) -> None:
    row = Commitment.objects.filter(mission=mission).order_by("-committed_at", "-pk").first()
    if row is None or row.is_held:
        return
    envelope = lock_row(Envelope.objects.all(), row.envelope_id)
    _check_room(mission, envelope, row, row.amount)
    row.drawn, row.state, row.released_at = row.amount, CommitmentState.HELD.value, None
    row.save(update_fields=["drawn", "state", "released_at"])
    _told(row, actor, COMMIT, f"Montant engagé de nouveau : {euros(row.amount)}")


def _give_back(
    mission: Mission, actor: User | None, reason: str, *, but: Envelope | None = None
) -> Commitment | None:
    held = Commitment.objects.filter(mission=mission, state=CommitmentState.HELD)
    row = next(iter(lock_rows(held.exclude(envelope=but) if but else held)), None)
    if row is None:
        return None
    cancel_planned(row)
    row.refresh_from_db()
    row.drawn, row.state, row.released_at = row.paid, CommitmentState.RELEASED.value, clock.now()
    row.save(update_fields=["drawn", "state", "released_at"])
    given = euros(row.amount - row.paid)
    _told(row, actor, RELEASE, f"Montant rendu à l’enveloppe : {given}", reason)
    return row


def _lock_envelopes(mission: Mission, year: int) -> Envelope | None:
    """The envelope of the year, locked with the one the mission holds, always in the same order
    so that two decisions cannot wait for each other."""
    wanted = Q(programme=mission.programme_id, territory=mission.territory_id, year=year)
    held = Q(commitments__mission=mission, commitments__state=CommitmentState.HELD)
    ids = list(Envelope.objects.filter(wanted | held).values_list("pk", flat=True))
    rows = lock_rows(Envelope.objects.filter(pk__in=ids))
    return next((row for row in rows if _is_for(row, mission, year)), None)


def _is_for(envelope: Envelope, mission: Mission, year: int) -> bool:
    mine = (mission.programme_id, mission.territory_id, year)
    return (envelope.programme_id, envelope.territory_id, envelope.year) == mine


def _check_room(
    mission: Mission, envelope: Envelope, row: Commitment | None, amount: Decimal
) -> None:
    left = envelope.left + (row.drawn if row else 0)
    if amount > left:
        raise Refusal(
            f"L’enveloppe {envelope.year} de {mission.territory} ne le permet pas : "
            f"il reste {euros(left)}, la décision engage {euros(amount)}."
        )
    if row is not None and amount < row.scheduled:
        raise Refusal(
            f"L’échéancier prévoit déjà {euros(row.scheduled)} : revoyez-le avant d’engager moins."
        )


def _told(row: Commitment, actor: User | None, verb: Verb, text: str, reason: str = "") -> None:
    data = {"amount": str(row.amount), "drawn": str(row.drawn), "year": row.envelope.year}
    for stream in (row.mission.stream, row.envelope.stream):
        words = f"{text} (enveloppe {row.envelope.year})."
        if stream == row.envelope.stream:
            words = f"{text} ({row.mission.reference})."
        record(stream, verb, words, actor=actor, reason=reason, data=data)
