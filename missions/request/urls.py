from django.urls import path

from missions.request import views

urlpatterns = [
    path("missions/nouvelle/", views.mission_new, name="mission_new"),
    path("missions/lieux/", views.place_suggestions, name="place_suggestions"),
    path("missions/<reference:reference>/demande/", views.mission_request, name="mission_request"),
]
