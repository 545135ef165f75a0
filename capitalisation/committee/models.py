"""A month of the steering committee: its indicators, frozen with the rows behind them."""

from django.db import models

from explor.accounts.models import User
from missions.dossier.models import Programme


class CommitteeMonth(models.Model):
    """`month` is its first day. Frozen once: what was read stays what was read."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="committee_months"
    )
    month = models.DateField("mois")
    frozen_at = models.DateTimeField("arrêté le", null=True, blank=True)
    frozen_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField("mot de la coordination", blank=True)

    class Meta:
        verbose_name = "mois du comité"
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "month"], name="committee_month_once"
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1),
                name="committee_month_first_day",
                violation_error_message="Un mois est nommé par son premier jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.month:%m/%Y}"


class MonthIndicator(models.Model):
    """A figure as numerator and denominator; both empty mean « non renseigné », not 0.

    `value` is what is shown when the figure is no ratio (a median, a count). `rows` are the
    references of the missions behind the figure.
    """

    month = models.ForeignKey(CommitteeMonth, models.CASCADE, related_name="indicators")
    code = models.SlugField()
    label = models.CharField(max_length=160)
    unit = models.CharField(max_length=20, blank=True)
    numerator = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True
    )
    denominator = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True
    )
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    n = models.PositiveIntegerField(default=0)
    rows = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "indicateur du mois"
        ordering = ["month", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "code"], name="month_indicator_once"
            )
        ]

    def __str__(self) -> str:
        return self.label
