"""What a file really is, read from its content; its name alone is never believed."""

import logging
import lzma
import struct
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath

import pikepdf
from PIL import Image, UnidentifiedImageError

from explor.ui.errors import Refusal

logger = logging.getLogger(__name__)

MAX_UNZIPPED_BYTES = 200 * 1024 * 1024
MAX_ZIP_ENTRIES = 5_000
MAX_ZIP_RATIO = 200
MAX_PIXELS = 60_000_000
ENCRYPTED = 0x1
#: How an archive that was cut, altered or made to harm fails to be read.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    KeyError,
)
#: How the formats of before 2007 begin, and today's when they are locked by a password.
OLE = b"\xd0\xcf\x11\xe0"
OLD_OR_LOCKED = (
    "Ce fichier est dans un ancien format, ou demande un mot de passe. Ouvrez-le, enregistrez-le "
    "sans mot de passe au format d’aujourd’hui (.docx, .xlsx, .pptx) ou en PDF, puis réessayez."
)

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


LOCKED = (
    "Ce fichier demande un mot de passe : personne ne pourrait l’ouvrir ici. "
    "Enregistrez-le sans mot de passe, puis choisissez-le de nouveau."
)
DAMAGED = (
    "Ce fichier est abîmé ou incomplet : il ne s’ouvre pas. Ouvrez-le sur votre appareil, "
    "enregistrez-le de nouveau (ou en PDF), puis réessayez."
)
TOO_LARGE = "Cette image est trop grande : réduisez-la puis réessayez."


def _is_pdf(data: bytes) -> bool:
    """Readers mend many a fault; what has objects and no end was cut on the way."""
    if b"%PDF-" not in data[:1024]:
        return False
    try:
        with pikepdf.open(BytesIO(data)):
            pass
    except pikepdf.PasswordError:
        raise Refusal(LOCKED) from None
    except pikepdf.PdfError:
        pass
    if b" obj" in data and b"%%EOF" not in data[-8192:]:
        raise Refusal(DAMAGED)
    return True


#: kind → whether the picture has its end; a decoder fills what lacks with grey, without a word
_ENDS: dict[str, Callable[[bytes], bool]] = {
    # no picture's data holds these marks: the end comes after the last scan
    "JPEG": lambda data: data.rfind(b"\xff\xd9") > data.rfind(b"\xff\xda"),
    "PNG": lambda data: b"IEND\xaeB`\x82" in data,
    "WEBP": lambda data: int.from_bytes(data[4:8], "little") + 8 <= len(data),
}


def _is_image(kind: str) -> Callable[[bytes], bool]:
    def check(data: bytes) -> bool:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(BytesIO(data), formats=[kind]) as image:
                    if image.width * image.height > MAX_PIXELS:
                        raise Refusal(TOO_LARGE)
                    image.verify()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refusal(TOO_LARGE) from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            return False
        if not _ENDS[kind](data):
            raise Refusal(DAMAGED)
        return True

    return check


def _members(data: bytes) -> zipfile.ZipFile | None:
    """The archive when its unpacked size stays reasonable, None when it is no archive.

    Raises Refusal for an archive built to fill a disk.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except UNREADABLE:
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
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refusal(LOCKED)
    return archive


def _check_whole(archive: zipfile.ZipFile) -> None:
    """Every member can be read. Raises Refusal."""
    try:
        damaged = archive.testzip()
    except UNREADABLE:
        damaged = "?"
    if damaged is not None:
        raise Refusal(DAMAGED)


def _is_office(folder: str) -> Callable[[bytes], bool]:
    def check(data: bytes) -> bool:
        archive = _members(data)
        if archive is None:
            if data.startswith(OLE):
                raise Refusal(OLD_OR_LOCKED)
            return False
        names = archive.namelist()
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Refusal("Ce document contient des macros : enregistrez-le sans macro.")
        if "[Content_Types].xml" not in names or not any(n.startswith(f"{folder}/") for n in names):
            return False
        _check_whole(archive)
        return True

    return check


def _is_odf(mime: str) -> Callable[[bytes], bool]:
    def check(data: bytes) -> bool:
        archive = _members(data)
        if archive is None or "mimetype" not in archive.namelist():
            return False
        if archive.getinfo("mimetype").file_size > 200:
            return False
        _check_whole(archive)
        if archive.read("mimetype").decode("ascii", "replace").strip() != mime:
            return False
        manifest = "META-INF/manifest.xml"
        if manifest in archive.namelist() and b"encryption-data" in archive.read(manifest):
            raise Refusal(LOCKED)
        return True

    return check


_NOT_TEXT = (
    b"<!doctype",
    b"<html",
    b"<svg",
    b"<script",
    b"<?xml",
    b"<?php",
    b"%pdf-",
)


def _is_text(data: bytes) -> bool:
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in data):
        return False
    return not data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_NOT_TEXT)


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
    "PDF, images (PNG, JPEG, WebP), Word (.docx), Excel (.xlsx), PowerPoint (.pptx), "
    "OpenDocument (.odt, .ods), texte ou CSV"
)

#: What people send and we cannot take → what to do.
_OLD = "Ouvrez-le, puis « Enregistrer sous » au format {}, ou en PDF."
_PHONE = (
    "C’est le format des photos d’iPhone : envoyez-la en JPEG (Réglages, Appareil photo, Formats, "
    "« Le plus compatible »), ou faites-en une copie d’écran."
)
_SCAN = "Enregistrez l’image en JPEG ou en PNG, ou en PDF."
_PACK = "Sortez-en les fichiers et joignez-les un à un."
_OTHER = "Exportez-le en PDF, ou au format Word (.docx)."
WHAT_TO_DO: dict[str, str] = {
    **dict.fromkeys((".doc", ".dot", ".rtf"), _OLD.format(".docx")),
    ".xls": _OLD.format(".xlsx"),
    ".ppt": _OLD.format(".pptx"),
    **dict.fromkeys((".docm", ".xlsm", ".pptm"), "Enregistrez-le sans macro, ou en PDF."),
    **dict.fromkeys((".heic", ".heif", ".avif"), _PHONE),
    **dict.fromkeys((".gif", ".tif", ".tiff", ".bmp", ".svg"), _SCAN),
    **dict.fromkeys((".zip", ".rar", ".7z"), _PACK),
    **dict.fromkeys((".pages", ".odp", ".pub", ".wps"), _OTHER),
    ".numbers": "Exportez-le en PDF, ou au format Excel (.xlsx).",
    ".key": "Exportez-le en PDF, ou au format PowerPoint (.pptx).",
}


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
        shown = f"« {suffix} »" if suffix else "sans extension"
        advice = WHAT_TO_DO.get(suffix, f"Choisissez : {ACCEPTED_WORDS}.")
        raise Refusal(f"Ce type de fichier ({shown}) n’est pas accepté. {advice}")
    served, words, is_one = ACCEPTED[suffix]
    if not _tried(is_one, data):
        raise Refusal(
            f"Le contenu de « {name} » n’est pas {words}, malgré son nom. "
            "Enregistrez-le de nouveau dans ce format, puis réessayez."
        )
    return served


def _tried(is_one: Callable[[bytes], bool], data: bytes) -> bool:
    """What a library makes of a hostile file is no error of ours."""
    try:
        return is_one(data)
    except Refusal:
        raise
    except Exception:
        logger.warning("a file cannot be read", exc_info=True)
        raise Refusal(DAMAGED) from None
