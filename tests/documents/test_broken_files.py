"""What nobody can open is refused with words; nothing that arrives is an error of ours."""

import random
from contextlib import suppress
from pathlib import PurePosixPath

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from explor.documents.forms import SafeFileField
from explor.documents.sniffing import ACCEPTED, sniff
from explor.ui.errors import Refusal
from tests.documents import broken

SOUND = broken.sound()


def test_every_kind_offered_is_taken() -> None:
    assert set(SOUND) == set(ACCEPTED)
    for suffix, data in SOUND.items():
        assert sniff(data, f"a{suffix}") == ACCEPTED[suffix][0]


@pytest.mark.parametrize("name", broken.LOCKED)
def test_a_file_that_asks_for_a_password_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="mot de passe"):
        sniff(broken.LOCKED[name], name)


def test_a_pdf_locked_against_changes_alone_is_taken() -> None:
    assert sniff(broken.pdf(), "a.pdf") == "application/pdf"


@pytest.mark.parametrize("name", broken.OLD)
def test_a_kind_not_taken_is_told_what_to_do(name: str) -> None:
    with pytest.raises(Refusal, match="n’est pas accepté") as told:
        sniff(b"\xd0\xcf\x11\xe0" + bytes(600), name)
    assert broken.OLD[name] in str(told.value)
    with pytest.raises(ValidationError, match="n’est pas accepté"):
        SafeFileField().clean(SimpleUploadedFile(name, b"\xd0\xcf\x11\xe0" + bytes(600)))


@pytest.mark.parametrize("suffix", sorted(set(SOUND) - {".txt", ".md", ".csv"}))
@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_a_file_cut_on_the_way_is_refused(suffix: str, share: float) -> None:
    data = SOUND[suffix]
    with pytest.raises(Refusal):
        sniff(data[: int(len(data) * share)], f"a{suffix}")


@pytest.mark.parametrize("suffix", [".odt", ".ods", *broken.PARTS])
def test_an_archive_with_a_damaged_member_is_refused(suffix: str) -> None:
    with pytest.raises(Refusal, match=r"abîmé|n’est pas"):
        sniff(broken.spoilt_member(SOUND[suffix]), f"a{suffix}")


@pytest.mark.parametrize("suffix", SOUND)
def test_no_spoilt_file_is_an_error_of_ours(suffix: str) -> None:
    """Bytes changed, taken out and doubled: taken or refused, nothing else."""
    chance = random.Random(suffix)
    data = SOUND[suffix]
    for _ in range(150):
        spoilt = bytearray(data)
        for _ in range(chance.randrange(1, 12)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        if chance.random() < 0.3:
            at = chance.randrange(len(spoilt))
            spoilt[at : at + chance.randrange(200)] = b""
        with suppress(Refusal):
            assert sniff(bytes(spoilt), f"a{suffix}") == ACCEPTED[suffix][0]


@pytest.mark.parametrize("wrong", SOUND)
def test_a_wrong_extension_is_named(wrong: str) -> None:
    texts = {".txt", ".md", ".csv"}
    same = {".jpg": {".jpeg"}, ".jpeg": {".jpg"}}.get(wrong, set())
    for suffix, data in SOUND.items():
        if suffix == wrong or suffix in same or {suffix, wrong} <= texts:
            continue
        with pytest.raises(Refusal, match=r"n’est pas|mot de passe|abîmé"):
            sniff(data, PurePosixPath(f"a{wrong}").name)
