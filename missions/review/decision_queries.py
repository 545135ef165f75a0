"""Reading the decisions of a mission."""

from missions.dossier.models import Mission
from missions.review.decision_models import Decision


def decision_of(mission: Mission) -> Decision | None:
    """The decision in force."""
    return (
        Decision.objects.filter(mission=mission, replaced=False)
        .select_related("recorded_by")
        .first()
    )


def decisions_of(mission: Mission) -> tuple[Decision | None, list[Decision]]:
    """The decision in force, and those that another replaced or that were set aside, latest
    first; in one query."""
    rows = list(Decision.objects.filter(mission=mission).select_related("recorded_by"))
    found = next((row for row in rows if not row.replaced), None)
    return found, [row for row in rows if row.replaced]
