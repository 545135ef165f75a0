"""The return reports: written by the volunteer, accepted by the coordination."""

from typing import Any

from capitalisation.reports.actions import (
    accept_report,
    add_deliverable,
    save_report,
    start_report,
    submit_report,
)
from explor import clock
from missions.demo.cast import Cast
from missions.demo.life import Life
from missions.dossier.models import Objective

PLAIN = (
    "places",
    "remote_months",
    "women",
    "men",
    "under_30",
    "story",
    "findings",
    "difficulties",
    "gaps",
    "next_steps",
    "recommendations",
    "meetings",
)


def report(life: Life, row: dict[str, Any]) -> bool:
    """From the first words to the acceptance; False while the report has not been accepted."""
    filed, accepted = life.day("report"), life.day("accepted")
    if filed is None or accepted is None:
        return False
    with clock.at(filed):
        kept = start_report(life.fresh(), actor=life.volunteer)
        kept = save_report(kept, _answers(life, row), actor=life.volunteer)
        for one in row["deliverables"]:
            add_deliverable(
                kept,
                title=one["title"],
                for_whom=one["for_whom"],
                handed_on=life.day("returns"),
                upload=one["text"].encode(),
                name=one["name"],
                actor=life.volunteer,
            )
        submit_report(kept, actor=life.volunteer)
    with clock.at(accepted):
        accept_report(kept, actor=life.coordinator)
    return life.step("approve_report", "capitalise", life.coordinator)


def begin(life: Life, row: dict[str, Any]) -> None:
    """A draft that its author will finish."""
    returned = life.day("returns")
    assert returned is not None
    with clock.at(returned):
        kept = start_report(life.fresh(), actor=life.volunteer)
        save_report(kept, _answers(life, row), actor=life.volunteer)


def _answers(life: Life, row: dict[str, Any]) -> dict[str, Any]:
    objectives = Objective.objects.filter(component__mission=life.mission).order_by(
        "component__position", "position"
    )
    answers = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in row.items()
        if name in PLAIN
    }
    return answers | {
        "departed_on": life.day("departs"),
        "returned_on": life.day("returns"),
        "no_incident": True,
        "results": [
            {**result, "objective": objective}
            for objective, result in zip(objectives, row["results"], strict=False)
        ],
        "ties": [_tie(life.cast, tie) for tie in row["ties"]],
    }


def _tie(cast: Cast, tie: dict[str, str]) -> dict[str, Any]:
    known = tie.get("organisation")
    return {**tie, "organisation": cast.organisations[known] if known else None}
