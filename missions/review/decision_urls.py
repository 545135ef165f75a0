from django.urls import path

from missions.review import decision_views, letter_views

DECISION = "missions/<reference:reference>/decision/"

urlpatterns = [
    path(DECISION, decision_views.mission_decision, name="mission_decision"),
    path(f"{DECISION}appliquer/", decision_views.decision_apply, name="decision_apply"),
    path(f"{DECISION}lettre/", letter_views.mission_letter, name="mission_letter"),
    path(f"{DECISION}lettre/pdf/", letter_views.letter_preview, name="letter_preview"),
    path(f"{DECISION}lettre/approuver/", letter_views.letter_approve, name="letter_approve"),
    path(f"{DECISION}lettre/envoyer/", letter_views.letter_send, name="letter_send"),
]
