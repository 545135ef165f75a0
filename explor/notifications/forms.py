from typing import Any

from django import forms

from explor.notifications.queries import stoppable_events


class MailChoiceForm(forms.Form):
    """Which messages also come by mail."""

    events = forms.MultipleChoiceField(
        label="Je veux recevoir aussi par e-mail",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["events"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(event.value, event.label) for event in stoppable_events()]
