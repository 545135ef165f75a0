"""Guides, interviews and the consent without which none is read."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from capitalisation.corpus.models import Audience, Circle, Moment, QuoteLevel, Text
from explor.accounts.models import User
from explor.documents.models import StoredFile
from explor.journal.tracking import tracked
from missions.dossier.models import Mission, Programme


class InterviewState(models.TextChoices):
    PLANNED = "planned", "Prévu"
    DONE = "done", "Réalisé"


class InterviewGuide(models.Model):
    """Versioned: an answer keeps the version of its question."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="guides")
    moment = models.CharField("moment", max_length=8, choices=Moment)
    audience = models.CharField("auprès de", max_length=10, choices=Audience)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField("titre", max_length=160)
    introduction = models.TextField("à dire avant de commencer", blank=True)

    class Meta:
        verbose_name = "guide d’entretien"
        ordering = ["programme", "-moment", "-audience", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "moment", "audience", "version"],
                name="guide_version_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} (v{self.version})"


class GuideQuestion(models.Model):
    """`theme` is the slug of the code that its answers carry for free."""

    guide = models.ForeignKey(InterviewGuide, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(help_text="La même avant et après : les réponses font la paire.")
    text = models.CharField("question", max_length=400)
    prompt = models.TextField("relances", blank=True)
    theme = models.SlugField(blank=True)

    class Meta:
        verbose_name = "question"
        ordering = ["guide", "position"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "position"], name="question_position_once")
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class Interview(models.Model):
    """One conversation. `text` is its place in the corpus once it is done."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="interviews")
    guide = models.ForeignKey(InterviewGuide, models.PROTECT, related_name="interviews")
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="interviews_given"
    )
    person_label = models.CharField("personne entendue", max_length=120)
    person_function = models.CharField("fonction", max_length=120, blank=True)
    interviewer = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="interviews_led",
        verbose_name="mené par",
    )
    held_on = models.DateField("tenu le", null=True, blank=True)
    state = models.CharField(max_length=8, choices=InterviewState, default=InterviewState.PLANNED)
    is_example = models.BooleanField("exemple", default=False)
    text = models.OneToOneField(
        Text, models.SET_NULL, null=True, blank=True, related_name="interview"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "entretien"
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["-held_on", "-id"], name="interview_latest")]

    def __str__(self) -> str:
        return f"Entretien {self.guide.get_moment_display().lower()} · {self.person_label}"

    def get_absolute_url(self) -> str:
        return reverse("interview", args=[self.uuid])


@tracked(exclude=["text"])
class Answer(models.Model):
    """Its words are left out of the row history: erasing an interview erases them for good."""

    interview = models.ForeignKey(Interview, models.CASCADE, related_name="answers")
    question = models.ForeignKey(GuideQuestion, models.PROTECT, related_name="answers")
    text = models.TextField("réponse", blank=True)

    class Meta:
        ordering = ["question__position"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        return self.text[:60]


@tracked()
class Consent(models.Model):
    """Separate choices, none pre-ticked; each a proof of its own version and date."""

    interview = models.OneToOneField(Interview, models.CASCADE, related_name="consent")
    notes = models.BooleanField("prise de notes", default=False)
    audio = models.BooleanField("enregistrement audio", default=False)
    transcription = models.BooleanField("transcription", default=False)
    photo = models.BooleanField("photo ou vidéo", default=False)
    quote_level = models.CharField(
        "citation", max_length=10, choices=QuoteLevel, default=QuoteLevel.NONE
    )
    circle = models.CharField("diffusion", max_length=10, choices=Circle, default=Circle.TEAM)
    wording_version = models.CharField("version du texte lu", max_length=20, default="1")
    language = models.CharField("langue", max_length=8, default="fr")
    collected_on = models.DateField("recueilli le")
    collected_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proof = models.CharField("preuve (accord oral enregistré, signature…)", max_length=200)
    proof_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "consentement"
        constraints = [
            models.CheckConstraint(
                condition=~Q(proof=""),
                name="consent_needs_proof",
                violation_error_message="Indiquez la preuve de l’accord.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_quote_level_display()} · {self.get_circle_display()}"
