"""The kinds of long work, each registered by the folder that knows how to do it.

`settings.EXPORT_MODULES` lists the modules that register kinds; they are imported at the
first use, so that this frame never imports what is built on it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Model

from explor.documents.models import ExportJob, StoredFile


class Progress(Protocol):
    """Says how far the work is, in percent and in words; also the sign of life of the job."""

    def __call__(self, percent: int, step: str) -> None: ...


@dataclass(frozen=True)
class Produced:
    """What a kind hands over. The requester owns it; others need `permission` on `target`.

    In the transaction that keeps the file, `hold` is called first, to lock what it was made of,
    and `keep` last, with the file, to write what goes with it.
    """

    name: str
    content: bytes
    content_type: str
    target: Model | None = None
    permission: str = ""
    public: bool = False
    hold: Callable[[], None] | None = None
    keep: Callable[[StoredFile], object] | None = None


Maker = Callable[[ExportJob, Progress], Produced]


@dataclass(frozen=True)
class Kind:
    name: str
    label: str
    make: Maker
    permission: str
    target: Callable[[dict[str, Any]], Model | None] | None

    def find_target(self, params: dict[str, Any]) -> Model | None:
        return self.target(params) if self.target else None


_kinds: dict[str, Kind] = {}


def register(
    name: str,
    *,
    label: str,
    permission: str = "",
    target: Callable[[dict[str, Any]], Model | None] | None = None,
) -> Callable[[Maker], Maker]:
    """Declare a kind. `permission` is asked on what `target(params)` returns, at the request."""

    def declare(make: Maker) -> Maker:
        _kinds[name] = Kind(name, label, make, permission, target)
        return make

    return declare


@cache
def _load() -> None:
    for module in settings.EXPORT_MODULES:
        import_module(module)


def find_kind(name: str) -> Kind:
    """Raises LookupError when no module registered `name`."""
    _load()
    return _kinds[name]


def label_of(name: str) -> str:
    """The label of a kind, or its name when it is no longer registered."""
    _load()
    kind = _kinds.get(name)
    return kind.label if kind else name
