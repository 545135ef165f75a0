"""The demonstration loaded once, and looked at from every side."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from capitalisation.analysis.models import Focus
from capitalisation.coding.models import Coding
from capitalisation.coding.queries import quotable
from capitalisation.committee.models import CommitteeMonth, MonthIndicator
from capitalisation.committee.session_models import AgendaItem, CommitteeSession
from capitalisation.corpus.models import Text, TextVersion
from capitalisation.interviews.models import Consent, Interview, InterviewState
from capitalisation.practices.models import GoodPractice, PracticeState, Workshop
from capitalisation.publications.models import Booklet, BookletState
from capitalisation.reports.models import InstitutionalMeeting, ReturnReport
from explor import clock
from explor.accounts.demo import BY_ROLE, PEOPLE
from explor.accounts.models import Organisation, User
from explor.journal.models import Entry
from explor.notifications.models import Notice, OutboxMail
from missions import lifecycle
from missions.dossier.models import (
    Achievement,
    Engagement,
    EngagementState,
    Milestone,
    Mission,
    MissionType,
    SheetState,
)
from missions.funding.models import CoFunding, Envelope, Expense, Instalment
from missions.request.corrections import Correction, asked_fields
from missions.review.decision_models import Decision
from missions.review.letter_models import DecisionLetter
from missions.review.opinion_models import Opinion

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

COUNTED = (
    Booklet,
    CoFunding,
    Coding,
    CommitteeMonth,
    CommitteeSession,
    Engagement,
    Entry,
    Expense,
    Focus,
    GoodPractice,
    Instalment,
    Interview,
    Milestone,
    Mission,
    MonthIndicator,
    Notice,
    Organisation,
    OutboxMail,
    ReturnReport,
    Text,
    TextVersion,
    User,
    Workshop,
)


@pytest.fixture(scope="module", autouse=True)
def demo(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Loaded for the whole module in one transaction, and forgotten after it.

    Each test's own transaction opens inside this one.
    """
    media = tmp_path_factory.mktemp("demo")
    storages = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(media)},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(STORAGES=storages, MEDIA_ROOT=str(media)):
            call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


def person(role: str) -> User:
    return User.objects.get(email=BY_ROLE[role].email)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


def test_loading_twice_changes_nothing() -> None:
    before = counts()
    versions = list(Mission.objects.order_by("pk").values_list("reference", "version"))

    call_command("load_demo", verbosity=0)

    assert counts() == before
    assert list(Mission.objects.order_by("pk").values_list("reference", "version")) == versions


def test_every_state_of_the_lifecycle_has_a_mission() -> None:
    states = set(Mission.objects.values_list("state", flat=True))

    assert states == {state.value for state in lifecycle.State}


def test_a_mission_is_suspended() -> None:
    waiting = Mission.objects.filter(suspended_until__gt=clock.today())

    assert waiting.count() == 1


def test_leaflet_missions_last_as_long_as_the_leaflet_says() -> None:
    leaflet = Mission.objects.filter(reference__startswith="EX-2022").order_by("reference")

    assert [mission.duration_days for mission in leaflet] == [7, 7, 8, 9]
    assert {mission.state for mission in leaflet} == {lifecycle.State.CLOSED}
    assert {mission.sheet_state for mission in leaflet} == {SheetState.APPROVED}


def test_leaflet_missions_keep_their_people_and_places() -> None:
    first, joint, tomato, mangrove = Mission.objects.filter(
        reference__startswith="EX-2022"
    ).order_by("reference")

    assert joint.joint_with == first
    assert [m.holder.acronym for m in (first, tomato, mangrove)] == ["GDCAM", "AHPA", "AHPA"]
    assert [str(m.country) for m in (first, tomato, mangrove)] == ["CG", "BJ", "BJ"]
    assert first.place == "Moulenda"
    homes = [
        m.engagements.get(state=EngagementState.CONFIRMED).volunteer.home_structure.name
        for m in (first, tomato)
    ]
    assert homes == ["IKO Power", "Les Anges Gardins"]


def test_leaflet_components_have_their_types_and_objectives() -> None:
    hydro, joint, tomato, mangrove = Mission.objects.filter(
        reference__startswith="EX-2022"
    ).order_by("reference")
    together = [*hydro.components.all(), *joint.components.all()]

    assert sum(part.objectives.count() for part in together) == 4
    assert {part.type for part in together} == {MissionType.STUDY}
    assert [c.type for c in tomato.components.all()] == [
        MissionType.TRAINING,
        MissionType.EVALUATION,
    ]
    assert [c.type for c in mangrove.components.all()] == [MissionType.TRAINING, MissionType.STUDY]


@pytest.mark.parametrize("fact", ["15 salariés", "500 mètres", "pépinière", "préfecture"])
def test_leaflet_figures_stand_in_the_achievements(fact: str) -> None:
    assert Achievement.objects.filter(text__icontains=fact).exists()


def test_every_leaflet_objective_has_its_achievements() -> None:
    empty = Mission.objects.filter(
        reference__startswith="EX-2022", components__objectives__achievements=None
    )

    assert not empty.exists()


def test_leaflet_missions_met_institutions_at_every_level() -> None:
    for number in (1, 2, 3, 4):
        levels = InstitutionalMeeting.objects.filter(
            report__mission__reference=f"EX-2022-00{number}"
        ).values_list("level", flat=True)
        assert set(levels) == {"local", "regional", "national"}


