"""Half-written rows: no page, export or PDF of the site falls because something is not there yet.

Each table of the ground is hollowed, one column in five at a time (null where the column may be
null, empty where it may be empty), all tables side by side, and every page is drawn. A column that
the database refuses to see empty cannot be half written: it is left alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import Error, connection, models, transaction
from django.test import Client

from missions.dossier.columns import columns_for
from missions.dossier.lists import filtered_missions
from missions.dossier.models import Component, Milestone, Mission, Objective
from missions.funding.models import BudgetLine
from missions.request.actions import start_request
from missions.request.models import Deliverable
from tests.factories import World
from tests.ground import Ground, make_ground
from tests.ground_session import point, sitting
from tests.missions.request.pages import post_step
from tests.role_rows import ROWS

#: One of each way of reading: an association, a coordination, a researcher, a member, the rest.
AsRole = Callable[[str], Client]
READERS = ("osim", "coordinator", "researcher", "committee", "volunteer", "administrator")
#: Each turn empties one column in so many of every table: a hundred turns would take minutes.
TURNS = 5
OURS = ("accounts", "missions", "capitalisation", "offline", "notifications", "documents")
#: Without these nobody signs in; they say who reads, not what is read.
LEFT = {"accounts.User", "accounts.Membership"}


def tables() -> list[type[models.Model]]:
    return [
        model
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed
        and model._meta.label not in LEFT
        and not model.__name__.endswith("Event")
        and model.objects.exists()
    ]


def empty_of(field: models.Field[Any, Any]) -> Any:
    """What the column holds when nothing was written; the field itself when it must be filled."""
    if not getattr(field, "concrete", False) or field.primary_key or field.unique:
        return field
    if field.null:
        return None
    if field.blank and field.empty_strings_allowed and not field.is_relation:
        text = isinstance(field, models.CharField | models.TextField)
        return "" if text else field.get_default()
    return field


def hollows(model: type[models.Model]) -> list[tuple[str, Any]]:
    """The columns of a table that can be empty, each tried on the database."""
    found = []
    for field in model._meta.concrete_fields:
        value = empty_of(field)
        if value is field or type(field).__name__ == "SearchVectorField":
            continue
        try:
            with undone():
                model._base_manager.update(**{field.attname: value})
                connection.check_constraints()
        except Error:
            continue
        found.append((field.attname, value))
    return found


class _Back(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back."""
    try:
        with transaction.atomic():
            yield
            raise _Back
    except _Back:
        pass


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground()


def readings(ground: Ground) -> list[tuple[list[str], str]]:
    """Each page that is read, and those of `READERS` who read it."""
    sitting(ground, "closed")  # before any mission waits for the committee
    point(ground)
    pages = [row for row in ROWS if row.method == "GET" and row.name != "healthz"]
    found = [([role for role in READERS if role in row.roles], row.path(ground)) for row in pages]
    return [(roles, path) for roles, path in found if roles]


def fallen(pages: list[tuple[str, str]], clients: dict[str, Client]) -> list[str]:
    wrong = []
    for role, path in pages:
        try:
            with undone():
                answer = clients[role].get(path)
                b"".join(answer) if answer.streaming else answer.content
                status = answer.status_code
        except Exception as error:  # which page fell is what the test tells
            wrong.append(f"{role} {path}: {error!r}")
        else:
            if status >= 500:
                wrong.append(f"{role} {path}: {status}")
    return wrong


def signed_in(ground: Ground) -> dict[str, Client]:
    found = {}
    for role in READERS:
        found[role] = Client()
        found[role].force_login(
            ground.world.person(role), backend="django.contrib.auth.backends.ModelBackend"
        )
    return found


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_page_is_drawn_with_columns_empty(ground: Ground) -> None:
    pages, clients = readings(ground), signed_in(ground)
    columns = {model: hollows(model) for model in tables()}
    wrong: list[str] = []
    for turn in range(TURNS):
        drawn = [(roles[turn % len(roles)], path) for roles, path in pages]
        with undone():
            for model, found in columns.items():
                if emptied := dict(found[turn::TURNS]):
                    model._base_manager.update(**emptied)
            wrong += [f"{turn}: {line}" for line in fallen(drawn, clients)]
    assert wrong == []


@pytest.mark.parametrize("gone", [Component, Objective, BudgetLine, Deliverable, Milestone])
def test_a_mission_without_any_of_these_is_drawn(ground: Ground, gone: type[models.Model]) -> None:
    for mission in (ground.mission("draft"), ground.mission("preparation"), ground.published()):
        pages = [(["osim"], f"/missions/{mission.reference}/"), (["osim"], "/missions/")]
    gone._base_manager.all().delete()
    paths = [path for _, path in pages] + ["/accueil/", "/missions/export/", "/missions-realisees/"]
    assert fallen([("osim", path) for path in paths], signed_in(ground)) == []


def test_a_volet_named_before_its_type_stops_no_list_and_may_be_withdrawn(
    world: World, as_role: AsRole
) -> None:
    """For its association at once, for the coordination once shared, for all once withdrawn."""
    mission = start_request(
        actor=world.osim,
        holder=world.association,
        programme=world.programme,
        territory=world.territory,
        title="Un brouillon",
        country="BJ",
        token=None,
    )
    sent = post_step(as_role("osim"), mission, "mission", c1_title="Le puits", c1_type="")
    assert sent.status_code == 302
    assert mission.components.get().type == ""
    Mission.objects.filter(pk=mission.pk).update(shared_draft=True)
    for role in ("osim", "coordinator"):
        client = as_role(role)
        for path in ("/missions/", "/missions/?carte=1", "/accueil/", mission.get_absolute_url()):
            assert client.get(path).status_code == 200, (role, path)
    page = as_role("osim").get(mission.get_absolute_url()).text
    assert "Le puits" in page
    away = as_role("osim").post(
        f"{mission.get_absolute_url()}etape/withdraw/", {"reason": "Plus d’actualité"}
    )
    assert away.status_code == 302
    mission.refresh_from_db()
    assert mission.state == "withdrawn"
    for role in ("osim", "coordinator", "researcher", "committee", "administrator"):
        for path in ("/missions/", "/missions/?vue=terminees", "/accueil/"):
            assert as_role(role).get(path).status_code == 200, (role, path)
    rows = filtered_missions(world.coordinator, {})
    assert [
        column.read(row, world.coordinator)
        for row in rows
        for column in columns_for(world.coordinator)
        if column.key == "types"
    ] == [""]
