"""What each act of the journal is called, and who reads it.

A module declares its verbs beside the actions that record them. An audience is a list of rights
on the thing the act is about: the table of permissions stays the only place that says who holds
what. A verb that nobody declared (an older version's) is the team's, whatever the team is for
that thing.
"""

from dataclasses import dataclass
from typing import Any, Self

from explor.accounts.models import User


@dataclass(frozen=True)
class Audience:
    """Who reads an act: whoever holds every right of `needs` on its thing.

    `about` is the label of the model those rights are about (`missions.mission`): on the page of
    another thing nobody is asked them, and the act is not shown. Empty, any thing.
    `once_told`: the rights that are enough after the outcome was told to those concerned (a
    decision's letter has left); `None` when that changes nothing.
    """

    words: str
    about: str = ""
    needs: tuple[str, ...] = ()
    once_told: tuple[str, ...] | None = None

    def opens(self, user: User, thing: Any) -> bool:
        return self._fits(thing) and _holds(user, thing, self.needs)

    def opens_once_told(self, user: User, thing: Any) -> bool:
        if self.once_told is None or not self._fits(thing):
            return False
        return _holds(user, thing, self.once_told)

    def _fits(self, thing: Any) -> bool:
        return self.about in ("", thing._meta.label_lower)


def _holds(user: User, thing: Any, rights: tuple[str, ...]) -> bool:
    return all(user.has_perm(right, thing) for right in rights)


#: Whoever may open the thing itself: no right more.
READERS = Audience("qui ouvre la page")
#: Acts on people, bodies and settings: who manages them.
MANAGERS = Audience("l’administration", "", ("accounts.manage_people",))

_DECLARED: dict[str, "Verb"] = {}


class Verb(str):
    """The machine name of an act, with its audience; `reason` when its motive has a narrower one.

    Raises `ValueError` at import, hence at start-up, when two declarations disagree.
    """

    audience: Audience
    reason: Audience

    def __new__(cls, key: str, audience: Audience, *, reason: Audience | None = None) -> Self:
        made = super().__new__(cls, key)
        made.audience, made.reason = audience, reason or audience
        known = _DECLARED.setdefault(key, made)
        if (known.audience, known.reason) != (made.audience, made.reason):
            raise ValueError(f"the verb {key} is declared twice, for two audiences")
        return made


def declared() -> dict[str, Verb]:
    return dict(_DECLARED)
