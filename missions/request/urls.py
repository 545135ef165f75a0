from django.urls import path

from missions.request import (
    annex_views,
    confirmation_views,
    correction_views,
    receipt_views,
    step_views,
    views,
)

AT = "missions/<reference:reference>/demande/"

urlpatterns = [
    path("missions/nouvelle/", views.mission_new, name="mission_new"),
    path("missions/lieux/", views.place_suggestions, name="place_suggestions"),
    path(AT, views.mission_request, name="mission_request"),
    path(f"{AT}deposer/", views.request_submit, name="request_submit"),
    path(f"{AT}repartir/", views.request_duplicate, name="request_duplicate"),
    path(f"{AT}recepisse/", receipt_views.request_receipt, name="request_receipt"),
    path(f"{AT}recepisse.pdf", receipt_views.request_receipt_pdf, name="request_receipt_pdf"),
    path(f"{AT}pieces/", annex_views.request_annexes, name="request_annexes"),
    path(f"{AT}pieces/<uuid:uuid>/", annex_views.annex, name="annex"),
    path(f"{AT}pieces/<uuid:uuid>/retirer/", annex_views.annex_remove, name="annex_remove"),
    path(f"{AT}confirmation/", confirmation_views.confirmation_ask, name="confirmation_ask"),
    path(f"{AT}confirmer/", confirmation_views.confirmation_own, name="confirmation_own"),
    path("confirmer-une-demande/<str:key>/", confirmation_views.confirmation, name="confirmation"),
    path(f"{AT}corrections/", correction_views.request_corrections, name="request_corrections"),
    path(
        f"{AT}corrections/<uuid:token>/",
        correction_views.correction_answer,
        name="correction_answer",
    ),
    path(f"{AT}<slug:step>/", step_views.request_step, name="request_step"),
]
