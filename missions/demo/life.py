"""A mission of the demonstration lived act by act, each on its day, by the person whose job it is.

An act happens when the data give it a day that is past. Departure and what follows are called by
the loader that knows of interviews and reports.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from explor import clock
from explor.accounts.models import User
from missions import lifecycle
from missions.demo.asking import ask
from missions.demo.cast import Cast
from missions.demo.data import day_of
from missions.demo.reviewing import judged, tell
from missions.dossier.actions import approve_sheet, plan_dates, propose_sheet, take_step
from missions.dossier.milestones import settle_milestone, waive_milestone
from missions.dossier.models import Milestone, Mission, OwnerRole
from missions.dossier.suspension import suspend
from missions.lifecycle import Kind
from missions.matching.actions import answer_proposal, confirm_volunteer, propose_volunteer
from missions.request.submitting import submit_request
from missions.review.actions import save_review
from missions.review.decision_actions import decide
from missions.review.letter_actions import approve_letter, send_letter
from missions.review.letter_queries import letter_in_force
from missions.review.models import Criterion, Recommendation

INTERVIEWS_BEFORE = (Kind.INTERVIEW_BEFORE_VOLUNTEER, Kind.INTERVIEW_BEFORE_OSIM)
INTERVIEWS_AFTER = (Kind.INTERVIEW_AFTER_VOLUNTEER, Kind.INTERVIEW_AFTER_OSIM)
NOT_IN_SAMPLE = "Mission hors de l’échantillon d’entretiens de l’année."
SCORES = [3, 3, 3, 3, 2, 3]

#: What is written beside the programme's good practices once they are done.
NOTES: dict[str, str] = {
    Kind.REMOTE_SUPPORT: "Un appel toutes les deux semaines, une page partagée.",
    Kind.INSTITUTIONAL_CONTACTS: "Courriers envoyés par le partenaire, rendez-vous confirmés.",
    Kind.LOCAL_SKILLS: "Personnes du métier repérées avec le partenaire.",
    Kind.LOCAL_TOOLS: "Essai d’outils fabriqués sur place prévu.",
}


#: `(life, day, words of the decision)`
Decider = Callable[["Life", date, dict[str, Any]], None]


@dataclass
class Life:
    row: dict[str, Any]
    cast: Cast
    today: date
    mission: Mission
    #: how the committee decides: alone on the page, or in a sitting
    decider: "Decider | None" = None

    def day(self, act: str) -> date | None:
        """The day of an act that has happened; `None` for one that has not."""
        planned = self.planned(act)
        return planned if planned is not None and planned < self.today else None

    def planned(self, act: str) -> date | None:
        value = self.row["days"].get(act)
        return None if value is None else day_of(value, self.today)

    @property
    def coordinator(self) -> User:
        return self.cast.coordinator(self.mission)

    @property
    def volunteer(self) -> User:
        return self.cast.volunteers[self.row["volunteer"]].user

    def person(self, owner: str) -> User:
        if owner == OwnerRole.OSIM:
            return self.cast.osim(self.row["holder"])
        if owner == OwnerRole.VOLUNTEER:
            return self.volunteer
        return self.coordinator

    def fresh(self) -> Mission:
        self.mission = Mission.objects.defer("search").get(pk=self.mission.pk)
        return self.mission

    def step(self, name: str, act: str, actor: User, reason: str = "") -> bool:
        """Take a transition on its day; False when that day has not come."""
        if (day := self.day(act)) is None:
            return False
        with clock.at(day):
            if name == "submit":
                submit_request(self.fresh(), actor=actor)
            else:
                take_step(self.fresh(), name, actor=actor, reason=reason)
        return True


def live_until_preparation(life: Life) -> None:
    """From the first draft to the preparation, or to the ending that came before."""
    row, osim = life.row, life.cast.osim(life.row["holder"])
    ask(life.fresh(), row, cast=life.cast, today=life.today)
    if not life.step("submit", "submit", osim):
        return
    if not life.step("start_review", "review", life.coordinator):
        return
    _review(life)
    if life.step("withdraw", "withdraw", osim, row.get("withdraw_because", "")):
        return
    if life.step(
        "close_unfollowed", "unfollowed", life.coordinator, row.get("unfollowed_because", "")
    ):
        return
    if not life.step("send_to_committee", "committee", life.coordinator):
        return
    if not _decide(life) or not _match(life):
        return
    _prepare(life)
    _stop(life)


def _review(life: Life) -> None:
    """Filled on the day it goes to the committee; begun only when it has not gone yet."""
    day, goes = life.day("review"), life.day("committee")
    assert day is not None
    data = judged(life)
    if goes is not None:
        data |= dict(zip(Criterion.values, life.row.get("scores", SCORES), strict=True))
        data["recommendation"] = (
            Recommendation.UNFAVOURABLE
            if "decline" in life.row["days"]
            else Recommendation.FAVOURABLE
        )
        data["recommendation_why"] = life.row.get(
            "recommendation", "Besoin exprimé sur place, partenaire identifié, budget mesuré."
        )
        data["conflicts_asked"] = True
    else:
        data["relevance"] = 3
    tell(life)
    with clock.at(goes or day + timedelta(days=1)):
        save_review(life.fresh(), data, actor=life.coordinator)


def _decide(life: Life) -> bool:
    declined = life.day("decline")
    day = declined or life.day("decide")
    if day is None:
        return False
    words: dict[str, Any] = {
        "outcome": "declined" if declined else "accepted",
        "reason": life.row.get("decision", "Mission utile, au bon moment du projet."),
        "conditions": life.row.get("conditions", ""),
        "amount": Decimal(0) if declined else Decimal(life.row["amount"]),
    }
    (life.decider or _decide_on_the_page)(life, day, words)
    with clock.at(at_hour(day, 17)):
        letter = letter_in_force(life.fresh())
        assert letter is not None
        approve_letter(letter, version=letter.version, actor=life.coordinator)
        send_letter(letter, actor=life.coordinator)
    return not declined


def _decide_on_the_page(life: Life, day: date, words: dict[str, Any]) -> None:
    with clock.at(day):
        decide(life.fresh(), actor=life.cast.people["committee"], **words)


def at_hour(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def _match(life: Life) -> bool:
    proposed, confirmed = life.day("propose"), life.day("confirm")
    if proposed is None:
        return False
    volunteer = life.cast.volunteers[life.row["volunteer"]]
    why = life.row.get("why_volunteer") or (
        "Votre métier correspond à ce que demande l’association, "
        "et le pays est de ceux que vous acceptez."
    )
    with clock.at(proposed):
        engagement = propose_volunteer(life.fresh(), volunteer, why=why, actor=life.coordinator)
    if confirmed is None:
        return False
    with clock.at(confirmed - timedelta(days=2)):
        answer = life.row.get("answer", "D’accord, je suis disponible.")
        answer_proposal(engagement, accept=True, answer=answer, actor=volunteer.user)
    with clock.at(confirmed):
        confirm_volunteer(engagement, actor=life.coordinator)
    return True


def _prepare(life: Life) -> None:
    if (day := life.day("prepare")) is None:
        return
    with clock.at(day - timedelta(days=10)):
        settle(life, "start_preparation")
    life.step("start_preparation", "prepare", life.coordinator)
    departs, returns = life.planned("departs"), life.planned("returns")
    assert departs is not None
    assert returns is not None
    with clock.at(day):
        plan_dates(life.fresh(), departs_on=departs, returns_on=returns, actor=life.coordinator)
    _get_ready(life, day, departs)


def _get_ready(life: Life, prepared: date, departs: date) -> None:
    """Tick the departure's checklist, except what the data leave open."""
    done_on = min(prepared + timedelta(days=14), life.today - timedelta(days=1))
    left_open = {*life.row.get("left_open", ()), *INTERVIEWS_BEFORE, Kind.SECURITY_ZONE}
    with clock.at(done_on):
        for kind, note in NOTES.items():
            if kind not in left_open:
                _settle_one(life, life.mission.milestones.get(kind=kind), note)
        settle(life, "depart", but=left_open)


