"""Making a booklet: create, write, propose, approve. What has come out is not written again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from capitalisation.audiences import BOOKLET
from capitalisation.publications.content import compose
from capitalisation.publications.models import Booklet, BookletSection, BookletState
from capitalisation.publications.printed import BookletPdf, Printed, printed_of
from capitalisation.publications.printed_queries import made_printing, printing_of, troubles, unfit
from capitalisation.publications.printing import hold_sources, keep_printing, withhold
from capitalisation.publications.queries import default_sections
from capitalisation.publications.telling import (
    tell_out,
    tell_proposed,
    tell_returned,
    trace,
)
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.accounts.sending import claim
from explor.documents.actions import keep_bytes, set_public
from explor.documents.models import StoredFile
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.search.slugs import free_slug
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Programme, Territory

BOOKLET_CREATE = Verb("publications.create", BOOKLET)
BOOKLET_SAVE = Verb("publications.save", BOOKLET)
PROPOSE = Verb("publications.propose", BOOKLET)
APPROVE = Verb("publications.approve", BOOKLET)
BOOKLET_RETURN = Verb("publications.return", BOOKLET)

AGAIN = "Renvoyez le livret en préparation et fabriquez-le de nouveau."

#: What is said of a section: `{"included": True, "position": 2, "title": …, "introduction": …}`.
SectionData = Mapping[str, Any]


@transaction.atomic
def create_booklet(
    programme: Programme,
    *,
    title: str,
    subtitle: str = "",
    actor: User | None,
    token: UUID,
    territory: Territory | None = None,
    years: Sequence[int] = (),
) -> Booklet:
    """A draft with every section. The same `token` gives the same booklet."""
    require(actor, "capitalisation.build_booklet", programme)
    if not title.strip():
        raise Refusal("Donnez un titre au livret.")
    claim(Booklet, token, actor)
    booklet, created = Booklet.objects.get_or_create(
        token=token,
        defaults={
            "programme": programme,
            "slug": free_slug(
                Booklet.objects.all(), title, "livret", reserved=("nouveau", "apercu", "paroles")
            ),
            "title": title.strip(),
            "subtitle": subtitle.strip(),
            "territory": territory,
            "years": sorted(set(years)),
            "created_at": clock.now(),
        },
    )
    if not created:
        require(actor, "capitalisation.build_booklet", booklet)
        return booklet
    BookletSection.objects.bulk_create(default_sections(booklet))
    trace(booklet, BOOKLET_CREATE, "commencé", actor)
    return booklet


@transaction.atomic
def save_booklet(
    booklet: Booklet, data: Mapping[str, Any], *, actor: User | None, version: int | None = None
) -> Booklet:
    """Write its title, its scope and its sections (`data["sections"]`: kind → `SectionData`).

    Written again, it must be read again: a proposed booklet is a draft after this. Raises
    `Stale`, and `Refusal` for one that has come out.
    """
    booklet = _locked(booklet)
    require(actor, "capitalisation.build_booklet", booklet)
    _not_out(booklet)
    if version is not None and version != booklet.version:
        raise Stale(booklet.version)
    for name in ("title", "subtitle", "territory", "years"):
        if name in data:
            setattr(booklet, name, data[name])
    if not booklet.title.strip():
        raise Refusal("Donnez un titre au livret.")
    booklet.years = sorted(set(booklet.years))
    booklet.version += 1
    booklet.state, booklet.proposed_by, booklet.file = BookletState.DRAFT, None, None
    booklet.save()
    _save_sections(booklet, data.get("sections", {}))
    trace(booklet, BOOKLET_SAVE, "écrit", actor)
    return booklet


def _save_sections(booklet: Booklet, wanted: Mapping[str, SectionData]) -> None:
    rows = list(booklet.sections.filter(kind__in=wanted))
    for section in rows:
        for name, value in wanted[section.kind].items():
            setattr(section, name, value)
        section.title = section.title.strip() or section.get_kind_display()
    fields = ["included", "position", "title", "introduction"]
    BookletSection.objects.bulk_update(rows, fields)


@transaction.atomic
def attach_pdf(booklet: Booklet, content: bytes, *, actor: User | None) -> StoredFile:
    """Keep a PDF made of the booklet as it is now; its team reads it until it comes out."""
    printed = content.printed if isinstance(content, BookletPdf) else _printed_now(booklet)
    hold_sources(printed)
    booklet = _locked(booklet)
    require(actor, "capitalisation.build_booklet", booklet)
    _not_out(booklet)
    booklet.file = keep_bytes(
        content,
        name=f"{booklet.slug}.pdf",
        content_type="application/pdf",
        actor=actor,
        target=booklet,
        permission="capitalisation.read_booklet",
    )
    booklet.save(update_fields=["file"])
    keep_printing(booklet, printed, booklet.file)
    return booklet.file


@transaction.atomic
def propose_booklet(booklet: Booklet, *, actor: User | None) -> Booklet:
    """Ask for a second reading of the PDF made of this very version."""
    booklet = _locked(booklet)
    require(actor, "capitalisation.build_booklet", booklet)
    if booklet.state != BookletState.DRAFT:
        raise Refusal("Ce livret est déjà proposé ou paru.")
    made = made_printing(booklet)
    if made is None:
        raise Refusal("Fabriquez d’abord le PDF de cette version : c’est lui qui sera relu.")
    booklet.file = made.file
    booklet.state, booklet.proposed_by = BookletState.PROPOSED, actor
    booklet.save(update_fields=["state", "proposed_by", "file"])
    trace(booklet, PROPOSE, "proposé à la relecture", actor)
    tell_proposed(booklet, actor)
    return booklet


@transaction.atomic
def approve_booklet(booklet: Booklet, *, actor: User | None, read: str = "") -> Booklet:
    """Bring it out: its PDF becomes public, frozen. All it prints is held, then compared with
    what would be printed now. `read` is the uuid of the file that the page showed.

    Raises `PermissionDenied` to whoever proposed it; `Refusal` when anything printed was
    withdrawn, narrowed, hidden or rewritten since, or another PDF was proposed.
    """
    if (printing := printing_of(_present_file(booklet))) is not None:
        hold_sources(Printed(printing.version, list(printing.pieces.all()), []))
    booklet = _locked(booklet)
    require(actor, "capitalisation.approve_booklet", booklet)
    if booklet.state != BookletState.PROPOSED or booklet.file is None:
        raise Refusal("Aucune relecture n’est demandée pour ce livret.")
    if (
        printing is None
        or printing.file_id != booklet.file_id
        or read
        not in {
            "",
            str(booklet.file.uuid),
        }
    ):
        raise Refusal("Un autre PDF a été proposé depuis votre lecture : relisez-le.")
    if found := troubles(printing, today=_printed_now(booklet)):
        raise Refusal(f"{' ; '.join(found)}. {AGAIN}")
    booklet.state, booklet.approved_by = BookletState.PUBLISHED, actor
    booklet.issued_on = clock.today()
    booklet.save(update_fields=["state", "approved_by", "issued_on"])
    set_public(booklet.file, actor=actor, public=True)
    trace(booklet, APPROVE, "paru", actor)
    tell_out(booklet, actor)
    return booklet


@transaction.atomic
def return_booklet(booklet: Booklet, *, because: str, actor: User | None) -> Booklet:
    """Back to preparation, with a reason; one that has come out is taken off the public site."""
    booklet = _locked(booklet)
    require(actor, "capitalisation.build_booklet", booklet)
    if booklet.state == BookletState.DRAFT:
        raise Refusal("Ce livret est déjà en préparation.")
    if not because.strip():
        raise Refusal("Dites ce qui est à reprendre.")
    tell_returned(booklet, because, actor)
    if booklet.file and booklet.file.public:
        set_public(booklet.file, actor=actor, public=False)
        _close_what_may_not_be_read(booklet.file, actor)
    booklet.state, booklet.issued_on, booklet.file = BookletState.DRAFT, None, None
    booklet.proposed_by = booklet.approved_by = None
    booklet.version += 1
    booklet.save()
    trace(booklet, BOOKLET_RETURN, "remis en préparation", actor, because)
    return booklet


def _close_what_may_not_be_read(file: StoredFile, actor: User | None) -> None:
    printing = printing_of(file)
    if printing and unfit(printing.pieces.all()).exists():
        withhold(printing, troubles(printing)[0], actor)


def _printed_now(booklet: Booklet) -> Printed:
    rows = Booklet.objects.select_related("programme", "territory")
    return printed_of(compose(rows.get(pk=booklet.pk), lambda *_: None))


def _present_file(booklet: Booklet) -> StoredFile | None:
    return Booklet.objects.select_related("file").get(pk=booklet.pk).file


def _locked(booklet: Booklet) -> Booklet:
    rows = Booklet.objects.select_related("programme", "file", "proposed_by")
    return lock_row(rows, booklet.pk)


def _not_out(booklet: Booklet) -> None:
    if booklet.state == BookletState.PUBLISHED:
        raise Refusal("Ce livret est paru : créez une nouvelle édition pour le récrire.")
