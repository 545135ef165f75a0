from django.urls import path

from explor.accounts import views

PEOPLE = "reglages/personnes/"

urlpatterns = [
    path("demo/", views.demo, name="demo"),
    path("demo/courrier/", views.mails_of_demo, name="demo_mail"),
    # before allauth's own, which would let a team member remove their last factor
    path(
        "compte/2fa/webauthn/keys/<int:pk>/remove/",
        views.passkey_remove,
        name="mfa_remove_webauthn",
    ),
    path(PEOPLE, views.person_list, name="person_list"),
    path(f"{PEOPLE}<uuid:uuid>/", views.person, name="person"),
    path(f"{PEOPLE}<uuid:uuid>/roles/<int:pk>/retirer/", views.role_end, name="role_end"),
    path(f"{PEOPLE}<uuid:uuid>/fermer/", views.person_close, name="person_close"),
    path(
        f"{PEOPLE}<uuid:uuid>/deuxieme-verification/",
        views.person_factor_forget,
        name="person_factor_forget",
    ),
    path(f"{PEOPLE}<uuid:uuid>/rouvrir/", views.person_reopen, name="person_reopen"),
]
