"""What hangs on a request: papers, a receipt, a confirmation asked."""

from uuid import uuid4

from missions.dossier.models import Mission
from missions.request.actions import save_request, start_request
from missions.request.annexing import add_annex
from missions.request.confirming import ask_confirmation, key_of
from missions.request.models import Annex, AnnexKind, Confirmation
from missions.request.submitting import submit_request
from tests.ground import Ground
from tests.missions.request.sample import full_answers


def paper(ground: Ground, kind: AnnexKind, mission: Mission | None = None) -> Annex:
    """A paper of the mission, the one under review when none is named."""
    mission = mission or ground.mission("review")
    found = Annex.objects.filter(mission=mission, kind=kind, removed_at__isnull=True).first()
    return found or add_annex(
        mission, kind, b"Une piece.", name="piece.txt", actor=None, token=uuid4()
    )


def whole(ground: Ground) -> Mission:
    """A draft of the association in which nothing is missing."""
    found = ground.missions.get("whole")
    if found is None:
        found = _started(ground, on_behalf=False)
        ground.missions["whole"] = found
    return found


def received(ground: Ground) -> Mission:
    """A request just submitted, with its receipt."""
    mission = whole(ground)
    submit_request(mission, actor=ground.world.osim)
    return mission


def on_behalf(ground: Ground) -> Mission:
    """A draft that the coordination wrote for the association, whole."""
    found = ground.missions.get("on_behalf")
    if found is None:
        found = _started(ground, on_behalf=True)
        ground.missions["on_behalf"] = found
    return found


def asked(ground: Ground) -> Confirmation:
    mission = on_behalf(ground)
    found = Confirmation.objects.filter(mission=mission).first()
    return found or ask_confirmation(
        mission,
        name="Awa Exemple",
        email="awa@example.org",
        actor=ground.world.coordinator,
        token=uuid4(),
    )


def confirmation_path(ground: Ground) -> str:
    return f"/confirmer-une-demande/{key_of(asked(ground))}/"


def _started(ground: Ground, *, on_behalf: bool) -> Mission:
    world = ground.world
    actor = world.coordinator if on_behalf else world.osim
    mission = start_request(
        actor=actor,
        holder=world.association,
        programme=world.programme,
        territory=world.territory,
        title="Conserver les tomates",
        country="BJ",
        token=uuid4(),
        on_behalf=on_behalf,
    )
    return save_request(mission, full_answers(), actor=actor, version=None)
