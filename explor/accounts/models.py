"""People, the organisations they act for, and the role they hold in each."""

from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django_countries.fields import CountryField

from explor.accounts.standing import LEADS_TO, Standing
from explor.journal.tracking import tracked


class Role(models.TextChoices):
    """What a membership entitles to; a person holds as many as they need."""

    MEMBER = "member", "Membre"
    COORDINATOR = "coordinator", "Coordination"
    RESEARCHER = "researcher", "Capitalisation"
    COMMITTEE = "committee", "Comité de pilotage"
    ADMINISTRATOR = "administrator", "Administration"


#: who reads or decides about others: a second factor is asked of them
TEAM = (Role.COORDINATOR, Role.RESEARCHER, Role.COMMITTEE, Role.ADMINISTRATOR)


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
        """Every membership of this person and what it leads to, read once (one query)."""
        beyond = {f"leads_to_{name}": ids for name, ids in LEADS_TO.items()}
        rows = Membership.objects.filter(user=self).annotate(**beyond)
        return Standing.of(rows.values("organisation_id", "role", *beyond))


@tracked()
class Organisation(models.Model):
    """A body people act for. Its official numbers belong to it alone; `siret` holds fourteen
    digits, or the nine of the SIREN when the association knows no more."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=20, choices=OrganisationKind)
    name = models.CharField("nom", max_length=200)
    acronym = models.CharField("sigle", max_length=30, blank=True)
    rna = models.CharField("numéro RNA", max_length=10, blank=True)
    siret = models.CharField("numéro SIRET ou SIREN", max_length=14, blank=True)
    country = CountryField("pays", default="FR")
    city = models.CharField("ville", max_length=120, blank=True)
    department = models.CharField("département", max_length=60, blank=True)
    website = models.URLField("site", blank=True)
    description = models.TextField("présentation", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "organisation"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "kind",
                Lower("name"),
                "country",
                Lower("city"),
                name="organisation_name_once",
                violation_error_message="Une organisation de ce nom existe déjà dans cette ville.",
            ),
            models.UniqueConstraint(
                fields=["rna"],
                condition=~models.Q(rna=""),
                name="organisation_rna_once",
                violation_error_message="Ce numéro RNA est déjà celui d’une autre organisation.",
            ),
            models.UniqueConstraint(
                fields=["siret"],
                condition=~models.Q(siret=""),
                name="organisation_siret_once",
                violation_error_message="Ce numéro SIRET est déjà celui d’une autre organisation.",
            ),
        ]

    def __str__(self) -> str:
        return self.acronym or self.name

    @property
    def full_name(self) -> str:
        if self.acronym in {"", self.name}:
            return self.name
        return f"{self.name} ({self.acronym})"


@tracked()
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


class Invitation(models.Model):
    """A colleague asked by mail to join; the address in the mail is signed and expires.

    Whoever accepts must have proved that `email` is theirs.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField("rôle", max_length=20, choices=Role, default=Role.MEMBER)
    email = models.EmailField("adresse e-mail")
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField()
    sent_count = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = "invitation"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                "role",
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_once",
                violation_error_message="Cette personne est déjà invitée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"


class JoinState(models.TextChoices):
    PENDING = "pending", "En attente"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"
    WITHDRAWN = "withdrawn", "Retirée"


class JoinRequest(models.Model):
    """Somebody asks to act for an organisation that is here already; nothing opens before a yes."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(User, models.CASCADE, related_name="join_requests")
    message = models.TextField("message", max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=JoinState, default=JoinState.PENDING)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    token = models.UUIDField(default=uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = "demande à rejoindre"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=models.Q(state=JoinState.PENDING),
                name="join_request_once",
                violation_error_message="Vous avez déjà demandé à rejoindre cette organisation.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.organisation}"


class SentForm(models.Model):
    """Who first sent the form of a token, to make a thing of one kind."""

    token = models.UUIDField(editable=False)
    kind = models.CharField(max_length=80)
    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "formulaire envoyé"
        constraints = [models.UniqueConstraint(fields=["token", "kind"], name="sentform_once")]

    def __str__(self) -> str:
        return str(self.token)
