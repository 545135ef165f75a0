"""An opinion asked of one named person, with an account or by a signed link."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from explor.accounts.models import User
from explor.journal.tracking import tracked
from missions.dossier.models import ConflictOfInterest, Mission


class OpinionState(models.TextChoices):
    ASKED = "asked", "Avis attendu"
    GIVEN = "given", "Avis rendu"
    DECLINED = "declined", "Décliné"
    CANCELLED = "cancelled", "Annulé"


class OpinionVerdict(models.TextChoices):
    FAVOURABLE = "favourable", "Favorable"
    RESERVED = "reserved", "Favorable avec réserves"
    UNFAVOURABLE = "unfavourable", "Défavorable"


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, user: User) -> Self:
        """Those asked of `user`; a declared tie takes them away."""
        tied = ConflictOfInterest.objects.filter(user=user).values("mission")
        asked = self.filter(person=user).exclude(state=OpinionState.CANCELLED)
        return asked.exclude(mission__in=tied)

    def waiting(self) -> Self:
        return self.filter(state=OpinionState.ASKED)

    def late(self, today: date) -> Self:
        return self.waiting().filter(due_on__lt=today)


@tracked()
class Opinion(models.Model):
    """`person` has an account; without one, `name` and `email` say who the link was sent to."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="opinions")
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="opinions_asked"
    )
    name = models.CharField("nom", max_length=150, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    capacity = models.CharField("à quel titre", max_length=120, blank=True)
    question = models.TextField("ce qui est demandé", blank=True)
    state = models.CharField(max_length=10, choices=OpinionState, default=OpinionState.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField("attendu pour le")
    verdict = models.CharField("avis", max_length=12, choices=OpinionVerdict, blank=True)
    text = models.TextField("texte de l’avis", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_on"], name="opinion_waiting", condition=Q(state=OpinionState.ASKED)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "person"],
                condition=Q(state__in=["asked", "given"], person__isnull=False),
                name="opinion_person_once",
                violation_error_message="Un avis est déjà demandé à cette personne.",
            ),
            models.UniqueConstraint(
                "mission",
                Lower("email"),
                condition=Q(state__in=["asked", "given"]) & ~Q(email=""),
                name="opinion_email_once",
                violation_error_message="Un avis est déjà demandé à cette adresse.",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, email="")
                | (Q(person__isnull=True) & ~Q(email="") & ~Q(name="")),
                name="opinion_of_somebody",
                violation_error_message="Un avis est demandé à une personne nommée.",
            ),
            models.CheckConstraint(
                condition=Q(verdict="") ^ Q(state=OpinionState.GIVEN),
                name="opinion_given_says_which",
                violation_error_message="Un avis rendu est favorable, réservé ou défavorable.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} · {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("opinion", args=[self.token])

    @property
    def who(self) -> str:
        return str(self.person) if self.person else self.name

    @property
    def is_waiting(self) -> bool:
        return self.state == OpinionState.ASKED

    def is_late(self, today: date) -> bool:
        return self.is_waiting and self.due_on < today
