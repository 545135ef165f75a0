"""Small pieces of HTML that appear on every row of a list: strings, not templates."""

import json
import re
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from explor import clock
from explor.ui.components import Tone


def dist_file(name: str) -> Path:
    """A file of the built front end; the build must have run."""
    return Path(settings.STATICFILES_DIRS[0]) / name


@cache
def _icons() -> dict[str, str]:
    path = dist_file("icons.json")
    drawn: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return drawn


@cache
def icon(name: str, label: str = "") -> SafeString:
    """A Bootstrap icon of `static/icons.json`, silent for screen readers unless it has a label.

    Raises LookupError in debug when the name is not listed; elsewhere draws nothing.
    """
    paths = _icons().get(name)
    if paths is None:
        if settings.DEBUG:
            raise LookupError(f"icon {name!r} is not in static/icons.json (or npm run build)")
        return mark_safe("")
    named = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return mark_safe(f'<svg class="icon" viewBox="0 0 16 16" {named}>{paths}</svg>')


def badge(label: str, tone: str = Tone.NEUTRAL, icon_name: str = "") -> SafeString:
    drawn = icon(icon_name or Tone(tone).icon)
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, drawn, label)


def day(value: date | None) -> str:
    """« 3 mars 2026 », here, with spaces that do not break."""
    if not value:
        return ""
    return date_format(clock.local_day(value), "j F Y").replace(" ", "\u00a0")


def distance(value: date) -> str:
    """How far a day is, said as people say it."""
    days = (value - clock.today()).days
    near = {-1: "hier", 0: "aujourd’hui", 1: "demain"}
    if days in near:
        return near[days]
    return f"dans {days}\u00a0jours" if days > 0 else f"il y a {-days}\u00a0jours"


def due(value: date | None, done: bool = False) -> SafeString:
    """A due date: what is past and not done is late, and says so in words."""
    if value is None:
        return mark_safe('<span class="muted">sans date</span>')
    stamp = format_html('<time datetime="{}">{}</time>', value.isoformat(), day(value))
    days = (value - clock.today()).days
    if done:
        return stamp
    if days < 0:
        word = "1\u00a0jour" if days == -1 else f"{-days}\u00a0jours"
        return format_html("{} {}", stamp, badge(f"En retard de {word}", Tone.ALERT))
    if days <= 7:
        return format_html("{} {}", stamp, badge(distance(value), Tone.WAITING))
    return format_html('{} <span class="muted">({})</span>', stamp, distance(value))


def marked_difference(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both texts, escaped, with the words only one of them has marked.

    Beyond 4,000 words nothing is marked: comparing would take longer than reading.
    """
    a, b = re.findall(r"\s+|[^\s]+", old), re.findall(r"\s+|[^\s]+", new)
    if max(len(a), len(b)) > 4000:
        return format_html("{}", old), format_html("{}", new)
    left: list[SafeString] = []
    right: list[SafeString] = []
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        gone, come = "".join(a[i:j]), "".join(b[k:m])
        if kind == "equal":
            left.append(format_html("{}", gone))
            right.append(format_html("{}", come))
            continue
        if gone:
            left.append(format_html("<del>{}</del>", gone))
        if come:
            right.append(format_html("<ins>{}</ins>", come))
    return mark_safe("".join(left)), mark_safe("".join(right))


def person(name: object, role: str = "") -> SafeString:
    words = str(name).split()
    initials = "".join(word[0] for word in words[:2]).upper() or "?"
    said = format_html('<span class="muted">{}</span>', role) if role else ""
    return format_html(
        '<span class="person"><span class="person-mark" aria-hidden="true">{}</span>'
        '<span class="person-name">{}{}</span></span>',
        initials,
        name,
        said,
    )


def file_link(url: str, name: str, size: int | None = None, kind: str = "") -> SafeString:
    """A file says its kind and weight before it is opened."""
    suffix = kind or (name.rsplit(".", 1)[-1].upper() if "." in name else "")
    weight = filesizeformat(size) if size else ""
    about = ", ".join(part for part in (suffix, weight) if part)
    icon_name = "file-earmark-pdf" if suffix == "PDF" else "file-earmark-text"
    detail = format_html(' <span class="muted">({})</span>', about) if about else ""
    return format_html(
        '<a class="file-link" href="{}">{}<span>{}{}</span></a>',
        url,
        icon(icon_name),
        name,
        detail,
    )
