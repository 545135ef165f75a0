"""The programmes and territories that a membership leads to, told to `User.standing`.

They come with the memberships, in one query; conditions on missions then hold plain ids, which
PostgreSQL estimates and looks up at no cost.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from explor.accounts.standing import lead_to
from missions.dossier.models import ProgrammePartner, Territory

PROGRAMMES, TERRITORIES = "programmes", "territories"

_OURS = {"organisation": OuterRef("organisation_id")}

lead_to(
    PROGRAMMES,
    ArraySubquery(ProgrammePartner.objects.filter(**_OURS).order_by().values("programme_id")),
)
lead_to(
    TERRITORIES,
    ArraySubquery(Territory.networks.through.objects.filter(**_OURS).values("territory_id")),
)
