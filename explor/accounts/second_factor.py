"""Teams open nothing without a second factor: application, passkey or recovery code.

The proof is in the session, written by allauth at sign-in and by `note_new_factor` at set-up, so
that a page costs no query for it. Whoever has no role in a team is asked nothing.

Everything is closed unless it is listed here: a team session without its proof is a stranger.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from explor.accounts.actions import person_stream
from explor.accounts.models import TEAM, User
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb

ADD_FACTOR = Verb("accounts.add_factor", MANAGERS)
REMOVE_FACTOR = Verb("accounts.remove_factor", MANAGERS)

View = TypeVar("View", bound=Callable[..., Any])

#: the routes that lead to the proof, or out
WAY_IN = frozenset(
    {
        "account_confirm_login_code",
        "account_email_verification_sent",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_request_login_code",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_signup",
        "demo",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
#: where a first factor is set up; a factor that is held is proved before another is added. The
#: addresses are with them: allauth sets nothing up while one of them is not verified.
SET_UP = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_email"})
#: the answers to a stranger after which the proof is asked instead
REFUSALS = frozenset({403, 404})
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
        _tell(user, ADD_FACTOR, f"Deuxième vérification ajoutée : {_name(authenticator)}.")


def tell_removed_factor(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    if authenticator.type in PROOFS:
        _tell(
            user,
            REMOVE_FACTOR,
            f"Deuxième vérification retirée : {_name(authenticator)}.",
        )


def _tell(person: User, verb: Verb, text: str) -> None:
    record(person_stream(person), verb, text, actor=person)


def _name(authenticator: Authenticator) -> str:
    kind = authenticator.type
    return "application" if kind == Authenticator.Type.TOTP else "clé d’accès"


def listen() -> None:
    authenticator_added.connect(note_new_factor, dispatch_uid="explor.accounts.second_factor")
    authenticator_removed.connect(
        tell_removed_factor, dispatch_uid="explor.accounts.second_factor.removed"
    )


@dataclass
class _Visit:
    """Who is signed in, and whom the site sees while the proof is missing."""

    request: HttpRequest

    @cached_property
    def person(self) -> User | AnonymousUser:
        return get_user(self.request)

    @cached_property
    def lacks_proof(self) -> bool:
        person = self.person
        if not isinstance(person, User):
            return False
        return not is_proven(self.request, person) and person.standing.holds(*TEAM)

    def seen(self) -> User | AnonymousUser:
        return AnonymousUser() if self.lacks_proof else self.person

    def opens(self, route: str) -> bool:
        """Whether a listed route is for this session."""
        if route in WAY_IN:
            return True
        return route in SET_UP and not _held(cast(User, self.person))


class _SecondFactor:
    """Stands before the sign-in check. A page that opens by itself is drawn as for a stranger;
    where a stranger is refused, the proof is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SECOND_FACTOR_REQUIRED:
            return self.get_response(request)
        visit = _Visit(request)
        request.user = SimpleLazyObject(visit.seen)  # type: ignore[assignment]
        request.second_factor = visit  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.method == "GET" and _is_refusal(response) and visit.lacks_proof:
            return _lead(request, cast(User, visit.person))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        visit: _Visit | None = getattr(request, "second_factor", None)
        route = (request.resolver_match and request.resolver_match.url_name) or ""
        listed = route in WAY_IN or route in SET_UP
        if visit is None or (not listed and _is_for_anyone(view)) or not visit.lacks_proof:
            return None
        if visit.opens(route):
            request.user = visit.person
            return None
        return _lead(request, cast(User, visit.person))


def for_the_proven(view: View) -> View:
    """On a view that opens to strangers and acts for who is signed in: the proof comes first."""
    view.proof_first = True  # type: ignore[attr-defined]
    return view


def _is_for_anyone(view: Callable[..., Any]) -> bool:
    opens = not getattr(view, "login_required", True)
    return opens and not getattr(view, "proof_first", False)


def _is_refusal(response: HttpResponse) -> bool:
    page = response.headers.get("Content-Type", "").startswith("text/html")
    return page and response.status_code in REFUSALS


def _held(user: User) -> set[str]:
    """The kinds of second factor that the person can prove."""
    kinds = Authenticator.objects.filter(user=user).values_list("type", flat=True)
    return set(kinds) & set(PROOFS)


def _lead(request: HttpRequest, user: User) -> HttpResponse:
    """To the proof of the factor the person has, or to the page where one is set up."""
    if not request.accepts("text/html"):
        return JsonResponse({"error": "La deuxième vérification manque."}, status=401)
    held = _held(user)
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
