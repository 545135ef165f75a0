"""The mission, and the project that asks for it."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django_countries.fields import CountryField

from explor.accounts.models import Organisation, User
from explor.journal.tracking import tracked
from explor.search.fields import french_vector, in_order
from missions import lifecycle
from missions.dossier.programme import Programme, Territory
from missions.dossier.querysets import TEAM, MissionQuerySet
from missions.dossier.reference import dac_labels


class Direction(models.TextChoices):
    NORTH_SOUTH = "north_south", "Nord-Sud"
    SOUTH_NORTH = "south_north", "Sud-Nord"
    SOUTH_SOUTH = "south_south", "Sud-Sud"


class ProjectStage(models.TextChoices):
    IDEA = "idea", "Idée"
    UNDER_WAY = "under_way", "En cours"
    DONE = "done", "Réalisé"


class SheetState(models.TextChoices):
    NONE = "none", "Pas encore proposée"
    PROPOSED = "proposed", "Proposée, à relire"
    APPROVED = "approved", "Publiée"


@tracked()
class Project(models.Model):
    """The solidarity project that an OSIM carries; it may ask for several missions."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    holder = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="projects",
        verbose_name="porteur de projet",
    )
    local_partner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="partnered_projects",
        verbose_name="partenaire sur place",
    )
    title = models.CharField("titre du projet", max_length=200)
    summary = models.TextField("contexte", blank=True)
    stage = models.CharField(
        "avancement", max_length=10, choices=ProjectStage, default=ProjectStage.IDEA
    )
    sector = models.CharField("secteur (CAD)", max_length=5, blank=True)
    sdgs = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(17)]),
        default=list,
        blank=True,
        verbose_name="ODD",
    )

    class Meta:
        verbose_name = "projet"

    def __str__(self) -> str:
        return self.title

    @property
    def sector_label(self) -> str:
        return dac_labels().get(self.sector, "")


