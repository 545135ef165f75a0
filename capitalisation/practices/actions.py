"""Writing good practices and workshops."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from capitalisation.audiences import PRACTICE
from capitalisation.coding.models import Excerpt
from capitalisation.coding.readers import rested_on, standing_in
from capitalisation.corpus.actions import NewBlock, add_text, set_quote_level
from capitalisation.corpus.models import Circle, QuoteLevel, Text, TextKind
from capitalisation.practices.models import GoodPractice, PracticeEvidence, PracticeState, Workshop
from capitalisation.practices.queries import source_of
from capitalisation.practices.telling import (
    APPROVE,
    EVIDENCE,
    KEEP,
    PROPOSE,
    RETURN,
    SAVE,
    tell_proposed,
    tell_returned,
    trace,
)
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row, lock_rows
from explor.search.slugs import free_slug
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Programme

RECORD_WORKSHOP = Verb("practices.workshop", PRACTICE)

STEPS = ("state", "proposed_by", "proposed_at", "approved_by", "approved_at")
WRITTEN = ("title", "summary", "body", "how_to", "position")


@transaction.atomic
def save_practice(
    practice: GoodPractice | None,
    data: Mapping[str, Any],
    *,
    actor: User | None,
    version: int | None = None,
) -> GoodPractice:
    """Write a practice; a new one needs `data["programme"]`.

    What was read by a second person is no longer what is written: a saved practice is a draft
    again. Raises `Stale`, or `Refusal` when it has no title or another one bears it.
    """
    practice = _locked(practice) if practice else _new(data)
    require(actor, "capitalisation.edit_practice", practice)
    if version is not None and practice.pk and version != practice.version:
        raise Stale(practice.version)
    for name in WRITTEN:
        if name in data:
            setattr(practice, name, data[name])
    practice.title = practice.title.strip()
    if not practice.title:
        raise Refusal("Donnez un titre à la bonne pratique.")
    twins = GoodPractice.objects.filter(programme=practice.programme_id, title=practice.title)
    if twins.exclude(pk=practice.pk).exists():
        raise Refusal("Une bonne pratique porte déjà ce titre.")
    if not practice.slug:
        # public addresses name no programme: a slug is used once over all of them
        rows = GoodPractice.objects.all()
        practice.slug = free_slug(rows, practice.title, "bonne-pratique", reserved=("nouvelle",))
    if practice.pk:
        practice.version += 1
    _back_to_draft(practice)
    practice.save()
    trace(practice, SAVE, "écrite", actor)
    return practice


@transaction.atomic
def set_evidence(
    practice: GoodPractice, excerpts: Sequence[Excerpt], *, actor: User | None
) -> GoodPractice:
    """The passages it rests on, in this order. A changed choice makes a draft of it, to be read
    again; the same choice changes nothing.

    Raises `Refusal` for a passage of another programme, or that the writer may not read.
    """
    practice = _locked(practice)
    require(actor, "capitalisation.edit_practice", practice)
    present = [row.excerpt for row in practice.evidence_rows.select_related("excerpt")]
    kept = rested_on(excerpts, present, programme=practice.programme, actor=actor)
    if kept == present:
        return practice
    practice.evidence_rows.all().delete()
    PracticeEvidence.objects.bulk_create(
        PracticeEvidence(practice=practice, excerpt=excerpt, position=place)
        for place, excerpt in enumerate(kept, start=1)
    )
    _back_to_draft(practice)
    practice.save(update_fields=STEPS)
    trace(practice, EVIDENCE, f"appuyée sur {len(kept)} passage(s)", actor)
    return practice


@transaction.atomic
def propose_practice(practice: GoodPractice, *, actor: User | None) -> GoodPractice:
    """Ask for a second reading. Raises `Refusal`, naming everything that lacks at once."""
    practice = _locked(practice)
    require(actor, "capitalisation.edit_practice", practice)
    if practice.state != PracticeState.DRAFT:
        raise Refusal("Cette bonne pratique est déjà proposée.")
    written = (("la phrase de résumé", practice.summary), ("le texte", practice.body))
    lacking = [what for what, text in written if not text.strip()]
    if not _stands(practice):
        lacking.append("au moins un passage du corpus")
    if lacking:
        raise Refusal(f"Il manque : {', '.join(lacking)}.")
    practice.state, practice.proposed_by = PracticeState.PROPOSED, actor
    practice.proposed_at, practice.to_reread = clock.now(), ""
    practice.save(update_fields=[*STEPS, "to_reread"])
    trace(practice, PROPOSE, "proposée à la relecture", actor)
    tell_proposed(practice, actor)
    return practice


@transaction.atomic
def approve_practice(
    practice: GoodPractice, *, actor: User | None, proposed_at: str = ""
) -> GoodPractice:
    """Publish it as it was read: `proposed_at` (ISO) is the proposal that the page showed. Raises
    `PermissionDenied` to the one who proposed it; `Refusal` when it was proposed again since, or
    rests on nothing any more.
    """
    _hold_texts(practice)
    practice = _locked(practice)
    require(actor, "capitalisation.approve_practice", practice)
    if practice.state != PracticeState.PROPOSED:
        raise Refusal("Aucune relecture n’est demandée pour cette bonne pratique.")
    if proposed_at and proposed_at != practice.proposal:
        raise Refusal("Elle a été proposée de nouveau depuis votre lecture : relisez-la.")
    if not _stands(practice):
        raise Refusal("Plus aucun passage ne l’appuie : choisissez-en d’autres avant de publier.")
    practice.state, practice.approved_by = PracticeState.PUBLISHED, actor
    practice.approved_at, practice.to_reread = clock.now(), ""
    practice.save(update_fields=[*STEPS, "to_reread"])
    _note_words(practice)
    trace(practice, APPROVE, "publiée", actor)
    return practice


@transaction.atomic
def keep_practice(practice: GoodPractice, *, actor: User | None) -> GoodPractice:
    """Read again after a passage left it or has other words, it holds: it stays public."""
    _hold_texts(practice)
    practice = _locked(practice)
    require(actor, "capitalisation.approve_practice", practice)
    if practice.state != PracticeState.PUBLISHED or not practice.to_reread:
        raise Refusal("Cette bonne pratique n’est pas à relire.")
    practice.to_reread = ""
    practice.save(update_fields=["to_reread"])
    _note_words(practice)
    trace(practice, KEEP, "relue et gardée", actor)
    return practice


@transaction.atomic
def return_practice(practice: GoodPractice, *, because: str, actor: User | None) -> GoodPractice:
    """Send it back to its author, with a reason; also takes a published one off the site."""
    practice = _locked(practice)
    require(actor, "capitalisation.edit_practice", practice)
    if practice.state == PracticeState.DRAFT:
        raise Refusal("Cette bonne pratique est déjà un brouillon.")
    if not because.strip():
        raise Refusal("Dites ce qui est à reprendre.")
    tell_returned(practice, because, actor)
    _back_to_draft(practice)
    practice.save(update_fields=STEPS)
    trace(practice, RETURN, "remise en chantier", actor, because)
    return practice


@transaction.atomic
def hold_workshop(
    programme: Programme,
    *,
    title: str,
    held_on: date,
    place: str,
    participants: int,
    notes: str,
    quote_level: str = QuoteLevel.NONE,
    circle: str = Circle.TEAM,
    actor: User | None,
    is_example: bool = False,
) -> Workshop:
    """Keep a workshop; its notes join the corpus, to be coded like an interview, the pseudonyms of
    the whole programme hidden in them.

    `quote_level` and `circle`: what the people who were there accepted; nothing, unless they were
    asked. The same title on the same day is the same workshop.
    """
    require(actor, "capitalisation.edit_practice", programme)
    if held_on > clock.today():
        raise Refusal("L’atelier n’a pas encore eu lieu.")
    workshop, created = Workshop.objects.get_or_create(
        programme=programme,
        title=title.strip(),
        held_on=held_on,
        defaults={
            "place": place.strip(),
            "participants": participants,
            "notes": notes.strip(),
            "is_example": is_example,
        },
    )
    if not created:
        return workshop
    if workshop.notes:
        _pour(workshop, quote_level, circle, actor)
    record(
        f"programme:{programme.slug}",
        RECORD_WORKSHOP,
        f"Atelier « {workshop.title} » enregistré.",
        actor=actor,
    )
    return workshop


@transaction.atomic
def answer_for_workshop(
    workshop: Workshop, *, quote_level: str, circle: str, actor: User | None
) -> Text:
    """What the people who were there accept, asked afterwards. Raises `PermissionDenied`, or
    `Refusal` for a workshop without notes."""
    require(actor, "capitalisation.edit_practice", workshop.programme)
    text = Text.objects.filter(source=source_of(workshop)).first()
    if text is None:
        raise Refusal("Cet atelier n’a pas de notes dans le corpus.")
    return set_quote_level(text, _level(quote_level), circle, actor=actor)


def _level(quote_level: str) -> QuoteLevel:
    """A workshop speaks as one: nobody's name or function is known."""
    if quote_level not in {QuoteLevel.NONE, QuoteLevel.ANONYMOUS}:
        raise Refusal("Les notes d’un atelier se citent sans nom ni fonction, ou pas du tout.")
    return QuoteLevel(quote_level)


