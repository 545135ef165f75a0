"""French typography of the pages: a line never starts with a colon."""

import re
from pathlib import Path

from django.conf import settings

TOKEN = re.compile(
    r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->"
    r"|<(textarea|script|pre)\b.*?</\1>|<[^>]*>",
    re.S,
)
LOOSE = re.compile(r"\S [:;?!»]|« ")


def loose(html: str) -> list[str]:
    """The places where a plain space stands before « : ; ? ! » or inside the quotes."""
    words = TOKEN.sub("\x00", html)
    return [words[max(0, m.start() - 20) : m.end() + 5] for m in LOOSE.finditer(words)]


def test_loose_spaces_are_found() -> None:
    assert loose("<p>Que faire : rien</p>") == ["\x00Que faire : rien"]
    assert loose("<p>Que faire\u00a0: rien</p><p class='a : b'></p>{% x ' : ' %}") == []


def test_templates_hold_their_punctuation() -> None:
    wrong = {
        str(path.relative_to(settings.BASE_DIR)): found
        for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
        if (found := loose(path.read_text("utf-8")))
    }
    assert wrong == {}
