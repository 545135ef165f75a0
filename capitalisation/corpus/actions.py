"""Pouring texts into the corpus, and taking them out of sight.

The folders that hold the source (report, interview, workshop) have checked who may: these actions
ask no permission, except those on pseudonyms, which belong to the corpus.
"""

import hashlib
from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max

from capitalisation.audiences import RESEARCH, TEXT
from capitalisation.corpus.models import (
    Block,
    Circle,
    Pseudonym,
    QuoteLevel,
    Text,
    TextVersion,
    VersionKind,
)
from capitalisation.corpus.queries import pseudonym_terms
from capitalisation.corpus.restricting import Restriction, is_narrower, restrict
from capitalisation.corpus.wording import NewBlock, Span, compose, plain, pseudonymised
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.ui.errors import Refusal
from missions.dossier.models import Mission, Programme

ADD_TEXT = Verb("capitalisation.add_text", TEXT)
WITHDRAW_TEXT = Verb("capitalisation.withdraw_text", TEXT)
SET_QUOTE_LEVEL = Verb("capitalisation.set_quote_level", TEXT)
DELETE_TEXT = Verb("capitalisation.delete_text", TEXT)
PSEUDONYMS = Verb("capitalisation.pseudonyms", RESEARCH)

__all__ = [
    "NewBlock",
    "add_pseudonym",
    "add_text",
    "delete_text",
    "remove_pseudonym",
    "set_quote_level",
    "stream_of",
    "withdraw_text",
]


def stream_of(text: Text) -> str:
    """The name of a text's history in the journal."""
    return f"text:{text.uuid}"


@transaction.atomic
def add_text(
    *,
    programme: Programme,
    mission: Mission | None,
    kind: str,
    source: str,
    title: str,
    held_on: date,
    blocks: Sequence[NewBlock],
    moment: str = "",
    audience: str = "",
    attribution_function: str = "",
    attribution_name: str = "",
    quote_level: str = QuoteLevel.NONE,
    circle: str = Circle.TEAM,
    is_example: bool = False,
    actor: User | None,
) -> Text:
    """A text with its original and its pseudonymised wording, each cut into blocks.

    The same `source` again is the same text: its wordings are replaced, or numbered on when one
    of them is already coded. Raises `Refusal` when nothing is written in it, or when its consent
    was withdrawn.
    """
    if not any(plain(block.text) for block in blocks):
        raise Refusal("Ce texte est vide : il n’entre pas dans le corpus.")
    text, created = Text.objects.get_or_create(
        source=source,
        defaults={
            "programme": programme,
            "mission": mission,
            "kind": kind,
            "title": title[:200],
            "held_on": held_on,
            "created_at": clock.now(),
        },
    )
    text = Text.objects.select_for_update(of=("self",)).get(pk=text.pk)
    if text.withdrawn_at is not None:
        raise Refusal("Le consentement de ce texte a été retiré : il reste hors du corpus.")
    text.title, text.held_on = title[:200], held_on
    text.moment, text.audience = moment, audience
    text.attribution_function, text.attribution_name = attribution_function, attribution_name
    text.quote_level, text.circle, text.is_example = quote_level, circle, is_example
    text.save()
    terms = pseudonym_terms(mission)
    _write(
        text,
        {
            VersionKind.ORIGINAL: list(blocks),
            VersionKind.PSEUDONYMISED: pseudonymised(blocks, terms),
        },
    )
    words = "Texte entré dans le corpus" if created else "Texte repris"
    record(stream_of(text), ADD_TEXT, f"{words} : {text}.", actor=actor)
    return text


@transaction.atomic
def withdraw_text(text: Text, *, actor: User | None) -> Text:
    """Out of every list, count and quotation at once; nothing of it may be cited any more."""
    text = Text.objects.select_for_update(of=("self",)).get(pk=text.pk)
    if text.withdrawn_at is not None:
        return text
    text.withdrawn_at = clock.now()
    text.quote_level, text.circle = QuoteLevel.NONE, Circle.TEAM
    text.attribution_name = ""
    text.save(update_fields=["withdrawn_at", "quote_level", "circle", "attribution_name"])
    words = "Consentement retiré : le texte et ses passages ne sont plus lus ni cités."
    record(stream_of(text), WITHDRAW_TEXT, words, actor=actor)
    restrict(Restriction(text, "Un accord a été retiré : un passage n’est plus cité.", actor))
    return text


@transaction.atomic
def set_quote_level(text: Text, level: str, circle: str, *, actor: User | None) -> Text:
    """How far it may be quoted, and to whom. Raises `Refusal` after a withdrawal."""
    text = Text.objects.select_for_update(of=("self",)).get(pk=text.pk)
    if text.withdrawn_at is not None:
        raise Refusal("Le consentement de ce texte a été retiré.")
    narrower = is_narrower(text, level, circle)
    text.quote_level, text.circle = QuoteLevel(level), Circle(circle)
    text.save(update_fields=["quote_level", "circle"])
    words = (
        f"Citation : {text.get_quote_level_display()} ; diffusion : {text.get_circle_display()}."
    )
    record(stream_of(text), SET_QUOTE_LEVEL, words, actor=actor)
    if narrower:
        restrict(Restriction(text, "Une personne permet moins de citer ses paroles.", actor))
    return text


