"""People, organisations, programmes: who manages what."""

from tests.ground_people import (
    invitation,
    join_request,
    key_of,
    member_row,
    near,
    passkey,
    role_row,
)
from tests.role_rows.kinds import EVERYONE, SIGNED_IN, get, post

KEEPERS = ("osim", "coordinator", "administrator")
ADMIN = "administrator"

ORGANISATIONS = [
    get("my_organisations", "/organisations/", *SIGNED_IN),
    get("organisation_new", "/organisations/inscrire/", *SIGNED_IN),
    get("organisation", lambda g: f"/organisations/{near(g)}/", *KEEPERS),
    get("organisation_edit", lambda g: f"/organisations/{near(g)}/modifier/", *KEEPERS),
    get("organisation_join", lambda g: f"/organisations/{near(g)}/rejoindre/", *SIGNED_IN),
    post("organisation_leave", lambda g: f"/organisations/{near(g)}/quitter/", "osim"),
    post(
        "member_remove",
        lambda g: f"/organisations/{near(g)}/membres/{member_row(g).pk}/retirer/",
        *KEEPERS,
    ),
    post(
        "join_answer",
        lambda g: f"/organisations/demandes/{join_request(g).uuid}/repondre/",
        *KEEPERS,
        answer="accept",
    ),
    post(
        "join_withdraw",
        lambda g: f"/organisations/demandes/{join_request(g).uuid}/retirer/",
        "other_volunteer",
    ),
    post(
        "invitation_send",
        lambda g: f"/organisations/invitations/{invitation(g).uuid}/renvoyer/",
        *KEEPERS,
    ),
    post(
        "invitation_revoke",
        lambda g: f"/organisations/invitations/{invitation(g).uuid}/annuler/",
        *KEEPERS,
    ),
    get("invitation", lambda g: f"/invitation/{key_of(g)}/", *EVERYONE),
    get("volunteer_profile", "/mon-profil/", "volunteer", "other_volunteer"),
]


SETTINGS = [
    get("person_list", "/reglages/personnes/", ADMIN),
    get("person", lambda g: f"/reglages/personnes/{g.world.osim.uuid}/", ADMIN),
    post(
        "role_end",
        lambda g: f"/reglages/personnes/{g.world.osim.uuid}/roles/{role_row(g).pk}/retirer/",
        ADMIN,
    ),
    post(
        "person_close",
        lambda g: f"/reglages/personnes/{g.world.osim.uuid}/fermer/",
        ADMIN,
        reason="Départ.",
    ),
    post(
        "person_factor_forget",
        lambda g: f"/reglages/personnes/{g.world.osim.uuid}/deuxieme-verification/",
        ADMIN,
        reason="Téléphone perdu.",
    ),
    post("person_reopen", lambda g: f"/reglages/personnes/{g.world.osim.uuid}/rouvrir/", ADMIN),
    get("programme_list", "/reglages/programmes/", ADMIN),
    get("programme_new", "/reglages/programmes/nouveau/", ADMIN),
    get("programme_edit", "/reglages/programmes/explor/", ADMIN),
    get("territory_new", "/reglages/territoires/nouveau/", ADMIN),
    get("territory_edit", "/reglages/territoires/hauts-de-france/", ADMIN),
]

PASSKEYS = [
    get("mfa_list_webauthn", "/compte/2fa/webauthn/", *SIGNED_IN),
    get("mfa_add_webauthn", "/compte/2fa/webauthn/add/", *SIGNED_IN),
    # a visitor without a script goes back to the sign-in page
    get("mfa_login_webauthn", "/compte/2fa/webauthn/login/", *SIGNED_IN),
    # the people of these tests have no key to prove
    get("mfa_reauthenticate_webauthn", "/compte/2fa/webauthn/reauthenticate/"),
    get(
        "mfa_remove_webauthn",
        lambda g: f"/compte/2fa/webauthn/keys/{passkey(g).pk}/remove/",
        "osim",
    ),
    get("mfa_edit_webauthn", lambda g: f"/compte/2fa/webauthn/keys/{passkey(g).pk}/edit/", "osim"),
]

ROWS = [*ORGANISATIONS, *SETTINGS, *PASSKEYS]
