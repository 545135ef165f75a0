"""What others give to a mission."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from explor.accounts.models import Organisation
from explor.journal.tracking import tracked
from missions.dossier.models import Mission


class Nature(models.TextChoices):
    CASH = "cash", "De l’argent"
    VALORISED = "valorised", "Une contribution valorisée"


class CoFundingState(models.TextChoices):
    ASKED = "asked", "Demandé"
    SECURED = "secured", "Acquis"
    REFUSED = "refused", "Refusé"


@tracked()
class CoFunding(models.Model):
    """What a funder was asked, and what it answered. Valorised contributions enter no total.

    The funder is an organisation the site knows, or a name.
    """

    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="cofundings")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisation",
    )
    funder_name = models.CharField("autre financeur", max_length=150, blank=True)
    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.CASH)
    state = models.CharField(
        "état", max_length=8, choices=CoFundingState, default=CoFundingState.ASKED
    )
    asked = models.DecimalField("demandé (€)", max_digits=12, decimal_places=2)
    secured = models.DecimalField("obtenu (€)", max_digits=12, decimal_places=2, default=0)
    asked_on = models.DateField("demandé le")
    answered_on = models.DateField("répondu le", null=True, blank=True)
    answer = models.CharField("réponse", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "cofinancement"
        ordering = ["mission", "nature", "asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, funder_name="")
                | Q(organisation__isnull=True) & ~Q(funder_name=""),
                name="cofunding_one_funder",
                violation_error_message="Choisissez une organisation ou écrivez un nom, "
                "pas les deux.",
            ),
            models.CheckConstraint(
                condition=Q(asked__gt=0, secured__gte=0),
                name="cofunding_amounts",
                violation_error_message="Le montant demandé est supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", secured=0, answered_on__isnull=True)
                | Q(state="secured", secured__gt=0, answered_on__isnull=False)
                | Q(state="refused", secured=0, answered_on__isnull=False),
                name="cofunding_answer",
                violation_error_message="Acquis : un montant et une date. Refusé : une date.",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("asked_on")),
                name="cofunding_dates",
                violation_error_message="La réponse ne vient pas avant la demande.",
            ),
        ]

    def __str__(self) -> str:
        return self.funder

    @property
    def funder(self) -> str:
        return str(self.organisation) if self.organisation_id else self.funder_name
