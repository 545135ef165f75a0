from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from capitalisation.publications.actions import approve_booklet
from capitalisation.publications.models import Booklet
from explor.documents.models import ExportJob
from tests.capitalisation.publications.test_actions import draft, proposed
from tests.capitalisation.story import Story

As = Callable[[str], Client]


def test_draft_is_not_public_and_what_is_out_is(story: Story) -> None:
    booklet = proposed(story)
    url = reverse("publication", args=[booklet.slug])
    assert Client().get(url).status_code == 404
    approve_booklet(booklet, actor=story.world.administrator)
    assert "Conserver les tomates" in Client().get(url).content.decode()
    assert booklet.title in Client().get(reverse("publication_list")).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("researcher", 200),
        ("coordinator", 200),
        ("committee", 200),
        ("administrator", 200),
        ("osim", 404),
        ("volunteer", 404),
        ("stranger", 404),
    ],
)
def test_builder_opens_to(story: Story, as_role: As, role: str, status: int) -> None:
    booklet = draft(story)
    client = as_role(role)
    urls = [reverse("booklet_list"), booklet.get_absolute_url()]
    assert [client.get(url).status_code for url in urls] == [status, status]


def form_of(booklet: Booklet, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"title": booklet.title, "version": booklet.version}
    for row in booklet.sections.all():
        data |= {f"{row.kind}-title": row.title, f"{row.kind}-position": row.position}
        data |= {f"{row.kind}-introduction": "", f"{row.kind}-included": "on"}
    return data | changes


def test_builder_writes_sections_and_order(story: Story, as_role: As) -> None:
    booklet = draft(story)
    changes = {"matrix-title": "Ce que disent les textes", "matrix-position": 1, "years": ["2025"]}
    response = as_role("researcher").post(booklet.get_absolute_url(), form_of(booklet, **changes))
    assert response.status_code == 302
    booklet.refresh_from_db()
    assert (booklet.years, booklet.version) == ([2025], 2)
    assert booklet.sections.get(kind="matrix").title == "Ce que disent les textes"


def test_builder_refuses_a_stale_save_and_keeps_what_is_typed(story: Story, as_role: As) -> None:
    booklet = draft(story)
    data = form_of(booklet, version=0, **{"next-introduction": "Mon texte gardé"})
    response = as_role("researcher").post(booklet.get_absolute_url(), data)
    assert response.status_code == 409
    assert "Mon texte gardé" in response.content.decode()


def test_committee_does_not_write_nor_make(story: Story, as_role: As) -> None:
    booklet = draft(story)
    client = as_role("committee")
    assert client.post(booklet.get_absolute_url(), form_of(booklet)).status_code == 403
    assert client.post(reverse("booklet_make", args=[booklet.slug])).status_code == 403
    assert not ExportJob.objects.exists()


def test_making_twice_with_one_token_is_one_work(story: Story, as_role: As) -> None:
    booklet = draft(story)
    url, token = reverse("booklet_make", args=[booklet.slug]), str(uuid4())
    client = as_role("researcher")
    assert [client.post(url, {"token": token}).status_code for _ in range(2)] == [302, 302]
    assert ExportJob.objects.get().params == {"booklet": booklet.pk, "version": 1}


def test_preview_escapes_what_is_typed(story: Story, as_role: As) -> None:
    data = {"next-introduction": "## Titre\n\n<script>alert(1)</script>"}
    page = as_role("researcher").post(reverse("prose_preview"), data).content.decode()
    assert page == "<h4>Titre</h4><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_command_names_a_programme_that_does_not_exist(db: None, tmp_path: Any) -> None:
    with pytest.raises(CommandError, match="Aucun programme"):
        call_command("booklet", programme="inconnu", output=tmp_path / "livret.pdf")
