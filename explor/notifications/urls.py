from django.urls import path

from explor.notifications import views

urlpatterns = [
    path("messages/", views.inbox, name="inbox"),
    path("messages/tout-lire/", views.notice_read_all, name="notice_read_all"),
    path("messages/reglages/", views.inbox_settings, name="inbox_settings"),
    path("messages/arreter/<str:key>/", views.mail_stop, name="mail_stop"),
    path("messages/<int:pk>/", views.notice_open, name="notice_open"),
    path("messages/<int:pk>/lu/", views.notice_read, name="notice_read"),
]
