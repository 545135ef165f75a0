"""The cross matrix: themes × a dimension, counted by PostgreSQL.

A cell counts the texts (distinct) of its column in which a passage carries the theme or a theme
under it; `of` is the number of texts of the column, coded or not. No test of significance is
made on passages: they are not independent.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, Expression, F, QuerySet, TextChoices, When
from django.db.models.functions import Cast, ExtractYear
from django_countries import countries

from capitalisation.coding.models import Code
from capitalisation.corpus.models import Audience, Moment, Text, TextKind, VersionKind
from explor.intake.numbers import FIRST_YEAR, LAST_YEAR, whole
from missions.dossier.models import MissionType, Programme, Territory


class Dimension(TextChoices):
    TYPE = "type", "Typologie de mission"
    ACTOR = "actor", "Qui parle"
    MOMENT = "moment", "Amont et retour"
    COUNTRY = "country", "Pays"
    TERRITORY = "territory", "Territoire"
    YEAR = "year", "Année"


COLUMN: dict[str, Expression | F] = {
    Dimension.TYPE: F("mission__components__type"),
    Dimension.ACTOR: Case(
        When(kind=TextKind.INTERVIEW, then=F("audience")),
        default=F("kind"),
        output_field=CharField(),
    ),
    Dimension.MOMENT: F("moment"),
    Dimension.COUNTRY: F("mission__country"),
    Dimension.TERRITORY: F("mission__territory__slug"),
    Dimension.YEAR: Cast(ExtractYear("held_on"), CharField()),
}


@dataclass(frozen=True)
class Question:
    """What is asked of the corpus; empty filters mean « all ». Lives in the address."""

    by: str = Dimension.TYPE.value
    kind: str = TextKind.INTERVIEW.value
    moment: str = ""
    audience: str = ""
    type: str = ""
    country: str = ""
    territory: str = ""
    year: str = ""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Question":
        """From an address; a value that is not known counts as none."""
        found = {f.name: str(data.get(f.name, f.default)) for f in fields(cls)}
        known: dict[str, list[str]] = {
            "by": Dimension.values,
            "kind": ["", *TextKind.values],
            "moment": ["", *Moment.values],
            "audience": ["", *Audience.values],
            "type": ["", *MissionType.values],
        }
        defaults = {f.name: f.default for f in fields(cls)}
        for name, values in known.items():
            if found[name] not in values:
                found[name] = str(defaults[name])
        found["year"] = str(whole(found["year"], low=FIRST_YEAR, high=LAST_YEAR) or "")
        return cls(**found)

    def address(self) -> dict[str, str]:
        """What goes back into the address: only what differs from the defaults."""
        usual = asdict(Question())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    of: int


@dataclass(frozen=True)
class Cell:
    """`texts` texts of the column's `of` carry the theme, in `passages` passages."""

    column: Column
    texts: int = 0
    passages: int = 0

    @property
    def share(self) -> float | None:
        """Share of the column's texts, 0 to 1; `None` when the column has none."""
        return self.texts / self.column.of if self.column.of else None

    @property
    def heat(self) -> int:
        """Shade of the cell, 0 to 5, by fifths of the column."""
        return min(5, 1 + int(5 * (self.share or 0))) if self.texts else 0

    def masked(self, threshold: int = 3) -> bool:
        """Too small to be published: between 1 and `threshold` − 1 texts, or so few in all."""
        return 0 < self.texts < threshold or 0 < self.column.of < threshold


@dataclass
class Row:
    code: Code
    depth: int
    cells: list[Cell]
    texts: int = 0
    passages: int = 0


@dataclass
class Matrix:
    """`n` texts answer the question; `codebook_version` says which grid counted them."""

    question: Question
    columns: list[Column]
    rows: list[Row] = field(default_factory=list)
    n: int = 0
    codebook_version: int = 0


def texts(programme: Programme, question: Question) -> QuerySet[Text]:
    """The texts that the question looks at: consent standing, filters applied."""
    found = Text.objects.filter(programme=programme, withdrawn_at=None)
    simple = {
        "kind": question.kind,
        "moment": question.moment,
        "audience": question.audience,
        "mission__country": question.country,
        "mission__territory__slug": question.territory,
        "held_on__year": question.year,
    }
    found = found.filter(**{name: value for name, value in simple.items() if value})
    if question.type:
        having = Text.objects.filter(mission__components__type=question.type).values("pk")
        found = found.filter(pk__in=having)
    return found.order_by()


