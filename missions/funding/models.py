"""The budget of a mission, what is spent of it, and the models of its neighbours."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from moneyed import Money

from explor.accounts.models import User
from explor.documents.models import StoredFile
from explor.journal.tracking import tracked
from missions.dossier.models import Mission
from missions.funding.cofunding_models import CoFunding, CoFundingState, Nature
from missions.funding.envelope_models import (
    Commitment,
    CommitmentState,
    Envelope,
    Instalment,
    InstalmentState,
)
from missions.funding.money import Currency

__all__ = [
    "EXPENSE_HEADINGS",
    "INCOME_HEADINGS",
    "VALORISED_HEADINGS",
    "BudgetLine",
    "CoFunding",
    "CoFundingState",
    "Commitment",
    "CommitmentState",
    "Envelope",
    "Expense",
    "ExpenseState",
    "Heading",
    "Instalment",
    "InstalmentState",
    "Nature",
    "Side",
]


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
        return f"{self.get_heading_display()} : {self.amount} €"


class ExpenseState(models.TextChoices):
    COMMITTED = "committed", "Commandée, à payer"
    SPENT = "spent", "Payée"


@tracked(exclude=["euros"])
class Expense(models.Model):
    """What a mission ordered or paid, in the currency of the bill.

    `rate` is how much of that currency one euro was worth; PostgreSQL keeps `euros` from it.
    """

    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="expenses")
    heading = models.CharField("poste", max_length=14, choices=Heading)
    label = models.CharField("objet", max_length=200)
    state = models.CharField(
        "état", max_length=10, choices=ExpenseState, default=ExpenseState.SPENT
    )
    dated = models.DateField("date")
    amount = models.DecimalField("montant", max_digits=14, decimal_places=2)
    currency = models.CharField("monnaie", max_length=3, choices=Currency, default=Currency.EUR)
    rate = models.DecimalField("pour un euro", max_digits=10, decimal_places=4, default=1)
    euros = models.GeneratedField(
        expression=Round(F("amount") / F("rate"), precision=2),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
    )
    receipt = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="justificatif",
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "dépense"
        ordering = ["mission", "dated", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(heading__in=[heading.value for heading in EXPENSE_HEADINGS]),
                name="expense_heading",
                violation_error_message="Ce poste n’est pas un poste de dépense.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="expense_amount",
                violation_error_message="Le montant d’une dépense est supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=Q(currency="EUR", rate=1) | ~Q(currency="EUR") & Q(rate__gt=0),
                name="expense_rate",
                violation_error_message="Donnez le taux : combien pour un euro.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} : {self.amount} {self.currency}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
