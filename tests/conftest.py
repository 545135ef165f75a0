from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from explor.celery import app
from tests.factories import World, make_world

# what tests hand over stays here: tests that need a worker start their own
app.conf.broker_url = "memory://"


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
