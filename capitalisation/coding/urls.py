from django.urls import path

from capitalisation.coding import views

urlpatterns = [
    path("capitalisation/textes/<uuid:uuid>/", views.text, name="text"),
    path("capitalisation/textes/<uuid:uuid>/coder/", views.text_code, name="text_code"),
    path("capitalisation/textes/<uuid:uuid>/retirer/", views.coding_remove, name="coding_remove"),
    path(
        "capitalisation/textes/<uuid:uuid>/passages/<int:pk>/revoir/",
        views.passage_review,
        name="passage_review",
    ),
    path("capitalisation/textes/<uuid:uuid>/nouveautes/", views.text_news, name="text_news"),
    path("capitalisation/grille/", views.codebook, name="codebook"),
    path("capitalisation/grille/nouveau/", views.code_edit, name="code_new"),
    path("capitalisation/grille/<slug:slug>/", views.code_edit, name="code_edit"),
]
