"""Numbers one after the other, beyond 999, at once, and after a transaction that is undone."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from explor import clock
from explor.search.words import in_order
from missions.dossier.actions import create_mission, next_reference
from missions.dossier.lists import mission_list_for
from missions.dossier.models import Mission, Numbering
from missions.review.letter_actions import _next_number
from missions.review.letter_models import DecisionLetter
from tests.factories import ProjectFactory, World, make_world
from tests.missions.review.test_letters import decided
from tests.together.acts import at_once

YEAR = 2026


def references(world: World, count: int) -> list[str]:
    return [next_reference(world.programme, YEAR) for _ in range(count)]


def renamed(world: World, reference: str, **fields: object) -> Mission:
    mission = world.mission(**fields)  # type: ignore[arg-type]
    Mission.objects.filter(pk=mission.pk).update(reference=reference)
    return mission


def test_the_thousandth_reference_of_a_year_follows_the_one_before(world: World) -> None:
    for number in ("998", "097"):
        renamed(world, f"EX-{YEAR}-{number}")
    assert references(world, 4) == [f"EX-{YEAR}-{n}" for n in ("999", "1000", "1001", "1002")]


def test_references_borne_already_are_counted_as_numbers(world: World) -> None:
    """Those of before the table of numbers, and those that a load has written."""
    for number in ("999", "1000"):
        renamed(world, f"EX-{YEAR}-{number}")
    assert references(world, 1) == [f"EX-{YEAR}-1001"]
    renamed(world, f"EX-{YEAR}-4200")
    assert references(world, 2) == [f"EX-{YEAR}-4201", f"EX-{YEAR}-4202"]


def test_other_years_prefixes_and_words_do_not_count(world: World) -> None:
    for reference in (f"EX-{YEAR - 1}-900", f"AEX-{YEAR}-800", f"EX-{YEAR}-L700", f"EX-{YEAR}-6b"):
        renamed(world, reference)
    assert references(world, 1) == [f"EX-{YEAR}-001"]


def test_a_number_is_not_given_twice_when_its_mission_is_gone(world: World) -> None:
    assert references(world, 2)[1] == f"EX-{YEAR}-002"
    assert not Mission.objects.exists()
    assert references(world, 1) == [f"EX-{YEAR}-003"]


def test_a_number_of_a_transaction_that_is_undone_is_given_again(world: World) -> None:
    def refused() -> None:
        with transaction.atomic():
            references(world, 1)
            raise ZeroDivisionError

    references(world, 1)
    with pytest.raises(ZeroDivisionError):
        refused()
    assert references(world, 1) == [f"EX-{YEAR}-002"]


def test_the_thousandth_letter_of_a_year_has_its_number(world: World) -> None:
    _, letter = decided(world)
    year = clock.today().year
    DecisionLetter.objects.filter(pk=letter.pk).update(number=f"EX-{year}-L999")
    mission = world.mission()
    assert [_next_number(mission) for _ in range(2)] == [f"EX-{year}-L1000", f"EX-{year}-L1001"]


def test_a_list_goes_on_in_order_beyond_999(world: World) -> None:
    numbers = ("1000", "999", "1001", "002")
    for number in numbers:
        renamed(world, f"EX-{YEAR}-{number}", state="submitted")
    page = mission_list_for(world.coordinator, {}).page
    assert page is not None
    shown = [row.reference.rsplit("-", 1)[1] for row in page]
    assert shown == ["1001", "1000", "999", "002"]
    assert [row.reference for row in Mission.objects.all()] == [row.reference for row in page]


def test_python_and_postgresql_put_numbers_in_the_same_order(db: None) -> None:
    texts = ["EX-2026-1", "EX-2026-0999", "A1B22C333", "EX-2026-123456789", "", "sans", "007"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT x, f_in_order(x) FROM unnest(%s::text[]) x", [texts])
        rows = cursor.fetchall()
    assert {text: in_order(text) for text in texts} == dict(rows)
    assert in_order("EX-2026-999") < in_order("EX-2026-1000") < in_order("EX-2027-001")


@pytest.mark.django_db(transaction=True)
def test_missions_begun_at_once_have_each_their_number() -> None:
    world = make_world()
    Numbering.objects.create(prefix=f"EX-{clock.today().year}-", last=996)
    projects = [ProjectFactory.create(holder=world.association) for _ in range(6)]

    def begin(project: object) -> str:
        mission = create_mission(
            project,  # type: ignore[arg-type]
            programme=world.programme,
            territory=world.territory,
            title="Essai",
            country="BJ",
            actor=world.osim,
        )
        return mission.reference.rsplit("-", 1)[1]

    found = at_once(*(lambda project=project: begin(project) for project in projects))
    assert sorted(map(int, found)) == list(range(997, 1003))


def test_minutes_of_two_programmes_of_one_prefix_do_not_share_a_number(world: World) -> None:
    from uuid import uuid4

    from capitalisation.committee.session_planning import plan_session
    from capitalisation.committee.session_sitting import close_session, open_session
    from missions.dossier.models import ProgrammePartner
    from tests.factories import ProgrammeFactory

    other = ProgrammeFactory.create(slug="autre", name="Autre", reference_prefix="EX")
    ProgrammePartner.objects.create(
        programme=other, organisation=world.network, role="coordinates", position=1
    )
    numbers = []
    for programme in (world.programme, other):
        session = plan_session(
            programme, starts_at=clock.now() + timedelta(days=1), token=uuid4(), actor=None
        )
        numbers.append(close_session(open_session(session, actor=None), actor=None).number)
    year = clock.today().year
    assert numbers == [f"EX-{year}-PV01", f"EX-{year}-PV02"]
