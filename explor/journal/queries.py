from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When

from explor.accounts.models import User
from explor.journal.models import Entry
from explor.journal.verbs import Audience, Verb, declared


def history(stream: str) -> QuerySet[Entry]:
    """Every act of one object, newest first: for actions that look at what was done.

    What a person reads comes from `history_for`.
    """
    return Entry.objects.filter(stream=stream).select_related("actor")


def history_for(
    stream: str, *, reader: User, thing: Any, team: Audience, told: Q | None = None
) -> QuerySet[Entry]:
    """The acts of `thing` that `reader` may read, newest first, each with its `motive`.

    `team` reads the verbs that nobody declared; `told` says which acts the people concerned
    have been told of (see `Audience.once_told`), none when it is absent.
    """
    told = told if told is not None else Q(pk__in=[])
    acts = history(stream).filter(_readable(lambda v: v.audience, reader, thing, team, told))
    motive = _readable(lambda verb: verb.reason, reader, thing, team, told)
    return acts.annotate(
        motive=Case(When(motive, then=F("reason")), default=Value(""), output_field=TextField())
    )


def _readable(
    audience_of: Callable[[Verb], Audience], reader: User, thing: Any, team: Audience, told: Q
) -> Q:
    verbs = declared().values()
    asked = {audience_of(verb) for verb in verbs}
    now = {audience for audience in asked if audience.opens(reader, thing)}
    later = {audience for audience in asked - now if audience.opens_once_told(reader, thing)}
    open_now = Q(verb__in=_keys(verb for verb in verbs if audience_of(verb) in now))
    open_later = Q(verb__in=_keys(verb for verb in verbs if audience_of(verb) in later)) & told
    if team.opens(reader, thing):
        return open_now | open_later | ~Q(verb__in=_keys(verbs))
    return open_now | open_later


def _keys(verbs: Iterable[Verb]) -> list[str]:
    return sorted(str(verb) for verb in verbs)
