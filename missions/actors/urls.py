from django.urls import path

from missions.actors import editing_views, member_views, registration_views, views

urlpatterns = [
    path("acteurs/", views.actor_list, name="actor_list"),
    path("acteurs/tableur/", views.actor_export, name="actor_export"),
    path("acteurs/<uuid:uuid>/", views.actor, name="actor"),
    path("organisations/", registration_views.my_organisations, name="my_organisations"),
    path("organisations/inscrire/", registration_views.organisation_new, name="organisation_new"),
    path("organisations/<uuid:uuid>/", member_views.organisation, name="organisation"),
    path(
        "organisations/<uuid:uuid>/modifier/",
        editing_views.organisation_edit,
        name="organisation_edit",
    ),
    path(
        "organisations/<uuid:uuid>/rejoindre/",
        registration_views.organisation_join,
        name="organisation_join",
    ),
    path(
        "organisations/<uuid:uuid>/quitter/",
        member_views.organisation_leave,
        name="organisation_leave",
    ),
    path(
        "organisations/<uuid:uuid>/membres/<int:pk>/retirer/",
        member_views.member_remove,
        name="member_remove",
    ),
    path(
        "organisations/demandes/<uuid:uuid>/repondre/",
        registration_views.join_answer,
        name="join_answer",
    ),
    path(
        "organisations/demandes/<uuid:uuid>/retirer/",
        registration_views.join_withdraw,
        name="join_withdraw",
    ),
    path(
        "organisations/invitations/<uuid:uuid>/renvoyer/",
        member_views.invitation_send,
        name="invitation_send",
    ),
    path(
        "organisations/invitations/<uuid:uuid>/annuler/",
        member_views.invitation_revoke,
        name="invitation_revoke",
    ),
    path("invitation/<str:key>/", member_views.invitation, name="invitation"),
    path("mon-profil/", editing_views.volunteer_profile, name="volunteer_profile"),
]
