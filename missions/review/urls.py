from django.urls import path

from missions.review import views

urlpatterns = [
    path(
        "missions/<reference:reference>/instruction/", views.mission_review, name="mission_review"
    ),
    path(
        "missions/<reference:reference>/instruction/conflit/",
        views.mission_conflict,
        name="mission_conflict",
    ),
]
