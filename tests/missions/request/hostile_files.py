"""Files that people send by mistake, and some that nobody sends by mistake."""

import io
import zipfile
import zlib
from dataclasses import dataclass

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
EXE = b"MZ\x90\x00" + b"\x00" * 200
ELF = b"\x7fELF" + b"\x00" * 60
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@dataclass(frozen=True)
class Sent:
    """`words` are those of the refusal; none when the file is taken, under `kept` as its name."""

    name: str
    data: bytes
    words: str = ""
    kept: str = ""
    mime: str = "application/octet-stream"


def png(width: int = 2, height: int = 2) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height)).save(made, "PNG")
    return made.getvalue()


def archive(*names: str, content: bytes = b"x") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as box:
        for name in names:
            box.writestr(name, content)
    return made.getvalue()


def bomb() -> bytes:
    """20 MB of zeros that weigh 20 kB."""
    return archive("[Content_Types].xml", "word/document.xml", content=b"\0" * 20 * 1024 * 1024)


def wide_png() -> bytes:
    """A few bytes that say 60,000 × 60,000 pixels."""
    small = bytearray(png())
    small[16:24] = (60_000).to_bytes(4, "big") * 2
    small[29:33] = zlib.crc32(small[12:29]).to_bytes(4, "big")
    return bytes(small)


KIND, CONTENT, EMPTY = "n’est pas accepté", "n’est pas", "vide"
FILES: list[Sent] = [
    Sent("virus.exe", EXE, KIND),
    Sent("virus.pdf", EXE, CONTENT),
    Sent("statuts.pdf.exe", PDF, KIND),
    Sent("programme.pdf", ELF, CONTENT),
    Sent("page.pdf", HTML, CONTENT, mime="application/pdf"),
    Sent("page.html", HTML, KIND, mime="application/pdf"),
    Sent("page.txt", HTML, CONTENT),
    Sent("dessin.svg", SVG, KIND, mime="image/png"),
    Sent("dessin.png", SVG, CONTENT, mime="image/png"),
    Sent("dessin.txt", SVG, CONTENT),
    Sent("code.txt", b"<?php system('id');", CONTENT),
    Sent("vide.pdf", b"", EMPTY),
    Sent("sans-extension", PDF, "sans extension"),
    Sent(".pdf", PDF, "sans extension"),
    Sent("archive.zip", archive("a.txt"), KIND),
    Sent("archive.docx", archive("a.txt"), CONTENT),
    Sent("macro.docx", archive("[Content_Types].xml", "word/vbaProject.bin"), "macros"),
    Sent("bombe.docx", bomb(), "volume anormal"),
    Sent("photo.jpg", png(), CONTENT, mime="image/jpeg"),
    Sent("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, CONTENT),
    Sent("immense.png", wide_png(), "trop grande"),
    Sent("photo60Mo.png", b"\x89PNG" + b"\0" * (60 * 1024 * 1024), "trop lourd"),
    Sent("tableau.csv", b"a;b\x00;c", CONTENT),
    Sent("raccourci.lnk", b"L\0\0\0", KIND),
    Sent("script.js", b"alert(1)", KIND),
    Sent("compte.xlsm", archive("[Content_Types].xml", "xl/workbook.xml"), KIND),
    Sent("../../etc/passwd.pdf", PDF, kept="passwd.pdf"),
    Sent("..\\..\\win.pdf", PDF, kept="win.pdf"),
    Sent("double.exe.pdf", PDF, kept="double.exe.pdf"),
    Sent(
        "polyglotte.pdf",
        PDF + b"<script>alert(1)</script>" + archive("a.js"),
        kept="polyglotte.pdf",
    ),
    Sent("sens\u202efdp.pdf", PDF, kept="sensfdp.pdf"),
    Sent("<script>alert(1)</script>.pdf", PDF, kept="script>.pdf"),
    Sent("é" * 200 + ".pdf", PDF, kept="é" * 146 + ".pdf"),
    Sent("a\nb.pdf", PDF, kept="ab.pdf"),
    Sent("mauvais-type.pdf", PDF, kept="mauvais-type.pdf", mime="text/html"),
]
