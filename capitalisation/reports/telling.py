"""What a report becomes elsewhere: notices to people, a text of the corpus."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from capitalisation.corpus.actions import NewBlock, add_text
from capitalisation.corpus.models import Audience, Moment, Text, TextKind
from capitalisation.reports.models import ReturnReport
from capitalisation.reports.queries import objective_lines
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import step
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.html import day
from missions.dossier.queries import people_on

SPEAKER = "Volontaire"

#: Sections that join the corpus: column, title shown as the question, theme of the codebook.
SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("story", "Déroulé de la mission", "deroule"),
    ("findings", "Constats", ""),
    ("difficulties", "Difficultés rencontrées", "difficultes"),
    ("gaps", "Écarts avec les termes de référence", ""),
    ("next_steps", "Suites à donner", "effets-projet"),
)


def sections_of(report: ReturnReport) -> list[tuple[str, str]]:
    """`(title, text)` of the sections that say something."""
    rows = [(title, getattr(report, column)) for column, title, _ in SECTIONS]
    return [(title, text) for title, text in rows if text.strip()]


def facts_of(report: ReturnReport) -> list[tuple[str, str]]:
    """The short facts of a report; what is not known says so, a zero stays a zero."""
    incident = report.security_incident or ("Aucun" if report.no_incident else "Non renseigné")
    counts = [
        f"{label} : {'non renseigné' if number is None else number}"
        for label, number in (
            ("femmes", report.women),
            ("hommes", report.men),
            ("moins de 30 ans", report.under_30),
        )
    ]
    known = any(number is not None for number in (report.women, report.men, report.under_30))
    months = "" if report.remote_months is None else f"{report.remote_months} mois"
    dates = ""
    if report.departed_on and report.returned_on:
        dates = f"du {day(report.departed_on)} au {day(report.returned_on)}"
    return [
        ("Dates réelles", dates),
        ("Lieux", report.places),
        ("Accompagnement à distance", months),
        ("Incident de sécurité", incident),
        ("Participants", " · ".join(counts) if known else "non renseigné"),
    ]


def told_of(
    report: ReturnReport,
    event: Event,
    words: str,
    actor: User | None,
    role: str,
    reason: str = "",
    extra: str = "",
) -> None:
    """Tell the people of `role` (and `extra`) on the mission that something befell the report."""
    mission = report.mission
    roles = [role, extra] if extra else [role]
    text = f"Mission {mission.reference} « {mission.title} » : {words}."
    announce(
        event,
        recipients=people_on(mission, *roles),
        subject=f"{mission.reference} : {words}",
        text=f"{text}\n\n{reason}" if reason else text,
        url=reverse("mission_report", args=[mission.reference]),
        key=f"report:{report.uuid}:{report.version}",
        actor=actor,
    )


@step
def pour(report: ReturnReport, actor: User | None) -> Text:
    """Its text joins the corpus, section by section. It may be read and coded, not quoted: nobody
    was asked for more."""
    filed = report.submitted_at or clock.now()
    return add_text(
        programme=report.mission.programme,
        mission=report.mission,
        kind=TextKind.REPORT,
        source=f"report:{report.uuid}",
        title=f"Rapport de retour · {report.mission.reference}",
        held_on=timezone.localdate(filed),
        blocks=list(_blocks(report)),
        moment=Moment.AFTER,
        audience=Audience.VOLUNTEER,
        actor=actor,
    )


def _blocks(report: ReturnReport) -> Iterator[NewBlock]:
    for line in objective_lines(report.mission, report):
        parts = (line.outcome_label, line.why, line.achievements)
        text = "\n".join(part for part in parts if part)
        yield NewBlock(text, SPEAKER, f"Objectif : {line.objective.text}"[:400])
    for column, title, theme in SECTIONS:
        yield NewBlock(getattr(report, column), SPEAKER, title, theme)
    yield NewBlock(report.security_incident, SPEAKER, "Incident de sécurité")
    lines = [
        " · ".join(part for part in (row.action, row.who, row.due) if part)
        for row in report.recommendations.all()
    ]
    yield NewBlock("\n".join(lines), SPEAKER, "Recommandations")
