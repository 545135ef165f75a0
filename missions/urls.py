"""Routes, in the order of the lifecycle."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("missions.dossier.urls")),
]
