from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as examples
from pytest_django.fixtures import Settings

from explor import locking
from explor.accounts.models import User
from explor.celery import app
from tests.factories import World, make_world

# what tests hand over stays here: tests that need a worker start their own
app.conf.broker_url = "memory://"

# a busy machine is no fault of the code
examples.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
examples.load_profile("any machine")


@pytest.fixture(autouse=True)
def plain_files(settings: Settings, tmp_path: Path) -> None:
    """Static files without a manifest, stored files in a folder of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WHITENOISE_AUTOREFRESH = True
    settings.SECURE_SSL_REDIRECT = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def proven_sessions() -> Iterator[None]:
    """Who signs in by `force_login` has passed the second factor, as teams must.

    `tests/accounts/test_second_factor.py` puts its own, empty one in its place.
    """
    user_logged_in.connect(_prove, dispatch_uid="tests.proven_sessions")
    yield
    user_logged_in.disconnect(dispatch_uid="tests.proven_sessions")


def _prove(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    record_authentication(request, user, "mfa", type="totp")


@pytest.fixture(autouse=True)
def rows_held_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row held out of order is an error, in whatever test it happens."""
    monkeypatch.setattr(locking, "strict", True)


@pytest.fixture
def world(db: None) -> World:
    """One programme and one person per role."""
    return make_world()


@pytest.fixture
def as_role(world: World) -> Callable[[str], Client]:
    """`as_role("coordinator")` is a client signed in as that person of the world."""

    def signed_in(role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(
                world.person(role), backend="django.contrib.auth.backends.ModelBackend"
            )
        return client

    return signed_in
