"""Writing a focus: its article, its codes, the passages it rests on."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from capitalisation.analysis.models import Focus, FocusEvidence
from capitalisation.audiences import ANALYSIS
from capitalisation.coding.models import Code, Excerpt
from capitalisation.coding.readers import rested_on
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.ui.errors import Refusal, Stale

WRITE_FOCUS = Verb("capitalisation.write_focus", ANALYSIS)


@transaction.atomic
def write_focus(
    focus: Focus,
    *,
    title: str,
    article: str,
    codes: Iterable[Code] | None = None,
    evidence: Sequence[Excerpt] | None = None,
    actor: User | None,
    version: int | None = None,
) -> Focus:
    """Save a focus whole; `codes` and `evidence` stay as they are when not given.

    Raises `PermissionDenied`; `Stale` when another version was saved meanwhile; `Refusal`
    without a title, or with a passage or a code of another programme.
    """
    focus = lock_row(Focus.objects.all(), focus.pk)
    require(actor, "capitalisation.write_focus", focus)
    if version is not None and version != focus.version:
        raise Stale(focus.version)
    if not title.strip():
        raise Refusal("Donnez un titre au focus.")
    focus.title, focus.article = title.strip(), article.replace("\r\n", "\n").strip()
    focus.written_by, focus.written_at = actor, clock.now()
    focus.to_reread = ""
    focus.version += 1
    focus.save()
    if codes is not None:
        focus.codes.set(codes)
    if evidence is not None:
        _rest_on(focus, evidence, actor)
    record(
        f"focus:{focus.programme.slug}:{focus.number}",
        WRITE_FOCUS,
        f"Focus « {focus.title} » enregistré.",
        actor=actor,
    )
    return focus


def _rest_on(focus: Focus, evidence: Sequence[Excerpt], actor: User | None) -> None:
    present = [row.excerpt for row in focus.evidence_rows.select_related("excerpt")]
    kept = rested_on(evidence, present, programme=focus.programme, actor=actor)
    focus.evidence_rows.all().delete()
    FocusEvidence.objects.bulk_create(
        FocusEvidence(focus=focus, excerpt=excerpt, position=place)
        for place, excerpt in enumerate(kept, start=1)
    )
