"""The messages as the page shows them: mine or not, new or not, seen by how many."""

from collections.abc import Sequence
from dataclasses import dataclass

from explor.accounts.models import User
from missions.threads.models import Message
from missions.threads.queries import Reader


@dataclass(frozen=True)
class Line:
    message: Message
    is_mine: bool
    is_new: bool
    seen_by: list[Reader]
    others: int

    @property
    def everyone_saw(self) -> bool:
        return self.others > 0 and len(self.seen_by) == self.others


def lines_of(
    rows: Sequence[Message], readers: Sequence[Reader], user: User, *, unread: int
) -> list[Line]:
    """`unread`: how many of the last messages of others are new to `user`."""
    theirs = [row.pk for row in rows if row.author_id != user.pk]
    new = set(theirs[-unread:]) if unread else set()
    return [_line(row, readers, user, is_new=row.pk in new) for row in rows]


def _line(row: Message, readers: Sequence[Reader], user: User, *, is_new: bool) -> Line:
    others = [reader for reader in readers if reader.person.pk != row.author_id]
    seen = [reader for reader in others if reader.seen_id >= row.pk]
    return Line(row, row.author_id == user.pk, is_new, seen, len(others))