def _pour(workshop: Workshop, quote_level: str, circle: str, actor: User | None) -> None:
    parts = [part.strip() for part in workshop.notes.split("\n\n")]
    add_text(
        programme=workshop.programme,
        mission=None,
        kind=TextKind.WORKSHOP,
        source=source_of(workshop),
        title=workshop.title,
        held_on=workshop.held_on,
        blocks=[NewBlock(text=part) for part in parts if part],
        quote_level=_level(quote_level),
        circle=Circle(circle),
        is_example=workshop.is_example,
        actor=actor,
    )


def _new(data: Mapping[str, Any]) -> GoodPractice:
    programme: Programme = data["programme"]
    last = programme.practices.aggregate(Max("position"))["position__max"]
    return GoodPractice(programme=programme, position=(last or 0) + 1)


def _back_to_draft(practice: GoodPractice) -> None:
    practice.state = PracticeState.DRAFT
    practice.proposed_by = practice.proposed_at = None
    practice.approved_by = practice.approved_at = None


def _stands(practice: GoodPractice) -> bool:
    standing = standing_in(practice.programme)
    return standing.filter(practice_rows__practice=practice).exists()


def _note_words(practice: GoodPractice) -> None:
    words = PracticeEvidence.objects.filter(pk=OuterRef("pk"))
    practice.evidence_rows.update(read_as=Subquery(words.values("excerpt__quote")))


def _hold_texts(practice: GoodPractice) -> None:
    """What it rests on: a consent withdrawn at this moment waits, or was seen. Texts are held
    before what is made of them."""
    rows = Text.objects.filter(versions__excerpts__practice_rows__practice=practice)
    lock_rows(Text.objects.filter(pk__in=rows.values("pk")).only("pk"))


def _locked(practice: GoodPractice) -> GoodPractice:
    rows = GoodPractice.objects.select_related("programme").defer("search")
    return lock_row(rows, practice.pk)
