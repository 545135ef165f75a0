"""Taking a published sheet back, to write it again."""

from django.db import transaction

from explor.accounts.models import User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.ui.errors import Refusal
from missions.audiences import STAFF
from missions.dossier.actions import lock
from missions.dossier.models import Mission, SheetState

RETURN_SHEET = Verb("missions.return_sheet", STAFF)


@transaction.atomic
def return_sheet(mission: Mission, *, because: str, actor: User | None) -> Mission:
    """Off the site at once; proposed again, it goes by a second reader again. Raises `Refusal`
    without a reason, or when nothing is published or proposed."""
    mission = lock(mission)
    require(actor, "missions.propose_sheet", mission)
    if mission.sheet_state == SheetState.NONE:
        raise Refusal("Aucune fiche n’est publiée ni proposée.")
    if not because.strip():
        raise Refusal("Dites ce qui est à reprendre.")
    mission.sheet_state = SheetState.NONE
    mission.sheet_proposed_by = mission.sheet_approved_by = mission.sheet_approved_at = None
    mission.save(
        update_fields=["sheet_state", "sheet_proposed_by", "sheet_approved_by", "sheet_approved_at"]
    )
    words = "Fiche publique remise en chantier."
    record(mission.stream, RETURN_SHEET, words, actor=actor, reason=because.strip())
    return mission
