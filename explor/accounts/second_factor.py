"""Teams open nothing without a second factor: application, passkey or recovery code.

The proof is in the session, written by allauth at sign-in and by `note_new_factor` at set-up, so
that a page costs no query for it. Whoever has no role in a team is asked nothing.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from explor.accounts.actions import person_stream
from explor.accounts.models import TEAM, User
from explor.journal.actions import record

#: the pages that lead to a second factor, or out
WAY_IN = ("account_", "mfa_", "demo")
#: where each kind is proved once more
PROOFS = {
    Authenticator.Type.TOTP: "mfa_reauthenticate",
    Authenticator.Type.WEBAUTHN: "mfa_reauthenticate_webauthn",
}


def is_proven(request: HttpRequest, user: User) -> bool:
    """Whether this session has passed a second factor."""
    return any(row.get("method") == "mfa" for row in get_authentication_records(request, user))


def is_asked(user: User) -> bool:
    return bool(settings.SECOND_FACTOR_REQUIRED) and user.standing.holds(*TEAM)


def note_new_factor(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Setting one up proves it: the code typed then is not asked again."""
    if authenticator.type in PROOFS:
        record_authentication(request, user, "mfa", type=authenticator.type, reauthenticated=True)
        _tell(
            user, "accounts.add_factor", f"Deuxième vérification ajoutée : {_name(authenticator)}."
        )


def tell_removed_factor(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    if authenticator.type in PROOFS:
        _tell(
            user,
            "accounts.remove_factor",
            f"Deuxième vérification retirée : {_name(authenticator)}.",
        )


def _tell(person: User, verb: str, text: str) -> None:
    record(person_stream(person), verb, text, actor=person)


def _name(authenticator: Authenticator) -> str:
    kind = authenticator.type
    return "application" if kind == Authenticator.Type.TOTP else "clé d’accès"


def listen() -> None:
    authenticator_added.connect(note_new_factor, dispatch_uid="explor.accounts.second_factor")
    authenticator_removed.connect(
        tell_removed_factor, dispatch_uid="explor.accounts.second_factor.removed"
    )


class _SecondFactor:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Everything behind sign-in waits; public pages stay open."""
        if not settings.SECOND_FACTOR_REQUIRED or not getattr(view, "login_required", True):
            return None
        match = request.resolver_match
        if match is not None and (match.url_name or "").startswith(WAY_IN):
            return None
        user = request.user
        if not isinstance(user, User) or not user.is_authenticated:
            return None
        if is_proven(request, user) or not user.standing.holds(*TEAM):
            return None
        return _lead(request, user)


def _lead(request: HttpRequest, user: User) -> HttpResponse:
    """To the proof of the factor the person has, or to the page where one is set up."""
    held = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    proof = next((route for kind, route in PROOFS.items() if kind in held), None)
    if proof:
        back = request.get_full_path() if request.method == "GET" else reverse("accueil")
        where = f"{reverse(proof)}?{urlencode({'next': back})}"
    else:
        where = reverse("mfa_index")
        messages.info(
            request,
            "Votre rôle donne accès aux dossiers d’autres personnes : choisissez une deuxième "
            "vérification, puis tout s’ouvrira.",
        )
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(where)
    return redirect(where)


def second_factor(get_response: Callable[[HttpRequest], HttpResponse]) -> _SecondFactor:
    """Middleware."""
    return _SecondFactor(get_response)
