"""The components, as template tags. They are built in: no `{% load %}` is needed.

Every one is shown with its states at /reglages/style/.
"""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
)
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from explor.ui import html
from explor.ui.components import Pair, Stage, Step, Tab, Tone
from explor.ui.map import MapPoint, render_map
from explor.ui.prose import prose

register = template.Library()

Values = dict[str, Any]

register.simple_tag(html.icon, name="icon")
register.simple_tag(html.badge, name="badge")
register.simple_tag(html.due, name="due")
register.simple_tag(html.person, name="person")
register.simple_tag(html.file_link, name="file_link")
register.filter("day", html.day)
register.filter("distance", html.distance)
register.filter("prose", prose)


# --- actions --------------------------------------------------------------------------
@register.simple_tag
def form_token(value: object = "") -> SafeString:
    """The hidden token of a form that creates something; keeps the one already submitted."""
    return format_html('<input type="hidden" name="token" value="{}">', value or uuid.uuid4())


@register.inclusion_tag("ui/action_button.html", takes_context=True)
def action_button(
    context: Context,
    url: str,
    label: str,
    *,
    primary: bool = False,
    danger: bool = False,
    icon: str = "",
    reason: str = "",
    confirm: str = "",
    help: str = "",
    hidden: dict[str, Any] | None = None,
    token: bool = False,
    optional: bool = False,
) -> Values:
    """A POST as a button. With `reason` (label of the text asked for, field `reason`) or `confirm`
    (a sentence), the button opens what is asked first; no script is needed for it."""
    kind = "btn-primary" if primary else "btn-outline-danger" if danger else "btn-outline-secondary"
    return {
        "url": url,
        "label": label,
        "kind": kind,
        "danger": danger,
        "icon": icon,
        "reason": reason,
        "required": bool(reason) and not optional,
        "confirm": confirm,
        "help": help,
        "hidden": hidden or {},
        "token": uuid.uuid4() if token else "",
        "key": uuid.uuid4().hex[:8],
        "csrf_token": context.get("csrf_token"),
    }


# --- places to read -------------------------------------------------------------------
@register.simple_block_tag
def card(
    content: str, title: str = "", *, icon: str = "", tone: str = "", level: int = 2, id: str = ""
) -> SafeString:
    drawn = html.icon(icon) if icon else ""
    heading = format_html("<h{0}>{1}{2}</h{0}>", level, drawn, title) if title else ""
    named = format_html(' id="{}"', id) if id else ""
    tone_class = f" tone-edge tone-{tone}" if tone else ""
    return format_html(
        '<section class="card{}"{}>{}{}</section>', tone_class, named, heading, content
    )


@register.simple_block_tag
def callout(content: str, title: str = "", *, tone: str = "active", icon: str = "") -> SafeString:
    """Something to notice; `alert` is announced to screen readers when it appears."""
    heading = format_html('<p class="callout-title">{}</p>', title) if title else ""
    role = mark_safe(' role="alert"') if tone == "alert" else ""
    drawn = html.icon(icon or Tone(tone).icon)
    return format_html(
        '<div class="callout tone-{}"{}>{}<div>{}{}</div></div>',
        tone,
        role,
        drawn,
        heading,
        content,
    )


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    title: str, text: str = "", *, url: str = "", label: str = "", icon: str = "inbox"
) -> Values:
    return {"title": title, "text": text, "url": url, "label": label, "icon": icon}


@register.inclusion_tag("ui/timeline.html")
def timeline(stages: Sequence[Stage], label: str = "Étapes de la mission") -> Values:
    return {"stages": stages, "label": label}


@register.inclusion_tag("ui/stepper.html")
def stepper(steps: Sequence[Step], label: str = "Étapes du formulaire") -> Values:
    current = next((n for n, step in enumerate(steps, 1) if step.state == "current"), 1)
    return {"steps": steps, "label": label, "number": current, "total": len(steps)}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Sequence[Tab], label: str = "Rubriques") -> Values:
    return {"items": items, "label": label}


@register.inclusion_tag("ui/facts.html")
def facts(rows: Iterable[tuple[str, object]], *, wide: bool = False) -> Values:
    """A definition list; a row whose value is empty is left out."""
    return {
        "rows": [(term, value) for term, value in rows if value not in ("", None)],
        "wide": wide,
    }


@register.inclusion_tag("ui/comparison.html")
def comparison(
    pairs: Sequence[Pair], left: str = "Objectifs", right: str = "Réalisations", caption: str = ""
) -> Values:
    return {"pairs": pairs, "left": left, "right": right, "caption": caption}


