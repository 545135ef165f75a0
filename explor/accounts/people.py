"""People as the administration reads them: who they are, where they act, what was done."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from explor.accounts.actions import person_stream
from explor.accounts.models import Membership, Organisation, Role, User
from explor.journal.models import Entry
from explor.journal.queries import history_for
from explor.journal.verbs import MANAGERS
from explor.search.fields import Norm

CLOSED = "ferme"
ACTS_SHOWN = 20


class PeopleFilter(forms.Form):
    q = forms.CharField(label="Nom, e-mail, organisation", required=False)
    role = forms.ChoiceField(label="Rôle", required=False, choices=[("", "Tous"), *Role.choices])
    compte = forms.ChoiceField(
        label="Compte",
        required=False,
        choices=[("", "Tous"), ("ouvert", "Ouvert"), (CLOSED, "Fermé")],
    )


def visible_to(user: User) -> QuerySet[User]:
    """Everybody, to those who manage people; nobody, to others."""
    allowed = user.has_perm("accounts.manage_people")
    return User.objects.all() if allowed else User.objects.none()


def people_for(user: User, filters: PeopleFilter) -> QuerySet[User]:
    rows = visible_to(user).prefetch_related("memberships__organisation")
    data = filters.cleaned_data if filters.is_valid() else {}
    if data.get("q"):
        rows = _named(rows, data["q"])
    if data.get("role"):
        rows = rows.filter(pk__in=Membership.objects.filter(role=data["role"]).values("user"))
    if data.get("compte"):
        rows = rows.filter(is_active=data["compte"] != CLOSED)
    return rows.order_by("last_name", "first_name", "pk")


def _named(rows: QuerySet[User], words: str) -> QuerySet[User]:
    wanted = Norm(Value(words))
    of_body = Organisation.objects.annotate(plain=Norm("name"), short=Norm("acronym")).filter(
        Q(plain__contains=wanted) | Q(short__contains=wanted), memberships__user=OuterRef("pk")
    )
    return rows.annotate(first=Norm("first_name"), last=Norm("last_name")).filter(
        Q(first__contains=wanted)
        | Q(last__contains=wanted)
        | Q(email__icontains=words)
        | Exists(of_body)
    )


@dataclass(frozen=True)
class Sheet:
    person: User
    memberships: list[Membership]
    has_second_factor: bool
    acts: list[Entry]


def sheet_of(person: User, reader: User) -> Sheet:
    """Three queries."""
    memberships = person.memberships.select_related("organisation")
    return Sheet(
        person=person,
        memberships=list(memberships.order_by("organisation__name", "role")),
        has_second_factor=Authenticator.objects.filter(user=person).exists(),
        acts=list(_acts_of(person, reader)[:ACTS_SHOWN]),
    )


def _acts_of(person: User, reader: User) -> QuerySet[Entry]:
    return history_for(person_stream(person), reader=reader, thing=person, team=MANAGERS)


class RoleForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name", "pk"), label="Organisation"
    )
    role = forms.ChoiceField(label="Rôle", choices=Role.choices)
