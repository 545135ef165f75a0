"""Sentences over envelopes; `visible_to` comes first in every list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import DecimalField, Sum
from django.db.models.functions import Coalesce

from explor.accounts.models import Role, User
from missions.dossier.models import ProgrammePartner
from missions.funding.money import ZERO

if TYPE_CHECKING:
    from missions.funding.envelope_models import Envelope  # noqa: F401

#: Who reads what a programme holds and commits.
READERS = (Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR)


class EnvelopeQuerySet(models.QuerySet["Envelope"]):
    def visible_to(self, user: User) -> EnvelopeQuerySet:
        """Those of the programmes that the person coordinates, decides for or administers."""
        if not user.is_active:
            return self.none()
        networks = [pk for role in READERS for pk in user.standing.organisations(role)]
        partners = ProgrammePartner.objects.filter(organisation__in=networks)
        return self.filter(programme__in=partners.values("programme"))

    def for_lists(self) -> EnvelopeQuerySet:
        """With programme, territory and `paid`, the euros that left the envelope."""
        money: DecimalField[object, object] = DecimalField(max_digits=12, decimal_places=2)
        return self.select_related("programme", "territory").annotate(
            paid=Coalesce(Sum("commitments__paid"), ZERO, output_field=money)
        )

    def by_year(self) -> EnvelopeQuerySet:
        return self.order_by("-year", "programme__name", "territory__name")
