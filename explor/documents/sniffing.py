"""What a file really is, read from its content; its name alone is never believed."""

import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image, UnidentifiedImageError

from explor.ui.errors import Refusal

MAX_UNZIPPED_BYTES = 200 * 1024 * 1024
MAX_ZIP_ENTRIES = 5_000
MAX_ZIP_RATIO = 200
MAX_PIXELS = 60_000_000

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _is_image(kind: str) -> Callable[[bytes], bool]:
    def check(data: bytes) -> bool:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(BytesIO(data), formats=[kind]) as image:
                    if image.width * image.height > MAX_PIXELS:
                        raise Refusal("Cette image est trop grande : réduisez-la puis réessayez.")
                    image.verify()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refusal("Cette image est trop grande : réduisez-la puis réessayez.") from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            return False
        return True

    return check


def _members(data: bytes) -> zipfile.ZipFile | None:
    """The archive when its unpacked size stays reasonable, None when it is no archive.

    Raises Refusal for an archive built to fill a disk.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    ratio = unpacked / max(len(data), 1)
    if (
        len(entries) > MAX_ZIP_ENTRIES
        or unpacked > MAX_UNZIPPED_BYTES
        or (ratio > MAX_ZIP_RATIO and unpacked > 10 * 1024 * 1024)
    ):
        raise Refusal(
            "Ce fichier se déploie en un volume anormal : il est refusé par sécurité. "
            "Enregistrez-le de nouveau depuis votre logiciel, ou en PDF."
        )
    return archive


def _is_office(folder: str) -> Callable[[bytes], bool]:
    def check(data: bytes) -> bool:
        archive = _members(data)
        if archive is None:
            return False
        names = archive.namelist()
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Refusal("Ce document contient des macros : enregistrez-le sans macro.")
        return "[Content_Types].xml" in names and any(n.startswith(f"{folder}/") for n in names)

    return check


def _is_odf(mime: str) -> Callable[[bytes], bool]:
    def check(data: bytes) -> bool:
        archive = _members(data)
        if archive is None or "mimetype" not in archive.namelist():
            return False
        if archive.getinfo("mimetype").file_size > 200:
            return False
        return archive.read("mimetype").decode("ascii", "replace").strip() == mime

    return check


def _is_text(data: bytes) -> bool:
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in data):
        return False
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return not start.startswith((b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<?php"))


# extension → (type served, name of the kind in messages, check of the content)
ACCEPTED: dict[str, tuple[str, str, Callable[[bytes], bool]]] = {
    ".pdf": ("application/pdf", "un PDF", _is_pdf),
    ".png": ("image/png", "une image PNG", _is_image("PNG")),
    ".jpg": ("image/jpeg", "une image JPEG", _is_image("JPEG")),
    ".jpeg": ("image/jpeg", "une image JPEG", _is_image("JPEG")),
    ".webp": ("image/webp", "une image WebP", _is_image("WEBP")),
    ".odt": (f"{_ODF}text", "un texte OpenDocument", _is_odf(f"{_ODF}text")),
    ".ods": (
        f"{_ODF}spreadsheet",
        "un tableau OpenDocument",
        _is_odf(f"{_ODF}spreadsheet"),
    ),
    ".docx": (f"{_OFFICE}wordprocessingml.document", "un document Word", _is_office("word")),
    ".xlsx": (f"{_OFFICE}spreadsheetml.sheet", "un classeur Excel", _is_office("xl")),
    ".pptx": (
        f"{_OFFICE}presentationml.presentation",
        "une présentation PowerPoint",
        _is_office("ppt"),
    ),
    ".txt": ("text/plain; charset=utf-8", "un texte", _is_text),
    ".md": ("text/plain; charset=utf-8", "un texte", _is_text),
    ".csv": ("text/csv; charset=utf-8", "un tableau CSV", _is_text),
}

ACCEPTED_WORDS = (
    "PDF, images (PNG, JPEG, WebP), Word, Excel, PowerPoint, OpenDocument, texte ou CSV"
)


def clean_name(name: str) -> str:
    """The file's own name, without path nor invisible characters, at most 150 long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    path = PurePosixPath(name or "document")
    return f"{path.stem[: 150 - len(path.suffix)]}{path.suffix[:20]}"


def sniff(data: bytes, name: str) -> str:
    """The type under which `data` may be served.

    Raises Refusal, in words, when the file is empty, of an unknown kind, or is not what its
    name says.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if not data:
        raise Refusal("Ce fichier est vide. Vérifiez-le, puis choisissez-le de nouveau.")
    if suffix not in ACCEPTED:
        shown = f"« {suffix} »" if suffix else "sans extension"
        raise Refusal(
            f"Ce type de fichier ({shown}) n’est pas accepté. Choisissez : {ACCEPTED_WORDS}."
        )
    served, words, is_one = ACCEPTED[suffix]
    if not is_one(data):
        raise Refusal(
            f"Le contenu de « {name} » n’est pas {words}, malgré son nom. "
            "Enregistrez-le de nouveau dans ce format, puis réessayez."
        )
    return served
