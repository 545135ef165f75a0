"""What a programme may commit, what it has committed to a mission, and how it pays it."""

from typing import Any
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from explor.accounts.models import User
from explor.journal.tracking import tracked
from missions.dossier.models import Mission, Programme, Territory
from missions.funding.querysets import EnvelopeQuerySet


def _euros(label: str, **kwargs: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=12, decimal_places=2, **kwargs)


@tracked(exclude=["committed"])
class Envelope(models.Model):
    """What a programme may commit in a territory in a year, in euros.

    `committed` is kept by PostgreSQL from the commitments (see `Commitment`): no code writes it.
    A commitment that would pass over the amount fails on `envelope_not_exceeded`, whoever writes
    it and whatever others write at the same moment.
    """

    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="envelopes")
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="envelopes", verbose_name="territoire"
    )
    year = models.PositiveSmallIntegerField("année")
    amount = _euros("montant (€)")
    committed = _euros("engagé (€)", default=0, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        verbose_name = "enveloppe"
        ordering = ["-year", "territory"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "territory", "year"],
                name="envelope_once",
                violation_error_message="Cette enveloppe existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(committed__gte=0, committed__lte=F("amount")),
                name="envelope_not_exceeded",
                violation_error_message="L’enveloppe ne peut pas être dépassée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.territory} · {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("envelope", args=[self.programme.slug, self.territory.slug, self.year])

    @property
    def left(self) -> Any:
        """Euros that may still be committed."""
        return self.amount - self.committed

    @property
    def stream(self) -> str:
        """The name of its history in the journal."""
        return f"envelope:{self.pk}"


class CommitmentState(models.TextChoices):
    HELD = "held", "Engagé"
    RELEASED = "released", "Rendu à l’enveloppe"


_TOTAL_OF_ENVELOPE = """
    IF TG_OP = 'UPDATE' AND OLD.envelope_id = NEW.envelope_id THEN
        UPDATE missions_envelope SET committed = committed + NEW.drawn - OLD.drawn
            WHERE id = NEW.envelope_id AND NEW.drawn <> OLD.drawn;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        UPDATE missions_envelope SET committed = committed - OLD.drawn WHERE id = OLD.envelope_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE missions_envelope SET committed = committed + NEW.drawn WHERE id = NEW.envelope_id;
    END IF;
    RETURN NULL;
"""


@tracked(exclude=["scheduled", "paid"])
class Commitment(models.Model):
    """Euros that a decision takes from an envelope for a mission; one row for the two.

    `drawn` is what weighs on the envelope: the amount while it is held, and only what was paid
    once the rest is given back. `scheduled` and `paid` are kept by PostgreSQL from the
    instalments; nothing can be scheduled over what is drawn.
    """

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="commitments")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="commitments")
    amount = _euros("montant engagé (€)")
    drawn = _euros("pris sur l’enveloppe (€)")
    scheduled = _euros("prévu à l’échéancier (€)", default=0, editable=False)
    paid = _euros("versé (€)", default=0, editable=False)
    state = models.CharField(
        "état", max_length=10, choices=CommitmentState, default=CommitmentState.HELD
    )
    decision = models.CharField("décision", max_length=80, blank=True)
    committed_at = models.DateTimeField("engagé le")
    released_at = models.DateTimeField("rendu le", null=True, blank=True)

    class Meta:
        verbose_name = "engagement financier"
        verbose_name_plural = "engagements financiers"
        ordering = ["mission", "-committed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "envelope"], name="commitment_once"),
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(state="held"),
                name="commitment_one_held",
                violation_error_message="Un montant est déjà engagé pour cette mission.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, drawn__gte=0, drawn__lte=F("amount")),
                name="commitment_amounts",
                violation_error_message="Le montant engagé est supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=Q(state="held", drawn=F("amount"))
                | Q(state="released", drawn=F("paid"), released_at__isnull=False),
                name="commitment_drawn",
            ),
            models.CheckConstraint(
                condition=Q(scheduled__lte=F("drawn"), paid__lte=F("scheduled"), paid__gte=0),
                name="commitment_not_exceeded",
                violation_error_message="L’échéancier dépasse le montant engagé.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="total_of_envelope",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                func=_TOTAL_OF_ENVELOPE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.mission_id} · {self.envelope_id} · {self.drawn} €"

    @property
    def is_held(self) -> bool:
        return self.state == CommitmentState.HELD


class InstalmentState(models.TextChoices):
    PLANNED = "planned", "Prévu"
    PAID = "paid", "Versé"
    CANCELLED = "cancelled", "Annulé"


_TOTALS_OF_COMMITMENT = """
    IF TG_OP <> 'INSERT' THEN
        old_scheduled := CASE WHEN OLD.state = 'cancelled' THEN 0 ELSE OLD.amount END;
        old_paid := CASE WHEN OLD.state = 'paid' THEN OLD.amount ELSE 0 END;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        new_scheduled := CASE WHEN NEW.state = 'cancelled' THEN 0 ELSE NEW.amount END;
        new_paid := CASE WHEN NEW.state = 'paid' THEN NEW.amount ELSE 0 END;
    END IF;
    UPDATE missions_commitment
        SET scheduled = scheduled + new_scheduled - old_scheduled,
            paid = paid + new_paid - old_paid
        WHERE id = COALESCE(NEW.commitment_id, OLD.commitment_id)
            AND (new_scheduled <> old_scheduled OR new_paid <> old_paid);
    RETURN NULL;
"""


@tracked()
class Instalment(models.Model):
    """One payment of what is committed: when it is due, on what condition, when it was made."""

    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="instalments")
    label = models.CharField("condition du versement", max_length=200)
    due_on = models.DateField("prévu le")
    amount = _euros("montant (€)")
    state = models.CharField(
        "état", max_length=10, choices=InstalmentState, default=InstalmentState.PLANNED
    )
    paid_on = models.DateField("versé le", null=True, blank=True)
    paid_reference = models.CharField("référence du virement", max_length=80, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "versement"
        ordering = ["commitment", "due_on", "pk"]
        indexes = [models.Index(fields=["paid_on"], name="instalment_paid_on")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="instalment_amount",
                violation_error_message="Le montant d’un versement est supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_on__isnull=False) & ~Q(paid_reference="")
                | ~Q(state="paid") & Q(paid_on__isnull=True, paid_reference=""),
                name="instalment_paid_whole",
                violation_error_message="Un versement fait porte une date et une référence.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="totals_of_commitment",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                declare=[
                    ("old_scheduled", "numeric := 0"),
                    ("new_scheduled", "numeric := 0"),
                    ("old_paid", "numeric := 0"),
                    ("new_paid", "numeric := 0"),
                ],
                func=_TOTALS_OF_COMMITMENT,
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} : {self.amount} €"
