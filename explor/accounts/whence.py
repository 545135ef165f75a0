"""Where a request comes from, once the front servers that we trust are taken away."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Each trusted proxy adds at the right of X-Forwarded-For the address it was called from:
    what stands further left was written by the caller, and is never read. Without a header that
    goes back far enough, the address of whoever is connected."""
    count = settings.TRUSTED_PROXIES
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < count <= len(hops) and (found := _clean(hops[-count])):
        return found
    return _clean(request.META.get("REMOTE_ADDR", "")) or "unix"


def _clean(text: str) -> str:
    """The bare address of `203.0.113.9`, `203.0.113.9:443` or `[2001:db8::1]:443`, or nothing."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
