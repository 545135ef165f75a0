"""The payments that a coordination has to make, on its home page."""

from explor import clock
from explor.accounts.models import Role, User
from missions.dossier.models import ConflictOfInterest, ProgrammePartner
from missions.dossier.work import SHOWN, SOON, Errand, register
from missions.funding.envelope_models import Instalment, InstalmentState
from missions.funding.money import euros


def payments(user: User) -> list[Errand]:
    """Late or due within the month, in the territories that the person coordinates."""
    mine = user.standing.organisations(Role.COORDINATOR)
    if not mine:
        return []
    partners = ProgrammePartner.objects.filter(organisation__in=mine)
    rows = (
        Instalment.objects.filter(
            state=InstalmentState.PLANNED,
            due_on__lte=clock.today() + SOON,
            commitment__mission__territory__networks__in=mine,
            commitment__mission__programme__in=partners.values("programme"),
        )
        .exclude(
            commitment__mission__in=ConflictOfInterest.objects.filter(user=user).values("mission")
        )
        .select_related("commitment__mission")
        .defer("commitment__mission__search")
        .order_by("due_on", "pk")
        .distinct()
    )
    return [_errand(row) for row in rows[:SHOWN]]


def _errand(row: Instalment) -> Errand:
    mission = row.commitment.mission
    return Errand(
        mission.reference,
        mission.title,
        f"{mission.get_absolute_url()}financement/#versements",
        f"Versez {euros(row.amount)} : {row.label[:1].lower()}{row.label[1:]}.",
        due_on=row.due_on,
    )


register("payments", payments)
