"""The budget of a mission and the envelope it draws on. Amounts are euros, two decimals."""

from django.db import models
from django.db.models import Q

from explor.journal.tracking import tracked
from missions.dossier.models import Mission, Programme, Territory


class Side(models.TextChoices):
    EXPENSE = "expense", "Dépense"
    INCOME = "income", "Ressource"
    VALORISED = "valorised", "Contribution valorisée"


class Heading(models.TextChoices):
    TRAVEL = "travel", "Transport international"
    VISA = "visa", "Visa et formalités"
    HEALTH = "health", "Santé et vaccins"
    INSURANCE = "insurance", "Assurance"
    STAY = "stay", "Séjour"
    LOCAL = "local", "Frais sur place"
    UNFORESEEN = "unforeseen", "Imprévus"
    VOLUNTEER_TIME = "volunteer_time", "Temps bénévole"
    LOANS = "loans", "Locaux et matériel prêtés"
    PROGRAMME = "programme", "Part demandée au programme"
    OWN_FUNDS = "own_funds", "Fonds propres"
    OTHER_FUNDER = "other_funder", "Autre financeur"


EXPENSE_HEADINGS = (
    Heading.TRAVEL,
    Heading.VISA,
    Heading.HEALTH,
    Heading.INSURANCE,
    Heading.STAY,
    Heading.LOCAL,
    Heading.UNFORESEEN,
)
INCOME_HEADINGS = (Heading.PROGRAMME, Heading.OWN_FUNDS, Heading.OTHER_FUNDER)
VALORISED_HEADINGS = (Heading.VOLUNTEER_TIME, Heading.STAY, Heading.LOANS)


@tracked()
class BudgetLine(models.Model):
    """One line of a mission's budget. `how` says how an expense was computed."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="budget_lines")
    side = models.CharField(max_length=10, choices=Side)
    heading = models.CharField("poste", max_length=14, choices=Heading)
    how = models.CharField("mode de calcul", max_length=300, blank=True)
    amount = models.DecimalField("montant (€)", max_digits=12, decimal_places=2)
    secured = models.BooleanField("acquis", default=False)

    class Meta:
        verbose_name = "ligne de budget"
        ordering = ["mission", "side", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "side", "heading"],
                name="budget_heading_once",
                violation_error_message="Ce poste figure déjà au budget.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="budget_amount_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_heading_display()} : {self.amount} €"


@tracked()
class Envelope(models.Model):
    """What a programme may commit in a territory in a year."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="envelopes")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="envelopes")
    year = models.PositiveSmallIntegerField("année")
    amount = models.DecimalField("montant (€)", max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = "enveloppe"
        ordering = ["-year", "territory"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "territory", "year"],
                name="envelope_once",
                violation_error_message="Cette enveloppe existe déjà.",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="envelope_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.territory} · {self.year}"
