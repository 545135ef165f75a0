from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.accounts.models import User
from explor.notifications import actions
from explor.notifications.forms import MailChoiceForm
from explor.notifications.mails import read_stop_key
from explor.notifications.models import Notice
from explor.notifications.queries import calendar_of, rhythms_for, unread_count
from explor.ui.components import Tab


@never_cache
@require_safe
def inbox(request: PersonRequest) -> HttpResponse:
    notices = Notice.objects.visible_to(request.user)
    only_unread = request.GET.get("voir") == "non-lus"
    if only_unread:
        notices = notices.unread()
    unread, here = unread_count(request.user), reverse("inbox")
    context = {
        "page": Paginator(notices, 25).get_page(request.GET.get("page")),
        "only_unread": only_unread,
        "unread": unread,
        "tabs": [
            Tab("Tous", here, current=not only_unread),
            Tab("Non lus", f"{here}?voir=non-lus", current=only_unread, count=unread),
        ],
    }
    return render(request, "notifications/inbox.html", context)


@never_cache
@require_safe
def notice_open(request: PersonRequest, pk: int) -> HttpResponse:
    """Leads to what the notice is about, and marks it as read on the way."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    actions.read_notice(notice, actor=request.user)
    inside = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if inside else "inbox")


@require_POST
def notice_read(request: PersonRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    notice = actions.read_notice(notice, actor=request.user)
    if request.htmx:
        return render(request, "notifications/_notice.html", {"notice": notice})
    return redirect("inbox")


@require_POST
def notice_read_all(request: PersonRequest) -> HttpResponse:
    actions.read_all_notices(actor=request.user)
    messages.success(request, "Tous vos messages sont marqués comme lus.")
    return redirect("inbox")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inbox_settings(request: PersonRequest) -> HttpResponse:
    initial = {event.value: rhythm for event, rhythm in rhythms_for(request.user).items()}
    form = MailChoiceForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.choose_mails(form.chosen(), actor=request.user)
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("inbox_settings")
    address = calendar_of(request.user)
    context = {
        "form": form,
        "calendar": address
        and request.build_absolute_uri(reverse("agenda", args=[address.secret])),
        "since": address and address.created_at,
    }
    return render(request, "notifications/inbox_settings.html", context)


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: HttpRequest, key: str) -> HttpResponse:
    """Stops one kind of mail from the mail itself, without signing in.

    Reading the address only asks for confirmation, because mail scanners follow links; the
    signed key stands for the CSRF token, which a mail program's one-click POST cannot have.
    """
    try:
        user_id, event = read_stop_key(key)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    user = get_object_or_404(User, pk=user_id)
    if request.method == "POST":
        actions.mute_event(event, actor=user)
    context = {"event": event, "stopped": request.method == "POST"}
    return render(request, "notifications/mail_stop.html", context)
