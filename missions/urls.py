"""Routes, in the order of the lifecycle."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("missions.actors.urls")),
    path("", include("missions.dossier.urls")),
    path("", include("missions.threads.urls")),
    path("", include("missions.funding.urls")),
    path("", include("missions.request.urls")),
    path("", include("missions.review.urls")),
    path("", include("missions.review.decision_urls")),
    path("", include("missions.matching.urls")),
    path("", include("missions.preparation.urls")),
]
