"""Choosing a passage and a code; writing a code."""

from typing import Any

from django import forms

from capitalisation.coding.models import Code, Codebook
from capitalisation.corpus.models import TextVersion
from missions.dossier.models import Programme


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

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme

    def clean_code(self) -> Code:
        typed = self.cleaned_data["code"].strip()
        rows = Code.objects.select_related("codebook").filter(
            codebook__programme=self.programme, merged_into=None, codable=True
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
        version = TextVersion.objects.filter(
            pk=data.get("version") or 0, text__programme=self.programme
        ).first()
        if version is None:
            raise forms.ValidationError("Ce texte n’existe plus : rechargez la page.")
        data["version"] = version
        if "quote" in data and (data.get("start") is None or data.get("end") is None):
            self._find(version, data)
        return data

    def _find(self, version: TextVersion, data: dict[str, Any]) -> None:
        block = version.blocks.filter(position=data.get("block") or 0).first()
        quote = data["quote"].strip()
        within = version.body[block.start : block.end] if block else version.body
        times = within.count(quote) if quote else 0
        if times != 1:
            self.add_error(
                "quote",
                "Ce passage n’est pas dans le texte : copiez-le tel quel."
                if not times
                else "Ce passage y est plusieurs fois : copiez quelques mots de plus.",
            )
            return
        start = (block.start if block else 0) + within.index(quote)
        data.update(start=start, end=start + len(quote), quote=quote)


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
