from django.urls import path

from missions.review import decision_views

urlpatterns = [
    path(
        "missions/<reference:reference>/decision/",
        decision_views.mission_decision,
        name="mission_decision",
    ),
]
