"""A session that ended: back to the form afterwards, never to an address that cannot be opened."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.factories import World

LOGIN = "/compte/login/"


def next_of(location: str) -> str:
    parts = urlsplit(location)
    assert parts.path == LOGIN
    return parse_qs(parts.query)["next"][0]


def test_page_comes_back_with_its_filters(client: Client, db: None) -> None:
    answer = client.get("/missions/?q=eau")
    assert next_of(answer["Location"]) == "/missions/?q=eau"


@pytest.mark.parametrize("tail", ["instruction/suivi/note/", "etape/submit/"])
def test_form_sent_too_late_leads_back_to_its_page(client: Client, world: World, tail: str) -> None:
    mission = world.mission()
    page = f"/missions/{mission.reference}/?onglet=2"
    where = f"/missions/{mission.reference}/{tail}"
    answer = client.post(
        where, {"text": "long"}, headers={"Referer": f"http://testserver{page}#note"}
    )
    assert next_of(answer["Location"]) == page


@pytest.mark.parametrize("referer", ["", "https://ailleurs.example/", "javascript:alert(1)", "//x"])
def test_form_whose_page_is_not_ours_leads_to_my_work(
    client: Client, db: None, referer: str
) -> None:
    answer = client.post("/missions/nouvelle/", headers={"Referer": referer})
    assert next_of(answer["Location"]) == "/accueil/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_part_of_a_page_is_told_that_the_session_ended(
    client: Client, db: None, method: str
) -> None:
    answer = getattr(client, method)("/missions/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "Location" not in answer
