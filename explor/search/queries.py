from typing import TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Model, Q, QuerySet

M = TypeVar("M", bound=Model)


def french_query(words: str) -> SearchQuery:
    """What people typed, as a query over both configurations (see `french_vector`)."""
    return SearchQuery(words, config="french", search_type="websearch") | SearchQuery(
        words, config="fr_unaccent", search_type="websearch"
    )


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
