from explor.accounts.models import User
from explor.notifications.events import Event
from explor.notifications.models import MutedEvent, Notice


def unread_count(user: User) -> int:
    """One query."""
    return Notice.objects.visible_to(user).unread().count()


def muted_events(user: User) -> frozenset[str]:
    """The kinds of message this person stopped by mail."""
    return frozenset(MutedEvent.objects.filter(user=user).values_list("event", flat=True))


def stoppable_events() -> list[Event]:
    return [event for event in Event if event.can_be_stopped]
