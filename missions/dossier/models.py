"""The mission and what frames it. Programme and partners are in `programme.py`."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django_countries.fields import CountryField

from explor.accounts.models import Organisation, User
from explor.journal.tracking import tracked
from explor.search.fields import french_vector
from missions import lifecycle
from missions.actors.models import Volunteer
from missions.dossier.programme import (
    MilestoneTemplate,
    OwnerRole,
    PartnerRole,
    Programme,
    ProgrammePartner,
    Territory,
)
from missions.dossier.querysets import MilestoneQuerySet, MissionQuerySet
from missions.dossier.reference import dac_labels

__all__ = [
    "Achievement",
    "Component",
    "ConflictOfInterest",
    "Direction",
    "Engagement",
    "EngagementState",
    "Milestone",
    "MilestoneTemplate",
    "Mission",
    "MissionType",
    "Objective",
    "Outcome",
    "OwnerRole",
    "PartnerRole",
    "Programme",
    "ProgrammePartner",
    "Project",
    "ProjectStage",
    "SheetState",
    "StateChange",
    "Territory",
]


class MissionType(models.TextChoices):
    STUDY = "study", "Diagnostic et étude préalable"
    TRAINING = "training", "Formation et renforcement de compétences"
    EVALUATION = "evaluation", "Évaluation et audit"
    INSTALLATION = "installation", "Installation et maîtrise d’ouvrage"


class Direction(models.TextChoices):
    NORTH_SOUTH = "north_south", "Nord-Sud"
    SOUTH_NORTH = "south_north", "Sud-Nord"
    SOUTH_SOUTH = "south_south", "Sud-Sud"


class ProjectStage(models.TextChoices):
    IDEA = "idea", "Idée"
    UNDER_WAY = "under_way", "En cours"
    DONE = "done", "Réalisé"


class Outcome(models.TextChoices):
    REACHED = "reached", "Atteint"
    PARTLY = "partly", "Atteint en partie"
    NOT_REACHED = "not_reached", "Non atteint"


class EngagementState(models.TextChoices):
    PROPOSED = "proposed", "Proposition envoyée"
    ACCEPTED = "accepted", "Proposition acceptée"
    DECLINED = "declined", "Proposition déclinée"
    CONFIRMED = "confirmed", "Confirmé·e"
    WITHDRAWN = "withdrawn", "S’est retiré·e"


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
        models.PositiveSmallIntegerField(
            validators=[MinValueValidator(1), MaxValueValidator(17)]
        ),
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
    shared_draft = models.BooleanField(
        "brouillon partagé avec la coordination", default=False
    )
    typed_on_behalf = models.BooleanField(
        "saisie pour le compte de l’OSIM", default=False
    )
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
        ordering = ["-reference"]
        indexes = [
            models.Index(fields=["programme", "state"], name="mission_programme_state"),
            models.Index(fields=["departs_on"], name="mission_departs_on"),
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
        from django.urls import reverse

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


@tracked()
class Component(models.Model):
    """« Volet »: part of a mission with its own type, objectives and achievements."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="components")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField("titre du volet", max_length=200, blank=True)
    type = models.CharField("typologie", max_length=14, choices=MissionType)

    class Meta:
        verbose_name = "volet"
        ordering = ["mission", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "position"],
                name="component_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title or self.get_type_display()


@tracked()
class Objective(models.Model):
    """What a component aims at; `outcome` is written when the return report is accepted."""

    component = models.ForeignKey(Component, models.CASCADE, related_name="objectives")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField("objectif", max_length=500)
    outcome = models.CharField("résultat", max_length=12, choices=Outcome, blank=True)
    outcome_why = models.TextField("pourquoi", blank=True)

    class Meta:
        verbose_name = "objectif"
        ordering = ["component", "position"]

    def __str__(self) -> str:
        return self.text


@tracked()
class Achievement(models.Model):
    """What was done about an objective; shown beside it."""

    objective = models.ForeignKey(
        Objective, models.CASCADE, related_name="achievements"
    )
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField("réalisation", max_length=500)

    class Meta:
        verbose_name = "réalisation"
        ordering = ["objective", "position"]

    def __str__(self) -> str:
        return self.text


@tracked()
class Milestone(models.Model):
    """Something due on a mission, with an owner; a guard may require it for a transition.

    `missing` names, in French, what still lacks before it can be done; later stages keep it.
    """

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=40)
    label = models.CharField("jalon", max_length=160)
    owner_role = models.CharField("à la charge de", max_length=12, choices=OwnerRole)
    required_for = models.CharField(max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(default=1)
    offset_from_departure = models.SmallIntegerField(
        "jours avant (−) ou après le départ", null=True, blank=True
    )
    due_on = models.DateField("échéance", null=True, blank=True)
    done_on = models.DateField("fait le", null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    waived_because = models.CharField("dispensé parce que", max_length=300, blank=True)
    note = models.TextField("note", blank=True)
    missing = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "jalon"
        ordering = ["mission", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "kind"], name="milestone_kind_once"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(waived_because=""),
                name="milestone_done_or_waived",
                violation_error_message="Un jalon est fait ou dispensé, pas les deux.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_settled(self) -> bool:
        return lifecycle.settled(self)

    def is_late(self, today: date) -> bool:
        return not self.is_settled and self.due_on is not None and self.due_on < today


@tracked()
class Engagement(models.Model):
    """A volunteer on a mission: proposed, then confirmed."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="engagements")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="engagements")
    state = models.CharField(
        max_length=10, choices=EngagementState, default=EngagementState.PROPOSED
    )
    why = models.TextField("pourquoi cette personne", blank=True)
    answer = models.TextField("réponse", blank=True)
    proposed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = "mise en relation"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "volunteer"],
                name="engagement_once",
                violation_error_message="Cette personne a déjà été proposée pour cette mission.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} · {self.get_state_display()}"


class StateChange(models.Model):
    """One move in a mission's life. `transition` is empty when staff put the state by hand."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="changes")
    transition = models.CharField(max_length=30, blank=True)
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "changement d’état"
        ordering = ["mission", "at", "pk"]
        indexes = [models.Index(fields=["target", "at"], name="change_target_at")]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class ConflictOfInterest(models.Model):
    """A declared tie that takes every right on the mission away from a person."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="conflicts")
    user = models.ForeignKey(User, models.CASCADE, related_name="conflicts")
    declared_at = models.DateTimeField()
    nature = models.CharField("nature du lien", max_length=300)

    class Meta:
        verbose_name = "conflit d’intérêts"
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "user"],
                name="conflict_once",
                violation_error_message="Ce lien est déjà déclaré.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.nature}"
