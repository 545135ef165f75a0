from django.urls import path

from missions.threads import inbound_views, views

urlpatterns = [
    path("missions/<str:reference>/messages/", views.mission_messages, name="mission_messages"),
    path(
        "missions/<str:reference>/messages/<slug:kind>/",
        views.mission_messages,
        name="mission_messages",
    ),
    path("api/courrier/<str:secret>/", inbound_views.inbound_mail, name="inbound_mail"),
]
