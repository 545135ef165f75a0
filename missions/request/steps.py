"""What the page of one step shows."""

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings

from explor.documents.sniffing import ACCEPTED
from missions.dossier.models import Mission
from missions.funding.queries import ZERO, Budget
from missions.request.corrections import Correction
from missions.request.forms import RequestForm, answer_of, step_of
from missions.request.models import Request
from missions.request.queries import Lack, profile_of
from missions.request.reading import (
    around,
    budget_tables,
    deliverables_in,
    papers_in,
    step_url,
    steps_of,
    suggest_places,
    volets_in,
)
from missions.request.words import LEADS, SECTIONS, STEPS


def keep_only(form: RequestForm, keys: Collection[str]) -> None:
    """Leave the fields of these answers: under review, only what is asked may change."""
    for name in list(form.fields):
        if answer_of(name) not in keys:
            del form.fields[name]


def step_context(
    mission: Mission,
    asked: Request,
    step: str,
    form: RequestForm,
    found: Mapping[str, Any],
    corrections: Mapping[str, Correction],
) -> dict[str, Any]:
    """`form` already shows the texts to show; `found` are the answers saved in this step."""
    title, names = SECTIONS[step]
    before, after = around(step)
    context: dict[str, Any] = {
        "mission": mission,
        "step": step,
        "number": STEPS.index(step) + 1,
        "title": title,
        "lead": LEADS[step],
        "steps": steps_of(mission, asked, step),
        "before": step_url(mission, before) if before else "",
        "after": SECTIONS[after][0] if after else "",
        "after_url": step_url(mission, after) if after else "",
        "form": form,
        "fields": [(form[name], corrections.get(name)) for name in names if name in form.fields],
        "lacking": [Lack(words, key, field) for key, field, words in asked.lacking if key == step],
        "corrections": {
            key: row
            for key, row in corrections.items()
            if key not in names and step_of(key) == step
        },
    }
    own = _OWN.get(step)
    return context | (own(mission, asked, form, found) if own else {})


def _association(
    mission: Mission, asked: Request, form: RequestForm, found: Mapping[str, Any]
) -> dict[str, Any]:
    profile = profile_of(asked)
    said = any(found[name] for name in ("address", "contact_name", "legal_representative"))
    return {
        "profile": profile,
        "to_confirm": said and "profile_confirmed" in form.fields,
    }


def _projet(
    mission: Mission, asked: Request, form: RequestForm, found: Mapping[str, Any]
) -> dict[str, Any]:
    return {"suggested_places": suggest_places(str(found["country"]), "")}


def _mission(
    mission: Mission, asked: Request, form: RequestForm, found: Mapping[str, Any]
) -> dict[str, Any]:
    return {"volets": volets_in(form), "deliverables": deliverables_in(form)}


def _budget(
    mission: Mission, asked: Request, form: RequestForm, found: Mapping[str, Any]
) -> dict[str, Any]:
    tables = budget_tables(form) if "expense_travel_amount" in form.fields else []
    budget: Budget = found["budget"]
    return {
        "budget_tables": tables,
        "budget": budget,
        "secured": sum((line.amount for line in budget.incomes if line.secured), ZERO),
        "excess": -budget.gap,
    }


def _securite(
    mission: Mission, asked: Request, form: RequestForm, found: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "papers": papers_in(found["annexes"], form),
        "accepted": ",".join(ACCEPTED),
        "limit": settings.MAX_UPLOAD_BYTES,
    }


_OWN = {
    "association": _association,
    "projet": _projet,
    "mission": _mission,
    "budget": _budget,
    "securite": _securite,
}
