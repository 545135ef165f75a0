"""After too many tries, a wait: how long, in French, read from the limits themselves."""

from allauth.account import app_settings
from allauth.core.internal.ratelimit import parse_rates
from django.utils.functional import lazy


def wait_minutes(action: str) -> int:
    """The longest of the waits of `action`, in minutes, at least one."""
    rates = parse_rates(app_settings.RATE_LIMITS.get(action))
    minutes = [round(float(rate.duration) / 60) for rate in rates]
    return max([1, *minutes])


def _words(action: str) -> str:
    minutes = wait_minutes(action)
    wait = "une minute" if minutes == 1 else f"{minutes} minutes"
    return (
        f"Trop d’essais ont échoué. Par sécurité, attendez {wait}, puis recommencez. "
        "Vous pouvez aussi demander un code par e-mail."
    )


wait_words = lazy(_words, str)
