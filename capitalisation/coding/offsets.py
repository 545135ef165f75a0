"""Where a passage of one wording lies in the next one: no database here.

Blocks are compared first, then the words of those that changed: a passage that begins and ends
between words is never cut in one, and a long text stays quick.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from diff_match_patch import diff_match_patch

_WORDS = re.compile(r"\w+|\W", re.DOTALL)
#: Seconds after which what is left of a comparison counts as rewritten.
PATIENCE = 2.0
#: Astral signs stand for words while these are compared: a million of them, more than any text.
_FIRST_SIGN = 0x10000

#: `(start, end)` of each block of a body, in order.
Blocks = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Kept:
    """`old[start:end]` is word for word what begins at `at` in the new wording."""

    start: int
    end: int
    at: int

    def new(self, point: int) -> int:
        return self.at + point - self.start


@dataclass(frozen=True)
class Place:
    """`new[start:end]`, empty when nothing stands there any more."""

    start: int
    end: int


class Moves:
    """From the offsets of `old` to those of `new`, in code points."""

    def __init__(self, old: str, new: str, old_blocks: Blocks, new_blocks: Blocks) -> None:
        self.kept = list(_joined(old, new, _kept(old, new, old_blocks, new_blocks)))
        self._starts = [run.start for run in self.kept]
        self._ends = [run.end for run in self.kept]
        self._size = len(new)

    def place(self, start: int, end: int) -> Place:
        """Of `old[start:end]`. Words that were replaced are covered by all that replaced them."""
        first = bisect_right(self._ends, start)
        beyond = bisect_left(self._starts, end)
        return Place(self._begin(start, first), self._stop(end, beyond))

    def _begin(self, point: int, first: int) -> int:
        if first < len(self.kept) and self.kept[first].start <= point:
            return self.kept[first].new(point)
        return self.kept[first - 1].new(self._ends[first - 1]) if first else 0

    def _stop(self, point: int, beyond: int) -> int:
        if beyond and self._ends[beyond - 1] >= point:
            return self.kept[beyond - 1].new(point)
        return self.kept[beyond].at if beyond < len(self.kept) else self._size


def closeness(old: str, new: str) -> float:
    """From 0, nothing in common, to 1, the same: letters to change against letters in all."""
    compare = _comparison()
    changes = compare.diff_levenshtein(compare.diff_main(old, new, False))
    return 1 - float(changes) / (max(len(old), len(new)) or 1)


def _comparison() -> diff_match_patch:
    compare = diff_match_patch()
    compare.Diff_Timeout = PATIENCE
    return compare


def _kept(old: str, new: str, old_blocks: Blocks, new_blocks: Blocks) -> Iterator[Kept]:
    texts = [old[start:end] for start, end in old_blocks]
    others = [new[start:end] for start, end in new_blocks]
    i = j = 0
    for left, right, many in [*_same(texts, others), (len(texts), len(others), 0)]:
        for (start, end), (at, stop) in _opposed(old_blocks[i:left], new_blocks[j:right]):
            yield from _kept_words(old[start:end], new[at:stop], start, at)
        i, j = left + many, right + many
        if many:
            yield Kept(old_blocks[left][0], old_blocks[i - 1][1], new_blocks[right][0])


def _opposed(ours: Blocks, theirs: Blocks) -> Iterable[tuple[tuple[int, int], tuple[int, int]]]:
    """Changed blocks, one to one when there are as many on both sides."""
    if len(ours) == len(theirs):
        return zip(ours, theirs, strict=True)
    if not ours or not theirs:
        return []
    return [((ours[0][0], ours[-1][1]), (theirs[0][0], theirs[-1][1]))]


def _kept_words(old: str, new: str, start: int, at: int) -> Iterator[Kept]:
    ours, theirs = _WORDS.findall(old), _WORDS.findall(new)
    lefts, rights = _offsets(ours), _offsets(theirs)
    for left, right, many in _same(ours, theirs):
        if "".join(ours[left : left + many]).isspace():
            continue  # a space between two words that both changed is no landmark
        yield Kept(start + lefts[left], start + lefts[left + many], at + rights[right])


def _offsets(words: Sequence[str]) -> list[int]:
    found = [0]
    for word in words:
        found.append(found[-1] + len(word))
    return found


def _same(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """`(i, j, n)`: the longest runs with `ours[i:i + n] == theirs[j:j + n]`, in order."""
    signs: dict[str, str] = {}
    for word in (*ours, *theirs):
        signs.setdefault(word, chr(_FIRST_SIGN + len(signs)))
    compare = _comparison()
    left, right = ("".join(signs[word] for word in words) for words in (ours, theirs))
    i = j = 0
    for kind, run in compare.diff_main(left, right, False):
        if kind == compare.DIFF_EQUAL:
            yield i, j, len(run)
        i += len(run) * (kind != compare.DIFF_INSERT)
        j += len(run) * (kind != compare.DIFF_DELETE)


def _joined(old: str, new: str, runs: Iterable[Kept]) -> Iterator[Kept]:
    """Runs that nothing but an unchanged separator parts are one."""
    waiting: Kept | None = None
    for run in runs:
        if waiting and (old[waiting.end : run.start] == new[waiting.new(waiting.end) : run.at]):
            waiting = Kept(waiting.start, run.end, waiting.at)
            continue
        if waiting:
            yield waiting
        waiting = run
    if waiting:
        yield waiting
