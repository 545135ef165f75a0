"""What a PDF prints, kept beside it: what may come out is checked against this."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.formats import date_format

from capitalisation.coding.models import Excerpt
from capitalisation.corpus.models import QuoteLevel, Text
from capitalisation.publications.models import Booklet, BookletState, SectionKind
from explor import clock
from explor.documents.models import StoredFile


class PieceKind(models.TextChoices):
    PASSAGE = "passage", "Passage"
    SHEET = "sheet", "Fiche de mission"
    PRACTICE = "practice", "Bonne pratique"
    FOCUS = "focus", "Focus"


class PrintingManager(models.Manager["Printing"]):
    def get_queryset(self) -> models.QuerySet["Printing"]:
        """With its booklet, by which it is named."""
        return super().get_queryset().select_related("booklet")


class Printing(models.Model):
    """One PDF of a booklet. `counted` are the texts behind its figures.

    `withheld_because` says why nobody reads the file any more.
    """

    booklet = models.ForeignKey(Booklet, models.CASCADE, related_name="printings")
    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="printing")
    version = models.PositiveIntegerField("version du livret")
    printed_at = models.DateTimeField()
    counted = ArrayField(models.BigIntegerField(), default=list, blank=True)
    withheld_because = models.CharField(max_length=200, blank=True)
    excerpts = models.ManyToManyField(
        Excerpt, through="PrintedPiece", related_name="printings", blank=True
    )

    objects = PrintingManager()

    class Meta:
        verbose_name = "livret"
        ordering = ["-printed_at", "-pk"]

    def __str__(self) -> str:
        if self.is_out and self.booklet.issued_on:
            return f"{self.booklet}, paru le {date_format(self.booklet.issued_on)}"
        return f"{self.booklet}, PDF du {date_format(clock.local_day(self.printed_at))}, pas paru"

    def get_absolute_url(self) -> str:
        return reverse("booklet_printed", args=[self.booklet.slug])

    @property
    def is_out(self) -> bool:
        return self.booklet.state == BookletState.PUBLISHED and self.booklet.file_id == self.file_id


class PrintedPiece(models.Model):
    """A passage, a sheet, a practice or a focus as it was printed.

    `digest` is of all that stands on paper for it; `words`, of a passage alone, are the very
    words, emptied when the interview is erased. `level` is how far the person let them be quoted.
    """

    printing = models.ForeignKey(Printing, models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=PieceKind)
    section = models.CharField(max_length=10, choices=SectionKind)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)
    excerpt = models.ForeignKey(
        Excerpt, models.SET_NULL, null=True, blank=True, related_name="printed_pieces"
    )
    text = models.ForeignKey(
        Text, models.SET_NULL, null=True, blank=True, related_name="printed_pieces"
    )
    words = models.TextField(blank=True)
    by = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=10, choices=QuoteLevel, blank=True)

    class Meta:
        verbose_name = "élément imprimé"
        verbose_name_plural = "éléments imprimés"
        ordering = ["printing", "position"]
        constraints = [
            models.UniqueConstraint(fields=["printing", "key"], name="printed_piece_once")
        ]

    def __str__(self) -> str:
        return self.title
