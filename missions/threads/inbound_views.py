"""Where the mail server hands over what arrives at the reply addresses."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from missions.threads.inbound import receive_mail


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def inbound_mail(request: HttpRequest, secret: str) -> JsonResponse:
    """The body is the mail as it came (message/rfc822).

    The secret of the address stands for the sign-in. Any mail is answered 200, whatever it holds:
    another status would have the mail server send it again. One byte over the limit is enough to
    know that a mail is too heavy: the rest is not read.
    """
    known = settings.INBOUND_SECRET
    if not known or not constant_time_compare(secret, known):
        raise Http404
    try:
        raw = request.read(settings.INBOUND_MAX_BYTES + 1)
    except UnreadablePostError:
        return JsonResponse({"suite": "interrompu"}, status=400)
    inbound = receive_mail(raw)
    return JsonResponse({"suite": inbound.fate, "motif": inbound.reason})
