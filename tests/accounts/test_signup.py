"""Creating an account, signing in by code, and what too many tries meet."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account import app_settings
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from explor import clock
from explor.accounts.lockout import wait_minutes
from explor.accounts.models import User
from tests.factories import UserFactory, World

EMAIL = "fatou@essai.example"
PHRASE = "une phrase bien longue"


def last_code() -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", str(mail.outbox[-1].body), re.M)
    assert found is not None, mail.outbox[-1].body
    return found[1]


def sign_up(client: Client, **fields: str) -> Any:
    data = {"first_name": "Fatou", "last_name": "Exemple", "email": EMAIL, **fields}
    return client.post("/compte/signup/", data)


def test_name_and_email_are_enough(db: None) -> None:
    client = Client()
    assert sign_up(client).headers["Location"] == "/compte/confirm-email/"
    assert client.get("/accueil/").status_code == 302
    answer = client.post("/compte/confirm-email/", {"code": last_code()})
    assert answer.headers["Location"] == "/accueil/"
    person = User.objects.get(email=EMAIL)
    assert (person.first_name, person.last_name) == ("Fatou", "Exemple")
    assert not person.has_usable_password()
    home = client.get("/accueil/")
    assert home.status_code == 200
    assert "/organisations/" in home.content.decode()


def test_wrong_code_opens_nothing(db: None) -> None:
    client = Client()
    sign_up(client)
    answer = client.post("/compte/confirm-email/", {"code": "AAAAAA"})
    assert "Ce code ne va pas" in answer.content.decode()
    assert client.get("/accueil/").status_code == 302


def test_password_may_be_chosen_at_once_and_must_be_long(db: None) -> None:
    client = Client()
    assert "au minimum 12" in sign_up(client, password1="court").content.decode()
    sign_up(client, password1=PHRASE)
    assert User.objects.get(email=EMAIL).check_password(PHRASE)


@pytest.mark.parametrize("missing", ["first_name", "email"])
def test_sign_up_needs_name_and_email(db: None, missing: str) -> None:
    assert sign_up(Client(), **{missing: ""}).status_code == 200
    assert not User.objects.exists()


def test_sign_up_does_not_tell_who_has_an_account(db: None) -> None:
    UserFactory.create(email=EMAIL)
    known = sign_up(Client())
    unknown = sign_up(Client(), email="personne@essai.example")
    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]
    assert User.objects.filter(email=EMAIL).count() == 1


def test_code_by_email_signs_in(db: None) -> None:
    person = UserFactory.create(email=EMAIL)
    person.emailaddress_set.create(email=EMAIL, verified=True, primary=True)
    client = Client()
    client.post("/compte/login/code/", {"email": EMAIL})
    client.post("/compte/login/code/confirm/", {"code": last_code()})
    assert client.get("/accueil/").status_code == 200


def try_passwords(email: str, *, times: int) -> str:
    client, text = Client(), ""
    for _ in range(times):
        answer = client.post("/compte/login/", {"login": email, "password": "pas le bon"})
        text = answer.content.decode()
    return text


def test_too_many_failures_close_the_door_and_say_how_long(db: None) -> None:
    person = UserFactory.create(email=EMAIL)
    person.set_password(PHRASE)
    person.save()
    person.emailaddress_set.create(email=EMAIL, verified=True, primary=True)
    assert "ne va pas" in try_passwords(EMAIL, times=5)
    assert "attendez 5 minutes" in try_passwords(EMAIL, times=1)
    # even the right one, from anywhere, until the wait is over
    client = Client(REMOTE_ADDR="10.9.8.7")
    answer = client.post("/compte/login/", {"login": EMAIL, "password": PHRASE})
    assert "attendez 5 minutes" in answer.content.decode()
    # another person, from another place, is not concerned
    other = UserFactory.create(email="autre@essai.example")
    other.set_password(PHRASE)
    other.save()
    other.emailaddress_set.create(email=other.email, verified=True, primary=True)
    answer = client.post("/compte/login/", {"login": other.email, "password": PHRASE})
    assert answer.headers["Location"] == "/accueil/"


def test_unknown_addresses_are_counted_alike(db: None) -> None:
    assert "attendez 5 minutes" in try_passwords("personne@essai.example", times=6)


def test_wait_is_read_from_the_limits(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/15m/key"}
    assert app_settings.RATE_LIMITS["login_failed"] == "10/m/ip,5/15m/key"
    assert wait_minutes("login_failed") == 15


def test_too_many_sign_ups_from_one_place_meet_a_plain_page(db: None, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    answers = [sign_up(Client(), email=f"x{n}@essai.example") for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Attendez un peu" in answers[-1].content.decode()


# --- how long one stays signed in -----------------------------------------------------
@pytest.mark.parametrize(
    ("role", "hours", "still_in"),
    [
        ("osim", 24 * 29, True),
        ("osim", 24 * 31, False),
        ("coordinator", 11, True),
        ("coordinator", 13, False),
    ],
)
def test_session_lasts_by_role(world: World, role: str, hours: int, still_in: bool) -> None:
    client = Client()
    client.force_login(world.person(role), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    left = session.get_expiry_date() - clock.now()
    assert (left > timedelta(hours=hours)) is still_in


def test_visit_postpones_the_end(world: World) -> None:
    client = Client()
    client.force_login(world.coordinator, backend="django.contrib.auth.backends.ModelBackend")
    first = client.session["seen_at"]
    client.get("/messages/")
    assert client.session["seen_at"] == first
    with clock.at(clock.now() + timedelta(minutes=20)):
        answer = client.get("/messages/")
        assert client.session["seen_at"] > first
    assert answer.cookies["sessionid"]["max-age"] == 12 * 3600


def test_code_mails_speak_for_the_site(db: None, settings: Settings) -> None:
    settings.SITE_URL = "https://explor.exemple.org"
    sign_up(Client())
    UserFactory(email="moussa@essai.example").emailaddress_set.create(
        email="moussa@essai.example", verified=True, primary=True
    )
    Client().post("/compte/login/code/", {"email": "moussa@essai.example"})
    Client().post("/compte/login/code/", {"email": "personne@essai.example"})
    Client().post("/compte/password/reset/", {"email": "moussa@essai.example"})
    assert len(mail.outbox) == 4
    for sent in mail.outbox:
        assert "Explor" in sent.body.splitlines()[0]
        for host in ("testserver", "127.0.0.1", "localhost", "example.com"):
            assert host not in str(sent.body).replace("http://testserver/compte/", ""), sent.body


def test_code_that_does_not_arrive_is_sent_again(db: None, settings: Settings) -> None:
    client = Client()
    sign_up(client)
    first, page = last_code(), client.get("/compte/confirm-email/").content.decode()
    assert "Renvoyer un code" in page and "trois fois au plus" in page
    assert client.post("/compte/confirm-email/", {"action": "resend"}).status_code == 429
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "9/m/key"}
    client.post("/compte/confirm-email/", {"action": "resend"})
    assert last_code() != first
    assert client.post("/compte/confirm-email/", {"code": last_code()}).status_code == 302


def test_address_with_a_slip_is_corrected_on_the_code_page(db: None) -> None:
    client = Client()
    sign_up(client, email="fatu@essai.example")
    assert "J’ai mal écrit mon adresse" in client.get("/compte/confirm-email/").content.decode()
    client.post("/compte/logout/", {"next": "/compte/signup/"})
    sign_up(client)
    assert mail.outbox[-1].to == [EMAIL]
    client.post("/compte/confirm-email/", {"code": last_code()})
    assert User.objects.get(emailaddress__verified=True).email == EMAIL


def test_sign_in_code_is_sent_again_and_its_address_corrected(db: None, world: World) -> None:
    client = Client()
    client.post("/compte/login/code/", {"email": world.osim.email})
    page = client.get("/compte/login/code/confirm/").content.decode()
    assert "Renvoyer un code" in page
    assert "J’ai mal écrit mon adresse" in page


def test_single_name_is_a_name(db: None) -> None:
    client = Client()
    assert sign_up(client, first_name="Souleymane", last_name="").status_code == 302
    assert str(User.objects.get()) == "Souleymane"