@register.inclusion_tag("ui/quote.html")
def quote(text: str, *, by: str = "", source: str = "", url: str = "") -> Values:
    return {"text": text, "by": by, "source": source, "url": url}


@register.inclusion_tag("ui/diff.html")
def diff(
    theirs: str,
    mine: str,
    *,
    theirs_label: str = "Version enregistrée",
    mine_label: str = "Ce que vous aviez écrit",
) -> Values:
    """Two texts of one field, side by side, what differs marked in each."""
    left, right = html.marked_difference(theirs, mine)
    return {"left": left, "right": right, "theirs_label": theirs_label, "mine_label": mine_label}


@register.inclusion_tag("ui/conflict.html")
def conflict(theirs: str | None, mine: str | None, version: int, label: str = "") -> Values:
    """A stale save: both texts, and the version that the next submit will replace knowingly."""
    return {"theirs": theirs or "", "mine": mine or "", "version": version, "label": label}


@register.inclusion_tag("ui/stat.html")
def stat(value: object, label: str, *, n: str = "", url: str = "", note: str = "") -> Values:
    """A figure, what it measures, on how many (`n`), and the way to its rows (`url`)."""
    return {"value": value, "label": label, "n": n, "url": url, "note": note}


@register.inclusion_tag("ui/map.html")
def places_map(
    points: Sequence[MapPoint],
    title: str = "Carte des lieux",
    *,
    region: str = "auto",
    width: int = 640,
    listed: bool = True,
) -> Values:
    """The map and, behind it, the list of its places."""
    drawn = render_map(points, width=width, region=region, title=title)
    return {"drawn": drawn, "points": points, "title": title, "listed": listed}


@register.inclusion_tag("_breadcrumb.html")
def crumbs(*parts: object) -> Values:
    """`label url label url … label`: the last label, alone, is the page itself."""
    urls = [*parts[1::2], ""]
    return {"crumbs": list(zip(parts[::2], urls, strict=False))}


# --- lists ----------------------------------------------------------------------------
@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], label: str = "Pages") -> Values:
    return {
        "page": page,
        "label": label,
        "request": context.get("request"),
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
    }


@register.inclusion_tag("ui/filter_bar.html", takes_context=True)
def filter_bar(
    context: Context, form: BaseForm, *, presets: Sequence[Tab] = (), count: int | None = None
) -> Values:
    """Filters in the address (GET). `presets` are links; `count` is how many rows are found."""
    request = context.get("request")
    active = bool(
        request and any(value for key, value in request.GET.items() if key in form.fields)
    )
    return {
        "form": form,
        "presets": presets,
        "count": count,
        "active": active,
        "path": request.path if request else "",
    }


# --- forms ----------------------------------------------------------------------------
@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, *, hide_label: bool = False) -> Values:
    """A plain field: label, required mark, help, error; Django ties help and error to the input."""
    widget = bound.field.widget
    many = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    box = isinstance(widget, CheckboxInput)
    css = (
        "form-check-input"
        if box or many
        else "form-select"
        if isinstance(widget, Select)
        else "form-control"
    )
    if bound.errors:
        css += " is-invalid"
    classes = " ".join(filter(None, [widget.attrs.get("class", ""), css]))
    if many:
        widget.attrs["class"] = classes
    return {
        "field": bound,
        "many": many,
        "box": box,
        "hide_label": hide_label,
        "drawn": bound.as_widget(attrs={"class": classes}),
    }


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> Values:
    """What stops a form, at its top, with a link to each field. No browser sends a chosen file
    back: it is the one thing to give again, and it is said."""
    fields = [bound for bound in form if bound.errors]
    return {"form": form, "fields": fields, "files": bool(form.files)}


# --- what takes time ------------------------------------------------------------------
@register.inclusion_tag("ui/progress.html")
def progress(percent: int, step: str = "", *, url: str = "", done: bool = False) -> Values:
    """`url` answers this same component, asked again every 1.5 s by htmx until `done`."""
    return {"percent": percent, "step": step, "url": url, "done": done}


@register.inclusion_tag("ui/saving_status.html")
def saving_status(state: str = "saved") -> Values:
    return {"state": state}


# --- addresses ------------------------------------------------------------------------
@register.simple_tag
def url_if_any(name: str, *args: object, **kwargs: object) -> str:
    """The address of a route, or nothing when this installation does not have it."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""
