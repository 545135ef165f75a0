"""What the committee reads of a request: « Fiche d’instruction »."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from explor import clock
from explor.ui.html import day
from missions.dossier.models import Mission
from missions.funding.queries import Budget, budget_of
from missions.request.corrections import Correction, waiting_time
from missions.request.models import Request, SecurityZone
from missions.request.queries import request_of
from missions.request.saying import label_of, said
from missions.review.models import Review, ReviewSheet
from missions.review.opinion_models import Opinion, OpinionState, OpinionVerdict
from missions.review.opinion_queries import opinions_of
from missions.review.queries import (
    Check,
    Score,
    checks_of,
    eligibility,
    review_of,
    scores,
    total,
)
from missions.review.roll_queries import RollLine, roll_of

#: Answers quoted in full after the summary.
QUOTED = ("need", "problem", "components", "deliverables", "success")
HIGHEST = 24


@dataclass(frozen=True)
class SheetContent:
    """Everything the sheet says, read once."""

    mission: Mission
    review: Review
    eligibility: list[Check]
    scores: list[Score]
    total: int | None
    budget: Budget
    zone: str
    zone_is_safe: bool
    opinions: list[Opinion]
    roll: list[RollLine]
    quoted: list[tuple[str, str]]
    corrections: list[tuple[str, str]]
    waited_days: int
    request: Request

    @property
    def given(self) -> list[Opinion]:
        return [row for row in self.opinions if row.state == OpinionState.GIVEN]

    @property
    def tally(self) -> list[tuple[str, int]]:
        """How many opinions of each kind."""
        return [
            (str(verdict.label), sum(row.verdict == verdict for row in self.given))
            for verdict in OpinionVerdict
        ]

    @property
    def tied(self) -> list[RollLine]:
        return [line for line in self.roll if line.is_tied]

    @property
    def silent(self) -> list[RollLine]:
        return [line for line in self.roll if not line.is_tied and line.answered_at is None]

    @property
    def eligible_words(self) -> str:
        return {True: "Éligible", False: "Non éligible", None: "À vérifier"}[self.review.eligible]

    @property
    def not_met(self) -> list[Check]:
        """The points answered « no » or by a derogation."""
        return [check for check in self.eligibility if check.why and check.verdict != "yes"]

    @property
    def asked(self) -> Decimal:
        return self.budget.asked

    @property
    def period(self) -> str:
        first, last = self.request.window_from, self.request.window_to
        if first and last:
            return f"entre le {day(first)} et le {day(last)}"
        return f"à partir du {day(first)}" if first else ""

    @property
    def submitted_on(self) -> date | None:
        moment = self.mission.submitted_at
        return timezone.localdate(moment) if moment else None

    @property
    def issued_on(self) -> date:
        return clock.today()


def sheet_content(mission: Mission) -> SheetContent:
    """Costs about ten queries, whatever the number of opinions."""
    review, asked, found = review_of(mission), request_of(mission), said(mission)
    corrections = Correction.objects.filter(mission=mission).order_by("asked_at")
    return SheetContent(
        mission=mission,
        review=review,
        eligibility=eligibility(checks_of(review)),
        scores=scores(review),
        total=total(review),
        budget=budget_of(mission),
        zone=found.get("security_zone", ""),
        zone_is_safe=asked.security_zone in {SecurityZone.GREEN, SecurityZone.YELLOW},
        opinions=opinions_of(mission),
        roll=roll_of(mission),
        quoted=[(label_of(key), found[key]) for key in QUOTED if found.get(key)],
        corrections=[(label_of(row.field), row.question) for row in corrections],
        waited_days=waiting_time(mission).days,
        request=asked,
    )


def sheets_of(mission: Mission) -> list[ReviewSheet]:
    """Those frozen so far, the latest first."""
    rows = ReviewSheet.objects.filter(mission=mission).select_related("file", "frozen_by")
    return list(rows.defer("html"))
