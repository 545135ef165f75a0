"""What the script hears: marked JSON, never a redirection, never somebody else's dossier."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from explor.offline.models import Operation
from explor.offline.views import MARK
from missions.dossier.models import Mission
from missions.request.models import Request
from tests.factories import World
from tests.offline.samples import body, post

AsRole = Callable[[str], Client]


@pytest.fixture
def mission(world: World) -> Mission:
    mission = world.mission()
    Request.objects.create(mission=mission)
    return mission


def need(mission: Mission) -> str:
    return Request.objects.get(mission=mission).need


def told(response: Any, status: int) -> dict[str, Any]:
    assert (response.status_code, response[MARK]) == (status, "1")
    assert response["Content-Type"] == "application/json"
    found: dict[str, Any] = response.json()
    return found


def test_session_names_the_person_and_gives_a_token(as_role: AsRole, world: World) -> None:
    client = as_role("osim")
    response = client.get("/api/session/")
    found = told(response, 200)
    assert found["user"] == str(world.osim.uuid)
    assert found["schemas"]["request"] == 1
    assert found["csrf"]
    assert "sessionid" in response.cookies  # thirty days again
    assert "no-store" in response["Cache-Control"]


def test_signed_out_is_said_and_not_redirected(client: Client, mission: Mission) -> None:
    content = body({"need": ("A", "")})
    assert "session a pris fin" in told(client.get("/api/session/"), 401)["error"]
    told(post(client, "request", mission.uuid, content), 401)
    assert Operation.objects.count() == 0


def test_sending_is_answered_field_by_field(as_role: AsRole, mission: Mission) -> None:
    content = body({"need": ("A", ""), "days_on_spot": ("mille", "")})
    found = told(post(as_role("osim"), "request", mission.uuid, content), 200)
    assert {name: one["state"] for name, one in found["fields"].items()} == {
        "need": "applied",
        "days_on_spot": "unapplied",
    }
    assert found["choices"].strip() == ""
    assert need(mission) == "A"


def test_sending_twice_is_answered_the_same(as_role: AsRole, mission: Mission) -> None:
    client, content = as_role("osim"), body({"need": ("A", "")})
    first = told(post(client, "request", mission.uuid, content), 200)
    again = told(post(client, "request", mission.uuid, content), 200)
    assert first["fields"] == again["fields"]
    assert Operation.objects.count() == 1
    other = json.loads(content)
    other["changes"]["need"]["value"] = ["B"]
    told(post(client, "request", mission.uuid, json.dumps(other).encode()), 409)
    assert need(mission) == "A"


def test_texts_that_met_are_drawn_with_their_buttons(as_role: AsRole, mission: Mission) -> None:
    client = as_role("osim")
    post(client, "request", mission.uuid, body({"need": ("<b>Un</b>", "")}))
    found = told(
        post(client, "request", mission.uuid, body({"need": ("Deux", "")}, device="d2")), 200
    )
    assert "&lt;b&gt;Un&lt;/b&gt;" in found["choices"]
    assert "Deux" in found["choices"]
    assert found["choices"].count('name="choice"') == 2


@pytest.mark.parametrize("role", ["other_osim", "volunteer", "stranger", "other_volunteer"])
def test_dossier_of_another_is_not_found(as_role: AsRole, mission: Mission, role: str) -> None:
    told(post(as_role(role), "request", mission.uuid, body({"need": ("A", "")})), 404)
    assert need(mission) == ""


def test_unknown_record_and_kind_are_not_found(as_role: AsRole, mission: Mission) -> None:
    client, content = as_role("osim"), body({"need": ("A", "")})
    told(post(client, "request", uuid4(), content), 404)
    told(post(client, "nothing", mission.uuid, content), 404)


def test_reader_is_refused(as_role: AsRole, world: World) -> None:
    mission = world.mission("matching")
    Request.objects.create(mission=mission)
    told(post(as_role("osim"), "request", mission.uuid, body({"need": ("A", "")})), 403)
    assert need(mission) == ""


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"op_id": 1}', b"\xff"])
def test_sending_that_is_not_ours_is_refused(
    as_role: AsRole, mission: Mission, content: bytes
) -> None:
    told(post(as_role("osim"), "request", mission.uuid, content), 422)


def test_sending_too_long_is_refused(as_role: AsRole, mission: Mission) -> None:
    told(post(as_role("osim"), "request", mission.uuid, b" " * 1_000_001), 413)


def test_sending_without_the_token_of_the_session_is_refused(
    world: World, mission: Mission
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.osim, backend="django.contrib.auth.backends.ModelBackend")
    content = body({"need": ("A", "")})
    refused = post(client, "request", mission.uuid, content)
    assert (refused.status_code, refused.has_header(MARK)) == (403, False)
    token = client.get("/api/session/").json()["csrf"]
    path = f"/api/sync/request/{mission.uuid}/"
    told(
        client.post(path, content, content_type="application/json", headers={"X-CSRFToken": token}),
        200,
    )


def test_each_field_of_a_sending_costs_its_own_row_and_no_more(
    as_role: AsRole, mission: Mission, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_role("osim")
    counts = []
    for names in (("need",), ("voiced_by", "public", "context", "viability")):
        content = body(dict.fromkeys(names, ("A", "")))
        with django_assert_max_num_queries(45) as captured:
            post(client, "request", mission.uuid, content)
        counts.append(len(captured) - len(names))
    assert counts[1] <= counts[0] + 1  # the project has a row of its own


@pytest.mark.parametrize(("device", "wiped"), [("empty", '"cache", "storage"'), ("", '"cache"')])
def test_signing_out_wipes_the_device_only_when_it_says_nothing_is_left(
    as_role: AsRole, device: str, wiped: str
) -> None:
    client = as_role("osim")
    response = client.post("/compte/logout/", {"device": device})
    assert (response.status_code, response["Clear-Site-Data"]) == (302, wiped)
    told(client.get("/api/session/"), 401)


def test_asking_to_sign_out_wipes_nothing(as_role: AsRole) -> None:
    response = as_role("osim").get("/compte/logout/")
    assert (response.status_code, response.has_header("Clear-Site-Data")) == (200, False)


def test_worker_and_manifest_are_served_from_the_root(client: Client, settings: Settings) -> None:
    worker = client.get("/hors-ligne.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert b'importScripts("/static/js/worker' in worker.content
    manifest = client.get("/explor.webmanifest").json()
    assert (manifest["scope"], manifest["start_url"]) == ("/", "/accueil/")


def test_a_fault_of_ours_is_never_told_as_a_record_that_is_gone(
    as_role: AsRole, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """« N’existe plus » would have the device forget what it keeps."""

    def fall(*args: object, **kwargs: object) -> None:
        raise KeyError("défaut")

    monkeypatch.setattr("explor.offline.views.apply_operation", fall)
    client = as_role("osim")
    client.raise_request_exception = False
    found = post(client, "request", mission.uuid, body({"need": ("A", "")}))
    assert found.status_code == 500
    assert post(client, "inconnu", mission.uuid, body({})).status_code == 404
