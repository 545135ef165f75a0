from typing import Any

from django import forms

from explor.documents.forms import SafeFileField
from missions.threads.actions import MAX_FILES, MAX_LENGTH


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(SafeFileField):
    """Several files, each accepted by its size and its real content."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        many = data if isinstance(data, list | tuple) else [data] if data else []
        if len(many) > MAX_FILES:
            raise forms.ValidationError(f"Joignez {MAX_FILES} fichiers au plus.")
        wrong: list[forms.ValidationError] = []
        kept: list[Any] = []
        for one in many:
            try:
                kept.append(super().clean(one, initial))
            except forms.ValidationError as error:
                wrong.append(error)
        if wrong:
            raise forms.ValidationError(wrong)
        return kept


class MessageForm(forms.Form):
    text = forms.CharField(
        label="Votre message",
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Écrivez votre message."},
    )
    attached = ManyFilesField(label="Pièces jointes", required=False)
    token = forms.UUIDField(widget=forms.HiddenInput)
    corrects = forms.IntegerField(required=False, widget=forms.HiddenInput)