@tracked(exclude=["search"])
class Mission(models.Model):
    """The one record that lives from the first draft of the request to the last follow-up.

    `state` changes only in `dossier.actions.advance()`. `departs_on` and `returns_on` are the
    planned dates until the report is accepted, the real ones after.
    """

    State = lifecycle.State

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    reference = models.CharField("référence", max_length=20, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="missions")
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="missions", verbose_name="territoire"
    )
    project = models.ForeignKey(Project, models.PROTECT, related_name="missions")
    joint_with = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joint_missions",
        verbose_name="mission menée avec",
        help_text="Deux missions menées ensemble partagent une fiche.",
    )
    title = models.CharField("titre", max_length=200)
    summary = models.TextField("résumé", blank=True)
    direction = models.CharField(
        "sens", max_length=12, choices=Direction, default=Direction.NORTH_SOUTH
    )
    country = CountryField("pays")
    region = models.CharField("département ou région", max_length=120, blank=True)
    place = models.CharField("commune ou lieu", max_length=120, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    departs_on = models.DateField("départ", null=True, blank=True)
    returns_on = models.DateField("retour", null=True, blank=True)
    state = models.CharField(
        "état",
        max_length=16,
        choices=[(str(state), words[0]) for state, words in lifecycle.LABELS.items()],
        default=lifecycle.State.DRAFT.value,
        db_index=True,
    )
    suspended_until = models.DateField("suspendue jusqu’au", null=True, blank=True)
    shared_draft = models.BooleanField("brouillon partagé avec la coordination", default=False)
    typed_on_behalf = models.BooleanField("saisie pour le compte de l’OSIM", default=False)
    created_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créée par",
    )
    created_at = models.DateTimeField("créée le")
    submitted_at = models.DateTimeField("déposée le", null=True, blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decision_told_at = models.DateTimeField("décision annoncée le", null=True, blank=True)
    sheet_state = models.CharField(
        "fiche publique", max_length=10, choices=SheetState, default=SheetState.NONE
    )
    sheet_proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sheet_approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sheet_approved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    search = french_vector("reference", "title", "summary", "place", "region")

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = "mission"
        ordering = [in_order().desc()]
        indexes = [
            models.Index(fields=["programme", "state"], name="mission_programme_state"),
            models.Index(fields=["departs_on"], name="mission_departs_on"),
            GinIndex(fields=["search"], name="mission_search"),
            models.Index(in_order(), name="mission_in_order"),
            # a handful at any time: the sheets that wait for a second reader
            models.Index(
                fields=["reference"],
                name="mission_sheet_to_read",
                condition=Q(sheet_state="proposed"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(returns_on__isnull=True)
                | Q(departs_on__isnull=True)
                | Q(returns_on__gte=F("departs_on")),
                name="mission_dates_order",
                violation_error_message="La date de retour vient avant la date de départ.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in lifecycle.State]),
                name="mission_state_known",
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(sheet_approved_by__isnull=True)
                | Q(sheet_proposed_by__isnull=True)
                | ~Q(sheet_approved_by=F("sheet_proposed_by")),
                name="mission_sheet_second_reader",
                violation_error_message="La fiche est approuvée par une autre personne "
                "que celle qui la propose.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="mission_coordinates",
                violation_error_message="Ces coordonnées ne sont pas sur Terre.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("mission", args=[self.reference])

    @property
    def stream(self) -> str:
        """The name of its history in the journal."""
        return f"mission:{self.reference}"

    @property
    def duration_days(self) -> int | None:
        """Days on the spot, both ends counted."""
        if self.departs_on and self.returns_on:
            return (self.returns_on - self.departs_on).days + 1
        return None

    def is_on_hold(self, today: date) -> bool:
        """Suspended until a later day: nothing is expected, no step can be taken."""
        return self.suspended_until is not None and self.suspended_until > today

    @property
    def is_hushed(self) -> bool:
        """Decided, and the letter that tells the association has not left yet."""
        return self.decided_at is not None and self.decision_told_at is None

    @property
    def keeps_decision(self) -> bool:
        """What the committee decided, and the money it takes, are not for the association yet."""
        return self.is_hushed or self.state == lifecycle.State.COMMITTEE

    def is_outside(self, user: User) -> bool:
        """Of no team of the programme: the same as `querysets.in_team_of`."""
        return self.programme_id not in user.standing.reach("programmes", *TEAM)

    def state_told(self, *, outside: bool) -> str:
        """The state as people outside the team may know it: nothing before the letter."""
        return lifecycle.State.COMMITTEE.value if outside and self.is_hushed else self.state

    @property
    def rests_in_draft(self) -> bool:
        """A draft, or a draft put away: the association never submitted what it holds."""
        if self.state not in lifecycle.FINAL:
            return self.state == lifecycle.State.DRAFT
        if (lived := getattr(self, "lived", None)) is not None:  # brought by a page's frame
            passed = [row["state"] for row in lived]
        else:
            passed = list(self.changes.order_by("at", "pk").values_list("target", flat=True))
        stages = [state for state in passed if state not in lifecycle.FINAL]
        return stages[-1:] == [lifecycle.State.DRAFT]

    @property
    def holder(self) -> Organisation:
        return self.project.holder

    @property
    def zone(self) -> str:
        """Country, then region and place when they are known."""
        parts = [str(self.country.name), self.region, self.place]
        return ", ".join(part for part in parts if part)

    def milestone_list(self) -> list[Any]:
        """Its milestones in order, read once (uses a prefetch when there is one)."""
        return list(self.milestones.all())


class ShownSheet(models.Model):
    """A public sheet as its second reader read it: what anyone is shown, whatever becomes of the
    mission, until it is read again. `told` is made and read by `shown.py`."""

    mission = models.OneToOneField(Mission, models.CASCADE, related_name="shown_sheet")
    told = models.JSONField()

    class Meta:
        verbose_name = "fiche publique"
        verbose_name_plural = "fiches publiques"

    def __str__(self) -> str:
        return f"Fiche publique de {self.mission}"
