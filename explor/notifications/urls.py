from django.urls import path

from explor.notifications import agenda_views, views

urlpatterns = [
    path("messages/", views.inbox, name="inbox"),
    path("messages/tout-lire/", views.notice_read_all, name="notice_read_all"),
    path("messages/reglages/", views.inbox_settings, name="inbox_settings"),
    path("messages/arreter/<str:key>/", views.mail_stop, name="mail_stop"),
    path("messages/agenda/", agenda_views.agenda_open, name="agenda_open"),
    path("messages/agenda/supprimer/", agenda_views.agenda_close, name="agenda_close"),
    path("agenda/<str:secret>.ics", agenda_views.agenda, name="agenda"),
    path("messages/<int:pk>/", views.notice_open, name="notice_open"),
    path("messages/<int:pk>/lu/", views.notice_read, name="notice_read"),
]
