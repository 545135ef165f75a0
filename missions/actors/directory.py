"""What the pages of the directory show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.http import urlencode

from explor.accounts.models import Organisation, OrganisationKind, Role, User
from explor.ui.components import Tab
from missions.actors import queries
from missions.actors.forms import ActorFilter
from missions.actors.languages import LANGUAGES
from missions.actors.models import Volunteer

PAGE = 25


@dataclass(frozen=True)
class Directory:
    kind: str
    filters: ActorFilter
    tabs: list[Tab]
    page: Page[Any]

    @property
    def is_filtered(self) -> bool:
        return any(self.filters.data.get(name) for name in ("q", "pays"))

    @property
    def of_people(self) -> bool:
        return self.kind == queries.VOLUNTEERS


def directory_for(user: User, data: Mapping[str, Any]) -> Directory:
    """Five queries whatever the number of actors."""
    tallies = queries.tallies(user)
    wanted = data.get("nature")
    kind = next((row.kind for row in tallies if row.kind == wanted), tallies[0].kind)
    of_people = kind == queries.VOLUNTEERS
    filters = ActorFilter(data, codes=[] if of_people else _codes(user, kind))
    words = data.get("q", "").strip() if filters.is_valid() else ""
    rows = _people(user, words) if of_people else _bodies(user, kind, words, data.get("pays"))
    base = reverse("actor_list")
    return Directory(
        kind=kind,
        filters=filters,
        tabs=[
            Tab(row.label, f"{base}?{urlencode({'nature': row.kind})}", row.kind == kind, row.count)
            for row in tallies
        ],
        page=Paginator(rows, PAGE).get_page(data.get("page")),
    )


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
    """The address is for those who match and administer, not for the whole team."""
    days = actor.longest_stay_days
    rows: list[tuple[str, object]] = [
        ("Métier", actor.job),
        ("Structure d’envoi", actor.home_structure.full_name),
        ("Statut", actor.get_status_display()),
        ("Cadre", actor.get_frame_display()),
        ("Langues", ", ".join(LANGUAGES.get(code, code) for code in actor.languages)),
        ("Séjour maximal", f"{days} jours"),
    ]
    if user.standing.holds(Role.COORDINATOR, Role.ADMINISTRATOR):
        rows += [("E-mail", actor.user.email), ("Téléphone", actor.user.phone)]
    return rows
