from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from capitalisation.corpus.models import Text
from capitalisation.practices.actions import hold_workshop
from capitalisation.practices.models import GoodPractice, PracticeState, Workshop
from tests.capitalisation.story import Story

As = Callable[[str], Client]


def test_public_page_shows_only_words_that_consent_gives_to_everyone(story: Story) -> None:
    story.hear("Parole pour tout le monde.", mission=story.missions[0])
    story.hear("Parole pour l’équipe.", mission=story.missions[1], circle="team")
    story.hear("Parole à ne pas citer.", mission=story.missions[2], level="none")
    practice = story.practise(*story.excerpts)
    page = Client().get(reverse("practice", args=[practice.slug])).content.decode()
    assert "Parole pour tout le monde." in page
    assert "Parole pour l’équipe." not in page
    assert "Parole à ne pas citer." not in page


def test_public_page_names_no_mission_without_a_public_sheet(story: Story) -> None:
    story.hear("Une parole.")
    practice = story.practise(*story.excerpts)
    page = Client().get(reverse("practice", args=[practice.slug])).content.decode()
    assert "Conserver les tomates" in page
    story.missions[0].sheet_state = "none"
    story.missions[0].save(update_fields=["sheet_state"])
    page = Client().get(reverse("practice", args=[practice.slug])).content.decode()
    assert "Conserver les tomates" not in page


def test_draft_is_not_public(story: Story) -> None:
    story.hear("Une parole.")
    practice = story.practise(*story.excerpts)
    GoodPractice.objects.update(state=PracticeState.DRAFT, approved_by=None)
    assert Client().get(reverse("practice", args=[practice.slug])).status_code == 404


def test_public_list_costs_the_same_for_many(
    story: Story, django_assert_max_num_queries: Any
) -> None:
    for place in range(6):
        story.hear(f"Parole {place}.")
        story.practise(*story.excerpts, title=f"Pratique {place}")
    with django_assert_max_num_queries(5):
        page = Client().get(reverse("practice_list")).content.decode()
    assert page.count("Observée dans 1 mission") == 6


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("researcher", 200),
        ("coordinator", 200),
        ("committee", 200),
        ("osim", 404),
        ("volunteer", 404),
        ("stranger", 404),
    ],
)
def test_team_pages_open_to(story: Story, as_role: As, role: str, status: int) -> None:
    story.hear("Une parole.")
    practice = story.practise(*story.excerpts)
    client = as_role(role)
    urls = [reverse("practice_admin_list"), reverse("practice_admin", args=[practice.slug])]
    assert [client.get(url).status_code for url in urls] == [status, status]


def test_committee_reads_but_does_not_write(story: Story, as_role: As) -> None:
    story.hear("Une parole.")
    practice = story.practise(*story.excerpts)
    url = reverse("practice_admin", args=[practice.slug])
    client = as_role("committee")
    assert "Enregistrer" not in client.get(url).content.decode()
    assert client.post(url, {"title": "Autre", "version": 1}).status_code == 403


def test_stale_form_shows_both_texts(story: Story, as_role: As) -> None:
    story.hear("Une parole.")
    practice = story.practise(*story.excerpts)
    data = {"title": "Titre", "summary": "Résumé", "body": "Mon texte à moi", "version": 7}
    response = as_role("researcher").post(reverse("practice_admin", args=[practice.slug]), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Mon texte à moi" in page
    assert "connaît" in page


def test_passages_are_chosen_by_theme(story: Story, as_role: As) -> None:
    story.hear("À propos des livrables.", code=story.codes[0])
    story.hear("À propos des suites.", code=story.codes[1])
    practice = story.practise(story.excerpts[0])
    url = reverse("practice_evidence", args=[practice.slug])
    client = as_role("researcher")
    page = client.get(url, {"code": story.codes[1].pk}).content.decode()
    assert "À propos des suites." in page
    client.post(url, {"excerpt": [story.excerpts[1].pk]})
    assert [row.excerpt for row in practice.evidence_rows.all()] == [story.excerpts[1]]


def test_proposer_is_told_no_when_approving(story: Story, as_role: As) -> None:
    story.hear("Une parole.")
    practice = story.practise(*story.excerpts)
    GoodPractice.objects.update(state=PracticeState.PROPOSED, approved_by=None)
    url = reverse("practice_step", args=[practice.slug, "approuver"])
    assert as_role("researcher").post(url).status_code == 403
    assert as_role("coordinator").post(url).status_code == 302
    assert GoodPractice.objects.get().state == PracticeState.PUBLISHED


def test_workshop_form_asks_whether_its_words_may_be_quoted(story: Story, as_role: As) -> None:
    client = as_role("coordinator")
    page = client.get("/capitalisation/ateliers/").content.decode()
    assert "acceptent-elles que ces paroles soient citées" in page
    assert "checked" not in page
    typed = {"title": "Atelier", "held_on": "2025-10-02", "participants": "3", "notes": "Une idée."}
    assert client.post("/capitalisation/ateliers/", typed).status_code == 302
    text = Text.objects.get(title="Atelier")
    assert (text.quote_level, text.circle) == ("none", "team")
    said = {"quote_level": "anonymous", "circle": "public"}
    workshop = Workshop.objects.get()
    client.post(f"/capitalisation/ateliers/{workshop.pk}/citation/", said)
    text.refresh_from_db()
    assert (text.quote_level, text.circle) == ("anonymous", "public")
    client.post(f"/capitalisation/ateliers/{workshop.pk}/citation/", {"quote_level": "named"})
    text.refresh_from_db()
    assert text.quote_level == "anonymous"


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_workshops_take_the_same_queries_for_any_number(
    story: Story, as_role: As, rows: int, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        hold_workshop(
            story.world.programme,
            title=f"Atelier {n}",
            held_on=date(2025, 10, 2),
            place="",
            participants=3,
            notes="Une idée.",
            actor=None,
        )
    client = as_role("coordinator")
    client.get("/capitalisation/ateliers/")
    with django_assert_num_queries(9):
        client.get("/capitalisation/ateliers/")
