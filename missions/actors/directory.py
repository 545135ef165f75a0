"""What the pages of the directory show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from explor.accounts.models import Organisation, OrganisationKind, Role, User
from explor.ui.chips import Chip, chips_of
from explor.ui.components import Tab
from missions.actors import queries
from missions.actors.forms import ActorFilter
from missions.actors.languages import LANGUAGES
from missions.actors.models import Volunteer

PAGE = 25


@dataclass(frozen=True)
class Listed:
    """One kind of actors, filtered, every page of it."""

    kind: str
    label: str
    filters: ActorFilter
    rows: QuerySet[Any]

    @property
    def of_people(self) -> bool:
        return self.kind == queries.VOLUNTEERS


@dataclass(frozen=True)
class Directory:
    listed: Listed
    tabs: list[Tab]
    chips: list[Chip]
    reset: str
    page: Page[Any]

    @property
    def kind(self) -> str:
        return self.listed.kind

    @property
    def filters(self) -> ActorFilter:
        return self.listed.filters

    @property
    def is_filtered(self) -> bool:
        return bool(self.chips)

    @property
    def of_people(self) -> bool:
        return self.listed.of_people


def directory_for(user: User, data: Mapping[str, Any]) -> Directory:
    """Five queries whatever the number of actors."""
    tallies = queries.tallies(user)
    listed = listed_for(user, data)
    base = reverse("actor_list")
    return Directory(
        listed=listed,
        tabs=[
            Tab(row.label, _address(base, row.kind), row.kind == listed.kind, row.count)
            for row in tallies
        ],
        chips=chips_of(listed.filters, data, base),
        reset=_address(base, listed.kind),
        page=Paginator(listed.rows, PAGE).get_page(data.get("page")),
    )


def listed_for(user: User, data: Mapping[str, Any]) -> Listed:
    """What the directory shows for these filters."""
    kinds = queries.kinds()
    kind = data.get("nature") if data.get("nature") in kinds else next(iter(kinds))
    assert kind is not None
    of_people = kind == queries.VOLUNTEERS
    filters = ActorFilter(data, codes=[] if of_people else _codes(user, kind))
    words = data.get("q", "").strip() if filters.is_valid() else ""
    rows = _people(user, words) if of_people else _bodies(user, kind, words, data.get("pays"))
    return Listed(kind, kinds[kind], filters, rows)


def reads_contacts(user: User) -> bool:
    """Addresses of volunteers are for those who match and administer, not the whole team."""
    return user.standing.holds(Role.COORDINATOR, Role.ADMINISTRATOR)


def _address(base: str, kind: str) -> str:
    return f"{base}?{urlencode({'nature': kind})}"


def _codes(user: User, kind: str) -> list[str]:
    rows = queries.organisations_for(user).filter(kind=kind).order_by()
    return [str(code) for code in rows.values_list("country", flat=True).distinct()]


def _bodies(user: User, kind: str, words: str, country: Any) -> Any:
    rows = queries.organisations_for(user).filter(kind=kind)
    if words:
        rows = queries.named(rows, words)
    if country:
        rows = rows.filter(country=country)
    return queries.with_missions(rows, kind, user).order_by("name", "pk")


def _people(user: User, words: str) -> Any:
    rows = queries.volunteers_for(user)
    if words:
        rows = queries.volunteers_named(rows, words)
    rows = queries.volunteers_with_missions(rows, user)
    return rows.order_by("user__last_name", "user__first_name", "pk")


def organisation_facts(actor: Organisation) -> list[tuple[str, object]]:
    profile = getattr(actor, "osim_profile", None)
    rows: list[tuple[str, object]] = [
        ("Nature", actor.get_kind_display()),
        ("Sigle", actor.acronym),
        ("Ville", actor.city),
        ("Département", actor.department),
        ("Pays", str(actor.country.name)),
        ("RNA", actor.rna),
        ("SIRET", actor.siret),
        ("Site", actor.website),
    ]
    if actor.kind == OrganisationKind.OSIM and profile is not None:
        rows += [
            ("Personne de contact", profile.contact_name),
            ("Téléphone", profile.contact_phone),
            ("Canal préféré", profile.get_preferred_channel_display()),
            ("Membres", profile.members_count),
            ("Domaines d’action", profile.fields_of_action),
        ]
    return rows


def volunteer_facts(actor: Volunteer, user: User) -> list[tuple[str, object]]:
    days = actor.longest_stay_days
    rows: list[tuple[str, object]] = [
        ("Métier", actor.job),
        ("Structure d’envoi", actor.home_structure.full_name),
        ("Statut", actor.get_status_display()),
        ("Cadre", actor.get_frame_display()),
        ("Langues", ", ".join(LANGUAGES.get(code, code) for code in actor.languages)),
        ("Séjour maximal", f"{days} jours"),
    ]
    if reads_contacts(user):
        rows += [("E-mail", actor.user.email), ("Téléphone", actor.user.phone)]
    return rows