def test_ten_interviews_are_held_and_marked_as_examples() -> None:
    held = Interview.objects.filter(state=InterviewState.DONE)

    assert held.count() == 10
    assert held.filter(guide__moment="before").count() == 5
    assert not held.filter(is_example=False).exists()
    assert not Text.objects.filter(kind="interview", is_example=False).exists()


def test_consents_differ() -> None:
    levels = Consent.objects.values_list("quote_level", flat=True)

    assert set(levels) >= {"none", "anonymous", "function"}
    assert Consent.objects.exclude(circle="public").count() == 2


def test_codings_quote_the_version_that_people_read() -> None:
    codings = Coding.objects.select_related("excerpt__version")

    assert codings.count() > 150
    for coding in codings:
        excerpt = coding.excerpt
        assert excerpt.version.body[excerpt.start : excerpt.end] == excerpt.quote
        assert excerpt.version.kind == "pseudonymised"


def test_pseudonymised_texts_name_no_place_and_no_partner() -> None:
    readable = TextVersion.objects.filter(
        kind="pseudonymised", text__mission__reference__startswith="EX-2022"
    )

    assert readable.exists()
    for term in ("Moulenda", "Kpomassé", "CRIPADD", "AHPA", "GDCAM"):
        assert not readable.filter(body__icontains=term).exists()


def test_what_focuses_and_practices_cite_may_be_quoted() -> None:
    for focus in Focus.objects.all():
        assert quotable(focus.evidence.all()).count() == focus.evidence.count() > 0
    for practice in GoodPractice.objects.all():
        assert quotable(practice.evidence.all()).count() == practice.evidence.count() > 0


def test_practices_are_published_but_one_that_waits() -> None:
    states = list(GoodPractice.objects.order_by("position").values_list("state", flat=True))

    assert states == [PracticeState.PUBLISHED] * 5 + [PracticeState.PROPOSED]


def test_one_booklet_is_out_and_one_is_being_made() -> None:
    out = Booklet.objects.get(state=BookletState.PUBLISHED)

    assert out.issued_on == date(2023, 6, 15)
    assert out.file is not None
    assert Booklet.objects.filter(state=BookletState.DRAFT).count() == 1


def test_every_decision_was_taken_in_a_sitting_with_its_minutes() -> None:
    held = CommitteeSession.objects.filter(state="closed")
    assert held.exclude(minutes__approved_at__isnull=False).count() == 0
    decided = AgendaItem.objects.filter(session__in=held, decision__isnull=False)
    assert decided.count() == Decision.objects.count() > 10
    assert DecisionLetter.objects.exclude(state="sent").count() == 0
    coming = CommitteeSession.objects.get(state="planned")
    assert coming.convened_at is not None
    assert coming.items.count() == Mission.objects.filter(state="committee").count() > 0


def test_six_months_of_the_committee_are_frozen() -> None:
    months = list(CommitteeMonth.objects.order_by("month").values_list("month", flat=True))

    assert len(months) == 6
    assert months[-1] < clock.today().replace(day=1)
    assert MonthIndicator.objects.filter(code="requests", value__gt=0).exists()


def test_everyone_of_the_demonstration_is_called_exemple_and_has_no_password() -> None:
    people = User.objects.all()

    assert {one.email for one in people} >= {one.email for one in PEOPLE}
    assert {one.last_name for one in people} == {"Exemple"}
    assert not any(one.has_usable_password() for one in people)


def test_the_volunteer_has_something_to_do() -> None:
    mine = Engagement.objects.filter(volunteer__user=person("volunteer"))
    confirmed = mine.filter(state=EngagementState.CONFIRMED)

    assert mine.filter(state=EngagementState.PROPOSED).count() == 1
    assert set(confirmed.values_list("mission__state", flat=True)) >= {"preparation", "report"}


def test_a_departure_is_at_risk() -> None:
    soon = Mission.objects.filter(state="preparation").earliest("departs_on")
    required = soon.milestones.open().filter(required_for="depart")

    assert soon.departs_on is not None
    assert (soon.departs_on - clock.today()).days < 30
    assert required.count() >= 4


def test_a_report_is_late() -> None:
    late = Mission.objects.filter(state="report", report=None, returns_on__lt=clock.today())

    assert [(clock.today() - one.returns_on).days > 30 for one in late if one.returns_on] == [True]


def test_an_invented_past_sends_no_mail() -> None:
    assert OutboxMail.objects.count() == 0
    assert Notice.objects.filter(read_at=None).count() < 40


def test_money_has_francs_a_late_payment_and_a_refusal() -> None:
    assert Expense.objects.filter(currency="XOF", mission__country="BJ").exists()
    late = Instalment.objects.filter(state="planned", due_on__lt=clock.today())
    assert late.filter(commitment__state="held").exists()
    assert CoFunding.objects.filter(state="refused").exists()
    for envelope in Envelope.objects.prefetch_related("commitments"):
        assert envelope.committed == sum(row.drawn for row in envelope.commitments.all())


def test_a_review_waits_for_its_association_and_for_a_late_opinion() -> None:
    owed = Correction.objects.unanswered().get()
    assert asked_fields(owed.mission) == {owed.field: owed}
    assert Correction.objects.open().exclude(pk=owed.pk).get().changed
    states = set(Opinion.objects.values_list("state", flat=True))
    assert states == {"asked", "given"}
    assert Opinion.objects.late(clock.today()).count() == 1
