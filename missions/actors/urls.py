from django.urls import path

from missions.actors import views

urlpatterns = [
    path("acteurs/", views.actor_list, name="actor_list"),
    path("acteurs/<uuid:uuid>/", views.actor, name="actor"),
]
