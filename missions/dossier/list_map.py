"""The places of a list of missions on the map."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, Min, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django_countries import countries as all_countries

from explor.ui.map import MapPoint
from missions.dossier.models import Mission

#: The most visited places the map shows.
PLACES = 60


def points_of(rows: QuerySet[Mission]) -> list[MapPoint]:
    """Places with the number of missions; a place with one mission leads to it."""
    places = (
        rows.order_by()
        .filter(latitude__isnull=False)
        .values("place", "region", "country", "latitude", "longitude")
        .annotate(n=Count("pk", distinct=True), only=Min("reference"), of=Min("title"))
        .order_by(F("n").desc(), "place")[:PLACES]
    )
    return [_point(row) for row in places]


def _point(row: Mapping[str, Any]) -> MapPoint:
    country = str(all_countries.name(row["country"]))
    label = row["place"] or row["region"] or country
    if row["n"] == 1:
        return MapPoint(
            label,
            row["latitude"],
            row["longitude"],
            url=reverse("mission", args=[row["only"]]),
            note=row["of"],
        )
    found = f"{reverse('mission_list')}?{urlencode({'q': label})}"
    many = f"{row['n']} missions"
    return MapPoint(label, row["latitude"], row["longitude"], found, many, count=row["n"])
