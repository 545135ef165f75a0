"""Routes, in the order of the work."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("capitalisation.corpus.urls")),
    path("", include("capitalisation.reports.urls")),
    path("", include("capitalisation.interviews.urls")),
    path("", include("capitalisation.coding.urls")),
    path("", include("capitalisation.analysis.urls")),
    path("", include("capitalisation.practices.urls")),
    path("", include("capitalisation.committee.urls")),
    path("", include("capitalisation.committee.session_urls")),
    path("", include("capitalisation.publications.urls")),
]
