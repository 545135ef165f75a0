"""Writing good practices and workshops."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from capitalisation.coding.models import Excerpt
from capitalisation.corpus.actions import NewBlock, add_text
from capitalisation.corpus.models import Circle, QuoteLevel, TextKind
from capitalisation.practices.models import GoodPractice, PracticeEvidence, PracticeState, Workshop
from explor import clock
from explor.accounts.models import Role, User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.search.slugs import free_slug
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Programme

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
        practice.slug = free_slug(GoodPractice.objects.all(), practice.title, "bonne-pratique")
    if practice.pk:
        practice.version += 1
    _back_to_draft(practice)
    practice.save()
    _trace(practice, "save", "écrite", actor)
    return practice


@transaction.atomic
def set_evidence(
    practice: GoodPractice, excerpts: Sequence[Excerpt], *, actor: User | None
) -> GoodPractice:
    """The passages it rests on, in this order. They must be of the same programme."""
    practice = _locked(practice)
    require(actor, "capitalisation.edit_practice", practice)
    of_programme = Excerpt.objects.filter(
        pk__in=[excerpt.pk for excerpt in excerpts],
        version__text__programme=practice.programme_id,
    ).count()
    if of_programme != len({excerpt.pk for excerpt in excerpts}):
        raise Refusal("Un des passages n’est pas de ce programme.")
    practice.evidence_rows.all().delete()
    kept = {excerpt.pk: excerpt for excerpt in excerpts}
    PracticeEvidence.objects.bulk_create(
        PracticeEvidence(practice=practice, excerpt=excerpt, position=place)
        for place, excerpt in enumerate(kept.values(), start=1)
    )
    _trace(practice, "evidence", f"appuyée sur {len(kept)} passage(s)", actor)
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
    if not practice.evidence_rows.filter(excerpt__version__text__withdrawn_at=None).exists():
        lacking.append("au moins un passage du corpus")
    if lacking:
        raise Refusal(f"Il manque : {', '.join(lacking)}.")
    practice.state, practice.proposed_by = PracticeState.PROPOSED, actor
    practice.save(update_fields=["state", "proposed_by"])
    _trace(practice, "propose", "proposée à la relecture", actor)
    _announce(practice, actor)
    return practice


@transaction.atomic
def approve_practice(practice: GoodPractice, *, actor: User | None) -> GoodPractice:
    """Publish it. Raises `PermissionDenied` to the one who proposed it."""
    practice = _locked(practice)
    require(actor, "capitalisation.approve_practice", practice)
    if practice.state != PracticeState.PROPOSED:
        raise Refusal("Aucune relecture n’est demandée pour cette bonne pratique.")
    practice.state, practice.approved_by = PracticeState.PUBLISHED, actor
    practice.approved_at = clock.now()
    practice.save(update_fields=["state", "approved_by", "approved_at"])
    _trace(practice, "approve", "publiée", actor)
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
    _back_to_draft(practice)
    practice.save(update_fields=["state", "proposed_by", "approved_by", "approved_at"])
    _trace(practice, "return", "remise en chantier", actor, because)
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
    actor: User | None,
    is_example: bool = False,
) -> Workshop:
    """Keep a workshop; its notes join the corpus, to be coded like an interview.

    Nobody is named in a workshop's notes, so they may be quoted as the workshop's.
    The same title on the same day is the same workshop.
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
        _pour(workshop, actor)
    record(
        f"programme:{programme.slug}",
        "practices.workshop",
        f"Atelier « {workshop.title} » enregistré.",
        actor=actor,
    )
    return workshop


def _pour(workshop: Workshop, actor: User | None) -> None:
    parts = [part.strip() for part in workshop.notes.split("\n\n")]
    add_text(
        programme=workshop.programme,
        mission=None,
        kind=TextKind.WORKSHOP,
        source=f"workshop:{workshop.pk}",
        title=workshop.title,
        held_on=workshop.held_on,
        blocks=[NewBlock(text=part) for part in parts if part],
        quote_level=QuoteLevel.ANONYMOUS,
        circle=Circle.PUBLIC,
        is_example=workshop.is_example,
        actor=actor,
    )


def _new(data: Mapping[str, Any]) -> GoodPractice:
    programme: Programme = data["programme"]
    last = programme.practices.aggregate(Max("position"))["position__max"]
    return GoodPractice(programme=programme, position=(last or 0) + 1)


def _back_to_draft(practice: GoodPractice) -> None:
    practice.state = PracticeState.DRAFT
    practice.proposed_by = practice.approved_by = practice.approved_at = None


def _locked(practice: GoodPractice) -> GoodPractice:
    rows = GoodPractice.objects.select_for_update(of=("self",)).defer("search")
    return rows.select_related("programme").get(pk=practice.pk)


def _trace(
    practice: GoodPractice, verb: str, words: str, actor: User | None, reason: str = ""
) -> None:
    text = f"Bonne pratique « {practice.title} » {words}."
    record(f"practice:{practice.pk}", f"practices.{verb}", text, actor=actor, reason=reason)


def _announce(practice: GoodPractice, actor: User | None) -> None:
    readers = User.objects.filter(
        is_active=True,
        memberships__role__in=[Role.RESEARCHER, Role.ADMINISTRATOR],
        memberships__organisation__programme_rows__programme=practice.programme_id,
    )
    announce(
        Event.APPROVAL_ASKED,
        recipients=readers.distinct(),
        subject=f"À relire : « {practice.title} »",
        text=f"Une bonne pratique attend une seconde lecture : « {practice.title} ».",
        url=practice.get_absolute_url(),
        key=f"practice:{practice.pk}:{practice.version}",
        actor=actor,
    )
