from django.urls import path

from capitalisation.analysis import views

urlpatterns = [
    path("capitalisation/analyse-croisee/", views.analysis_matrix, name="analysis_matrix"),
    path("capitalisation/analyse-croisee/passages/", views.analysis_cell, name="analysis_cell"),
    path("capitalisation/focus/", views.focus_list, name="focus_list"),
    path("capitalisation/focus/<slug:slug>/", views.focus, name="focus"),
    path("capitalisation/focus/<slug:slug>/ecrire/", views.focus_edit, name="focus_edit"),
]
