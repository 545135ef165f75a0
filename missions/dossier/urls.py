from django.urls import path, register_converter
from django.urls.converters import StringConverter

from missions.dossier import export_views, public, setup_views, suspension_views, views


class ReferenceConverter(StringConverter):
    """`EX-2026-014`; nothing else under `/missions/` looks like it."""

    regex = r"[^/]+-\d{4}-\d+"


register_converter(ReferenceConverter, "reference")

urlpatterns = [
    path("", public.home, name="home"),
    path("missions-realisees/", public.sheet_list, name="sheet_list"),
    path("missions-realisees/<reference:reference>/", public.sheet, name="sheet"),
    path(
        "missions-realisees/<reference:reference>/fiche.pdf",
        public.sheet_pdf,
        name="sheet_pdf",
    ),
    path("proposer-une-mission/", public.propose_mission, name="propose_mission"),
    path("devenir-volontaire/", public.become_volunteer, name="become_volunteer"),
    path("ressources/", public.resources, name="resources"),
    path("accueil/", views.accueil, name="accueil"),
    path("reglages/programmes/", setup_views.programme_list, name="programme_list"),
    path("reglages/programmes/nouveau/", setup_views.programme_edit, name="programme_new"),
    path("reglages/programmes/<slug:slug>/", setup_views.programme_edit, name="programme_edit"),
    path("reglages/territoires/nouveau/", setup_views.territory_edit, name="territory_new"),
    path("reglages/territoires/<slug:slug>/", setup_views.territory_edit, name="territory_edit"),
    path("missions/", views.mission_list, name="mission_list"),
    path("missions/tableur/", export_views.mission_export, name="mission_export"),
    path("missions/<reference:reference>/", views.mission, name="mission"),
    path(
        "missions/<reference:reference>/etape/<str:name>/",
        views.mission_step,
        name="mission_step",
    ),
    path("missions/<reference:reference>/etat/", views.mission_state, name="mission_state"),
    path(
        "missions/<reference:reference>/suspension/",
        suspension_views.mission_suspension,
        name="mission_suspension",
    ),
    path(
        "missions/<reference:reference>/suspension/reprendre/",
        suspension_views.mission_resume,
        name="mission_resume",
    ),
    path(
        "missions/<reference:reference>/historique/",
        views.mission_history,
        name="mission_history",
    ),
    path("missions/<reference:reference>/fiche/", views.mission_sheet, name="mission_sheet"),
    path(
        "missions/<reference:reference>/fiche/approuver/",
        views.sheet_approve,
        name="sheet_approve",
    ),
    path(
        "missions/<reference:reference>/fiche/reprendre/", views.sheet_return, name="sheet_return"
    ),
]
