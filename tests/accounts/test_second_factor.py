"""Teams open nothing without a second factor."""

import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from explor.accounts.actions import give_role
from explor.accounts.models import Role
from explor.journal.models import Entry
from missions.actors.members import invitation_key, invite
from tests.factories import World

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TEAM = ("coordinator", "researcher", "committee", "administrator")


@pytest.fixture(autouse=True)
def proven_sessions(settings: Settings) -> None:
    """Nobody has passed anything yet."""
    settings.SECOND_FACTOR_REQUIRED = True


def code() -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))


@pytest.mark.parametrize("role", TEAM)
def test_team_without_a_factor_is_led_to_set_one_up(
    as_role: Callable[[str], Client], role: str
) -> None:
    client = as_role(role)
    for path in ("/accueil/", "/missions/", "/compte/"):
        assert client.get(path).headers["Location"] == "/compte/2fa/", path
    answer = client.get("/accueil/", follow=True)
    assert answer.redirect_chain == [("/compte/2fa/", 302)]
    assert "choisissez une deuxième vérification" in answer.content.decode()


@pytest.mark.parametrize("role", ["osim", "volunteer"])
def test_others_are_asked_nothing(as_role: Callable[[str], Client], role: str) -> None:
    assert as_role(role).get("/accueil/").status_code == 200


