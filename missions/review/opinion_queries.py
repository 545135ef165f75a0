"""Opinions on a request: who may be asked, what they are shown, what is due."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from explor.accounts.models import Membership, Role, User
from missions.actors.models import Volunteer
from missions.dossier.models import ConflictOfInterest, Mission, ProgrammePartner
from missions.request.saying import keys_by_section, label_of, said
from missions.review.opinion_models import Opinion, OpinionState

SALT = "opinion"
SHOWN = 30
#: All that somebody asked for an opinion reads. An answer that is not named here is not shown:
#: people's own addresses and numbers, amounts, and whatever the form asks one day.
_READ = frozenset(
    {
        "project_title",
        "country",
        "region",
        "place",
        "sector",
        "sdgs",
        "project_stage",
        "context",
        "need",
        "voiced_by",
        "project_objectives",
        "public",
        "public_women",
        "public_men",
        "public_youth",
        "other_actors",
        "local_policy",
        "viability",
        "local_partner",
        "partner_status",
        "partner_role",
        "partner_since",
        "partner_brings",
        "title",
        "direction",
        "problem",
        "activities",
        "success",
        "where",
        "components",
        "deliverables",
        "skills",
        "level",
        "languages",
        "people_count",
        "window_from",
        "window_to",
        "days_on_spot",
        "constraints_text",
        "lodging",
        "interpreter",
        "security_zone",
    }
)


def opinions_of(mission: Mission) -> list[Opinion]:
    rows = Opinion.objects.filter(mission=mission).exclude(state=OpinionState.CANCELLED)
    return list(rows.select_related("person", "asked_by"))


def opinions_due(on: date) -> QuerySet[Opinion]:
    """Still awaited and due on that day or before, on missions that still need them."""
    rows = Opinion.objects.waiting().filter(due_on__lte=on, mission__state__in=OPEN)
    return rows.select_related("mission", "person", "asked_by").defer("mission__search")


#: While an opinion can still change something.
OPEN = ("review", "committee")


def answer_path(opinion: Opinion) -> str:
    """Where the opinion is given: behind sign-in, or by the signed link of who has no account."""
    if opinion.person_id:
        return opinion.get_absolute_url()
    return reverse("opinion_link", args=[signing.dumps(opinion.token.hex, salt=SALT)])


def find_by_link(key: str) -> Opinion | None:
    """The opinion of a link we signed, while the mission still waits for it or it is given."""
    try:
        token = signing.loads(key, salt=SALT)
    except signing.BadSignature:
        return None
    rows = _with_mission(Opinion.objects.filter(token=token, person__isnull=True))
    found = rows.exclude(state=OpinionState.CANCELLED).first()
    return found if found is not None and found.mission.state in OPEN else None


def find_asked(user: User, token: UUID) -> Opinion | None:
    """The opinion asked of `user`."""
    return _with_mission(Opinion.objects.visible_to(user).filter(token=token)).first()


def asked_of(user: User) -> QuerySet[Opinion]:
    """Opinions asked of `user`, those awaited first."""
    rows = _with_mission(Opinion.objects.visible_to(user))
    return rows.order_by(F("answered_at").desc(nulls_first=True), "due_on", "-pk")


def _with_mission(rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
    return rows.select_related(
        "mission__project__holder", "mission__project__local_partner", "asked_by", "person"
    ).defer("mission__search")


def reading_for_opinion(mission: Mission) -> list[tuple[str, list[tuple[str, str]]]]:
    """`(part, [(label, words)])`: what the request says of the need and of the mission.

    Neither who the association's people are, nor amounts, nor anything the team wrote.
    """
    found = said(mission)
    read = []
    for _, title, keys in keys_by_section():
        rows = [(label_of(key), found.get(key, "")) for key in keys if key in _READ]
        if rows := [row for row in rows if row[1]]:
            read.append((title, rows))
    return read


def may_be_asked(mission: Mission, *, team_only: bool = False) -> QuerySet[User, Any]:
    """Coordination, committee and volunteers of the programme, without those tied to it."""
    partners = ProgrammePartner.objects.filter(programme=mission.programme_id)
    team = _membership().filter(organisation__in=partners.values("organisation"))
    holders = _membership().filter(organisation__projects__missions=mission)
    tied = ConflictOfInterest.objects.filter(user=OuterRef("pk"), mission=mission)
    chosen = Q(sits=True) | Q(coordinates=True)
    if not team_only:
        chosen |= Q(Exists(Volunteer.objects.filter(user=OuterRef("pk"))))
    return (
        User.objects.filter(is_active=True)
        .annotate(
            sits=Exists(team.filter(role=Role.COMMITTEE)),
            coordinates=Exists(team.filter(role=Role.COORDINATOR)),
        )
        .filter(chosen)
        .exclude(Exists(holders))
        .exclude(Exists(tied))
        .select_related("volunteer")
    )


def candidates(mission: Mission, search: str) -> list[tuple[User, str]]:
    """`(person, in what capacity)` to choose from: the team, and volunteers when searched."""
    asked = Opinion.objects.filter(
        mission=mission,
        person=OuterRef("pk"),
        state__in=[OpinionState.ASKED, OpinionState.GIVEN],
    )
    words = search.split()[:5]
    rows = may_be_asked(mission, team_only=not words).exclude(Exists(asked))
    for word in words:
        skilled = Volunteer.objects.filter(skills__label__icontains=word)
        rows = rows.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(volunteer__job__icontains=word)
            | Q(pk__in=skilled.values("user"))
        )
    rows = rows.order_by(F("sits").desc(), F("coordinates").desc(), "last_name", "first_name", "pk")
    return [(person, capacity_of(person)) for person in rows[:SHOWN]]


def capacity_of(person: User) -> str:
    """« Comité de pilotage », « Coordination », or a volunteer's trade; of `may_be_asked`."""
    if getattr(person, "sits", False):
        return str(Role.COMMITTEE.label)
    if getattr(person, "coordinates", False):
        return str(Role.COORDINATOR.label)
    job = person.volunteer.job
    return f"Volontaire, {job}"[:120] if job else "Volontaire"


def _membership() -> QuerySet[Membership]:
    return Membership.objects.filter(user=OuterRef("pk"))
