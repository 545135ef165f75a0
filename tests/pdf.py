"""What every PDF of the application must be, checked on the finished bytes."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont


@dataclass(frozen=True)
class PdfReport:
    title: str
    pages: int
    outline: list[str]
    figures: list[str]
    text: str
    fonts: list[str]
    links: list[str]
    problems: list[str] = field(default_factory=list)


def check_pdf(data: bytes, *, lang: str = "fr") -> PdfReport:
    """Read the PDF with tools that did not make it; `problems` is empty when all is well."""
    with pikepdf.open(BytesIO(data)) as pdf:
        fonts = {str(font.objgen): font for font in _fonts(pdf)}
        figures = [_text(node.get("/Alt")) for node in _structure(pdf) if _is_figure(node)]
        missing = sum(_missing_glyphs(page) for page in pdf.pages)
        names = sorted({str(font.get("/BaseFont", "?")) for font in fonts.values()})
        problems = [
            *_declared(pdf, lang),
            *(
                f"image sans texte de remplacement n° {n}"
                for n, alt in enumerate(figures, 1)
                if not alt
            ),
            *(
                f"police non incorporée : {f.get('/BaseFont')}"
                for f in fonts.values()
                if not _embedded(f)
            ),
            *([f"{missing} caractère(s) sans dessin"] if missing else []),
        ]
        with pdf.open_outline() as outline:
            entries = list(_titles(outline.root))
        title = _text(pdf.docinfo.get("/Title")) if pdf.docinfo is not None else ""
        count, links = len(pdf.pages), list(_links(pdf))
    return PdfReport(title, count, entries, figures, _words(data), names, links, problems)


def _declared(pdf: pikepdf.Pdf, lang: str) -> Iterator[str]:
    root = pdf.Root
    if root.get("/MarkInfo", {}).get("/Marked") is not True:
        yield "le document n’est pas balisé"
    if "/StructTreeRoot" not in root:
        yield "aucun arbre de structure"
    if not _text(root.get("/Lang")).startswith(lang):
        yield f"langue : {_text(root.get('/Lang'))!r}"
    if root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") is not True:
        yield "le titre n’est pas affiché"
    if not _text(pdf.docinfo.get("/Title")):
        yield "aucun titre"
    with pdf.open_metadata() as meta:
        if meta.get("{http://www.aiim.org/pdfua/ns/id/}part") != "1":
            yield "ne se déclare pas PDF/UA-1"


def _structure(pdf: pikepdf.Pdf) -> Iterator[Any]:
    stack: list[Any] = [pdf.Root.get("/StructTreeRoot")]
    seen: set[tuple[int, int]] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, pikepdf.Array):
            stack.extend(reversed(list(node)))  # type: ignore[call-overload]
        elif isinstance(node, pikepdf.Dictionary):
            if node.objgen != (0, 0) and node.objgen in seen:
                continue
            seen.add(node.objgen)
            yield node
            if "/K" in node:
                stack.append(node["/K"])


def _is_figure(node: Any) -> bool:
    return str(node.get("/S", "")) == "/Figure"


def _holders(holder: Any) -> Iterator[Any]:
    """A page and every form drawn in it, however deep."""
    yield holder
    resources = holder.get("/Resources", {})
    for group in ("/XObject", "/Pattern"):
        for inner in resources.get(group, {}).values():
            if isinstance(inner, pikepdf.Stream) and "/Resources" in inner:
                yield from _holders(inner)


def _fonts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        for holder in _holders(page.obj):
            yield from holder.get("/Resources", {}).get("/Font", {}).values()


def _embedded(font: Any) -> bool:
    if str(font.get("/Subtype")) == "/Type3":
        return True
    inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
    described = inner.get("/FontDescriptor", {})
    return any(name in described for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def _missing_glyphs(page: pikepdf.Page) -> int:
    """How many drawn codes have no glyph in the font that draws them."""
    found = 0
    for holder in _holders(page.obj):
        fonts = holder.get("/Resources", {}).get("/Font", {})
        limit = 0
        source = holder if isinstance(holder, pikepdf.Stream) else page
        for operands, operator in pikepdf.parse_content_stream(source):
            if str(operator) == "Tf":
                limit = _glyph_count(fonts[str(operands[0])])
            elif str(operator) in ("Tj", "TJ") and limit:
                codes = [code for operand in operands for code in _codes(operand)]
                found += sum(not 0 < code < limit for code in codes)
    return found


def _glyph_count(font: Any) -> int:
    """The glyphs of an embedded font numbered on two bytes; 0 for any other kind of font."""
    if "/DescendantFonts" not in font:
        return 0
    described = font["/DescendantFonts"][0]["/FontDescriptor"]
    program = described.get("/FontFile2") or described.get("/FontFile3")
    return _count(program.read_bytes()) if program is not None else 0


@cache
def _count(program: bytes) -> int:
    return int(TTFont(BytesIO(program), lazy=True)["maxp"].numGlyphs)


def _codes(operand: Any) -> Iterator[int]:
    if isinstance(operand, pikepdf.Array):
        for part in operand:  # type: ignore[attr-defined]
            yield from _codes(part)
    elif isinstance(operand, pikepdf.String):
        drawn = bytes(operand)
        yield from (int.from_bytes(drawn[at : at + 2]) for at in range(0, len(drawn), 2))


def _titles(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from _titles(item.children)


def _links(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            if "/URI" in note.get("/A", {}):
                yield str(note["/A"]["/URI"])


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _words(data: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    )
    return done.stdout.decode()
