"""How allauth behaves here: who signs up, where people land, what it says."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from explor.accounts.lockout import wait_words
from explor.accounts.second_factor import PROOFS, is_asked
from explor.accounts.whence import client_address


class ThisSite:
    name = "Explor"

    @property
    def domain(self) -> str:
        return str(settings.SITE_URL)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est fermé. La coordination peut vous dire pourquoi.",
        "cannot_remove_primary_email": "Votre adresse principale ne peut pas être supprimée : "
        "choisissez-en d’abord une autre.",
        "duplicate_email": "Cette adresse e-mail est déjà la vôtre.",
        "email_password_mismatch": "L’adresse e-mail ou le mot de passe ne va pas. Vérifiez les "
        "deux, ou demandez un code par e-mail.",
        "email_taken": "Cette adresse e-mail sert déjà à un compte.",
        "enter_current_password": "Écrivez votre mot de passe actuel.",
        "incorrect_code": "Ce code ne va pas. Vérifiez chaque signe, ou demandez-en un autre.",
        "incorrect_password": "Ce mot de passe ne va pas.",
        "invalid_or_expired_key": "Ce lien a servi ou n’est plus valable : demandez-en un autre.",
        "invalid_login": "Cette connexion n’a pas abouti : recommencez.",
        "invalid_password_reset": "Ce lien a servi ou n’est plus valable : demandez-en un autre.",
        "max_email_addresses": "%d adresses e-mail au plus vont sur un compte.",
        "too_many_login_attempts": wait_words("login_failed"),
        "unknown_email": "Aucun compte n’utilise cette adresse e-mail.",
        "unverified_primary_email": "Votre adresse principale doit d’abord être vérifiée.",
        "select_only_one": "Choisissez une seule réponse.",
        "same_as_current": "La nouvelle valeur est la même que l’actuelle.",
        "rate_limited": "Trop d’envois en peu de temps : attendez une minute, puis recommencez.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mails are from the site by its name and public address, whatever host was asked."""
        super().send_mail(template_prefix, email, {**context, "current_site": ThisSite()})

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/accueil/"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Votre rôle demande une deuxième vérification : ajoutez "
        "d’abord une autre façon de vérifier, puis retirez celle-ci.",
        "cannot_generate_recovery_codes": "Les codes de secours viennent après une application "
        "ou une clé d’accès.",
        "incorrect_code": "Ce code ne va pas. Il change toutes les trente secondes.",
        "unverified_email": "Vérifiez d’abord votre adresse e-mail.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor of a team member stays."""
        if not is_asked(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=list(PROOFS))
        return bool(others.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return "Ma clé d’accès" if not count else f"Clé d’accès {count + 1}"
