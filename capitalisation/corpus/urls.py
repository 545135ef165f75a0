from django.urls import path

from capitalisation.corpus import views

urlpatterns = [
    path("capitalisation/", views.corpus, name="corpus"),
    path("missions/<str:reference>/pseudonymes/", views.pseudonyms, name="pseudonyms"),
    path(
        "missions/<str:reference>/pseudonymes/<int:pk>/retirer/",
        views.pseudonym_remove,
        name="pseudonym_remove",
    ),
]
