"""The fields that forms are made of, so that a thing is understood alike everywhere."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from explor.intake.text import bare

#: What a column of addresses holds (and what a mail server takes: RFC 5321).
LONGEST_ADDRESS = 254


class EmailField(forms.EmailField):
    """Pasted from a web page or a phone's contacts: its invisible marks go."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST_ADDRESS, **kwargs})

    def to_python(self, value: Any) -> Any:
        return super().to_python(bare(value) if isinstance(value, str) else value)


class JSONField(forms.JSONField):
    """Django's lets a number of five thousand digits through as an error of ours."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            if isinstance(error, ValidationError | json.JSONDecodeError):
                raise
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
