from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from explor import clock
from explor.notifications import agenda
from explor.notifications.actions import close_calendar, open_calendar
from explor.notifications.agenda import AgendaEvent
from explor.notifications.models import CalendarAddress, CalendarEntry
from missions.dossier.models import ConflictOfInterest, Milestone, Mission
from tests.factories import World, settle

AsRole = Callable[[str], Client]


def read(address: CalendarAddress, **headers: str) -> dict[str, dict[str, str]]:
    """UID → the properties of the event, as text."""
    answer = Client().get(address.get_absolute_url(), headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    return {
        str(event["UID"]): {name: value.to_ical().decode() for name, value in event.items()}
        for event in calendar.walk("VEVENT")
    }


@pytest.fixture
def leaving(world: World) -> Mission:
    day = clock.today() + timedelta(days=40)
    found = world.mission("preparation", departs_on=day, returns_on=day + timedelta(days=9))
    Milestone.objects.filter(mission=found, kind="tor_osim").update(due_on=day)
    Milestone.objects.filter(mission=found, kind="agreement").update(due_on=day)
    return found


def test_diary_holds_journeys_and_ones_own_deadlines(world: World, leaving: Mission) -> None:
    ref = leaving.reference
    osim = read(open_calendar(actor=world.osim))
    assert set(osim) == {f"{ref}:depart@explor", f"{ref}:retour@explor", f"{ref}:tor_osim@explor"}
    start = osim[f"{ref}:depart@explor"]
    assert start["DTSTART"] == f"{leaving.departs_on:%Y%m%d}"
    assert (start["STATUS"], start["SEQUENCE"]) == ("CONFIRMED", "0")
    assert start["URL"] == f"http://localhost:8000/missions/{ref}/"
    coordinator = read(open_calendar(actor=world.coordinator))
    assert f"{ref}:agreement@explor" in coordinator
    assert read(open_calendar(actor=world.other_osim)) == {}


def test_diary_names_nobody(world: World, leaving: Mission) -> None:
    leaving.title = "Accompagner Awa Exemple et l’atelier"
    leaving.save(update_fields=["title"])
    text = Client().get(open_calendar(actor=world.osim).get_absolute_url()).content.decode()
    for word in ("Awa", "Exemple", "Camille", world.association.name):
        assert word not in text


def test_change_has_a_higher_number_and_the_same_name(world: World, leaving: Mission) -> None:
    address, uid = open_calendar(actor=world.osim), f"{leaving.reference}:depart@explor"
    first = read(address)[uid]
    assert read(address)[uid] == first
    assert leaving.departs_on is not None
    leaving.departs_on += timedelta(days=2)
    leaving.save(update_fields=["departs_on"])
    moved = read(address)[uid]
    assert moved["SEQUENCE"] == "1"
    assert moved["DTSTART"] == f"{leaving.departs_on:%Y%m%d}"


def test_what_is_gone_is_told_as_cancelled_then_forgotten(world: World, leaving: Mission) -> None:
    address, uid = open_calendar(actor=world.osim), f"{leaving.reference}:depart@explor"
    read(address)
    Mission.objects.update(state="cancelled")
    gone = read(address)[uid]
    assert (gone["STATUS"], gone["SEQUENCE"]) == ("CANCELLED", "1")
    assert read(address)[uid] == gone
    with clock.at(clock.now() + timedelta(days=61)):
        read(address)
        assert read(address) == {}
    assert CalendarEntry.objects.count() == 0


def test_declared_tie_empties_the_diary(world: World, leaving: Mission) -> None:
    address = open_calendar(actor=world.coordinator)
    read(address)
    ConflictOfInterest.objects.create(
        mission=leaving, user=world.coordinator, nature="Lien", declared_at=clock.now()
    )
    assert {event["STATUS"] for event in read(address).values()} == {"CANCELLED"}


def test_done_deadline_stays_and_says_so(world: World, leaving: Mission) -> None:
    address, uid = open_calendar(actor=world.osim), f"{leaving.reference}:tor_osim@explor"
    assert read(address)[uid]["SUMMARY"].startswith("Échéance")
    settle(leaving, "tor_osim")
    done = read(address)[uid]
    assert done["SUMMARY"].startswith("Fait")
    assert (done["STATUS"], done["SEQUENCE"]) == ("CONFIRMED", "1")


def test_unchanged_diary_is_not_sent_again(world: World, leaving: Mission) -> None:
    address = open_calendar(actor=world.osim)
    mark = Client().get(address.get_absolute_url())["ETag"]
    again = Client().get(address.get_absolute_url(), headers={"if-none-match": mark})
    assert (again.status_code, again.content) == (304, b"")
    Mission.objects.update(departs_on=clock.today())
    changed = Client().get(address.get_absolute_url(), headers={"if-none-match": mark})
    assert changed.status_code == 200


def test_address_renewed_or_taken_away_answers_no_more(world: World, as_role: AsRole) -> None:
    client = as_role("osim")
    client.post("/messages/agenda/")
    first = CalendarAddress.objects.get().get_absolute_url()
    assert f"http://testserver{first}" in client.get("/messages/reglages/").content.decode()
    client.post("/messages/agenda/")
    second = CalendarAddress.objects.get().get_absolute_url()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post("/messages/agenda/supprimer/")
    assert Client().get(second).status_code == 404
    assert Client().get("/agenda/.ics").status_code == 404


def test_diary_of_a_closed_account_is_closed(world: World) -> None:
    address = open_calendar(actor=world.osim)
    world.osim.is_active = False
    world.osim.save()
    assert Client().get(address.get_absolute_url()).status_code == 404


def test_closing_forgets_what_was_told(world: World, leaving: Mission) -> None:
    read(open_calendar(actor=world.osim))
    close_calendar(actor=world.osim)
    assert (CalendarEntry.objects.count(), CalendarAddress.objects.count()) == (0, 0)


def test_later_stages_add_hours_and_places(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock.now().replace(microsecond=0) + timedelta(days=3)
    event = AgendaEvent("seance:1", "Comité", at, at + timedelta(hours=2), "Salle 2", "/comite/")
    monkeypatch.setattr(agenda, "_SOURCES", {"essai": lambda user, first, last: [event]})
    [row] = read(open_calendar(actor=world.committee)).values()
    assert row["LOCATION"] == "Salle 2"
    assert row["DTSTART"] == f"{at:%Y%m%dT%H%M%S}Z"


def test_diary_costs_the_same_for_any_number(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = open_calendar(actor=world.coordinator)
    counts = []
    for many in (1, 3):
        for _ in range(many):
            mission = world.mission("preparation", departs_on=clock.today())
            mission.milestones.update(due_on=clock.today())
        read(address)
        with django_assert_max_num_queries(10) as taken:
            read(address)
        counts.append(len(taken))
    assert counts[0] == counts[1]
