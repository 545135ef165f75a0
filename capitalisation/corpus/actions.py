"""Pouring texts into the corpus, and taking them out of sight.

The folders that hold the source (report, interview, workshop) have checked who may: these actions
ask no permission, except those on pseudonyms, which belong to the corpus.
"""

from collections.abc import Callable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from capitalisation.audiences import RESEARCH, TEXT
from capitalisation.corpus.models import Circle, Pseudonym, QuoteLevel, Text, VersionKind
from capitalisation.corpus.queries import pseudonym_terms, texts_touched
from capitalisation.corpus.restricting import Restriction, is_narrower, restrict
from capitalisation.corpus.versions import lock_current, write_wordings
from capitalisation.corpus.wording import (
    NewBlock,
    name_key,
    plain,
    pseudonymised,
    pseudonymiser,
)
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require, step
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row, lock_rows
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
    "hide_names",
    "remove_pseudonym",
    "set_quote_level",
    "stream_of",
    "withdraw_text",
]


def stream_of(text: Text) -> str:
    """The name of a text's history in the journal."""
    return f"text:{text.uuid}"


@transaction.atomic
@step
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
    of them is already coded, and its passages follow. Raises `Refusal` when nothing is written
    in it, or when its consent was withdrawn.
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
    text = lock_row(Text.objects.all(), text.pk)
    if text.withdrawn_at is not None:
        raise Refusal("Le consentement de ce texte a été retiré : il reste hors du corpus.")
    text.title, text.held_on = title[:200], held_on
    text.moment, text.audience = moment, audience
    text.attribution_function, text.attribution_name = attribution_function, attribution_name
    text.quote_level, text.circle, text.is_example = quote_level, circle, is_example
    text.save()
    terms = pseudonym_terms(text)
    _hide_who_speaks(text, pseudonymiser(terms))
    write_wordings(
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
@step
def withdraw_text(text: Text, *, actor: User | None) -> Text:
    """Out of every list, count and quotation at once; nothing of it may be cited any more."""
    text = lock_row(Text.objects.all(), text.pk)
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
@step
def set_quote_level(text: Text, level: str, circle: str, *, actor: User | None) -> Text:
    """How far it may be quoted, and to whom. Raises `Refusal` after a withdrawal."""
    text = lock_row(Text.objects.all(), text.pk)
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
@step
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
    of: Mission | Programme, *, term: str, replacement: str, actor: User | None
) -> Pseudonym:
    """Hide `term` in every text of a mission, or of a programme. The passages already coded
    follow; those whose words change are to be looked at again.

    Raises `PermissionDenied`, `Refusal`.
    """
    _check_pseudonyms(of, actor)
    term, replacement = plain(term), plain(replacement)
    if not replacement or not name_key(term):
        raise Refusal("Écrivez le terme à cacher et ce qui le remplace.")
    if pseudonymiser([(term, "")])(replacement) != replacement:
        raise Refusal("Le terme à cacher se lit encore dans ce qui le remplace.")
    _wait_for_others(of)
    if name_key(term) in {name_key(row.term) for row in of.pseudonyms.all()}:
        raise Refusal("Ce terme a déjà un pseudonyme.")
    owner = {"programme" if isinstance(of, Programme) else "mission": of}
    row = Pseudonym.objects.create(**owner, term=term, replacement=replacement, created_by=actor)
    _remake(texts_touched(of))
    _tell(of, f"Pseudonyme ajouté : {replacement}.", actor)
    return row


@transaction.atomic
def remove_pseudonym(pseudonym: Pseudonym, *, actor: User | None) -> None:
    """Show the term again in the wordings to come. Raises `PermissionDenied`."""
    of = pseudonym.of
    _check_pseudonyms(of, actor)
    _wait_for_others(of)
    replacement = pseudonym.replacement
    pseudonym.delete()
    _remake(texts_touched(of))
    _tell(of, f"Pseudonyme retiré : {replacement}.", actor)


@transaction.atomic
def hide_names(programme: Programme, *, actor: User | None) -> None:
    """Write every text of a programme again with today's pseudonyms and today's way of knowing a
    name; a text that would not change is left alone. Raises `PermissionDenied`."""
    _check_pseudonyms(programme, actor)
    _wait_for_others(programme)
    _remake(texts_touched(programme))


def _check_pseudonyms(of: Mission | Programme, actor: User | None) -> None:
    permission = "programme" if isinstance(of, Programme) else "edit"
    require(actor, f"capitalisation.{permission}_pseudonyms", of)


def _wait_for_others(of: Mission | Programme) -> None:
    """Two terms added at once would each be written without the other."""
    lock_row(type(of)._default_manager.only("pk"), of.pk)


def _tell(of: Mission | Programme, words: str, actor: User | None) -> None:
    stream = f"pseudonyms:{of.slug if isinstance(of, Programme) else of.reference}"
    record(stream, PSEUDONYMS, words[:400], actor=actor)


def _remake(texts: QuerySet[Text]) -> None:
    """Write again the pseudonymised wording of these texts, from their originals."""
    for text in lock_rows(texts.filter(withdrawn_at__isnull=True).order_by("pk")):
        terms = pseudonym_terms(text)
        _hide_who_speaks(text, pseudonymiser(terms))
        original = lock_current(text, VersionKind.ORIGINAL)
        if original is None:
            continue
        blocks = [
            NewBlock(original.body[row.start : row.end], row.speaker, row.question, row.theme)
            for row in original.blocks.all()
        ]
        write_wordings(text, {VersionKind.PSEUDONYMISED: pseudonymised(blocks, terms)})


def _hide_who_speaks(text: Text, hide: Callable[[str], str]) -> None:
    """A function or a name printed beside a passage holds no hidden word either. A pseudonym that
    is removed does not bring it back: the source does, when it is written again."""
    said = (text.attribution_function, text.attribution_name)
    hidden = tuple(hide(words)[:120] for words in said)
    if hidden != said:
        text.attribution_function, text.attribution_name = hidden
        text.save(update_fields=["attribution_function", "attribution_name"])
