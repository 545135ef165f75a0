"""The official numbers of an association, checked in one place."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from stdnum.fr import siren, siret

RNA = re.compile(r"W\d[0-9A-Z]\d{7}")
SIREN_DIGITS = 9


def clean_rna(text: str) -> str:
    """« w 751 234 567 » becomes « W751234567 »; nothing stays nothing.

    Corsica and the overseas departments have a letter in third place. Raises `ValidationError`.
    """
    value = re.sub(r"[\s.\-]", "", text).upper()
    if value and not RNA.fullmatch(value):
        raise ValidationError(
            "Un numéro RNA est la lettre W suivie de neuf chiffres, par exemple W751234567."
        )
    return value


def clean_siret(text: str) -> str:
    """The fourteen digits of a SIRET or the nine of a SIREN, without spaces; their check digit
    is computed, so that a slip is seen at once. Raises `ValidationError`."""
    value = re.sub(r"[\s.\-]", "", text)
    if not value:
        return ""
    if not value.isascii() or not value.isdigit() or len(value) not in (SIREN_DIGITS, 14):
        raise ValidationError("Un numéro SIRET a quatorze chiffres, un numéro SIREN en a neuf.")
    check = siren if len(value) == SIREN_DIGITS else siret
    if not check.is_valid(value):
        raise ValidationError(
            "Ce numéro SIRET ou SIREN contient une erreur : vérifiez chaque chiffre."
        )
    return value


class RnaField(forms.CharField):
    """Typed with or without spaces, kept without."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "Numéro RNA", "required": False, "max_length": 20, **kwargs})

    def clean(self, value: Any) -> str:
        return clean_rna(super().clean(value))


class SiretField(forms.CharField):
    """A SIRET or a SIREN, typed with or without spaces, kept without."""

    def __init__(self, **kwargs: Any) -> None:
        words = {"label": "Numéro SIRET ou SIREN", "required": False, "max_length": 25}
        super().__init__(**{**words, **kwargs})

    def clean(self, value: Any) -> str:
        return clean_siret(super().clean(value))


def siren_of(number: str) -> str:
    """The number of the body itself, whichever of its places the SIRET names."""
    return number[:SIREN_DIGITS]
