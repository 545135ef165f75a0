"""Addresses made to meet: each writes two rows, in the order of its own path."""

from threading import Barrier

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from explor.accounts.actions import GIVE_ROLE
from explor.accounts.models import Organisation, User
from explor.journal.actions import record

#: Both have written their first row before either asks for its second.
meeting = Barrier(2)
attempts: list[str] = []


def write(name: str) -> None:
    """The row's first letter grows: what is done twice shows."""
    row = Organisation.objects.get(acronym=name)
    Organisation.objects.filter(pk=row.pk).update(city=row.city + "x")


@login_not_required
def both(request: HttpRequest, first: str, second: str) -> HttpResponse:
    attempts.append(first)
    messages.success(request, "essai")
    sent = request.FILES["piece"].read() if request.FILES else b""
    with transaction.atomic():
        write(first)
        if attempts.count(first) == 1:
            meeting.wait(20)
        write(second)
    shown = len(list(messages.get_messages(request)))
    return HttpResponse(f"{request.POST.get('texte')} {sent.decode()} {shown}")


@login_not_required
def after_a_commit(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """Something is committed before the two meet: it must not be done again."""
    record("essai", GIVE_ROLE, f"Avant {first}.", actor=None)
    return HttpResponse(both(request, first, second))


@login_not_required
def always(request: HttpRequest) -> HttpResponse:
    attempts.append("always")
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'essai' USING ERRCODE = '40P01'; END $$")
    return HttpResponse("")


@login_not_required
def limit(request: HttpRequest) -> HttpResponse:
    """PostgreSQL is there and refuses: a fault of ours."""
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'essai' USING ERRCODE = '54000'; END $$")
    return HttpResponse(str(User.objects.count()))


urlpatterns = [
    path("essai/deux/<first>/<second>/", both),
    path("essai/apres/<first>/<second>/", after_a_commit),
    path("essai/toujours/", always),
    path("essai/limite/", limit),
    path("", include("explor.urls")),
]
handler500 = "explor.ui.views.server_error"
