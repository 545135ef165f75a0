"""Applying codes to passages, and keeping the codebook."""

from typing import Any

from django.db import transaction

from capitalisation.audiences import CODEBOOK, TEXT
from capitalisation.coding.models import Code, Codebook, Coding, CodingStatus, Excerpt
from capitalisation.coding.moving import cut
from capitalisation.corpus.actions import stream_of
from capitalisation.corpus.models import Text, TextVersion, VersionKind
from capitalisation.corpus.restricting import Restriction, restrict
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.search.slugs import free_slug
from explor.ui.errors import Refusal

SAVE_CODE = Verb("capitalisation.save_code", CODEBOOK)
CODE = Verb("capitalisation.code", TEXT)
UNCODE = Verb("capitalisation.uncode", TEXT)
KEEP_PASSAGE = Verb("capitalisation.keep_passage", TEXT)
DROP_PASSAGE = Verb("capitalisation.drop_passage", TEXT)

#: Longest passage, in characters: beyond it a selection is a slip of the finger.
LONGEST = 5_000


class StaleText(Refusal):
    """The page shows another wording than the one in the corpus: read it again, then code."""


@transaction.atomic
def code_passage(
    version: TextVersion,
    *,
    start: int,
    end: int,
    quote: str,
    sha256: str,
    code: Code,
    actor: User | None,
    memo: str = "",
) -> Coding:
    """Apply `code` to `body[start:end]` (code points, end exclusive). The first coding freezes
    the version. Coding the same passage twice with one code gives the same coding, looked at
    again if it was to be.

    Raises `StaleText` when `quote` or `sha256` is not what the version holds, `Refusal` when
    the code or the text cannot be used, `PermissionDenied` to whoever may not code the text.
    """
    lock_row(Text.objects.all(), version.text_id)
    version = lock_row(TextVersion.objects.select_related("text"), version.pk)
    text = version.text
    require(actor, "capitalisation.code_text", text)
    if text.withdrawn_at:
        raise Refusal("Le consentement a été retiré : ce texte ne se code plus.")
    if version.kind != VersionKind.PSEUDONYMISED:
        raise Refusal("Le texte original se lit, il ne se code pas : codez le texte pseudonymisé.")
    if not code.codable or code.merged_into_id or code.codebook.programme_id != text.programme_id:
        raise Refusal("Ce code ne s’applique pas à ce texte.")
    if not 0 <= start < end <= len(version.body):
        raise Refusal("Sélectionnez un passage du texte.")
    if end - start > LONGEST:
        raise Refusal(f"Le passage est trop long : {LONGEST} caractères au plus.")
    if not version.current or version.sha256 != sha256 or version.body[start:end] != quote:
        raise StaleText("Le texte a changé depuis son affichage : relisez le passage.")
    if version.frozen_at is None:
        version.frozen_at = clock.now()
        version.save(update_fields=["frozen_at"])
    coding, created = Coding.objects.get_or_create(
        excerpt=_passage(version, start, end),
        code=code,
        coder=actor,
        defaults={"memo": memo, "coded_at": clock.now()},
    )
    if created:
        _tell(coding, CODE, f"Passage codé « {code.label} ».", actor)
    elif coding.status != CodingStatus.KEPT:
        coding.status = CodingStatus.KEPT
        coding.save(update_fields=["status"])
    return coding


def _passage(version: TextVersion, start: int, end: int) -> Excerpt:
    found = Excerpt.objects.filter(version=version, start=start, end=end).first()
    if found is None:
        found = Excerpt()
        cut(found, version, start, end)
        found.save()
    return found


@transaction.atomic
def keep_passage(excerpt: Excerpt, *, actor: User | None) -> Excerpt:
    """Its words changed, its codes still say what it says. Raises `PermissionDenied`; `Refusal`
    when it is no longer in the text."""
    excerpt, version = _locked(excerpt, actor)
    if not version.current:
        raise Refusal("Ce passage n’est plus dans le texte : codez de nouveau, ou retirez-le.")
    excerpt.codings.update(status=CodingStatus.KEPT)
    _tell_of(excerpt, KEEP_PASSAGE, "Passage relu, codes gardés.", actor)
    return excerpt


