"""Requests to review: whose they are, what they wait for."""

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from explor.accounts.models import Role, User
from explor.search.fields import in_order
from missions.dossier.models import Mission
from missions.dossier.reach import PROGRAMMES, TERRITORIES
from missions.lifecycle import State
from missions.request.corrections import Correction
from missions.review.opinion_models import Opinion, OpinionState

TO_REVIEW = (State.SUBMITTED, State.REVIEW)

#: preset → its label, in the order of the page.
PRESETS: dict[str, str] = {
    "toutes": "Toutes",
    "sans-personne": "Sans personne",
    "a-moi": "À moi",
    "chez-l-association": "Chez l’association",
}


def to_review(user: User) -> QuerySet[Mission]:
    """Submitted or in review, on the territories this person coordinates, or in the programmes
    they administer."""
    standing = user.standing
    mine = Q(
        territory__in=standing.reach(TERRITORIES, Role.COORDINATOR),
        programme__in=standing.reach(PROGRAMMES, Role.COORDINATOR),
    )
    mine |= Q(programme__in=standing.reach(PROGRAMMES, Role.ADMINISTRATOR))
    return Mission.objects.visible_to(user).filter(mine, state__in=TO_REVIEW)


def with_preset(rows: QuerySet[Mission], preset: str, user: User) -> QuerySet[Mission]:
    if preset == "sans-personne":
        return rows.filter(review__lead__isnull=True)
    if preset == "a-moi":
        return rows.filter(review__lead=user)
    if preset == "chez-l-association":
        owed = Correction.objects.unanswered().values("mission")
        return rows.filter(state=State.REVIEW, pk__in=owed)
    return rows


def for_review_list(rows: QuerySet[Mission]) -> QuerySet[Mission]:
    """What a line shows, in one query; the oldest submitted first."""
    open_corrections = Correction.objects.open()
    opinions = Opinion.objects.all()
    return (
        rows.select_related("project__holder", "territory")
        .annotate(
            lead_first=F("review__lead__first_name"),
            lead_last=F("review__lead__last_name"),
            owed=_count(open_corrections.filter(answered_at__isnull=True)),
            answered=_count(open_corrections.filter(answered_at__isnull=False)),
            opinions_given=_count(opinions.filter(state=OpinionState.GIVEN)),
            opinions_asked=_count(
                opinions.filter(state__in=[OpinionState.GIVEN, OpinionState.ASKED])
            ),
        )
        .defer("search")
        .order_by("submitted_at", in_order())
    )


def _count(rows: QuerySet[Correction] | QuerySet[Opinion]) -> Coalesce:
    of_mission = rows.filter(mission=OuterRef("pk")).order_by().values("mission")
    counted = of_mission.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
