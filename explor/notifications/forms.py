from typing import Any

from django import forms

from explor.accounts.models import User
from explor.notifications.events import Event, Rhythm
from explor.notifications.queries import events_for


def _choices(event: Event) -> list[tuple[str, str]]:
    """The digest itself comes in the morning or not at all."""
    if event == Event.DIGEST:
        return [
            (Rhythm.NOW.value, "Chaque matin"),
            (Rhythm.NEVER.value, "Jamais"),
        ]
    return [(rhythm.value, rhythm.label) for rhythm in Rhythm]


class MailChoiceForm(forms.Form):
    """When each kind of message also comes by mail; one field a kind the person can receive.

    A field left out, or empty, keeps what was chosen before.
    """

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        for event in events_for(user):
            self.fields[event.value] = forms.ChoiceField(
                label=event.label, choices=_choices(event), required=False
            )

    def chosen(self) -> dict[Event, Rhythm]:
        return {Event(name): Rhythm(value) for name, value in self.cleaned_data.items() if value}
