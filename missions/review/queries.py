"""Reading a review: its checks, its grid, its total, what it lacks."""

from collections.abc import Mapping
from dataclasses import dataclass

from missions.dossier.models import Mission
from missions.review.models import (
    Criterion,
    EligibilityCheck,
    Point,
    Review,
    ReviewNote,
    Verdict,
)

#: 0 to 4 in words, for the grid and its summary.
SCORES: tuple[str, ...] = (
    "absent ou contredit",
    "faible",
    "à consolider",
    "solide",
    "exemplaire",
)
#: What each criterion asks of a request.
QUESTIONS: dict[str, str] = {
    Criterion.RELEVANCE: "La mission répond-elle à un besoin exprimé sur place ?",
    Criterion.COHERENCE: "S’accorde-t-elle avec le projet, les acteurs et les politiques du lieu ?",
    Criterion.EFFECTIVENESS: "Les objectifs sont-ils clairs et atteignables dans le temps prévu ?",
    Criterion.EFFICIENCY: "Les moyens demandés sont-ils justes au regard de ce qui est attendu ?",
    Criterion.IMPACT: "Que changera-t-elle pour les personnes et pour l’association ?",
    Criterion.SUSTAINABILITY: "Que restera-t-il quand la ou le volontaire sera reparti ?",
}

#: A score this low says why.
LOW = 1


def check_key(point: str) -> str:
    """The key of a point's verdict in `save_review(data)` and in the form."""
    return f"check_{point}"


def why_key(key: str) -> str:
    """The key of the words that go with a verdict or a score."""
    return f"{key}_why"


@dataclass(frozen=True)
class Check:
    """One line of the eligibility."""

    label: str
    verdict: str
    why: str

    @property
    def words(self) -> str:
        return str(Verdict(self.verdict).label) if self.verdict else "Pas encore vérifié"


@dataclass(frozen=True)
class Score:
    """One line of the grid."""

    label: str
    question: str
    value: int | None
    why: str = ""

    @property
    def words(self) -> str:
        return "pas encore noté" if self.value is None else f"{self.value} · {SCORES[self.value]}"


def review_of(mission: Mission) -> Review:
    """The review; an unsaved blank when nobody began it."""
    found = Review.objects.filter(mission=mission).select_related("lead").first()
    return found or Review(mission=mission)


def notes_of(mission: Mission) -> list[ReviewNote]:
    """Internal notes, newest first. Never shown to the association or the volunteer."""
    return list(ReviewNote.objects.filter(mission=mission).select_related("author"))


def checks_of(review: Review) -> list[EligibilityCheck]:
    """Those verified so far."""
    return list(EligibilityCheck.objects.filter(review=review)) if review.pk else []


def eligibility(checks: list[EligibilityCheck]) -> list[Check]:
    """Every point in order, verified or not."""
    known = {row.point: row for row in checks}
    lines = []
    for point in Point:
        row = known.get(point.value)
        lines.append(Check(str(point.label), row.verdict if row else "", row.why if row else ""))
    return lines


def eligible_by(verdicts: Mapping[str, str]) -> bool | None:
    """What the points say together: a « no » is enough, all are needed for a « yes »."""
    given = [verdicts.get(point) for point in Point.values]
    if Verdict.NO in given:
        return False
    return True if all(given) else None


def scores(review: Review) -> list[Score]:
    return [
        Score(
            str(criterion.label),
            QUESTIONS[criterion],
            getattr(review, criterion.value),
            getattr(review, why_key(criterion.value)),
        )
        for criterion in Criterion
    ]


def total(review: Review) -> int | None:
    """Out of 24; `None` while a criterion is not scored."""
    values = [getattr(review, criterion) for criterion in Criterion.values]
    return None if None in values else sum(values)


def grid_lacks(review: Review) -> list[str]:
    lacking = [
        f"la note « {criterion.label} »"
        for criterion in Criterion
        if getattr(review, criterion.value) is None
    ]
    lacking += [
        f"le commentaire de la note « {criterion.label} »"
        for criterion in Criterion
        if _is_low(review, criterion) and not getattr(review, why_key(criterion.value)).strip()
    ]
    if review.eligible is None:
        lacking.insert(0, "l’éligibilité de la demande")
    return lacking


def _is_low(review: Review, criterion: Criterion) -> bool:
    value: int | None = getattr(review, criterion.value)
    return value is not None and value <= LOW


def recommendation_lacks(review: Review) -> list[str]:
    wanted = {
        "la recommandation au comité": review.recommendation,
        "le motif de la recommandation": review.recommendation_why.strip(),
    }
    return [words for words, value in wanted.items() if not value]
