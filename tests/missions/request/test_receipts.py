import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from explor import clock
from explor.documents.models import StoredFile
from explor.notifications.models import Notice, OutboxMail
from explor.ui.errors import Refusal
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.request.actions import save_request
from missions.request.freezing import digest_of
from missions.request.models import AnnexKind, Receipt
from missions.request.submitting import keep_receipt_file, submit_request
from missions.request.tasks import hand_over_receipts
from tests.factories import World, make_world
from tests.missions.request.sample import full_answers
from tests.missions.request.test_actions import in_threads, start
from tests.missions.request.test_annexes import join
from tests.pdf import check_pdf

AsRole = Callable[[str], Client]


@pytest.fixture
def whole(world: World) -> Mission:
    return save_request(start(world), full_answers(), actor=world.osim, version=1)


def test_receipt_freezes_what_was_submitted(world: World, whole: Mission) -> None:
    annex = join(whole, AnnexKind.STATUTES, world.osim, "statuts.pdf")
    receipt = submit_request(whole, actor=world.osim)
    assert receipt.number == f"R-{whole.reference}"
    assert receipt.sha256 == digest_of(receipt.content)
    assert receipt.content["annexes"][0]["sha256"] == annex.file.sha256
    save_request(whole, {"need": "Un autre besoin"}, actor=world.osim, version=None)
    receipt.refresh_from_db()
    kept = json.dumps(receipt.content, ensure_ascii=False)
    assert "Les tomates se perdent à la récolte." in kept
    assert "Un autre besoin" not in kept


def test_database_refuses_to_change_a_receipt(world: World, whole: Mission) -> None:
    receipt = submit_request(whole, actor=world.osim)
    receipt.content = {"title": "Autre chose"}
    with pytest.raises(DatabaseError, match="missions_receipt"), transaction.atomic():
        receipt.save()


def test_every_door_of_the_submission_gives_the_receipt(world: World, whole: Mission) -> None:
    advance(whole, "submit", actor=world.osim)
    assert Receipt.objects.get().mission == whole


def test_association_receives_the_number_by_mail_the_sender_too(
    world: World, whole: Mission
) -> None:
    receipt = submit_request(whole, actor=world.osim)
    notice = Notice.objects.get(recipient=world.osim, event="request_receipt")
    assert receipt.number in notice.subject
    mail = OutboxMail.objects.get(event="request_receipt")
    assert mail.to_email == world.osim.email and whole.reference in mail.text


def test_submit_is_refused_to_others_and_while_something_is_missing(
    world: World, whole: Mission
) -> None:
    for person in (world.coordinator, world.other_osim, world.administrator):
        with pytest.raises(PermissionDenied):
            submit_request(whole, actor=person)
    save_request(whole, {"need": ""}, actor=world.osim, version=None)
    with pytest.raises(Refusal, match="le besoin"):
        submit_request(whole, actor=world.osim)
    assert not Receipt.objects.exists()


def test_submit_looks_at_the_answers_of_now(world: World, whole: Mission) -> None:
    """What the association says of itself may have changed from another request."""
    profile = whole.project.holder.osim_profile
    profile.contact_name = ""
    profile.save()
    with pytest.raises(Refusal, match="la personne de contact"):
        submit_request(whole, actor=world.osim)


@pytest.mark.django_db(transaction=True)
def test_submitting_twice_at_the_same_moment_gives_one_receipt() -> None:
    world = make_world()
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    fresh = Mission.objects.defer("search")
    found = in_threads(
        lambda: submit_request(fresh.get(pk=mission.pk), actor=world.osim).number, times=3
    )
    assert found == [f"R-{mission.reference}"] * 3
    assert mission.changes.filter(target="submitted").count() == 1


def test_receipt_on_paper_says_all_and_is_kept_once(world: World, whole: Mission) -> None:
    join(whole, AnnexKind.STATUTES, world.osim, "statuts.pdf")
    receipt = keep_receipt_file(submit_request(whole, actor=world.osim))
    assert receipt.file is not None
    with receipt.file.file.open("rb") as source:
        report = check_pdf(source.read())
    assert report.problems == []
    assert report.title == f"Récépissé de dépôt {receipt.number}"
    text = " ".join(report.text.split())
    for words in (
        receipt.number,
        receipt.sha256,
        "Les tomates se perdent à la récolte.",
        "statuts.pdf",
        "Carnet de recettes",
        "La coordination de votre territoire lit la demande",
        world.coordinator.email,
    ):
        assert words in text, words
    assert keep_receipt_file(receipt).file == receipt.file


def test_receipt_page_shows_the_request_as_submitted(
    as_role: AsRole, world: World, whole: Mission, django_assert_max_num_queries: Any
) -> None:
    submit_request(whole, actor=world.osim)
    client = as_role("osim")
    where = reverse("request_receipt", args=[whole.reference])
    client.get(where)
    with django_assert_max_num_queries(12):
        page = client.get(where)
    assert f"R-{whole.reference}" in page.text
    assert "Les tomates se perdent à la récolte." in page.text
    sent = client.get(reverse("request_receipt_pdf", args=[whole.reference]), follow=True)
    assert b"".join(sent).startswith(b"%PDF")  # type: ignore[arg-type]


def test_request_put_by_hand_has_no_receipt(as_role: AsRole, world: World) -> None:
    mission = world.mission("submitted")
    page = as_role("osim").get(reverse("request_receipt", args=[mission.reference]))
    assert page.status_code == 404


def test_receipt_whose_message_was_lost_is_handed_over_again(world: World, whole: Mission) -> None:
    receipt = submit_request(whole, actor=world.osim)
    later = clock.now() + timedelta(minutes=2)
    with patch("explor.handing.current_app") as broker:
        assert hand_over_receipts() == 0
        with clock.at(later):
            assert hand_over_receipts() == 1
        keep_receipt_file(receipt)
        with clock.at(later):
            assert hand_over_receipts() == 0
    assert broker.send_task.call_count == 1


def test_reading_the_receipt_keeps_nothing(as_role: AsRole, world: World, whole: Mission) -> None:
    receipt = submit_request(whole, actor=world.osim)
    where = reverse("request_receipt_pdf", args=[whole.reference])
    assert as_role("osim").get(where).content.startswith(b"%PDF")
    receipt.refresh_from_db()
    assert receipt.file is None and StoredFile.objects.count() == 0
