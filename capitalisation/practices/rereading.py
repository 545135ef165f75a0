"""A practice that loses a passage is read again; with none left, it leaves the public pages."""

from django.db.models import QuerySet

from capitalisation.coding import moving  # noqa: F401  (passages move before practices are told)
from capitalisation.coding.readers import doubtful_in, standing_in
from capitalisation.corpus import restricting, versions
from capitalisation.corpus.restricting import Restriction
from capitalisation.corpus.versions import Change
from capitalisation.practices.models import GoodPractice, PracticeState
from capitalisation.practices.telling import WEAKEN, tell_weakened, trace
from explor.accounts.models import User
from explor.accounts.permits import step
from explor.locking import lock_rows

CHANGED = "Les mots d’un passage ont changé, ou il n’est plus dans son texte."
NOTHING_LEFT = "Plus aucun passage ne l’appuie."


@step
def weaken(restriction: Restriction) -> None:
    """Those that lost something stay public as long as a passage stands, and are looked at again;
    a draft will say what it lacks when it is proposed."""
    if restriction.erased:
        return  # its withdrawal was told
    resting = GoodPractice.objects.filter(**restriction.lookup("evidence"))
    for practice in _shown(resting):
        _weaken(practice, restriction.because, restriction.actor, gone=restriction.passage)


@step
def weaken_changed(change: Change) -> None:
    """Those that rest on a passage whose words are no longer those that were read."""
    doubtful = doubtful_in(change.old, change.new).values("pk")
    for practice in _shown(GoodPractice.objects.filter(evidence__in=doubtful)):
        if practice.to_reread != CHANGED:
            _weaken(practice, CHANGED, None)


def _shown(resting: QuerySet[GoodPractice]) -> list[GoodPractice]:
    rows = GoodPractice.objects.filter(pk__in=resting.values("pk")).order_by("pk")
    rows = rows.exclude(state=PracticeState.DRAFT).select_related("programme").defer("search")
    return lock_rows(rows)


def _weaken(
    practice: GoodPractice, because: str, actor: User | None, gone: int | None = None
) -> None:
    standing = standing_in(practice.programme).filter(practice_rows__practice=practice)
    standing = standing.exclude(pk=gone) if gone else standing
    practice.to_reread = because
    if not standing.exists():
        practice.to_reread = f"{because} {NOTHING_LEFT}"
        practice.state = PracticeState.PROPOSED
        practice.approved_by = practice.approved_at = None
    practice.save(update_fields=["state", "to_reread", "approved_by", "approved_at"])
    trace(practice, WEAKEN, "à relire", actor, practice.to_reread)
    tell_weakened(practice, actor)


restricting.register(weaken)
versions.register(weaken_changed)
