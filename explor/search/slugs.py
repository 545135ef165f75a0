"""Addresses made of a title."""

from collections.abc import Collection
from itertools import chain, count
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify


def free_slug(
    rows: QuerySet[Any], title: str, otherwise: str, *, reserved: Collection[str] = ()
) -> str:
    """« mon-titre », numbered when one of `rows` bears it; `otherwise` when nothing is left.

    `reserved`: what already is an address beside these rows, « nouveau » for instance.
    """
    wanted = slugify(title)[:44] or otherwise
    taken = set(rows.filter(slug__startswith=wanted).values_list("slug", flat=True)) | {*reserved}
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(slug for slug in chain([wanted], numbered) if slug not in taken)
