"""Choosing a passage and a code; writing a code."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django import forms

from capitalisation.coding.models import Code, Codebook
from capitalisation.corpus.folding import copied
from capitalisation.corpus.models import Text, TextVersion
from explor.intake.numbers import whole


@dataclass(frozen=True)
class Typed:
    """What a refused coding held, to be offered again in the form of its block."""

    block: int
    quote: str
    code: str
    memo: str


class PassageForm(forms.Form):
    """A selection: offsets from the browser, or words copied from one block.

    Without JavaScript `start` and `end` are empty, and `quote` is looked for in the block.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    sha256 = forms.CharField(widget=forms.HiddenInput)
    block = forms.IntegerField(widget=forms.HiddenInput, required=False)
    start = forms.IntegerField(widget=forms.HiddenInput, required=False)
    end = forms.IntegerField(widget=forms.HiddenInput, required=False)
    quote = forms.CharField(
        label="Passage exact", strip=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    code = forms.CharField(label="Code", max_length=120)
    memo = forms.CharField(label="Mémo", required=False, max_length=500)

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def typed_in(self, version: TextVersion) -> Typed:
        """What was typed, in the block it was said to be in: the first one when that is gone."""
        block = _number(self.data.get("block"))
        if not block and (start := _number(self.data.get("start"))):
            block = version.blocks.filter(start__lte=start).count()
        if not version.blocks.filter(position=block).exists():
            block = 1
        self.auto_id = f"%s-{block}"  # what is to be mended is linked to where it is shown
        said = (str(self.data.get(name, "")) for name in ("quote", "code", "memo"))
        return Typed(block, *said)

    def clean_code(self) -> Code:
        typed = self.cleaned_data["code"].strip()
        rows = Code.objects.select_related("codebook").filter(
            codebook__programme=self.text.programme_id, merged_into=None, codable=True
        )
        found = rows.filter(label__iexact=typed).first() or rows.filter(slug=typed).first()
        if found is None:
            raise forms.ValidationError(f"« {typed} » n’est pas un code de la grille.")
        return found

    def clean_quote(self) -> str:
        # browsers send line ends as CRLF; the corpus has LF only
        return str(self.cleaned_data["quote"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        version = self.text.versions.filter(pk=data.get("version") or 0).first()
        if version is None:
            raise forms.ValidationError("Ce texte n’existe plus : rechargez la page.")
        data["version"] = version
        if "quote" in data and (data.get("start") is None or data.get("end") is None):
            self._find(version, data)
        return data

    def _find(self, version: TextVersion, data: dict[str, Any]) -> None:
        block = version.blocks.filter(position=data.get("block") or 0).first()
        body = version.body[block.start : block.end] if block else version.body
        places = _places(data["quote"], body)
        if len(places) != 1:
            self.add_error(
                "quote",
                "Ce passage n’est pas dans le texte : copiez-le tel quel."
                if not places
                else "Ce passage y est plusieurs fois : copiez quelques mots de plus.",
            )
            return
        start, end = (point + (block.start if block else 0) for point in places[0])
        data.update(start=start, end=end, quote=version.body[start:end])


def _places(quote: str, body: str) -> list[tuple[int, int]]:
    """Where words copied from a page stand in a body: a browser copies plain spaces."""
    words = copied(unicodedata.normalize("NFC", quote)).text.split()
    if not words:
        return []
    within = copied(body)
    pattern = re.compile(" +".join(map(re.escape, words)))
    return [within.span(*found.span()) for found in pattern.finditer(within.text)]


def _number(typed: object) -> int:
    return whole(str(typed or ""), high=2**31 - 2) or 0


class CodeForm(forms.ModelForm[Code]):
    class Meta:
        model = Code
        fields = (
            "label",
            "parent",
            "definition",
            "include",
            "exclude",
            "example",
            "codable",
            "position",
        )
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("definition", "include", "exclude", "example")
        }
        labels = {"parent": "rangé sous", "position": "place dans la liste"}

    def __init__(self, *args: Any, codebook: Codebook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        rows = Code.objects.filter(codebook__programme=codebook.programme, merged_into=None)
        field.queryset = rows.exclude(pk=self.instance.pk) if self.instance.pk else rows
        field.empty_label = "À la racine"
        self.instance.codebook = codebook
