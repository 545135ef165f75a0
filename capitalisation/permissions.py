"""Every rule of what is learnt from missions. Running the server is not reading people: the
administrator opens no interview."""

from typing import Any

from capitalisation.coding.models import Coding, Excerpt
from capitalisation.committee.minutes_models import SessionMinutes
from capitalisation.committee.session_models import CommitteeSession
from capitalisation.corpus.models import Text, TextKind
from capitalisation.interviews.models import Interview
from capitalisation.practices.models import GoodPractice
from capitalisation.publications.models import Booklet
from capitalisation.reports.models import ReportState, ReturnReport
from explor.accounts.models import Role, User
from explor.accounts.predicates import named_predicate, predicate, register
from missions import lifecycle
from missions.dossier.models import ConflictOfInterest, Mission, Programme
from missions.dossier.reach import PROGRAMMES
from missions.dossier.standing import MissionRole, roles_on
from missions.permissions import anywhere, on_mission

R = MissionRole
S = lifecycle.State

REPORTING = frozenset({S.FIELD, S.REPORT})


def in_programme(*roles: Role) -> Any:
    """True when the person holds one of `roles` in a partner of the object's programme."""

    @named_predicate(f"in_programme:{','.join(sorted(roles))}")
    def held(user: User, thing: Any) -> bool:
        if thing is None or not user.is_authenticated:
            return False
        programme_id = thing.pk if isinstance(thing, Programme) else thing.programme_id
        return programme_id in user.standing.reach(PROGRAMMES, *roles)

    return held


@predicate
def may_read_report(user: User, report: ReturnReport | None) -> bool:
    if report is None:
        return False
    held = roles_on(user, report.mission)
    if held & {R.VOLUNTEER, R.COORDINATOR}:
        return True
    if report.state == ReportState.ACCEPTED:
        return bool(
            held & {R.OSIM, R.RESEARCHER, R.COMMITTEE, R.OTHER_COORDINATOR, R.ADMINISTRATOR}
        )
    return R.RESEARCHER in held and report.state != ReportState.DRAFT


@predicate
def may_write_report(user: User, mission: Mission | None) -> bool:
    return (
        mission is not None
        and mission.state in REPORTING
        and R.VOLUNTEER in roles_on(user, mission)
    )


@predicate
def may_read_interview(user: User, interview: Interview | None) -> bool:
    """Researchers, whoever led it, and the person for their own answers."""
    if interview is None:
        return False
    if user.pk in {interview.interviewer_id, interview.person_id}:
        return True
    return R.RESEARCHER in roles_on(user, interview.mission)


@predicate
def may_write_interview(user: User, interview: Interview | None) -> bool:
    if interview is None:
        return False
    return interview.interviewer_id == user.pk or R.RESEARCHER in roles_on(user, interview.mission)


@predicate
def gave_it(user: User, interview: Interview | None) -> bool:
    return interview is not None and interview.person_id == user.pk


@predicate
def may_read_text(user: User, text: Text | None) -> bool:
    """Whole texts are for researchers. A report's text follows the report's own rule."""
    if text is None:
        return False
    if text.kind == TextKind.WORKSHOP or text.mission is None:
        return bool(in_programme(Role.RESEARCHER)(user, text))
    return R.RESEARCHER in roles_on(user, text.mission)


@predicate
def made_coding(user: User, coding: Coding | None) -> bool:
    return coding is not None and coding.coder_id == user.pk


@predicate
def may_read_excerpt(user: User, excerpt: Excerpt | None) -> bool:
    if excerpt is None:
        return False
    return bool(
        in_programme(Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE)(user, excerpt.version.text)
    )


@predicate
def second_reader(user: User, thing: GoodPractice | Booklet | None) -> bool:
    """Never the one who proposed it."""
    return thing is not None and thing.proposed_by_id != user.pk


@predicate
def leads_session(user: User, session: CommitteeSession | None) -> bool:
    """Chair or secretary of this sitting."""
    return session is not None and user.pk in {session.chair_id, session.secretary_id}


@predicate
def stood_by(user: User, minutes: SessionMinutes | None) -> bool:
    """Stood aside from no mission of the sitting: the whole minutes may be read."""
    if minutes is None:
        return False
    missions = minutes.session.items.values("mission")
    return not ConflictOfInterest.objects.filter(user=user, mission__in=missions).exists()


organisers = in_programme(Role.COORDINATOR, Role.ADMINISTRATOR)
sitting_readers = in_programme(Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR)
readers = in_programme(Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE)
writers = in_programme(Role.RESEARCHER, Role.COORDINATOR)
approvers = in_programme(Role.ADMINISTRATOR, Role.COORDINATOR, Role.RESEARCHER) & second_reader

TABLE: dict[str, Any] = {
    # reports
    "capitalisation.write_report": may_write_report,
    "capitalisation.view_report": may_read_report,
    "capitalisation.follow_report": on_mission(R.VOLUNTEER, R.COORDINATOR, R.ADMINISTRATOR),
    "capitalisation.review_report": on_mission(R.COORDINATOR),
    # interviews
    "capitalisation.view_interviews": anywhere(Role.RESEARCHER),
    "capitalisation.plan_interview": on_mission(R.RESEARCHER),
    "capitalisation.view_interview": may_read_interview,
    "capitalisation.write_interview": may_write_interview,
    "capitalisation.withdraw_consent": gave_it | may_write_interview,
    # corpus and coding
    "capitalisation.view_corpus": anywhere(Role.RESEARCHER),
    "capitalisation.edit_pseudonyms": on_mission(R.RESEARCHER),
    "capitalisation.programme_pseudonyms": in_programme(Role.RESEARCHER),
    "capitalisation.view_text": may_read_text,
    "capitalisation.code_text": may_read_text,
    "capitalisation.remove_coding": made_coding,
    "capitalisation.edit_codebook": in_programme(Role.RESEARCHER),
    "capitalisation.view_excerpt": may_read_excerpt,
    # analysis
    "capitalisation.view_analysis": anywhere(Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE),
    "capitalisation.read_analysis": readers,
    "capitalisation.write_focus": in_programme(Role.RESEARCHER),
    # practices
    "capitalisation.read_practices": in_programme(
        Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR
    ),
    "capitalisation.edit_practice": writers,
    "capitalisation.approve_practice": approvers,
    # committee
    "capitalisation.view_committee": anywhere(
        Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR
    ),
    "capitalisation.read_month": in_programme(
        Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR
    ),
    "capitalisation.freeze_month": in_programme(Role.COORDINATOR),
    # sittings of the committee
    "capitalisation.read_session": sitting_readers,
    "capitalisation.organise_session": organisers,
    "capitalisation.keep_session": organisers | (leads_session & sitting_readers),
    "capitalisation.read_minutes": sitting_readers & stood_by,
    "capitalisation.approve_minutes": sitting_readers,
    # publications
    "capitalisation.view_booklets": anywhere(
        Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR
    ),
    "capitalisation.read_booklet": in_programme(
        Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR
    ),
    "capitalisation.add_booklet": anywhere(Role.RESEARCHER, Role.COORDINATOR),
    "capitalisation.build_booklet": writers,
    "capitalisation.approve_booklet": approvers,
}

register(TABLE)
