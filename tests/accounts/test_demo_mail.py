"""The mails of the demonstration are shown where people look for them."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django.fixtures import Settings

from explor.accounts.demo_mail import FILES


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO_MODE = True
    settings.EMAIL_BACKEND = FILES
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")


@pytest.mark.django_db
def test_latest_mail_is_read_first_with_its_link(kept: None) -> None:
    for subject in ("Première", "Votre code à vous"):
        text = "Bonjour,\n\nEF12-34GH\n\nhttp://localhost:8000/invitation/abc/"
        sent = EmailMultiAlternatives(subject, text, "a@b.example", ["awa@essai.example"])
        sent.attach_alternative("<p>Bonjour</p>", "text/html")
        sent.send()
    page = Client().get("/demo/courrier/").content.decode()
    assert page.index("Votre code à vous") < page.index("Première")
    assert "awa@essai.example" in page and "EF12-34GH" in page
    assert 'href="http://localhost:8000/invitation/abc/"' in page
    assert "/demo/courrier/" in Client().get("/demo/").content.decode()


@pytest.mark.django_db
def test_no_mail_yet_and_a_real_server_are_told(kept: None, settings: Settings) -> None:
    assert "Aucun e-mail pour le moment" in Client().get("/demo/courrier/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert "partent pour de vrai" in Client().get("/demo/courrier/").content.decode()


@pytest.mark.django_db
def test_outside_the_demonstration_the_address_does_not_exist(settings: Settings) -> None:
    settings.DEMO_MODE = False
    assert Client().get("/demo/courrier/").status_code == 404
