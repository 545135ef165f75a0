from django.urls import path

from missions.review import correction_views, list_views, opinion_views, sheet_views, views

AT = "missions/<reference:reference>/instruction/"

urlpatterns = [
    path("instruction/", list_views.review_list, name="review_list"),
    path(AT, views.mission_review, name="mission_review"),
    path(f"{AT}suivi/", views.mission_roll, name="mission_roll"),
    path(f"{AT}suivi/note/", views.mission_note, name="mission_note"),
    path(f"{AT}suivi/personne/", views.mission_lead, name="mission_lead"),
    path(f"{AT}suivi/tour/", views.mission_roll_note, name="mission_roll_note"),
    path(f"{AT}conflit/", views.mission_conflict, name="mission_conflict"),
    path(f"{AT}corrections/", correction_views.mission_corrections, name="mission_corrections"),
    path(f"{AT}corrections/demander/", correction_views.correction_new, name="correction_new"),
    path(
        f"{AT}corrections/<uuid:token>/regler/",
        correction_views.correction_settle,
        name="correction_settle",
    ),
    path(
        f"{AT}corrections/<uuid:token>/redemander/",
        correction_views.correction_again,
        name="correction_again",
    ),
    path(f"{AT}avis/", opinion_views.mission_opinions, name="mission_opinions"),
    path(f"{AT}avis/demander/", opinion_views.opinion_ask, name="opinion_ask"),
    path(f"{AT}avis/<uuid:token>/prolonger/", opinion_views.opinion_extend, name="opinion_extend"),
    path(f"{AT}avis/<uuid:token>/annuler/", opinion_views.opinion_cancel, name="opinion_cancel"),
    path(f"{AT}fiche.pdf", sheet_views.review_sheet_pdf, name="review_sheet_pdf"),
    path(
        f"{AT}fiches/<int:number>.pdf", sheet_views.review_sheet_frozen, name="review_sheet_frozen"
    ),
    path("avis/", opinion_views.opinion_list, name="opinion_list"),
    path("avis/lien/<str:key>/", opinion_views.opinion_link, name="opinion_link"),
    path("avis/<uuid:token>/", opinion_views.opinion, name="opinion"),
    path("avis/<uuid:token>/decliner/", opinion_views.opinion_decline, name="opinion_decline"),
]
