"""Writing the wordings of a text: replaced while nobody has coded them, numbered on afterwards."""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.db.models import Max

from capitalisation.corpus.models import Block, Text, TextVersion, VersionKind
from capitalisation.corpus.wording import NewBlock, Span, compose
from explor import clock
from explor.accounts.permits import step
from explor.locking import lock_only


class Change(NamedTuple):
    """A pseudonymised wording takes the place of another. `reworded`: what was said changed too,
    not only the names hidden in it."""

    old: TextVersion
    new: TextVersion
    reworded: bool


#: What hangs on a wording and moves to the next one: later folders add themselves, in order.
_FOLLOWERS: list[Callable[[Change], None]] = []


def register(follower: Callable[[Change], None]) -> None:
    _FOLLOWERS.append(follower)


def lock_current(text: Text, kind: str) -> TextVersion | None:
    """The wording in force of a kind, locked: nobody starts coding it meanwhile."""
    return lock_only(text.versions.filter(kind=kind, current=True).defer("search"))


@step
def write_wordings(text: Text, wordings: dict[VersionKind, list[NewBlock]]) -> None:
    """Replace the wordings in force, or number them on when one of them is frozen; whatever hangs
    on the pseudonymised one follows.

    A wording that would not change is left alone, so that doing the same twice does nothing.
    """
    composed = {kind: compose(blocks) for kind, blocks in wordings.items()}
    present = {kind: lock_current(text, kind) for kind in composed}
    changed = {
        kind for kind, (body, spans) in composed.items() if not _is_same(present[kind], body, spans)
    }
    if not changed:
        return
    frozen = any(version and _is_frozen(version) for version in present.values())
    number = (text.versions.aggregate(last=Max("no"))["last"] or 0) + 1
    for kind, (body, spans) in composed.items():
        version = present[kind]
        if frozen or version is None:
            if version is not None:
                version.current = False
                version.save(update_fields=["current"])
            version = TextVersion(text=text, kind=kind, no=number)
        _fill(version, body, spans)
        old = present[kind]
        if kind == VersionKind.PSEUDONYMISED and old is not None and old.pk != version.pk:
            change = Change(old, version, VersionKind.ORIGINAL in changed)
            for follower in _FOLLOWERS:
                follower(change)


def _is_frozen(version: TextVersion) -> bool:
    return version.frozen_at is not None or version.excerpts.exists()


def _fill(version: TextVersion, body: str, spans: Sequence[Span]) -> None:
    version.body = body
    version.sha256 = hashlib.sha256(body.encode()).hexdigest()
    version.created_at = clock.now()
    version.save()
    version.blocks.all().delete()
    Block.objects.bulk_create(
        Block(
            version=version,
            position=position,
            start=span.start,
            end=span.end,
            speaker=span.block.speaker[:80],
            question=span.block.question[:400],
            theme=span.block.theme,
        )
        for position, span in enumerate(spans, start=1)
    )


def _is_same(version: TextVersion | None, body: str, spans: Sequence[Span]) -> bool:
    if version is None or version.body != body:
        return False
    rows = [
        (row.start, row.end, row.speaker, row.question, row.theme) for row in version.blocks.all()
    ]
    return rows == [
        (s.start, s.end, s.block.speaker[:80], s.block.question[:400], s.block.theme) for s in spans
    ]
