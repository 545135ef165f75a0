"""Freezing a month, reading it, its rows, its PDF."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from capitalisation.committee.actions import freeze_last_months, freeze_month
from capitalisation.committee.models import CommitteeMonth, MonthIndicator
from capitalisation.committee.tasks import freeze_months
from explor import clock
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.models import ConflictOfInterest
from tests.capitalisation.committee.test_indicators import decided
from tests.factories import World
from tests.pdf import check_pdf

As = Callable[[str], Client]
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 2)


def freeze(world: World, month: date = MARCH, seen: date = APRIL) -> CommitteeMonth:
    with clock.at(seen):
        return freeze_month(world.programme, month, actor=None)


def test_frozen_month_keeps_what_was_read(world: World) -> None:
    freeze(world)
    decided(world, date(2026, 3, 5), date(2026, 3, 30))
    assert MonthIndicator.objects.get(code="requests").value == 0


def test_month_is_frozen_once(world: World) -> None:
    freeze(world)
    with pytest.raises(Refusal, match="déjà arrêté"):
        freeze(world)
    decided(world, date(2026, 3, 5), date(2026, 3, 30))
    with clock.at(APRIL):
        freeze_month(world.programme, MARCH, actor=world.coordinator, again=True)
    assert MonthIndicator.objects.get(code="requests").value == 1


def test_running_month_is_not_frozen(world: World) -> None:
    with pytest.raises(Refusal, match="n’est pas terminé"):
        freeze(world, date(2026, 4, 1))


@pytest.mark.parametrize("role", ["committee", "researcher", "administrator", "osim", "stranger"])
def test_month_is_not_frozen_by(world: World, role: str) -> None:
    with clock.at(APRIL), pytest.raises(PermissionDenied):
        freeze_month(world.programme, MARCH, actor=world.person(role))


def test_task_freezes_the_month_before_and_may_run_twice(world: World) -> None:
    assert [freeze_last_months(today=APRIL), freeze_last_months(today=APRIL)] == [1, 0]
    with clock.at(date(2026, 5, 1)):
        assert freeze_months() == 1
    months = CommitteeMonth.objects.order_by("month").values_list("month", flat=True)
    assert list(months) == [MARCH, date(2026, 4, 1)]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("committee", 200),
        ("coordinator", 200),
        ("researcher", 200),
        ("administrator", 200),
        ("osim", 404),
        ("volunteer", 404),
        ("stranger", 404),
    ],
)
def test_pages_open_to(world: World, as_role: As, role: str, status: int) -> None:
    freeze(world)
    client = as_role(role)
    with clock.at(APRIL):
        pages = [
            reverse("committee"),
            reverse("committee_month", args=[2026, 3]),
            reverse("committee_rows", args=[2026, 3, "requests"]),
        ]
        assert [client.get(url).status_code for url in pages] == [status] * 3


@pytest.mark.parametrize("month", [(2026, 13), (2026, 5), (2020, 12), (0, 1)])
def test_month_that_does_not_exist_is_not_found(
    world: World, as_role: As, month: tuple[int, int]
) -> None:
    with clock.at(APRIL):
        url = reverse("committee_month", args=month)
        assert as_role("committee").get(url).status_code == 404


def test_live_month_says_so(world: World, as_role: As) -> None:
    with clock.at(APRIL):
        page = as_role("committee").get(reverse("committee_month", args=[2026, 4]))
    assert "ce mois n’est pas encore arrêté" in page.content.decode()


def test_rows_show_only_what_the_reader_may_open(world: World, as_role: As) -> None:
    mission = decided(world, date(2026, 3, 5), date(2026, 3, 30))
    freeze(world)
    url = reverse("committee_rows", args=[2026, 3, "requests"])
    with clock.at(APRIL):
        assert mission.title in as_role("committee").get(url).content.decode()
        ConflictOfInterest.objects.create(
            mission=mission, user=world.committee, declared_at=clock.now(), nature="Parenté"
        )
        page = as_role("committee").get(url).content.decode()
    assert mission.title not in page
    assert "Et 1 ligne dont le dossier ne vous est pas ouvert" in page


def test_month_page_costs_the_same_for_many(
    world: World, as_role: As, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        decided(world, date(2026, 3, 5), date(2026, 3, 30))
        world.mission(lifecycle.State.COMMITTEE)
    freeze(world, date(2026, 2, 1))
    freeze(world)
    client = as_role("committee")
    with clock.at(APRIL):
        client.get(reverse("committee_month", args=[2026, 3]))
        with django_assert_max_num_queries(12):
            client.get(reverse("committee_month", args=[2026, 3]))
        with django_assert_max_num_queries(12):
            client.get(reverse("committee"))


def test_coordinator_freezes_from_the_page(world: World, as_role: As) -> None:
    url = reverse("committee_freeze", args=[2026, 3])
    with clock.at(APRIL):
        assert as_role("committee").post(url).status_code == 403
        assert as_role("coordinator").post(url).status_code == 302
    assert CommitteeMonth.objects.get().frozen_by == world.coordinator


def test_monthly_file_is_a_tagged_document(world: World, as_role: As) -> None:
    mission = world.mission(lifecycle.State.COMMITTEE, title="Un puits à Kpomassé")
    freeze(world, date(2026, 2, 1))
    freeze(world)
    with clock.at(APRIL):
        response = as_role("committee").get(reverse("committee_pdf", args=[2026, 3]))
    report = check_pdf(response.content)
    assert report.problems == []
    assert "mars 2026" in report.title
    assert mission.reference in report.text
