"""People, the organisations they act for, and the role they hold in each."""

from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django_countries.fields import CountryField

from explor.accounts.standing import Standing


class Role(models.TextChoices):
    """What a membership entitles to; a person holds as many as they need."""

    MEMBER = "member", "Membre"
    COORDINATOR = "coordinator", "Coordination"
    RESEARCHER = "researcher", "Capitalisation"
    COMMITTEE = "committee", "Comité de pilotage"
    ADMINISTRATOR = "administrator", "Administration"


class OrganisationKind(models.TextChoices):
    OSIM = "osim", "OSIM"
    ESS = "ess", "Structure de l’ESS"
    LOCAL_PARTNER = "local_partner", "Partenaire sur place"
    SUPPORT_NETWORK = "support_network", "Structure accompagnatrice"
    FUNDER = "funder", "Bailleur"


class PeopleManager(UserManager["User"]):
    def create_user(  # type: ignore[override]
        self, email: str, password: str | None = None, **extra: Any
    ) -> "User":
        """A person known by e-mail; without `password` only the e-mail code opens the door."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(  # type: ignore[override]
        self, email: str, password: str | None = None, **extra: Any
    ) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=False, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person. `is_staff` opens nothing by itself: rights come from memberships and missions."""

    username = None  # type: ignore[assignment]
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField("adresse e-mail", unique=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_ci",
                violation_error_message="Cette adresse e-mail est déjà utilisée.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @cached_property
    def standing(self) -> Standing:
        """Every membership of this person, read once (one query)."""
        rows = Membership.objects.filter(user=self).values_list("organisation_id", "role")
        return Standing.of(rows)


class Organisation(models.Model):
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=20, choices=OrganisationKind)
    name = models.CharField("nom", max_length=200)
    acronym = models.CharField("sigle", max_length=30, blank=True)
    rna = models.CharField("numéro RNA", max_length=10, blank=True)
    siret = models.CharField("numéro SIRET", max_length=14, blank=True)
    country = CountryField("pays", default="FR")
    city = models.CharField("ville", max_length=120, blank=True)
    department = models.CharField("département", max_length=60, blank=True)
    website = models.URLField("site", blank=True)
    description = models.TextField("présentation", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "organisation"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "kind",
                Lower("name"),
                "country",
                name="organisation_name_once",
                violation_error_message="Une organisation de ce nom existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.acronym or self.name

    @property
    def full_name(self) -> str:
        if self.acronym in {"", self.name}:
            return self.name
        return f"{self.name} ({self.acronym})"


class Membership(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField("rôle", max_length=20, choices=Role, default=Role.MEMBER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "appartenance"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                name="membership_once",
                violation_error_message="Cette personne a déjà ce rôle dans cette organisation.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"
