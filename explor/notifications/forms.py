from django import forms

from explor.notifications.queries import stoppable_events


def _choices() -> list[tuple[str, str]]:
    return [(event.value, event.label) for event in stoppable_events()]


class MailChoiceForm(forms.Form):
    """Which messages also come by mail."""

    events = forms.MultipleChoiceField(
        label="Je veux recevoir aussi par e-mail",
        required=False,
        choices=_choices,
        widget=forms.CheckboxSelectMultiple,
    )
