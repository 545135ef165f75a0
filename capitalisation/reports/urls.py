from django.urls import path

from capitalisation.reports import views

urlpatterns = [
    path("missions/<str:reference>/rapport/", views.mission_report, name="mission_report"),
    path(
        "missions/<str:reference>/rapport/renvoyer/",
        views.mission_report_return,
        name="mission_report_return",
    ),
    path(
        "missions/<str:reference>/rapport/accepter/",
        views.mission_report_accept,
        name="mission_report_accept",
    ),
]
