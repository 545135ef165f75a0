"""Reading a review: its grid, its total, what it lacks."""

from dataclasses import dataclass

from missions.dossier.models import Mission
from missions.review.models import Criterion, Review

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
    Criterion.RELEVANCE: "La mission répond-elle à un besoin exprimé sur place ?",
    Criterion.COHERENCE: "S’accorde-t-elle avec le projet, les acteurs et les politiques du lieu ?",
    Criterion.EFFECTIVENESS: "Les objectifs sont-ils clairs et atteignables dans le temps prévu ?",
    Criterion.EFFICIENCY: "Les moyens demandés sont-ils justes au regard de ce qui est attendu ?",
    Criterion.IMPACT: "Que changera-t-elle pour les personnes et pour l’association ?",
    Criterion.SUSTAINABILITY: "Que restera-t-il quand la ou le volontaire sera reparti ?",
}


@dataclass(frozen=True)
class Score:
    """One line of the grid."""

    label: str
    question: str
    value: int | None

    @property
    def words(self) -> str:
        return "pas encore noté" if self.value is None else f"{self.value} · {SCORES[self.value]}"


def review_of(mission: Mission) -> Review:
    """The review; an unsaved blank when nobody began it."""
    found = Review.objects.filter(mission=mission).select_related("lead").first()
    return found or Review(mission=mission)


def scores(review: Review) -> list[Score]:
    return [
        Score(str(criterion.label), QUESTIONS[criterion], getattr(review, criterion.value))
        for criterion in Criterion
    ]


def total(review: Review) -> int | None:
    """Out of 24; `None` while a criterion is not scored."""
    values = [getattr(review, criterion) for criterion in Criterion.values]
    return None if None in values else sum(values)


def grid_lacks(review: Review) -> list[str]:
    lacking = [
        f"la note « {criterion.label} »"
        for criterion in Criterion
        if getattr(review, criterion.value) is None
    ]
    if review.eligible is None:
        lacking.insert(0, "l’éligibilité de la demande")
    return lacking


def recommendation_lacks(review: Review) -> list[str]:
    wanted = {
        "la recommandation au comité": review.recommendation,
        "le motif de la recommandation": review.recommendation_why.strip(),
    }
    return [words for words, value in wanted.items() if not value]