@transaction.atomic
def drop_passage(excerpt: Excerpt, *, actor: User | None) -> None:
    """Take out, with its codes, a passage that no longer says what it said, or is gone. Raises
    `PermissionDenied`; `Refusal` for one that nothing has put in doubt."""
    excerpt, version = _locked(excerpt, actor)
    doubtful = excerpt.codings.filter(status=CodingStatus.TO_REVIEW).exists()
    if version.current and not doubtful:
        raise Refusal("Ce passage n’est pas à revoir : retirez ses codes un par un.")
    _tell_of(excerpt, DROP_PASSAGE, "Passage à revoir, retiré.", actor)
    because = "Un passage a été retiré de son texte."
    restrict(Restriction(version.text, because, actor, passage=excerpt.pk))
    excerpt.delete()


def _locked(excerpt: Excerpt, actor: User | None) -> tuple[Excerpt, TextVersion]:
    rows = Excerpt.objects.select_related("version__text__mission")
    rows = rows.defer("version__search", "version__text__mission__search")
    excerpt = lock_row(rows, excerpt.pk)
    require(actor, "capitalisation.code_text", excerpt.version.text)
    return excerpt, excerpt.version


@transaction.atomic
def remove_coding(coding: Coding, *, actor: User | None) -> Excerpt | None:
    """Undo one's own coding; an excerpt left without coding or use goes too.

    Returns the excerpt while it lives. Raises `PermissionDenied` to anyone but its author.
    """
    require(actor, "capitalisation.remove_coding", coding)
    excerpt = coding.excerpt
    _tell(coding, UNCODE, f"Codage « {coding.code.label} » retiré.", actor)
    coding.delete()
    used = excerpt.codings.exists() or excerpt.focus_rows.exists() or excerpt.practice_rows.exists()
    if used:
        return excerpt
    excerpt.delete()
    return None


@transaction.atomic
def save_code(
    codebook: Codebook,
    data: dict[str, Any],
    *,
    actor: User | None,
    code: Code | None = None,
) -> Code:
    """Add a code to the tree, or change one. Once a passage is coded, each
    change makes the codebook's next version.

    `data`: label, parent, definition, include, exclude, example, codable, position, and slug for
    a new one. The first code of a programme makes its codebook. Raises `ValidationError` when
    the label is taken or the tree would turn in a loop.
    """
    require(actor, "capitalisation.edit_codebook", codebook.programme)
    if codebook._state.adding:
        codebook, _ = Codebook.objects.get_or_create(programme=codebook.programme)
    codebook = lock_row(Codebook.objects.all(), codebook.pk)
    code = code or Code(codebook=codebook, slug=data.get("slug") or _free_slug(codebook, data))
    for name in (
        "label",
        "parent",
        "definition",
        "include",
        "exclude",
        "example",
        "codable",
        "position",
    ):
        if name in data:
            setattr(code, name, data[name])
    _refuse_loop(code)
    code.full_clean(validate_constraints=True)
    code.save()
    if Coding.objects.filter(code__codebook=codebook).exists():
        codebook.version += 1
        codebook.save(update_fields=["version"])
    record(
        f"codebook:{codebook.programme.slug}",
        SAVE_CODE,
        f"Code « {code.label} » enregistré.",
        actor=actor,
    )
    return code


def _free_slug(codebook: Codebook, data: dict[str, Any]) -> str:
    """Nobody sees it: two labels may read alike, or hold no Latin letter."""
    return free_slug(codebook.codes.all(), data["label"], "code", reserved=("nouveau",))


def _refuse_loop(code: Code) -> None:
    above = code.parent
    while above is not None:
        if code.pk is not None and above.pk == code.pk:
            raise Refusal("Un code ne peut pas être rangé sous lui-même.")
        above = above.parent


def _tell(coding: Coding, verb: Verb, text: str, actor: User | None) -> None:
    _tell_of(coding.excerpt, verb, text, actor, code=coding.code.slug)


def _tell_of(excerpt: Excerpt, verb: Verb, text: str, actor: User | None, **data: str) -> None:
    place = {"start": excerpt.start, "end": excerpt.end}
    record(stream_of(excerpt.version.text), verb, text, actor=actor, data={**data, **place})