_SQL = """
WITH RECURSIVE branch AS (
    SELECT c.id AS root_id, c.id AS code_id
      FROM capitalisation_code c
      JOIN capitalisation_codebook b ON b.id = c.codebook_id
     WHERE b.programme_id = %s AND c.merged_into_id IS NULL
    UNION
    SELECT branch.root_id, c.id
      FROM branch
      JOIN capitalisation_code c
        ON c.parent_id = branch.code_id OR c.merged_into_id = branch.code_id
), chosen AS ({chosen}),
coded AS (
    SELECT DISTINCT g.code_id, v.text_id, e.id AS excerpt_id
      FROM capitalisation_coding g
      JOIN capitalisation_excerpt e ON e.id = g.excerpt_id
      JOIN capitalisation_textversion v ON v.id = e.version_id
     WHERE v.current AND v.kind = %s AND v.text_id IN (SELECT id FROM chosen)
)
SELECT branch.root_id, chosen.col, count(DISTINCT coded.text_id), count(DISTINCT coded.excerpt_id)
  FROM branch
  JOIN coded ON coded.code_id = branch.code_id
  JOIN chosen ON chosen.id = coded.text_id
 GROUP BY GROUPING SETS ((branch.root_id, chosen.col), (branch.root_id))
HAVING grouping(chosen.col) = 1 OR chosen.col IS NOT NULL
 ORDER BY branch.root_id, grouping(chosen.col)
"""

_TOTALS = """
WITH chosen AS ({chosen})
SELECT grouping(col), col, count(DISTINCT id) FROM chosen GROUP BY GROUPING SETS ((col), ())
"""


def matrix(programme: Programme, question: Question) -> Matrix:
    """Themes in the order of the codebook × the columns of the dimension. Four queries."""
    chosen, parameters = (
        texts(programme, question)
        .annotate(col=COLUMN[question.by])
        .values("pk", "col")
        .distinct()
        .query.sql_with_params()
    )
    # the text of a query that Django compiled; every value stays a parameter
    chosen = f"SELECT pk AS id, NULLIF(col, '') AS col FROM ({chosen}) AS asked(pk, col)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS.format(chosen=chosen), parameters)
        totals = cursor.fetchall()
        cursor.execute(
            _SQL.format(chosen=chosen),
            [programme.pk, *parameters, VersionKind.PSEUDONYMISED.value],
        )
        counted = cursor.fetchall()
    n = next((count for whole, _, count in totals if whole), 0)
    columns = _columns(question.by, {key: of for whole, key, of in totals if not whole and key})
    codes = list(
        Code.objects.filter(codebook__programme=programme, merged_into__isnull=True)
        .select_related("codebook")
        .order_by("position", "pk")
    )
    cells = {(code, key): (found, passages) for code, key, found, passages in counted}
    result = Matrix(question, columns, n=n)
    result.codebook_version = codes[0].codebook.version if codes else 0
    for code, depth in _in_order(codes):
        total = cells.get((code.pk, None), (0, 0))
        row = [Cell(column, *cells.get((code.pk, column.key), (0, 0))) for column in columns]
        result.rows.append(Row(code, depth, row, *total))
    return result


def column_label(by: str, key: str) -> str:
    """What people read at the head of a column."""
    if by == Dimension.TERRITORY:
        territory = Territory.objects.filter(slug=key).first()
        return territory.name if territory else key
    if by == Dimension.COUNTRY:
        return str(countries.name(key)) or key
    return _WORDS.get(by, {}).get(key, key)


_WORDS: dict[str, dict[str, str]] = {
    Dimension.TYPE: {value: str(label) for value, label in MissionType.choices},
    Dimension.MOMENT: {value: str(label) for value, label in Moment.choices},
    Dimension.ACTOR: {
        **{value: str(label) for value, label in Audience.choices},
        **{value: str(label) for value, label in TextKind.choices},
    },
}


def _columns(by: str, totals: dict[str, int]) -> list[Column]:
    """In the order of the closed set when there is one, of the labels otherwise."""
    known = list(_WORDS.get(by, {}))
    if by == Dimension.TERRITORY:
        names = dict(Territory.objects.filter(slug__in=totals).values_list("slug", "name"))
    else:
        names = {key: column_label(by, key) for key in totals}
    order = {key: place for place, key in enumerate(known)}
    keys = sorted(totals, key=lambda key: (order.get(key, len(order)), names.get(key, key)))
    return [Column(key, names.get(key, key), totals[key]) for key in keys]


def _in_order(codes: list[Code]) -> list[tuple[Code, int]]:
    """Depth first: each theme, then what is under it."""
    under: dict[int | None, list[Code]] = {}
    live = {code.pk for code in codes}
    for code in codes:
        parent = code.parent_id if code.parent_id in live else None
        under.setdefault(parent, []).append(code)
    found: list[tuple[Code, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for code in under.get(parent, []):
            found.append((code, depth))
            walk(code.pk, depth + 1)

    walk(None, 0)
    return found
