"""A row of the « Financement » page as a form: shown, saved, refused, or met by another save."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from explor.accounts.http import PersonRequest
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Mission
from missions.dossier.page import page_context
from missions.funding.sheet_forms import SheetForm


@dataclass(frozen=True)
class Sheet:
    """One form: what it asks, what it does once valid, and what is said of it.

    `now` gives the values as they are saved, to be shown beside those of a stale save.
    """

    title: str
    button: str
    told: str
    form: SheetForm
    act: Callable[[dict[str, Any]], Any]
    now: Callable[[], tuple[int, dict[str, Any]]] | None = None
    about: str = ""


def sent(request: PersonRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def values_of(row: Any, form: type[SheetForm]) -> dict[str, Any]:
    """What the form shows of a row already written; a file is never shown again."""
    return {name: getattr(row, name) for name in form.base_fields if _is_word(row, name)}


def _is_word(row: Any, name: str) -> bool:
    return name not in {"token", "version", "receipt"} and hasattr(row, name)


def present(row: Any, form: SheetForm) -> Callable[[], tuple[int, dict[str, Any]]]:
    def read() -> tuple[int, dict[str, Any]]:
        fresh = type(row).objects.get(pk=row.pk)
        return fresh.version, values_of(fresh, type(form))

    return read


def answer(request: PersonRequest, mission: Mission, sheet: Sheet) -> HttpResponse:
    """The form; once valid, its act and the way back; a refusal, with everything typed."""
    status, more = 200, dict[str, Any]()
    if request.method == "POST":
        status = 422
        try:
            if sheet.form.is_valid():
                sheet.act(sheet.form.words)
                messages.success(request, sheet.told)
                return redirect("mission_funding", mission.reference)
        except Stale as stale:
            status, more = 409, _clashes(sheet)
            if sheet.now is None:
                sheet.form.add_error(None, stale)
        except Refusal as refusal:
            sheet.form.add_error(None, refusal)
    context = page_context(mission, request.user, "funding")
    context |= {"sheet": sheet, "form": sheet.form, **more}
    return render(request, "missions/funding/mission_funding_form.html", context, status=status)


def _clashes(sheet: Sheet) -> dict[str, Any]:
    """Both texts of each field that differs, and the version that the next save replaces."""
    if sheet.now is None:
        return {}
    version, saved = sheet.now()
    rows = [
        (field.label, _shown(field, saved[field.name]), _shown(field, field.value()))
        for field in sheet.form.visible_fields()
        if field.name in saved
    ]
    return {"version": version, "clashes": [row for row in rows if row[1] != row[2]]}


def _shown(field: Any, value: Any) -> str:
    prepared = field.field.prepare_value(value)
    choices = getattr(field.field, "choices", ())
    words = {str(key): str(label) for key, label in choices}
    text = "" if prepared is None else str(prepared)
    return words.get(text, text).strip()


def tried(
    request: PersonRequest, mission: Mission, told: str, act: Callable[[], Any]
) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, told)
    return redirect("mission_funding", mission.reference)
