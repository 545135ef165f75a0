"""Reading booklets."""

from django.db.models import QuerySet

from capitalisation.publications.models import (
    Booklet,
    BookletSection,
    BookletState,
    SectionKind,
)
from explor.accounts.models import Role, User
from missions.dossier.models import Programme, ProgrammePartner

TEAM = (Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR)


def published_booklets() -> QuerySet[Booklet]:
    rows = Booklet.objects.filter(state=BookletState.PUBLISHED)
    return rows.select_related("programme", "territory", "file").order_by("-issued_on", "-pk")


def booklets_visible_to(user: User) -> QuerySet[Booklet]:
    """Every booklet of the programmes whose team the person is of."""
    organisations = {o for role in TEAM for o in user.standing.organisations(role)}
    partners = ProgrammePartner.objects.filter(organisation__in=organisations)
    return Booklet.objects.filter(programme__in=partners.values("programme")).select_related(
        "programme", "territory", "file", "proposed_by", "approved_by"
    )


def sections_of(booklet: Booklet) -> list[BookletSection]:
    """Its sections in order; those of a standard booklet for one that is not saved."""
    if booklet._state.adding:
        return default_sections(booklet)
    return list(booklet.sections.order_by("position", "pk"))


def default_sections(booklet: Booklet) -> list[BookletSection]:
    return [
        BookletSection(booklet=booklet, kind=kind, position=place, title=kind.label)
        for place, kind in enumerate(SectionKind, start=1)
    ]


def latest_booklet(programme: Programme) -> Booklet:
    """The programme's latest booklet, or a standard one that is not saved."""
    found = programme.booklets.select_related("programme", "territory").first()
    return found or Booklet(
        programme=programme,
        slug=programme.slug,
        title=f"{programme.name} : regards croisés",
        subtitle=programme.tagline,
    )
