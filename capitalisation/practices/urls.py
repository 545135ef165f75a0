from django.urls import path

from capitalisation.practices import public, views

TEAM = "capitalisation/bonnes-pratiques/"

urlpatterns = [
    path("bonnes-pratiques/", public.practice_list, name="practice_list"),
    path("bonnes-pratiques/<slug:slug>/", public.practice, name="practice"),
    path(TEAM, views.practice_admin_list, name="practice_admin_list"),
    path(f"{TEAM}nouvelle/", views.practice_new, name="practice_new"),
    path(f"{TEAM}<slug:slug>/", views.practice_admin, name="practice_admin"),
    path(f"{TEAM}<slug:slug>/passages/", views.practice_evidence, name="practice_evidence"),
    path(f"{TEAM}<slug:slug>/etape/<slug:name>/", views.practice_step, name="practice_step"),
    path(f"{TEAM}<slug:slug>/reprendre/", views.practice_return, name="practice_return"),
    path("capitalisation/ateliers/", views.workshop_list, name="workshop_list"),
    path(
        "capitalisation/ateliers/<int:pk>/citation/",
        views.workshop_quotation,
        name="workshop_quotation",
    ),
]
