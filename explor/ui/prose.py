"""Plain text to HTML: paragraphs apart by an empty line, `## ` headings, `- ` lists.

Everything is escaped; nothing else is markup. What people type stays readable as text.
"""

import re

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_APART = re.compile(r"\n\s*\n")


def prose(text: str, level: int = 3) -> SafeString:
    """`text` as paragraphs, headings of `level` and lists; empty for empty text."""
    parts = [part.strip("\n") for part in _APART.split((text or "").replace("\r\n", "\n"))]
    return mark_safe("".join(_part(part, level) for part in parts if part.strip()))


def _part(part: str, level: int) -> str:
    lines = [line.strip() for line in part.split("\n") if line.strip()]
    if lines[0].startswith("## "):
        heading = f"<h{level}>{conditional_escape(lines[0][3:])}</h{level}>"
        rest = "\n".join(lines[1:])
        return heading + (_part(rest, level) if rest else "")
    if all(line.startswith("- ") for line in lines):
        items = "".join(f"<li>{conditional_escape(line[2:])}</li>" for line in lines)
        return f"<ul>{items}</ul>"
    return f"<p>{'<br>'.join(conditional_escape(line) for line in lines)}</p>"
