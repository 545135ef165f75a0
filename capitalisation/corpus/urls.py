from django.urls import path

from capitalisation.corpus import views

urlpatterns = [
    path("capitalisation/", views.corpus, name="corpus"),
    path("capitalisation/pseudonymes/", views.programme_pseudonyms, name="programme_pseudonyms"),
    path(
        "capitalisation/pseudonymes/<int:pk>/retirer/",
        views.programme_pseudonym_remove,
        name="programme_pseudonym_remove",
    ),
    path("missions/<str:reference>/pseudonymes/", views.pseudonyms, name="pseudonyms"),
    path(
        "missions/<str:reference>/pseudonymes/<int:pk>/retirer/",
        views.pseudonym_remove,
        name="pseudonym_remove",
    ),
]
