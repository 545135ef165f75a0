"""Two acts at once never leave nobody where a rule says that somebody stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from explor.accounts.actions import close_account, end_role, give_role
from explor.accounts.models import Membership, Role, User
from explor.ui.errors import Refusal
from missions.actors.members import leave, remove_member
from tests.factories import World, make_person, make_world
from tests.together.acts import at_once, one_after_the_other

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def administrators() -> int:
    rows = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    return rows.values("user").distinct().count()


def pair(world: World) -> tuple[User, User]:
    return world.administrator, make_person(world.network, Role.ADMINISTRATOR)


def close(person: User, actor: User) -> Callable[[], Any]:
    return lambda: close_account(person, actor=fresh(actor), reason="Départ")


def end(person: User, actor: User) -> Callable[[], Any]:
    row = person.memberships.get(role=Role.ADMINISTRATOR)
    return lambda: end_role(row, actor=fresh(actor))


def fresh(person: User) -> User:
    """As a request reads it: nothing of what another page has learnt."""
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize("first", [close, end])
@pytest.mark.parametrize("second", [close, end])
def test_two_administrators_do_not_send_each_other_away(
    world: World, first: Any, second: Any
) -> None:
    one, other = pair(world)
    done, refused = one_after_the_other(first(other, one), second(one, other))
    assert not isinstance(done, Exception)
    assert isinstance(refused, PermissionDenied | Refusal)
    assert administrators() == 1


def test_two_administrators_at_the_very_same_moment(world: World) -> None:
    for _ in range(5):
        one, other = pair(world)
        found = at_once(close(other, one), close(one, other))
        assert sum(isinstance(answer, PermissionDenied | Refusal) for answer in found) == 1
        assert administrators() == 1
        User.objects.update(is_active=True)
        Membership.objects.filter(user=other).delete()


def test_an_administrator_given_meanwhile_counts(world: World) -> None:
    one, heir = world.administrator, world.coordinator
    given, ended = one_after_the_other(
        lambda: give_role(heir, world.network, Role.ADMINISTRATOR, actor=one), end(one, one)
    )
    assert not isinstance(given, Exception) and ended is None
    assert administrators() == 1


def test_the_last_two_members_do_not_both_leave_unknowingly(world: World) -> None:
    colleague = make_person(world.association, Role.MEMBER)
    row = colleague.memberships.get()
    pairs = [
        (lambda: leave(world.association, actor=world.osim), "leave"),
        (lambda: remove_member(row, actor=world.osim), "remove"),
        (lambda: close_account(world.osim, actor=world.administrator, reason="Départ"), "close"),
    ]
    for first, name in pairs:
        done, refused = one_after_the_other(
            first, lambda: leave(world.association, actor=fresh(colleague))
        )
        assert not isinstance(done, Exception), name
        assert isinstance(refused, Refusal | PermissionDenied), (name, refused)
        Membership.objects.filter(organisation=world.association).delete()
        User.objects.update(is_active=True)
        for person in (world.osim, colleague):
            Membership.objects.create(user=person, organisation=world.association, role=Role.MEMBER)
        row = colleague.memberships.get()
