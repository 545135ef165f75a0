"""The door of the demonstration, and the people as the administration manages them."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor.accounts import demo_mail, people
from explor.accounts.actions import close_account, end_role, give_role, reopen_account
from explor.accounts.adapter import SecondFactorAdapter
from explor.accounts.demo import BY_ROLE, PEOPLE
from explor.accounts.http import PersonRequest
from explor.accounts.models import Membership, User
from explor.accounts.recovery import forget_second_factor
from explor.intake.typed import reason_in
from explor.ui.attempts import attempt
from explor.ui.errors import Refusal

PAGE = 25


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """One click signs in as the person of a role. Outside demo mode the address does not exist."""
    if not settings.DEMO_MODE:
        raise Http404
    if request.method != "POST":
        return render(request, "accounts/demo.html", {"people": PEOPLE})
    person = BY_ROLE.get(request.POST.get("role", ""))
    user = User.objects.filter(email=person.email).first() if person else None
    if user is None:
        context = {
            "people": PEOPLE,
            "refusal": "Ce rôle n’existe pas dans la démonstration.",
        }
        return render(request, "accounts/demo.html", context, status=400)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("accueil")


@login_not_required
@never_cache
@require_safe
def mails_of_demo(request: HttpRequest) -> HttpResponse:
    """What the site would have sent. Outside demo mode the address does not exist."""
    if not settings.DEMO_MODE:
        raise Http404
    kept = demo_mail.is_kept_here()
    context = {"kept": kept, "letters": demo_mail.letters() if kept else []}
    return render(request, "accounts/demo_mail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def passkey_remove(request: PersonRequest, pk: int) -> HttpResponse:
    """allauth's own page, except for the last factor of a team member."""
    key = get_object_or_404(
        Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN
    )
    adapter = SecondFactorAdapter()
    if not adapter.can_delete_authenticator(key):
        messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_list_webauthn")
    answer: HttpResponse = remove_webauthn(request, pk=pk)
    return answer


def find_person(user: User, uuid: UUID) -> User:
    return get_object_or_404(people.visible_to(user), uuid=uuid)


@require_safe
def person_list(request: PersonRequest) -> HttpResponse:
    if not request.user.has_perm("accounts.manage_people"):
        raise Http404
    filters = people.PeopleFilter(request.GET)
    page = Paginator(people.people_for(request.user, filters), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "accounts/person_list.html", {"filters": filters, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """One person; POST gives a role."""
    found = find_person(request.user, uuid)
    form = people.RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            give_role(found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Le rôle est donné.")
            return redirect("person", uuid)
    context: dict[str, Any] = {"sheet": people.sheet_of(found, request.user), "form": form}
    return render(request, "accounts/person.html", context)


@require_POST
def role_end(request: PersonRequest, uuid: UUID, pk: int) -> HttpResponse:
    found = find_person(request.user, uuid)
    membership = get_object_or_404(
        Membership.objects.select_related("organisation", "user"), pk=pk, user=found
    )
    try:
        end_role(membership, actor=request.user, reason=reason_in(request))
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, "Le rôle est retiré.")
    return redirect("person", uuid)


@require_POST
def person_close(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = find_person(request.user, uuid)
    try:
        close_account(found, actor=request.user, reason=reason_in(request))
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, "Le compte est fermé.")
    return redirect("person", uuid)


@require_POST
def person_reopen(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = find_person(request.user, uuid)
    reopen_account(found, actor=request.user)
    messages.success(request, "Le compte est rouvert.")
    return redirect("person", uuid)


@require_POST
def person_factor_forget(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """A lost phone, lost codes: the person sets up a second factor again."""
    found = find_person(request.user, uuid)
    attempt(
        request,
        lambda: forget_second_factor(found, actor=request.user, reason=reason_in(request)),
        "La deuxième vérification est retirée ; la personne en choisira une nouvelle.",
    )
    return redirect("person", uuid)
