from django.urls import path, register_converter
from django.urls.converters import StringConverter

from missions.dossier import views


class ReferenceConverter(StringConverter):
    """`EX-2026-014`; nothing else under `/missions/` looks like it."""

    regex = r"[^/]+-\d{4}-\d+"


register_converter(ReferenceConverter, "reference")

urlpatterns = [
    path("accueil/", views.accueil, name="accueil"),
    path("missions/", views.mission_list, name="mission_list"),
    path("missions/<reference:reference>/", views.mission, name="mission"),
    path(
        "missions/<reference:reference>/etape/<str:name>/",
        views.mission_step,
        name="mission_step",
    ),
    path("missions/<reference:reference>/etat/", views.mission_state, name="mission_state"),
    path(
        "missions/<reference:reference>/historique/",
        views.mission_history,
        name="mission_history",
    ),
]
