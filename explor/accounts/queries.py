"""Organisations that may be one and the same, and the people of each."""

from dataclasses import dataclass

from django.db.models import F, FloatField, Func, QuerySet, TextField, Value
from django.db.models.functions import Greatest

from explor.accounts.models import Organisation, OrganisationKind
from explor.accounts.numbers import siren_of
from explor.search.fields import Norm

NEAR = 0.45
CANDIDATES = 8

#: words that nearly every association has in its name, and that tell none from another
EMPTY_WORDS = (
    r"\m(association|asso|amicale|collectif|federation|union|comite|des|les|de|du|la|le|et|"
    r"pour|en|au|aux|d|l)\M"
)


@dataclass(frozen=True)
class Candidate:
    """`same_number` says that the organisation is the one, whatever its name."""

    organisation: Organisation
    same_number: bool


def number_is_taken(name: str, value: str, besides: Organisation | None = None) -> bool:
    """Whether `value` is the `rna` or the `siret` of an organisation other than `besides`."""
    rows = Organisation.objects.filter(**{name: value})
    return rows.exclude(pk=besides.pk).exists() if besides else rows.exists()


def of_numbers(rna: str, siret: str) -> QuerySet[Organisation]:
    """Organisations with one of these numbers, or of the same legal body (same SIREN)."""
    rows = Organisation.objects.none()
    if rna:
        rows = rows | Organisation.objects.filter(rna=rna)
    if siret:
        rows = rows | Organisation.objects.filter(siret__startswith=siren_of(siret))
    return rows


def candidates(
    name: str,
    *,
    kind: str = OrganisationKind.OSIM,
    acronym: str = "",
    rna: str = "",
    siret: str = "",
) -> list[Candidate]:
    """Those of `kind` that may be the one described: same number, then near names; two queries.

    Names are compared without accents, capitals and the words that all have (« association »).
    """
    numbered = list(of_numbers(rna, siret).filter(kind=kind)[:CANDIDATES])
    known = [row.pk for row in numbered]
    near = (
        Organisation.objects.filter(kind=kind)
        .exclude(pk__in=known)
        .annotate(nearness=_nearness(name, acronym))
        .filter(nearness__gte=NEAR)
        .order_by("-nearness", "name", "pk")
    )
    found = [Candidate(row, same_number=True) for row in numbered]
    return found + [Candidate(row, same_number=False) for row in near[: CANDIDATES - len(found)]]


class _Essence(Func):
    """What is left of a name without the words that all have."""

    function = "regexp_replace"
    output_field = TextField()

    def __init__(self, name: F | Value) -> None:
        super().__init__(Norm(name), Value(EMPTY_WORDS), Value(" "), Value("g"))


def _nearness(name: str, acronym: str) -> Greatest:
    said = [word for word in (name, acronym) if word]
    return Greatest(
        _similarity(_Essence(F("name")), _Essence(Value(name))),
        *(_similarity(Norm(F("acronym")), Norm(Value(word))) for word in said),
    )


def _similarity(one: Func, other: Func) -> Func:
    """From 0 to 1, by the groups of three letters that both have."""
    return Func(one, other, function="similarity", output_field=FloatField())
