from django.urls import path

from capitalisation.interviews import lists, views

urlpatterns = [
    path(
        "missions/<str:reference>/entretiens/", lists.mission_interviews, name="mission_interviews"
    ),
    path("capitalisation/entretiens/", lists.interview_list, name="interview_list"),
    path("capitalisation/entretiens/<uuid:uuid>/", views.interview, name="interview"),
    path(
        "capitalisation/entretiens/<uuid:uuid>/accord/",
        views.interview_consent,
        name="interview_consent",
    ),
    path(
        "capitalisation/entretiens/<uuid:uuid>/reponses/",
        views.interview_answers,
        name="interview_answers",
    ),
    path(
        "capitalisation/entretiens/<uuid:uuid>/retrait/",
        views.interview_withdraw,
        name="interview_withdraw",
    ),
    path(
        "capitalisation/entretiens/<uuid:uuid>/effacer/",
        views.interview_delete,
        name="interview_delete",
    ),
    path("capitalisation/guides/", lists.guide_list, name="guide_list"),
    path("capitalisation/guides/<int:pk>/", lists.guide, name="guide"),
    path("capitalisation/avant-apres/", lists.before_after, name="before_after"),
]
