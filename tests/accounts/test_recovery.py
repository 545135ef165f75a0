"""A lost phone and lost codes are mended on screen, with a trace and a mail."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import PermissionDenied
from django.test import Client

from explor.accounts.recovery import forget_second_factor
from explor.journal.models import Entry
from explor.notifications.models import OutboxMail
from explor.ui.errors import Refusal
from tests.factories import World

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def protected(world: World) -> World:
    TOTP.activate(world.coordinator, SECRET)
    RecoveryCodes.activate(world.coordinator)
    return world


def test_administrator_opens_the_way_to_a_new_factor(
    protected: World, as_role: Callable[[str], Client]
) -> None:
    theirs, other, admin = as_role("coordinator"), as_role("osim"), as_role("administrator")
    assert theirs.get("/accueil/").status_code == 200
    where = f"/reglages/personnes/{protected.coordinator.uuid}/"
    assert "Téléphone ou codes perdus" in admin.get(where).content.decode()
    answer = admin.post(f"{where}deuxieme-verification/", {"reason": "Téléphone volé"}, follow=True)
    page = answer.content.decode()
    assert "La deuxième vérification est retirée" in page
    assert "Téléphone ou codes perdus" not in page
    assert not Authenticator.objects.filter(user=protected.coordinator).exists()
    # the lost phone was signed in
    assert theirs.get("/accueil/").headers["Location"].startswith("/compte/login/")
    assert other.get("/accueil/").status_code == 200
    told = Entry.objects.get(verb="accounts.forget_second_factor")
    assert (told.actor, told.stream) == (
        protected.administrator,
        f"person:{protected.coordinator.uuid}",
    )
    mail = OutboxMail.objects.get(event="account")
    assert mail.to_email == protected.coordinator.email
    assert "Vous n’avez rien demandé" in mail.text


def test_reason_is_asked_and_kept(protected: World) -> None:
    with pytest.raises(Refusal, match="Dites pourquoi"):
        forget_second_factor(protected.coordinator, actor=protected.administrator, reason="  ")
    assert Authenticator.objects.filter(user=protected.coordinator).count() == 2


def test_nobody_does_it_for_themselves(protected: World) -> None:
    TOTP.activate(protected.administrator, SECRET)
    with pytest.raises(Refusal, match="une autre personne"):
        forget_second_factor(protected.administrator, actor=protected.administrator, reason="moi")


def test_only_the_administration_may(protected: World) -> None:
    with pytest.raises(PermissionDenied):
        forget_second_factor(protected.coordinator, actor=protected.researcher, reason="pour voir")
    assert Authenticator.objects.filter(user=protected.coordinator).exists()
