"""« Notification de décision » on paper."""

from explor.documents.pdf import render_pdf
from explor.ui.html import day
from missions.funding.money import euros
from missions.review.letter_models import DecisionLetter


def facts_of(letter: DecisionLetter) -> list[tuple[str, str]]:
    """What the letter cannot leave out, read from the decision itself."""
    decision = letter.decision
    rows = [
        ("Décision", str(decision.get_outcome_display())),
        ("Motif", decision.reason),
        ("Conditions", decision.conditions),
        ("Montant engagé", euros(decision.amount) if decision.amount else ""),
        ("Valable jusqu’au", day(letter.valid_until)),
        ("À qui écrire", letter.contact),
    ]
    return [(label, value) for label, value in rows if value]


def letter_pdf(letter: DecisionLetter) -> bytes:
    """The pages of the letter; marked as a draft until it is sent."""
    mission = letter.mission
    context = {
        "letter": letter,
        "decision": letter.decision,
        "mission": mission,
        "holder": mission.project.holder,
        "address": _address(letter),
        "facts": facts_of(letter),
        "issued_on": letter.sent_at or letter.drafted_at,
    }
    title = f"Notification de décision · {mission.reference}"
    return render_pdf(
        "pdf/decision_letter.html", context, title=title, author=mission.programme.name
    )


def _address(letter: DecisionLetter) -> str:
    profile = getattr(letter.mission.project.holder, "osim_profile", None)
    return str(getattr(profile, "address", "") or "")
