"""A sitting of the steering committee: who is called, what is on the agenda, who votes."""

from math import ceil
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from explor.accounts.models import Role, User
from explor.journal.tracking import tracked
from missions.dossier.models import Mission, Programme, ProgrammePartner
from missions.review.decision_models import Decision

#: Who reads the sittings of a programme.
READERS = (Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR)


class SessionState(models.TextChoices):
    PLANNED = "planned", "Prévue"
    OPEN = "open", "En cours"
    CLOSED = "closed", "Close"
    CANCELLED = "cancelled", "Annulée"


class QuorumKind(models.TextChoices):
    SHARE = "share", "Part des membres (%)"
    NUMBER = "number", "Nombre de personnes"


class Presence(models.TextChoices):
    EXPECTED = "expected", "Attendu·e"
    PRESENT = "present", "Présent·e"
    REMOTE = "remote", "À distance"
    EXCUSED = "excused", "Excusé·e"
    ABSENT = "absent", "Absent·e"


#: Those who count for the quorum and may vote.
HERE: frozenset[str] = frozenset({Presence.PRESENT, Presence.REMOTE})


class ItemResult(models.TextChoices):
    WAITING = "", "À examiner"
    DECIDED = "decided", "Décidée"
    RETURNED = "returned", "Renvoyée en instruction"
    DEFERRED = "deferred", "Reportée à une prochaine séance"
    ELSEWHERE = "elsewhere", "Réglée hors séance"


class VoteChoice(models.TextChoices):
    FOR = "for", "Pour"
    AGAINST = "against", "Contre"
    ABSTAIN = "abstain", "Abstention"


class CommitteeSessionQuerySet(models.QuerySet["CommitteeSession"]):
    def visible_to(self, user: User) -> Self:
        """The sittings of the programmes for which the person sits, coordinates or administers."""
        organisations = frozenset[int]().union(
            *(user.standing.organisations(role) for role in READERS)
        )
        partners = ProgrammePartner.objects.filter(organisation__in=organisations)
        return self.filter(programme__in=partners.values("programme"))


@tracked()
class CommitteeSession(models.Model):
    """`version` grows at every act on the sitting: pages that are open look at it to know that
    something moved. `current` is the mission being looked at."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    token = models.UUIDField(unique=True, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="committee_sessions")
    year = models.PositiveSmallIntegerField("année")
    number = models.PositiveSmallIntegerField("numéro dans l’année")
    starts_at = models.DateTimeField("date et heure")
    place = models.CharField("lieu", max_length=200, blank=True)
    video_url = models.URLField("adresse de visioconférence", blank=True)
    chair = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="présidence"
    )
    secretary = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="secrétariat"
    )
    quorum_kind = models.CharField(
        "quorum exprimé en", max_length=8, choices=QuorumKind, default=QuorumKind.SHARE
    )
    quorum_value = models.PositiveSmallIntegerField("quorum", default=50)
    state = models.CharField(
        "état", max_length=10, choices=SessionState, default=SessionState.PLANNED
    )
    convened_at = models.DateTimeField("convoquée le", null=True, blank=True)
    opened_at = models.DateTimeField("ouverte le", null=True, blank=True)
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    current = models.ForeignKey(
        "AgendaItem", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = CommitteeSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "séance du comité"
        verbose_name_plural = "séances du comité"
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "number"], name="session_number_once"
            ),
            models.CheckConstraint(
                condition=Q(quorum_value__gte=1)
                & (Q(quorum_kind="number") | Q(quorum_value__lte=100)),
                name="session_quorum_sensible",
                violation_error_message="Le quorum est un nombre de personnes, ou une part "
                "entre 1 et 100 %.",
            ),
        ]

    def __str__(self) -> str:
        return f"Séance {self.number} de {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("session", args=[self.uuid])

    @property
    def stream(self) -> str:
        return f"session:{self.uuid}"

    @property
    def is_open(self) -> bool:
        return self.state == SessionState.OPEN

    @property
    def is_planned(self) -> bool:
        return self.state == SessionState.PLANNED

    @property
    def is_closed(self) -> bool:
        return self.state == SessionState.CLOSED

    def quorum(self, members: int) -> int:
        """How many must be there; a share is rounded up."""
        if self.quorum_kind == QuorumKind.NUMBER:
            return self.quorum_value
        return max(1, ceil(members * self.quorum_value / 100))


@tracked()
class Attendance(models.Model):
    """A member called to a sitting, and whether they came."""

    session = models.ForeignKey(CommitteeSession, models.CASCADE, related_name="attendances")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    presence = models.CharField(
        "présence", max_length=8, choices=Presence, default=Presence.EXPECTED
    )

    class Meta:
        verbose_name = "présence"
        ordering = ["user__last_name", "user__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="attendance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_presence_display()}"

    @property
    def is_here(self) -> bool:
        return self.presence in HERE


@tracked()
class AgendaItem(models.Model):
    """A mission to look at. Counted votes are written by the secretary when nobody voted by name.

    `rolled_at`: each person there has said whether they have a tie with the mission.
    """

    session = models.ForeignKey(CommitteeSession, models.CASCADE, related_name="items")
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField("ordre", default=1)
    rolled_at = models.DateTimeField("tour des conflits fait le", null=True, blank=True)
    result = models.CharField(
        "issue", max_length=10, choices=ItemResult, default=ItemResult.WAITING, blank=True
    )
    reason = models.TextField("motif", blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    counted_for = models.PositiveSmallIntegerField("voix pour", null=True, blank=True)
    counted_against = models.PositiveSmallIntegerField("voix contre", null=True, blank=True)
    counted_abstain = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    quorum_met = models.BooleanField("quorum atteint", null=True, blank=True)

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"
        ordering = ["session", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "mission"],
                name="agenda_mission_once",
                violation_error_message="Cette mission est déjà à l’ordre du jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · point {self.position}"

    @property
    def is_waiting(self) -> bool:
        return self.result == ItemResult.WAITING


@tracked()
class SessionVote(models.Model):
    """What a person present voted on a mission; the last word counts."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="votes")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    choice = models.CharField("vote", max_length=8, choices=VoteChoice)
    cast_at = models.DateTimeField("voté le")

    class Meta:
        verbose_name = "vote"
        ordering = ["item", "user__last_name", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="vote_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_choice_display()}"