def test_public_pages_and_the_way_out_stay_open(as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    for path in ("/", "/compte/2fa/", "/compte/email/", "/compte/logout/"):
        assert client.get(path).status_code == 200, path
    client.post("/compte/logout/")
    assert client.get("/accueil/").headers["Location"].startswith("/compte/login/")


def test_a_demonstration_may_do_without(
    as_role: Callable[[str], Client], settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert as_role("coordinator").get("/accueil/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_application_opens_everything(
    as_role: Callable[[str], Client], world: World
) -> None:
    client = as_role("coordinator")
    page = client.get("/compte/2fa/totp/activate/")
    secret = page.context["form"].secret
    typed = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post("/compte/2fa/totp/activate/", {"code": typed})
    assert answer.headers["Location"] == "/compte/2fa/recovery-codes/"
    assert "Codes de secours" in client.get("/compte/2fa/recovery-codes/").content.decode()
    assert client.get("/accueil/").status_code == 200
    kinds = Authenticator.objects.filter(user=world.coordinator).values_list("type", flat=True)
    assert sorted(kinds) == ["recovery_codes", "totp"]
    told = Entry.objects.get(stream=f"person:{world.coordinator.uuid}")
    assert told.verb == "accounts.add_factor" and told.actor == world.coordinator


def test_wrong_code_sets_nothing_up(as_role: Callable[[str], Client], world: World) -> None:
    client = as_role("coordinator")
    client.get("/compte/2fa/totp/activate/")
    answer = client.post("/compte/2fa/totp/activate/", {"code": "000000"})
    assert "Ce code ne va pas" in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert client.get("/accueil/").status_code == 302


def sign_in(world: World) -> Client:
    password = "une phrase bien longue"
    world.coordinator.set_password(password)
    world.coordinator.save()
    world.coordinator.emailaddress_set.create(
        email=world.coordinator.email, verified=True, primary=True
    )
    client = Client()
    answer = client.post("/compte/login/", {"login": world.coordinator.email, "password": password})
    assert answer.headers["Location"] == "/compte/2fa/authenticate/"
    return client


def test_sign_in_asks_for_the_code_then_opens(world: World) -> None:
    TOTP.activate(world.coordinator, SECRET)
    client = sign_in(world)
    assert client.get("/accueil/").status_code == 302
    refused = client.post("/compte/2fa/authenticate/", {"code": "000000"})
    assert "Ce code ne va pas" in refused.content.decode()
    answer = client.post("/compte/2fa/authenticate/", {"code": code()})
    assert answer.headers["Location"] == "/accueil/"
    assert client.get("/accueil/").status_code == 200


def test_recovery_code_opens_once(world: World) -> None:
    TOTP.activate(world.coordinator, SECRET)
    spare = RecoveryCodes.activate(world.coordinator).get_unused_codes()[0]
    client = sign_in(world)
    client.post("/compte/2fa/authenticate/", {"code": spare})
    assert client.get("/accueil/").status_code == 200
    client.post("/compte/logout/")
    client = Client()
    client.post(
        "/compte/login/",
        {"login": world.coordinator.email, "password": "une phrase bien longue"},
    )
    client.post("/compte/2fa/authenticate/", {"code": spare})
    assert client.get("/accueil/").status_code == 302


def test_session_older_than_the_factor_proves_it_once(
    as_role: Callable[[str], Client], world: World
) -> None:
    TOTP.activate(world.coordinator, SECRET)
    client = as_role("coordinator")
    answer = client.get("/missions/?q=riz")
    assert answer.headers["Location"] == "/compte/2fa/reauthenticate/?next=%2Fmissions%2F%3Fq%3Driz"
    client.post("/compte/2fa/reauthenticate/?next=/missions/", {"code": code()})
    assert client.get("/missions/").status_code == 200


def test_fragment_asked_by_htmx_moves_the_whole_page(as_role: Callable[[str], Client]) -> None:
    answer = as_role("coordinator").get("/missions/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/compte/2fa/"


def test_role_given_to_a_signed_in_person_closes_their_session_until_proof(
    as_role: Callable[[str], Client], world: World
) -> None:
    client = as_role("osim")
    assert client.get("/accueil/").status_code == 200
    give_role(world.osim, world.network, Role.COMMITTEE, actor=world.administrator)
    assert client.get("/accueil/").headers["Location"] == "/compte/2fa/"


def test_last_factor_of_a_team_member_stays(as_role: Callable[[str], Client], world: World) -> None:
    TOTP.activate(world.coordinator, SECRET)
    client = as_role("coordinator")
    client.post("/compte/2fa/reauthenticate/", {"code": code()})
    answer = client.post("/compte/2fa/totp/deactivate/")
    assert "ajoutez d’abord une autre façon" in answer.content.decode()
    assert Authenticator.objects.filter(user=world.coordinator, type="totp").exists()


def test_factor_costs_no_query_once_proven(
    as_role: Callable[[str], Client],
    world: World,
    settings: Settings,
) -> None:
    TOTP.activate(world.coordinator, SECRET)
    client = as_role("coordinator")
    client.post("/compte/2fa/reauthenticate/", {"code": code()})
    settings.SECOND_FACTOR_REQUIRED = False
    with CaptureQueriesContext(connection) as without:
        client.get("/messages/")
    settings.SECOND_FACTOR_REQUIRED = True
    with CaptureQueriesContext(connection) as with_it:
        client.get("/messages/")
    assert len(with_it) == len(without)


def test_factor_that_is_held_is_proved_before_another_is_set_up(
    as_role: Callable[[str], Client], world: World
) -> None:
    TOTP.activate(world.coordinator, SECRET)
    client = as_role("coordinator")
    for path in ("", "webauthn/add/", "totp/activate/", "totp/deactivate/", "recovery-codes/"):
        answer = client.get(f"/compte/2fa/{path}")
        assert answer.headers["Location"].startswith("/compte/2fa/reauthenticate/"), path
    for path in ("/compte/email/", "/compte/password/set/", "/compte/password/change/"):
        assert client.get(path).headers["Location"].startswith("/compte/2fa/reauthenticate/"), path


def test_script_is_answered_in_json(as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    for answer in (
        client.get("/api/session/"),
        client.post(f"/api/sync/request/{uuid4()}/", "{}", content_type="application/json"),
    ):
        assert answer.status_code == 401
        assert answer.headers["X-Explor-Answer"] == "1"
        assert answer.json()["error"]
        assert "Clear-Site-Data" not in answer.headers
    answer = client.get("/missions/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"] != "") == (401, True)
    assert client.get("/missions/", headers={"Accept": "text/html"}).status_code == 302


def test_signing_out_is_never_held_back(as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    client.post("/compte/logout/")
    assert "_auth_user_id" not in client.session


def test_invitation_to_a_team_is_not_accepted_without_the_proof(
    as_role: Callable[[str], Client], world: World
) -> None:
    invitation = invite(
        world.network,
        world.coordinator.email,
        actor=world.administrator,
        token=uuid4(),
        role=Role.COMMITTEE,
    )
    client = as_role("coordinator")
    path = f"/invitation/{invitation_key(invitation)}/"
    assert client.get(path).headers["Location"].startswith("/compte/2fa/")
    assert client.post(path).headers["Location"].startswith("/compte/2fa/")
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
