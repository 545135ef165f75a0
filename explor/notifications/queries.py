from collections.abc import Iterable

from explor.accounts.models import Role, User
from explor.notifications.events import Event, Rhythm
from explor.notifications.models import CalendarAddress, MailPreference, Notice

TEAM = (Role.COORDINATOR, Role.RESEARCHER, Role.COMMITTEE, Role.ADMINISTRATOR)


def unread_count(user: User) -> int:
    """One query."""
    return Notice.objects.visible_to(user).unread().count()


def rhythms_of(people: Iterable[int], event: Event) -> dict[int, Rhythm]:
    """When each of these people (by id) wants `event` by mail."""
    usual = dict.fromkeys(people, event.usual_rhythm)
    if not event.can_be_stopped:
        return usual
    chosen = MailPreference.objects.filter(user__in=usual, event=event)
    return usual | {pk: Rhythm(rhythm) for pk, rhythm in chosen.values_list("user", "rhythm")}


def rhythms_for(user: User) -> dict[Event, Rhythm]:
    """When each kind of message that can be stopped comes by mail to this person."""
    chosen = dict(MailPreference.objects.filter(user=user).values_list("event", "rhythm"))
    return {
        event: Rhythm(chosen.get(event.value, event.usual_rhythm)) for event in stoppable_events()
    }


def events_for(user: User) -> list[Event]:
    """The kinds of message this person may choose about, the digest first."""
    team = user.standing.holds(*TEAM)
    others = [e for e in stoppable_events() if e != Event.DIGEST and (team or not e.is_for_team)]
    return [Event.DIGEST, *others]


def stoppable_events() -> list[Event]:
    return [event for event in Event if event.can_be_stopped]


def calendar_of(user: User) -> CalendarAddress | None:
    return CalendarAddress.objects.filter(user=user).first()


def person_of_calendar(secret: str) -> User | None:
    """Who gave this address to their calendar program."""
    row = CalendarAddress.objects.filter(secret=secret, user__is_active=True)
    found = row.select_related("user").first()
    return found.user if found else None
