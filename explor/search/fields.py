"""Generated columns that PostgreSQL keeps: a French search vector and a normalised name."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func


class FrenchVector(Func):
    """`f_french()` over the columns put end to end; none of them may be null."""

    function = "f_french"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class Norm(Func):
    """Lower case without accents: the order and the near-spelling of French names."""

    function = "f_norm"
    output_field = models.TextField()


class InOrder(Func):
    """Numbers inside a text put in order as numbers: EX-2026-999, then EX-2026-1000."""

    function = "f_in_order"
    output_field = models.TextField()


def in_order(column: str = "reference") -> InOrder:
    """To sort rows by what they are called."""
    return InOrder(F(column))


def french_vector(*columns: str) -> models.GeneratedField:
    """A stored search vector over text `columns` of the same row."""
    return models.GeneratedField(
        expression=FrenchVector(*(F(column) for column in columns)),
        output_field=SearchVectorField(),
        db_persist=True,
    )


def normalised(column: str) -> models.GeneratedField:
    return models.GeneratedField(
        expression=Norm(F(column)), output_field=models.TextField(), db_persist=True
    )
