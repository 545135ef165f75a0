from typing import Any

from django import forms

from explor.notifications.events import Event, Rhythm
from explor.notifications.queries import stoppable_events


def _choices(event: Event) -> list[tuple[str, str]]:
    """The digest itself comes in the morning or not at all."""
    if event == Event.DIGEST:
        return [
            (Rhythm.NOW.value, "Chaque matin, s’il y a du nouveau"),
            (Rhythm.NEVER.value, "Jamais"),
        ]
    return [(rhythm.value, rhythm.label) for rhythm in Rhythm]


class MailChoiceForm(forms.Form):
    """When each kind of message also comes by mail; one field a kind."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for event in [Event.DIGEST, *(e for e in stoppable_events() if e != Event.DIGEST)]:
            self.fields[event.value] = forms.ChoiceField(
                label=event.label, choices=_choices(event), widget=forms.Select
            )

    def chosen(self) -> dict[Event, Rhythm]:
        return {Event(name): Rhythm(value) for name, value in self.cleaned_data.items()}
