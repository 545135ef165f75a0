"""Numbers given one after the other under a prefix: references of missions, letters, minutes."""

import re
from typing import Any

from django.db import models
from django.db.models import Max, QuerySet
from django.db.models.functions import Cast, Substr

from explor.accounts.permits import step
from explor.locking import lock_row

#: Digits read at the end of a number already borne; more is no number of ours.
DIGITS = r"\d{1,9}$"


class Numbering(models.Model):
    """The last number given under a prefix (`EX-2026-`)."""

    prefix = models.CharField("préfixe", max_length=60, unique=True)
    last = models.PositiveIntegerField("dernier numéro", default=0)

    class Meta:
        verbose_name = "numérotation"

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"


@step
def next_number(prefix: str, borne: QuerySet[Any], field: str) -> int:
    """One more than the last number given under `prefix`, and than any that `borne` bear.

    Inside a transaction: two at once wait for each other, and a number given by a transaction
    that is undone is given again, so that a year has no hole.
    """
    Numbering.objects.bulk_create([Numbering(prefix=prefix)], ignore_conflicts=True)
    key = Numbering.objects.values_list("pk", flat=True).get(prefix=prefix)
    row = lock_row(Numbering.objects.all(), key)
    row.last = max(row.last, _highest(prefix, borne, field)) + 1
    row.save(update_fields=["last"])
    return row.last


def _highest(prefix: str, borne: QuerySet[Any], field: str) -> int:
    """Compared as numbers: « 999 » comes before « 1000 »."""
    named = borne.order_by().filter(**{f"{field}__regex": f"^{re.escape(prefix)}{DIGITS}"})
    number = Cast(Substr(field, len(prefix) + 1), models.IntegerField())
    found = named.aggregate(highest=Max(number))
    return int(found["highest"] or 0)
