"""One door to hold a row, one order, and a refusal of anything else."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from explor import locking
from explor.accounts.models import Organisation, User
from explor.locking import ORDER, WrongOrder, lock_row, lock_rows
from explor.ui.errors import Gone
from missions.dossier.actions import lock
from missions.dossier.models import Mission
from tests.factories import World
from tests.together.acts import one_after_the_other

ROOT = Path(__file__).parents[2]
OURS = [
    path
    for name in ("explor", "missions", "capitalisation")
    for path in (ROOT / name).rglob("*.py")
]


def test_rows_are_held_through_one_door_only() -> None:
    """`select_for_update` elsewhere reads its joined tables as they were before the wait."""
    found = {
        (path.relative_to(ROOT).as_posix(), ast.unparse(node))
        for path in OURS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
    }
    assert found == {("explor/locking.py", "rows.select_for_update(of=('self',), no_key=True)")}


def test_the_order_names_tables_that_exist_and_each_once() -> None:
    labels = {model._meta.label for model in apps.get_models()}
    assert set(ORDER) <= labels
    assert len(set(ORDER)) == len(ORDER)


def test_a_row_held_out_of_order_is_an_error(world: World) -> None:
    mission = world.mission()
    with transaction.atomic():
        lock_row(User.objects.all(), world.osim.pk)
        with pytest.raises(WrongOrder):
            lock(mission)


def test_a_row_held_already_may_be_asked_for_again(world: World) -> None:
    mission = world.mission()
    with transaction.atomic():
        lock(mission)
        lock_row(User.objects.all(), world.osim.pk)
        assert lock(mission) == mission


def test_a_row_held_in_a_savepoint_taken_back_is_asked_for_again(world: World) -> None:
    """PostgreSQL lets it go with the savepoint."""
    rows = User.objects.all()
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
            lock_row(rows, world.osim.pk)
            raise ZeroDivisionError
        with CaptureQueriesContext(connection) as asked:
            lock_row(rows, world.osim.pk)
            lock_row(rows, world.osim.pk)
    assert ["FOR NO KEY UPDATE" in query["sql"] for query in asked] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_outside_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        lock_rows(User.objects.all())


def test_a_row_that_is_gone_is_told(world: World) -> None:
    with transaction.atomic(), pytest.raises(Gone):
        lock_row(User.objects.all(), 0)


@pytest.mark.django_db(transaction=True)
def test_what_is_joined_to_a_held_row_is_read_after_the_wait() -> None:
    from tests.factories import make_world

    world = make_world()
    mission = world.mission()

    def rename() -> None:
        lock(mission)
        Organisation.objects.filter(pk=world.association.pk).update(name="Le nouveau nom")

    def read() -> str:
        with transaction.atomic():
            return lock(Mission.objects.get(pk=mission.pk)).project.holder.name

    assert one_after_the_other(rename, read) == [None, "Le nouveau nom"]


@pytest.mark.django_db(transaction=True)
def test_a_line_that_names_a_held_row_does_not_wait() -> None:
    """A journal entry names its actor: an actor who is held keeps nobody from writing theirs."""
    from explor.accounts.actions import GIVE_ROLE as MOVED
    from explor.journal.actions import record
    from tests.factories import UserFactory

    person = UserFactory.create()

    def hold() -> None:
        lock_row(User.objects.all(), person.pk)

    def write() -> str:
        return record("essai", MOVED, "Écrit.", actor=person).text

    assert one_after_the_other(hold, write) == [None, "Écrit."]
    assert locking.strict
