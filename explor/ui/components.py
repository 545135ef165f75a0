"""What views hand to the components of `templates/ui/`: plain values, no query."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db import models


class Tone(models.TextChoices):
    """What a badge says beside its word; the icon says it again for who does not see colour."""

    NEUTRAL = "neutral", "circle"
    WAITING = "waiting", "hourglass-split"
    ACTIVE = "active", "play-circle"
    DONE = "done", "check-circle-fill"
    ALERT = "alert", "exclamation-triangle"
    FINAL = "final", "flag-fill"

    @property
    def icon(self) -> str:
        return str(self.label)


StageState = Literal["done", "current", "late", "next", "skipped"]

STAGE_WORDS: dict[str, tuple[str, str]] = {
    "done": ("fait", "check-circle-fill"),
    "current": ("en cours", "play-circle"),
    "late": ("en retard", "exclamation-triangle"),
    "next": ("à venir", "circle"),
    "skipped": ("sans objet", "x-circle"),
}


@dataclass(frozen=True)
class Stage:
    """One stop of a timeline."""

    label: str
    state: StageState = "next"
    on: date | None = None
    note: str = ""
    url: str = ""

    @property
    def word(self) -> str:
        return STAGE_WORDS[self.state][0]

    @property
    def icon(self) -> str:
        return STAGE_WORDS[self.state][1]


@dataclass(frozen=True)
class Tab:
    """A link among siblings; `count` is shown when it is not None."""

    label: str
    url: str
    current: bool = False
    count: int | None = None
    icon: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a long form: `error` counts what is still missing in it."""

    label: str
    url: str = ""
    state: Literal["done", "current", "next", "error"] = "next"


@dataclass(frozen=True)
class Pair:
    """Two things read together: an objective and what was achieved, two views of one mission."""

    left: str
    right: str
    heading: str = ""
    differs: bool = False


@dataclass(frozen=True)
class Crumb:
    label: str
    url: str = ""
