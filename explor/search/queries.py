"""French full text: what people type finds words whatever their accents, plural or ending."""

from typing import TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value

from explor.search.fields import Norm
from explor.search.words import beginning_of, words_of

M = TypeVar("M", bound=Model)


class Contains(Func):
    """`strpos()` above zero: no letter typed is a wildcard."""

    function = "strpos"
    template = "(%(function)s(%(expressions)s) > 0)"
    output_field = BooleanField()


def french_query(words: str) -> SearchQuery:
    """What people typed, as a query over both configurations (see `french_vector`). The last
    word also counts as a beginning: « form » finds « formation »."""
    query = SearchQuery(words, config="french", search_type="websearch") | SearchQuery(
        words, config="fr_unaccent", search_type="websearch"
    )
    if beginning := beginning_of(words):
        others = " & ".join([*_plain_words(words)[:-1], f"{beginning}:*"])
        query = query | SearchQuery(others, config="fr_unaccent", search_type="raw")
    return query


def _plain_words(words: str) -> list[str]:
    """Without operators: only letters and digits reach a raw query."""
    return [word for word in words_of(words) if word.isalnum()]


def named_like(words: str, *columns: str) -> Q:
    """Every word typed is in one of the columns (paths), whatever accents, capitals, order and
    plural."""
    found = Q()
    for word in words_of(words):
        anywhere = Q()
        for column in columns:
            anywhere |= Q(Contains(Norm(F(column)), Value(word)))
        found &= anywhere
    return found


def matching(
    rows: QuerySet[M], words: str, *, vector: str = "search", also: Q | None = None
) -> QuerySet[M]:
    """Rows whose generated `vector` column answers `words`, best first.

    `also` adds rows found otherwise, by a reference for instance.
    """
    query = french_query(words)
    found = Q(**{vector: query})
    return rows.filter(found | also if also else found).order_by(
        SearchRank(F(vector), query).desc(), "-pk"
    )
