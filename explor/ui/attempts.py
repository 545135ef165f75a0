"""Doing what a button asks, and saying what came of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from explor.ui.errors import Refusal


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do it and say so, or show why not; `False` when it was refused.

    A missing right is no refusal: it has its page (403 or 404).
    """
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return False
    messages.success(request, done)
    return True
