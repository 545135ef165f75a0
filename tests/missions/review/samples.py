"""A review that lacks nothing, as `save_review` takes it and as the page posts it."""

from typing import Any

from missions.review.models import Criterion, Point
from missions.review.queries import check_key, why_key

ELIGIBLE: dict[str, Any] = {check_key(point): "yes" for point in Point.values}
FULL: dict[str, Any] = {
    **ELIGIBLE,
    **dict.fromkeys(Criterion.values, 3),
    "recommendation": "favourable",
    "recommendation_why": "Besoin clair, équipe solide.",
    "conflicts_asked": True,
}
TYPED: dict[str, str] = {
    **dict.fromkeys(Criterion.values, "3"),
    **{why_key(name): "" for name in Criterion.values},
    **{check_key(point): "yes" for point in Point.values},
    "recommendation": "favourable",
    "recommendation_why": "Besoin clair",
    "version": "1",
}
