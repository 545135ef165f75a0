"""Opening an envelope, raising it, lowering it."""

from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction

from explor.accounts.models import User
from explor.accounts.permits import require
from explor.accounts.sending import sent_before
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.ui.errors import Refusal, Stale
from missions.audiences import ENVELOPES
from missions.dossier.models import Programme, Territory
from missions.funding.envelope_models import Envelope
from missions.funding.money import euros

OPEN_ENVELOPE = Verb("funding.open_envelope", ENVELOPES)
CHANGE_ENVELOPE = Verb("funding.change_envelope", ENVELOPES)


@transaction.atomic
def open_envelope(
    programme: Programme,
    territory: Territory,
    *,
    year: int,
    amount: Decimal,
    actor: User | None,
    token: UUID | None = None,
) -> Envelope:
    """What the programme may commit in the territory that year. The same `token` is the same
    envelope. Raises `PermissionDenied`, `Refusal`."""
    require(actor, "missions.set_envelopes", programme)
    token = token or uuid4()
    of = {"programme": programme, "territory": territory, "year": year}
    if known := sent_before(Envelope.objects.all(), token, actor=actor, **of):
        return known
    if not programme.territories.filter(pk=territory.pk).exists():
        raise Refusal(f"{territory} n’est pas un territoire de {programme}.")
    if Envelope.objects.filter(programme=programme, territory=territory, year=year).exists():
        raise Refusal(f"L’enveloppe {year} de {territory} est déjà ouverte : changez son montant.")
    row = Envelope(
        token=token, programme=programme, territory=territory, year=year, amount=_positive(amount)
    )
    row.save()
    record(row.stream, OPEN_ENVELOPE, f"Ouverte avec {euros(amount)}.", actor=actor)
    return row


@transaction.atomic
def change_envelope(
    envelope: Envelope,
    *,
    amount: Decimal,
    reason: str,
    actor: User | None,
    version: int | None = None,
) -> Envelope:
    """Raise or lower it, with the reason. Raises `PermissionDenied`, `Stale`, `Refusal`: never
    below what is committed (the database holds it too)."""
    row = lock_row(Envelope.objects.select_related("programme"), envelope.pk)
    require(actor, "missions.set_envelopes", row.programme)
    if version is not None and version != row.version:
        raise Stale(row.version)
    if not reason.strip():
        raise Refusal("Donnez la raison.")
    if amount < row.committed:
        raise Refusal(
            f"{euros(row.committed)} sont déjà engagés : l’enveloppe ne descend pas au-dessous."
        )
    before, row.amount = row.amount, _positive(amount)
    row.version += 1
    row.save(update_fields=["amount", "version"])
    record(
        row.stream,
        CHANGE_ENVELOPE,
        f"Montant : {euros(before)}, puis {euros(amount)}.",
        actor=actor,
        reason=reason.strip(),
        data={"from": str(before), "to": str(amount)},
    )
    return row


def _positive(amount: Decimal) -> Decimal:
    if amount <= 0:
        raise Refusal("Le montant d’une enveloppe est supérieur à zéro.")
    return amount
