"""Lists of choices drawn at once: Django draws each option with a template of its own, which
costs more than the rest of a step when there are hundreds."""

from functools import cache
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

Options = tuple[tuple[str, str], ...]


@cache
def _option(value: str, label: str, chosen: bool) -> SafeString:
    mark = mark_safe(" selected") if chosen else ""
    return format_html('<option value="{}"{}>{}</option>', value, mark, label)


class LongSelect(forms.Select):
    """A `<select>` for one choice among many; groups of choices too."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = {str(value) if value is not None else ""}
        drawn = [self._drawn(one, label, chosen) for one, label in self.choices]
        given = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", given, mark_safe("".join(drawn)))

    def _drawn(self, value: Any, label: Any, chosen: set[str]) -> str:
        if not isinstance(label, list | tuple):
            return _option(str(value or ""), str(label), str(value or "") in chosen)
        inner = "".join(self._drawn(one, words, chosen) for one, words in label)
        name = conditional_escape(value)
        return f'<optgroup label="{name}">{inner}</optgroup>'
