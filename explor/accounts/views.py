from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from explor.accounts.demo import BY_ROLE, PEOPLE
from explor.accounts.models import User


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
