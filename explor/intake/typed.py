"""Texts that a view reads without a form: their limit is said, and what was typed comes back."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest

#: A reason, a word to say why: half a page.
REASON = 2000


class TooLong(ValidationError):
    """Answered by a page that gives the text back (`explor.intake.middleware`)."""

    def __init__(self, length: int, most: int) -> None:
        self.length, self.most = length, most
        super().__init__(
            f"Votre texte compte {length} signes, {most} au plus tiennent ici. Raccourcissez-le."
        )


def within(text: str, most: int) -> str:
    """The text, stripped. Raises `TooLong`."""
    text = text.strip()
    if len(text) > most:
        raise TooLong(len(text), most)
    return text


def text_in(request: HttpRequest, name: str, *, most: int = REASON) -> str:
    """The text posted under `name`, stripped. Raises `TooLong`."""
    return within(request.POST.get(name, ""), most)


def reason_in(request: HttpRequest) -> str:
    """Why somebody does what they do. Raises `TooLong`."""
    return text_in(request, "reason")
