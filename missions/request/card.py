"""What requests show and write of records that outlive them: the association's card, its project.

The right on a mission opens its answers; these are also those of other missions, and of nobody's.
"""

from collections.abc import Collection

from explor.accounts.actions import organisation_stream
from explor.accounts.models import User
from explor.journal.actions import record
from explor.ui.errors import Refusal
from missions.actors.editing import EDIT_ORGANISATION
from missions.dossier.models import Mission
from missions.dossier.standing import MissionRole, roles_on
from missions.request.fields import ORGANISATION, PROFILE, PROJECT

CARD = frozenset({*ORGANISATION, *PROFILE, "profile_confirmed"})
OF_THE_PROJECT = frozenset({*PROJECT, "local_partner"})


def may_write_card(user: User | None, mission: Mission) -> bool:
    """Its members, and on their behalf who may change the card anywhere else."""
    if user is None or not mission.typed_on_behalf:
        return True
    return user.has_perm("missions.manage_organisation", mission.project.holder)


def check_shared(mission: Mission, written: Collection[str], actor: User | None) -> None:
    """Raises `Refusal` when what was just written is not only this mission's to write."""
    if CARD & set(written):
        _check_card(mission, sorted(CARD & set(written)), actor)
    if actor is not None and OF_THE_PROJECT & set(written):
        others = Mission.objects.filter(project=mission.project_id).exclude(pk=mission.pk)
        if not all(actor.has_perm("missions.edit_request", other) for other in others):
            raise Refusal(
                "Une autre demande déjà étudiée porte sur ce projet\u00a0: il ne change plus ici."
            )


def _check_card(mission: Mission, fields: list[str], actor: User | None) -> None:
    holder = mission.project.holder
    if not may_write_card(actor, mission):
        raise Refusal(
            f"La fiche de «\u00a0{holder}\u00a0» est à ses membres et à la coordination de son "
            "territoire\u00a0: demandez-leur de la corriger."
        )
    if actor is not None and MissionRole.OSIM not in roles_on(actor, mission):
        text = f"Fiche de «\u00a0{holder}\u00a0» modifiée depuis la demande {mission.reference}."
        stream = organisation_stream(holder)
        record(stream, EDIT_ORGANISATION, text, actor=actor, data={"fields": fields})