@transaction.atomic
def delete_text(text: Text, *, actor: User | None) -> None:
    """Erase a text, its wordings and its passages; the journal keeps no word of them."""
    stream = stream_of(text)
    text = withdraw_text(text, actor=actor)
    because = "Un entretien a été effacé : un passage n’existe plus."
    restrict(Restriction(text, because, actor, erased=True))
    for version in text.versions.defer("search", "body"):
        version.excerpts.all().delete()
    text.delete()
    record(stream, DELETE_TEXT, "Texte et passages effacés.", actor=actor)


@transaction.atomic
def add_pseudonym(
    mission: Mission, *, term: str, replacement: str, actor: User | None
) -> Pseudonym:
    """Hide `term` in every text of the mission. Raises `PermissionDenied`, `Refusal`."""
    _check_pseudonyms(mission, actor)
    term, replacement = plain(term), plain(replacement)
    if not term or not replacement:
        raise Refusal("Écrivez le terme à cacher et ce qui le remplace.")
    if mission.pseudonyms.filter(term__iexact=term).exists():
        raise Refusal("Ce terme a déjà un pseudonyme.")
    try:
        with transaction.atomic():
            row = Pseudonym.objects.create(
                mission=mission, term=term, replacement=replacement, created_by=actor
            )
    except IntegrityError as error:
        raise Refusal("Ce terme a déjà un pseudonyme.") from error
    _remake(mission)
    _tell(mission, f"Pseudonyme ajouté : {replacement}.", actor)
    return row


@transaction.atomic
def remove_pseudonym(pseudonym: Pseudonym, *, actor: User | None) -> None:
    """Show the term again in the wordings to come. Raises `PermissionDenied`."""
    mission = pseudonym.mission
    _check_pseudonyms(mission, actor)
    replacement = pseudonym.replacement
    pseudonym.delete()
    _remake(mission)
    _tell(mission, f"Pseudonyme retiré : {replacement}.", actor)


def _check_pseudonyms(mission: Mission, actor: User | None) -> None:
    require(actor, "capitalisation.edit_pseudonyms", mission)


def _tell(mission: Mission, words: str, actor: User | None) -> None:
    record(f"pseudonyms:{mission.reference}", PSEUDONYMS, words[:400], actor=actor)


def _remake(mission: Mission) -> None:
    """Write again the pseudonymised wording of every text of the mission, from its original."""
    terms = pseudonym_terms(mission)
    texts = mission.texts.select_for_update(of=("self",)).filter(withdrawn_at__isnull=True)
    for text in texts.order_by("pk"):
        original = _latest(text, VersionKind.ORIGINAL)
        if original is None:
            continue
        blocks = [
            NewBlock(original.body[row.start : row.end], row.speaker, row.question, row.theme)
            for row in original.blocks.all()
        ]
        _write(text, {VersionKind.PSEUDONYMISED: pseudonymised(blocks, terms)})


def _latest(text: Text, kind: str) -> TextVersion | None:
    """The latest wording of a kind, locked: nobody starts coding it meanwhile."""
    rows = text.versions.select_for_update(of=("self",)).defer("search")
    return rows.filter(kind=kind).order_by("-no").first()


def _write(text: Text, wordings: dict[VersionKind, list[NewBlock]]) -> None:
    """Replace the latest wordings, or number them on when one of them is frozen.

    A wording that would not change is left alone, so that doing the same twice does nothing.
    """
    composed = {kind: compose(blocks) for kind, blocks in wordings.items()}
    latest = {kind: _latest(text, kind) for kind in composed}
    changed = {
        kind for kind, (body, spans) in composed.items() if not _is_same(latest[kind], body, spans)
    }
    if not changed:
        return
    frozen = any(version and version.frozen_at for version in latest.values())
    number = (text.versions.aggregate(last=Max("no"))["last"] or 0) + 1
    for kind, (body, spans) in composed.items():
        version = latest[kind]
        if frozen or version is None:
            version = TextVersion(text=text, kind=kind, no=number)
        _fill(version, body, spans)


def _fill(version: TextVersion, body: str, spans: Sequence[Span]) -> None:
    version.body = body
    version.sha256 = hashlib.sha256(body.encode()).hexdigest()
    version.created_at = clock.now()
    version.save()
    version.blocks.all().delete()
    Block.objects.bulk_create(
        Block(
            version=version,
            position=position,
            start=span.start,
            end=span.end,
            speaker=span.block.speaker[:80],
            question=span.block.question[:400],
            theme=span.block.theme,
        )
        for position, span in enumerate(spans, start=1)
    )


def _is_same(version: TextVersion | None, body: str, spans: Sequence[Span]) -> bool:
    if version is None or version.body != body:
        return False
    rows = [
        (row.start, row.end, row.speaker, row.question, row.theme) for row in version.blocks.all()
    ]
    return rows == [
        (s.start, s.end, s.block.speaker[:80], s.block.question[:400], s.block.theme) for s in spans
    ]
