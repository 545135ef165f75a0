"""Files as they really arrive: cut, locked, renamed, old, made to harm."""

import zipfile
from io import BytesIO

import pikepdf
from PIL import Image

ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}


def pdf(password: str = "") -> bytes:
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page()
    locked = pikepdf.Encryption(owner="o", user=password) if password else False
    made.save(out, encryption=locked)
    return out.getvalue()


def photo(kind: str, size: int = 200) -> bytes:
    out = BytesIO()
    Image.effect_noise((size, size), 60).convert("RGB").save(out, kind)
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def office(suffix: str) -> bytes:
    words = bytes(range(256)) * 40
    return archive({"[Content_Types].xml": b"<Types/>", PARTS[suffix]: b"<w/>", "media": words})


def odf(mime: str, manifest: bytes = b"<manifest/>") -> bytes:
    words = b"texte " * 3000
    members = {"mimetype": mime.encode(), "META-INF/manifest.xml": manifest, "content.xml": words}
    return archive(members)


def sound() -> dict[str, bytes]:
    """One file of every kind that is taken."""
    text = b"Quelques mots ;\n"
    return {
        ".pdf": pdf(),
        ".png": photo("PNG"),
        ".jpg": photo("JPEG"),
        ".jpeg": photo("JPEG"),
        ".webp": photo("WEBP"),
        ".odt": odf(ODT),
        ".ods": odf(ODS),
        **{suffix: office(suffix) for suffix in PARTS},
        **dict.fromkeys((".txt", ".md", ".csv"), text),
    }


def spoilt_member(data: bytes) -> bytes:
    """The archive opens, a member of it does not: what answered an error of ours."""
    where = data.index(b"mimetype") + len("mimetype") if b"mimetype" in data else 60
    return data[:where] + b"\xff\x00\xff\x13" + data[where + 4 :]


def flagged(data: bytes) -> bytes:
    """As an archive whose members ask for a password."""
    spoilt = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = spoilt.find(mark)
        while place >= 0:
            spoilt[place + at] |= 1
            place = spoilt.find(mark, place + 4)
    return bytes(spoilt)


LOCKED = {
    "mot-de-passe.pdf": pdf("secret"),
    "chiffre.odt": odf(ODT, b"<manifest:encryption-data/>"),
    "chiffre.ods": odf(ODS, b"<manifest:encryption-data/>"),
    "archive.docx": flagged(office(".docx")),
    "drapeau.odt": flagged(odf(ODT)),
    "coffre.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "coffre.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
}
OLD = {
    "statuts.doc": ".docx",
    "budget.xls": ".xlsx",
    "film.ppt": ".pptx",
    "lettre.rtf": ".docx",
    "IMG_0412.HEIC": "JPEG",
    "plan.tiff": "PNG",
    "pieces.zip": "un à un",
    "note.pages": "PDF",
    "tableau.numbers": ".xlsx",
}
