import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, transaction
from django.test import Client
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from explor.documents.actions import delete_file, set_public, store_file
from explor.documents.forms import SafeFileField
from explor.documents.models import StoredFile
from explor.documents.sniffing import clean_name
from explor.ui.errors import Refusal
from tests.documents.people import someone

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%%EOF"


def picture(kind: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (3, 3), "#0F4C4A").save(out, kind)
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(more: dict[str, bytes] | None = None) -> bytes:
    types = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
    return archive(types | (more or {}))


ODT = archive({"mimetype": b"application/vnd.oasis.opendocument.text"})


@pytest.mark.parametrize(
    ("name", "data", "served"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PNG", picture("PNG"), "image/png"),
        ("a.jpeg", picture("JPEG"), "image/jpeg"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("a.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("a.csv", "nom;âge\n".encode(), "text/csv; charset=utf-8"),
        ("a.txt", "bonjour".encode("cp1252"), "text/plain; charset=utf-8"),
    ],
)
def test_store_file_accepts_what_it_really_is(name: str, data: bytes, served: str) -> None:
    stored = store_file(data, name=name, actor=someone())
    assert stored.content_type == served
    assert stored.size == len(data)
    with stored.file.open() as kept:
        assert kept.read() == data


def test_store_file_accepts_a_word_document() -> None:
    stored = store_file(docx(), name="rapport.docx", actor=None)
    assert stored.content_type.endswith("wordprocessingml.document")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("outil.exe", b"MZ\x90\x00", "n’est pas accepté"),
        ("page.html", b"<html></html>", "n’est pas accepté"),
        ("dessin.svg", b"<svg onload='x'/>", "n’est pas accepté"),
        ("sans-extension", PDF, "n’est pas accepté"),
        ("photo.pdf", picture("PNG"), "n’est pas un PDF"),
        ("photo.png", PDF, "n’est pas une image PNG"),
        ("photo.jpg", picture("PNG"), "n’est pas une image JPEG"),
        ("coupee.png", picture("PNG")[:20], "n’est pas une image PNG"),
        ("notes.txt", b"MZ\x00\x01", "n’est pas un texte"),
        ("notes.txt", b"<!DOCTYPE html><script>", "n’est pas un texte"),
        ("notes.md", b"  <svg onload=x>", "n’est pas un texte"),
        ("tableau.xlsx", docx(), "n’est pas un classeur"),
        ("texte.odt", docx(), "n’est pas un texte OpenDocument"),
        ("texte.docx", b"PK\x03\x04abc", "n’est pas un document Word"),
        ("macros.docx", docx({"word/vbaProject.bin": b"x"}), "macros"),
        ("bombe.docx", docx({"word/zero": bytes(60_000_000)}), "volume anormal"),
        ("vide.pdf", b"", "vide"),
    ],
)
def test_store_file_refuses_in_words(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        store_file(data, name=name, actor=None)
    assert StoredFile.objects.count() == 0


def test_store_file_refuses_a_picture_that_fills_the_memory() -> None:
    out = BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    with pytest.raises(Refusal, match="trop grande"):
        store_file(out.getvalue(), name="carte.png", actor=None)


def test_store_file_refuses_what_is_too_heavy(settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(Refusal, match="trop lourd"):
        store_file(SimpleUploadedFile("a.pdf", PDF), name="a.pdf", actor=None)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\awa\\note.txt", "note.txt"),
        ("a\u202egpj.pdf", "agpj.pdf"),
        ("e\u0301tat.pdf", "état.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_file_name_is_cleaned(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


def test_stored_file_address_holds_nothing_typed() -> None:
    stored = store_file(PDF, name="nom de famille.pdf", actor=None)
    assert stored.file.name.startswith("fichiers/")
    assert "famille" not in stored.file.name


def test_download_is_for_its_owner(client: Client) -> None:
    owner = someone()
    stored = store_file(PDF, name="reçu d’Awa.pdf", actor=owner)
    client.force_login(owner, "django.contrib.auth.backends.ModelBackend")
    answer = client.get(stored.get_absolute_url())
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["ETag"] == f'"{stored.sha256}"'
    assert "private" in answer["Cache-Control"]
    again = client.get(stored.get_absolute_url(), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_download_does_not_exist_for_another(client: Client) -> None:
    stored = store_file(PDF, name="a.pdf", actor=someone())
    assert client.get(stored.get_absolute_url()).status_code == 404
    client.force_login(someone("binta"), "django.contrib.auth.backends.ModelBackend")
    assert client.get(stored.get_absolute_url()).status_code == 404
    answer = client.get(stored.get_absolute_url(), headers={"if-none-match": f'"{stored.sha256}"'})
    assert answer.status_code == 404


def test_download_follows_the_permission_on_the_target() -> None:
    subject = someone("sujet")
    stored = store_file(PDF, name="a.pdf", actor=None, target=subject, permission="a.read")
    reader = someone("binta")
    assert not stored.is_visible_to(reader)
    asked: list[tuple[str, object]] = []
    reader.has_perm = lambda perm, obj=None: bool(asked.append((perm, obj)) or True)  # type: ignore[method-assign]
    assert stored.is_visible_to(reader)
    assert asked == [("a.read", subject)]


def test_download_is_refused_to_an_inactive_owner() -> None:
    owner = someone()
    stored = store_file(PDF, name="a.pdf", actor=owner)
    owner.is_active = False
    assert not stored.is_visible_to(owner)


def test_public_file_is_for_anyone(client: Client) -> None:
    owner = someone()
    stored = set_public(store_file(PDF, name="a.pdf", actor=owner), actor=owner, public=True)
    answer = client.get(stored.get_absolute_url())
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert "public" in answer["Cache-Control"]
    set_public(stored, actor=owner, public=False)
    assert client.get(stored.get_absolute_url()).status_code == 404


def test_set_public_is_refused_to_who_cannot_read() -> None:
    stored = store_file(PDF, name="a.pdf", actor=someone())
    with pytest.raises(PermissionDenied):
        set_public(stored, actor=someone("binta"), public=True)


def test_delete_file_takes_the_bytes_after_the_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    owner = someone()
    stored = store_file(PDF, name="a.pdf", actor=owner)
    with django_capture_on_commit_callbacks(execute=True):
        delete_file(stored, actor=owner)
        assert default_storage.exists(stored.file.name)
    assert not default_storage.exists(stored.file.name)


def test_delete_file_is_refused_to_another() -> None:
    stored = store_file(PDF, name="a.pdf", actor=someone())
    with pytest.raises(PermissionDenied):
        delete_file(stored, actor=someone("binta"))


def test_download_of_a_lost_file_is_not_an_error_page(client: Client) -> None:
    stored = store_file(PDF, name="a.pdf", actor=None, public=True)
    default_storage.delete(stored.file.name)
    assert client.get(stored.get_absolute_url()).status_code == 404


def test_files_about_an_object_are_found() -> None:
    subject = someone("sujet")
    stored = store_file(PDF, name="a.pdf", actor=None, target=subject)
    store_file(PDF, name="b.pdf", actor=None)
    assert list(StoredFile.objects.about(subject)) == [stored]


def test_file_field_says_why_it_refuses() -> None:
    field = SafeFileField(extensions=(".pdf",))
    kept = field.clean(SimpleUploadedFile("a.pdf", PDF))
    assert kept.read() == PDF
    with pytest.raises(Refusal, match="n’est pas un PDF"):
        field.clean(SimpleUploadedFile("a.pdf", b"bonjour"))
    with pytest.raises(ValidationError, match=r"\.pdf"):
        field.clean(SimpleUploadedFile("a.txt", b"bonjour"))


def test_store_file_leaves_nothing_when_the_row_is_refused(settings: Settings) -> None:
    with pytest.raises(DataError), transaction.atomic():
        store_file(PDF, name="a.pdf", actor=None, permission="x" * 200)
    assert list(Path(settings.MEDIA_ROOT).rglob("*.pdf")) == []