def settle(life: Life, transition: str, *, but: set[str] | None = None) -> None:
    """Settle what the transition requires, each thing by its owner."""
    for milestone in life.mission.milestones.open().filter(required_for=transition):
        if milestone.kind not in (but or set()):
            _settle_one(life, milestone, "")


def _settle_one(life: Life, milestone: Milestone, note: str) -> None:
    settle_milestone(milestone, actor=life.person(milestone.owner_role), note=note)


def waive_interviews(life: Life, kinds: tuple[str, ...], because: str, day: date) -> None:
    """The interviews that were not held are waived, with the reason."""
    with clock.at(day):
        for milestone in life.mission.milestones.open().filter(kind__in=kinds):
            waive_milestone(milestone, actor=life.coordinator, because=because)


def _stop(life: Life) -> None:
    because = life.row.get("cancel_because", "")
    life.step("cancel", "cancel", life.coordinator, because)
    if (day := life.day("suspend")) is not None:
        until = life.planned("suspended_until")
        assert until is not None
        with clock.at(day):
            suspend(
                life.fresh(),
                until=until,
                because=life.row["suspend_because"],
                actor=life.coordinator,
            )


def leave(life: Life) -> bool:
    """The departure, on its day, when nothing is left open."""
    day = life.day("departs")
    if day is None or life.fresh().state != lifecycle.State.PREPARATION:
        return False
    because = life.row.get("waived_because", NOT_IN_SAMPLE)
    waive_interviews(life, INTERVIEWS_BEFORE, because, day - timedelta(days=4))
    with clock.at(day - timedelta(days=3)):
        zone = life.mission.milestones.get(kind=Kind.SECURITY_ZONE)
        settle_milestone(zone, actor=life.coordinator, note="Carte relue, pas de changement.")
    return life.step("depart", "departs", life.coordinator)


def come_back(life: Life) -> bool:
    return life.step("come_back", "returns", life.coordinator)


def publish_sheet(life: Life, proposer: User) -> bool:
    """Proposed by one person, approved by another; the mission then goes to its follow-up."""
    day = life.day("sheet")
    if day is None:
        return False
    summary = life.row.get("sheet") or life.row["need"]
    with clock.at(day):
        propose_sheet(life.fresh(), summary=summary, actor=proposer)
    with clock.at(day + timedelta(days=3)):
        approve_sheet(life.fresh(), actor=life.coordinator)
    return life.step("start_follow_up", "follow_up", life.coordinator)


def follow_up(life: Life) -> None:
    """Both follow-ups, then the end."""
    for kind, act in ((Kind.FOLLOW_UP_6, "follow_6"), (Kind.FOLLOW_UP_12, "follow_12")):
        if (day := life.day(act)) is not None:
            with clock.at(day):
                milestone = life.fresh().milestones.get(kind=kind)
                settle_milestone(milestone, actor=life.coordinator, note=_told(life, act))
    life.step("close", "close", life.coordinator)


def _told(life: Life, act: str) -> str:
    told = life.row.get(act, "Appel avec l’association et son partenaire.")
    return str(told)
