"""The codebook, excerpts of texts, and who applied which code to which excerpt."""

from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from capitalisation.corpus.models import TextVersion
from explor.accounts.models import User
from explor.journal.tracking import tracked
from missions.dossier.models import Programme


class CodingStatus(models.TextChoices):
    KEPT = "kept", "Retenu"
    TO_REVIEW = "to_review", "À revoir"


class Codebook(models.Model):
    programme = models.OneToOneField(Programme, models.CASCADE, related_name="codebook")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "grille de codes"

    def __str__(self) -> str:
        return f"Grille {self.programme} v{self.version}"


@tracked()
class Code(models.Model):
    """A theme of the tree. `slug` is what guide questions and figures name it by."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    codebook = models.ForeignKey(Codebook, models.CASCADE, related_name="codes")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    slug = models.SlugField()
    label = models.CharField("libellé", max_length=120)
    definition = models.TextField("définition", blank=True)
    include = models.TextField("inclure", blank=True)
    exclude = models.TextField("exclure", blank=True)
    example = models.TextField("exemple", blank=True)
    codable = models.BooleanField("s’applique à un passage", default=True)
    position = models.PositiveSmallIntegerField(default=1)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    class Meta:
        verbose_name = "code"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "codebook",
                Lower("label"),
                name="code_label_once",
                violation_error_message="Un code de la grille porte déjà ce libellé.",
            ),
            models.UniqueConstraint(fields=["codebook", "slug"], name="code_slug_once"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="code_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.label


@tracked(exclude=["quote", "prefix", "suffix"])
class Excerpt(models.Model):
    """`body[start:end]` of a version, end exclusive, in Unicode code points.

    The words stay out of the row history: erasing an interview erases what was said.
    """

    #: Its words changed, or are gone, since somebody coded it.
    DOUBTFUL = Q(codings__status=CodingStatus.TO_REVIEW)

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    version = models.ForeignKey(TextVersion, models.PROTECT, related_name="excerpts")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    prefix = models.CharField(max_length=60, blank=True)
    suffix = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "extrait"
        ordering = ["version", "start", "end"]
        constraints = [
            models.UniqueConstraint(fields=["version", "start", "end"], name="excerpt_once"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="excerpt_not_empty",
                violation_error_message="Un extrait a au moins un caractère.",
            ),
        ]
        triggers = [
            # the original wording holds the names: no door leads a passage to it
            pgtrigger.Trigger(
                name="excerpt_of_what_is_read",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("version_id"),
                declare=[("allowed", "boolean")],
                func="""
                    SELECT kind = 'pseudonymised' AND current INTO allowed
                      FROM capitalisation_textversion WHERE id = NEW.version_id;
                    IF NOT allowed THEN
                        RAISE EXCEPTION 'a passage stands in the current pseudonymised wording'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.quote[:80]


@tracked()
class Coding(models.Model):
    excerpt = models.ForeignKey(Excerpt, models.CASCADE, related_name="codings")
    code = models.ForeignKey(Code, models.PROTECT, related_name="codings")
    coder = models.ForeignKey(User, models.PROTECT, null=True, related_name="codings")
    status = models.CharField(max_length=10, choices=CodingStatus, default=CodingStatus.KEPT)
    memo = models.TextField("mémo", blank=True)
    coded_at = models.DateTimeField()

    class Meta:
        verbose_name = "codage"
        ordering = ["excerpt", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["excerpt", "code", "coder"],
                name="coding_once",
                nulls_distinct=False,
                violation_error_message="Vous avez déjà appliqué ce code à ce passage.",
            )
        ]
        indexes = [models.Index(fields=["code", "excerpt"], name="coding_code_excerpt")]

    def __str__(self) -> str:
        return f"{self.code} · {self.excerpt}"
