"""What the four pages of a review share: their tabs, with what waits in each."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse

from explor.accounts.models import User
from explor.ui.components import Tab
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.review.opinion_models import OpinionState


@dataclass(frozen=True)
class Waiting:
    """`corrections` are not settled; `asked` leaves out the opinions declined or cancelled."""

    corrections: int
    given: int
    asked: int

    @property
    def opinions(self) -> str:
        """« 2 avis sur 3 »."""
        if not self.asked:
            return "aucun avis demandé"
        return f"{self.given}\u00a0avis sur {self.asked}"


def waiting_on(mission: Mission) -> Waiting:
    """In one query."""
    given, asked = Q(opinions__state=OpinionState.GIVEN), Q(opinions__state=OpinionState.ASKED)
    settled = Q(corrections__settled_at__isnull=True, corrections__pk__isnull=False)
    row = Mission.objects.filter(pk=mission.pk).aggregate(
        corrections=Count("corrections", filter=settled, distinct=True),
        given=Count("opinions", filter=given, distinct=True),
        asked=Count("opinions", filter=given | asked, distinct=True),
    )
    return Waiting(**row)


def find_review(user: User, reference: str) -> Mission:
    """The mission whose review `user` may read, its summary at least. Raises `Http404`."""
    mission = find_mission(user, reference)
    if not user.has_perm("missions.read_review_summary", mission):
        raise Http404
    return mission


def review_context(mission: Mission, user: User, route: str) -> dict[str, Any]:
    """The frame of a page of the review; `route` is the address of the page shown."""
    waiting = waiting_on(mission)
    return {
        **page_context(mission, user, "review"),
        "waiting": waiting,
        "parts": _parts(mission, user, route, waiting),
        "may_review": user.has_perm("missions.review", mission),
    }


def _parts(mission: Mission, user: User, route: str, waiting: Waiting) -> list[Tab]:
    found: list[tuple[str, str, int | None]] = [("mission_review", "Étude", None)]
    if user.has_perm("missions.read_corrections", mission):
        found.append(("mission_corrections", "Corrections", waiting.corrections or None))
    found.append(("mission_opinions", "Avis", waiting.asked or None))
    found.append(("mission_roll", "Suivi interne", None))
    return [
        Tab(label, reverse(name, args=[mission.reference]), current=name == route, count=count)
        for name, label, count in found
    ]
