"""A month of the steering committee: its indicators, frozen with the rows behind them."""

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format

from explor.accounts.models import User
from missions.dossier.models import Programme


class CommitteeMonth(models.Model):
    """`month` is its first day. Frozen once: what was read stays what was read."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="committee_months")
    month = models.DateField("mois")
    frozen_at = models.DateTimeField("arrêté le", null=True, blank=True)
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField("mot de la coordination", blank=True)

    class Meta:
        verbose_name = "mois du comité"
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "month"], name="committee_month_once"),
            models.CheckConstraint(
                condition=models.Q(month__day=1),
                name="committee_month_first_day",
                violation_error_message="Un mois est nommé par son premier jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.month:%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("committee_month", args=[self.month.year, self.month.month])

    @property
    def label(self) -> str:
        return date_format(self.month, "F Y")

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class MonthIndicator(models.Model):
    """A figure as numerator and denominator; both empty mean « non renseigné », not 0.

    `value` is what is shown when the figure is no ratio (a median, a count). `rows` are the
    missions behind the figure (`committee.figures.Row`): reference, counted or not, and why.
    """

    month = models.ForeignKey(CommitteeMonth, models.CASCADE, related_name="indicators")
    code = models.SlugField()
    label = models.CharField(max_length=160)
    unit = models.CharField(max_length=20, blank=True)
    numerator = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    n = models.PositiveIntegerField(default=0)
    rows = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "indicateur du mois"
        ordering = ["month", "position"]
        constraints = [
            models.UniqueConstraint(fields=["month", "code"], name="month_indicator_once")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_ratio(self) -> bool:
        return self.denominator is not None

    @property
    def is_known(self) -> bool:
        return self.value is not None or self.is_ratio

    @property
    def percent(self) -> int | None:
        if self.numerator is None or not self.denominator:
            return None
        return round(Decimal(self.numerator) * 100 / Decimal(self.denominator))

    @property
    def measure(self) -> float | None:
        """What is compared from month to month: the share in percent, or the value."""
        if self.is_ratio:
            return self.percent
        return None if self.value is None else float(self.value)

    @property
    def told(self) -> str:
        """« 7 sur 9 », « 12 jours », « non renseigné »."""
        if not self.is_known:
            return "non renseigné"
        if self.is_ratio:
            return f"{_plain(self.numerator)} sur {_plain(self.denominator, self.unit)}"
        return _plain(self.value, self.unit)


def _plain(number: Decimal | float | None, unit: str = "") -> str:
    """« 1 234,5 jours », without zeros that say nothing; a percentage has no unit of its own."""
    text = f"{number or 0:,.1f}".removesuffix(".0").replace(",", "\u00a0").replace(".", ",")
    return f"{text}\u00a0{unit}" if unit and unit != "%" else text
