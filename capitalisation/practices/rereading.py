"""A practice that loses a passage is read again; with none left, it leaves the public pages."""

from capitalisation.coding.readers import standing_in
from capitalisation.corpus.restricting import Restriction, register
from capitalisation.practices.models import GoodPractice, PracticeState
from capitalisation.practices.telling import WEAKEN, tell_weakened, trace

NOTHING_LEFT = "Plus aucun passage ne l’appuie."


def weaken(restriction: Restriction) -> None:
    """Those that lost something stay public as long as a passage stands, and are looked at again;
    a draft will say what it lacks when it is proposed."""
    if restriction.erased:
        return  # its withdrawal was told
    resting = GoodPractice.objects.filter(evidence__version__text=restriction.text)
    rows = GoodPractice.objects.filter(pk__in=resting.values("pk")).order_by("pk")
    for practice in (
        rows.select_for_update(of=("self",), no_key=True)
        .exclude(state=PracticeState.DRAFT)
        .select_related("programme")
        .defer("search")
    ):
        _weaken(practice, restriction)


def _weaken(practice: GoodPractice, restriction: Restriction) -> None:
    standing = standing_in(practice.programme).filter(practice_rows__practice=practice)
    practice.to_reread = restriction.because
    if not standing.exists():
        practice.to_reread = f"{restriction.because} {NOTHING_LEFT}"
        practice.state = PracticeState.PROPOSED
        practice.approved_by = practice.approved_at = None
    practice.save(update_fields=["state", "to_reread", "approved_by", "approved_at"])
    trace(practice, WEAKEN, "à relire", restriction.actor, practice.to_reread)
    tell_weakened(practice, restriction.actor)


register(weaken)
