"""Texts of the corpus: plain text, in versions, cut into blocks. Offsets are code points."""

from uuid import uuid4

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from explor.accounts.models import User
from explor.journal.tracking import tracked
from explor.search.fields import french_vector
from missions.dossier.models import Mission, Programme


class TextKind(models.TextChoices):
    INTERVIEW = "interview", "Entretien"
    REPORT = "report", "Rapport de retour"
    WORKSHOP = "workshop", "Atelier de capitalisation"


class Moment(models.TextChoices):
    BEFORE = "before", "Amont"
    AFTER = "after", "Retour"


class Audience(models.TextChoices):
    VOLUNTEER = "volunteer", "Volontaire"
    OSIM = "osim", "OSIM"


class QuoteLevel(models.TextChoices):
    """How far a person lets their words be quoted."""

    NONE = "none", "Ne pas citer"
    ANONYMOUS = "anonymous", "Citer sans nom ni fonction"
    FUNCTION = "function", "Citer avec la fonction"
    NAMED = "named", "Citer avec le nom"


class Circle(models.TextChoices):
    """Who may be shown what was said."""

    TEAM = "team", "L’équipe de capitalisation"
    COMMITTEE = "committee", "Le comité de pilotage"
    FUNDERS = "funders", "Les bailleurs"
    PUBLIC = "public", "Le public"


class VersionKind(models.TextChoices):
    ORIGINAL = "original", "Original"
    PSEUDONYMISED = "pseudonymised", "Pseudonymisé"


@tracked(exclude=["attribution_name"])
class Text(models.Model):
    """A document of the corpus. `source` names the record it came from, e.g. `interview:<uuid>`.

    `quote_level`, `circle` and `withdrawn_at` are kept by the folder that holds the consent.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="texts")
    mission = models.ForeignKey(
        Mission, models.CASCADE, null=True, blank=True, related_name="texts"
    )
    kind = models.CharField("nature", max_length=10, choices=TextKind)
    source = models.CharField(max_length=80, unique=True)
    title = models.CharField("titre", max_length=200)
    held_on = models.DateField("date")
    moment = models.CharField("moment", max_length=8, choices=Moment, blank=True)
    audience = models.CharField("parole de", max_length=10, choices=Audience, blank=True)
    attribution_function = models.CharField("fonction citée", max_length=120, blank=True)
    attribution_name = models.CharField("nom cité", max_length=120, blank=True)
    quote_level = models.CharField(
        "citation", max_length=10, choices=QuoteLevel, default=QuoteLevel.NONE
    )
    circle = models.CharField("diffusion", max_length=10, choices=Circle, default=Circle.TEAM)
    withdrawn_at = models.DateTimeField("consentement retiré le", null=True, blank=True)
    is_example = models.BooleanField("exemple", default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "texte"
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["programme", "kind"], name="text_programme_kind")]

    def __str__(self) -> str:
        return self.title

    @property
    def attribution(self) -> str:
        """Who speaks, as far as the consent allows."""
        who = {"volunteer": "Volontaire", "osim": "Membre d’une OSIM"}.get(self.audience, "")
        if self.kind == TextKind.REPORT:
            who = "Rapport de retour"
        elif self.kind == TextKind.WORKSHOP:
            who = "Atelier de capitalisation"
        if self.quote_level == QuoteLevel.NAMED and self.attribution_name:
            return self.attribution_name
        if (
            self.quote_level in {QuoteLevel.FUNCTION, QuoteLevel.NAMED}
            and self.attribution_function
        ):
            return self.attribution_function
        return who


class TextVersion(models.Model):
    """One wording of a text; frozen at the first coding. `sha256` is of the UTF-8 body.

    Of each kind one is `current`: the only one that is searched, counted and quoted.
    """

    text = models.ForeignKey(Text, models.CASCADE, related_name="versions")
    no = models.PositiveIntegerField("version")
    kind = models.CharField(max_length=14, choices=VersionKind)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    current = models.BooleanField("en vigueur", default=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    search = french_vector("body")

    class Meta:
        verbose_name = "version d’un texte"
        ordering = ["text", "no"]
        indexes = [GinIndex(fields=["search"], name="version_search")]
        constraints = [
            models.UniqueConstraint(fields=["text", "kind", "no"], name="version_no_once"),
            models.UniqueConstraint(
                fields=["text", "kind"], condition=Q(current=True), name="version_current_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} · v{self.no}"


class Block(models.Model):
    """A turn or an answer: `body[start:end]` of its version. Its theme codes it for free."""

    version = models.ForeignKey(TextVersion, models.CASCADE, related_name="blocks")
    position = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    speaker = models.CharField("qui parle", max_length=80, blank=True)
    question = models.CharField("question", max_length=400, blank=True)
    theme = models.SlugField(blank=True)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="block_position_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="block_offsets_order"),
        ]

    def __str__(self) -> str:
        return f"[{self.start}:{self.end}]"


class Pseudonym(models.Model):
    """A term that no one outside the team should read, and what replaces it: in the texts of a
    mission, or in every text of a programme."""

    mission = models.ForeignKey(
        Mission, models.CASCADE, null=True, blank=True, related_name="pseudonyms"
    )
    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="pseudonyms"
    )
    term = models.CharField("terme", max_length=120)
    replacement = models.CharField("remplacé par", max_length=120)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "pseudonyme"
        ordering = ["term", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "term"],
                name="pseudonym_once",
                violation_error_message="Ce terme a déjà un pseudonyme.",
            ),
            models.UniqueConstraint(
                fields=["programme", "term"],
                name="pseudonym_of_programme_once",
                violation_error_message="Ce terme a déjà un pseudonyme.",
            ),
            models.CheckConstraint(
                condition=Q(mission__isnull=False, programme__isnull=True)
                | Q(mission__isnull=True, programme__isnull=False),
                name="pseudonym_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term} → {self.replacement}"

    @property
    def of(self) -> Mission | Programme:
        """What it belongs to."""
        found = self.mission or self.programme
        assert found is not None  # held by a constraint
        return found
