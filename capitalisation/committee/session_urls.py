from django.urls import path

from capitalisation.committee import minutes_views, session_views, sitting_views

SESSION = "comite/seances/<uuid:uuid>/"
POINT = f"{SESSION}points/<int:point>/"
MINUTES = f"{SESSION}proces-verbal/"

urlpatterns = [
    path("comite/seances/", session_views.session_list, name="session_list"),
    path("comite/seances/nouvelle/", session_views.session_new, name="session_new"),
    path(SESSION, session_views.session, name="session"),
    path(f"{SESSION}modifier/", session_views.session_edit, name="session_edit"),
    path(f"{SESSION}ordre-du-jour/", session_views.session_agenda, name="session_agenda"),
    path(f"{SESSION}convoquer/", session_views.session_convene, name="session_convene"),
    path(f"{SESSION}annuler/", session_views.session_cancel, name="session_cancel"),
    path(f"{SESSION}ouvrir/", session_views.session_open, name="session_open"),
    path(f"{SESSION}presence/", session_views.session_presence, name="session_presence"),
    path(f"{SESSION}clore/", session_views.session_close, name="session_close"),
    path(f"{SESSION}actions/", minutes_views.session_task, name="session_task"),
    path(POINT, sitting_views.session_item, name="session_item"),
    path(f"{POINT}suivi/", sitting_views.session_pulse, name="session_pulse"),
    path(f"{POINT}appeler/", sitting_views.session_goto, name="session_goto"),
    path(f"{POINT}sortir/", sitting_views.session_aside, name="session_aside"),
    path(f"{POINT}tour/", sitting_views.session_roll, name="session_roll"),
    path(f"{POINT}vote/", sitting_views.session_vote, name="session_vote"),
    path(f"{POINT}comptage/", sitting_views.session_count, name="session_count"),
    path(f"{POINT}decision/", sitting_views.session_decide, name="session_decide"),
    path(f"{POINT}reporter/", sitting_views.session_defer, name="session_defer"),
    path(MINUTES, minutes_views.session_minutes, name="session_minutes"),
    path(f"{MINUTES}pdf/", minutes_views.minutes_preview, name="minutes_preview"),
    path(f"{MINUTES}approuver/", minutes_views.minutes_approve, name="minutes_approve"),
]
