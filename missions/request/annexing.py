"""Joining papers to a request, replacing them, taking them away."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.accounts.sending import sent_before
from explor.documents.actions import store_file
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.audiences import ANNEXES
from missions.dossier.actions import lock
from missions.dossier.models import Mission
from missions.request.actions import ask_to_confirm_again, refresh_missing
from missions.request.corrections import asked_fields
from missions.request.models import Annex, AnnexKind
from missions.request.queries import annexes_of

ADD_ANNEX = Verb("missions.add_annex", ANNEXES)
REMOVE_ANNEX = Verb("missions.remove_annex", ANNEXES)

MOST_OTHERS = 10
#: What an association may still bring once the request is accepted.
LATE = frozenset({AnnexKind.AGREEMENT, AnnexKind.BANK, AnnexKind.OTHER})


def kinds_open_to(user: User, mission: Mission) -> list[AnnexKind]:
    """The papers that this person may join now."""
    if user.has_perm("missions.edit_request", mission):
        in_review = mission.state == lifecycle.State.REVIEW
        return [] if in_review and "absences" not in asked_fields(mission) else list(AnnexKind)
    if user.has_perm("missions.add_late_annex", mission):
        return [kind for kind in AnnexKind if kind in LATE]
    return []


@transaction.atomic
def add_annex(
    mission: Mission,
    kind: AnnexKind,
    source: "UploadedFile[bytes] | bytes",
    *,
    name: str,
    actor: User | None,
    token: UUID,
) -> Annex:
    """Join a paper; but for « autre pièce », it takes the place of the one of its kind.

    The same `token` joins once. Raises `PermissionDenied`, `Refusal` with the reason when the
    file is too heavy, of an unknown kind, or not what its name says.
    """
    mission = lock(mission)
    _check(mission, kind, actor)
    if known := sent_before(Annex.objects.all(), token, actor=actor, mission=mission):
        return known
    present = Annex.objects.filter(mission=mission, kind=kind, removed_at__isnull=True)
    if kind == AnnexKind.OTHER and present.count() >= MOST_OTHERS:
        raise Refusal(f"Dix autres pièces au plus\u00a0: retirez-en une pour joindre {name}.")
    # nobody owns the stored file: only `view_annexes` and `view_bank_details` open it
    stored = store_file(source, name=name, actor=None)
    if kind != AnnexKind.OTHER:
        present.update(removed_at=clock.now())
    annex = Annex.objects.create(
        mission=mission,
        kind=kind,
        file=stored,
        token=token,
        added_at=clock.now(),
        added_by=actor,
    )
    _tell(annex, ADD_ANNEX, "Pièce jointe", actor)
    return annex


@transaction.atomic
def remove_annex(annex: Annex, *, actor: User | None) -> Annex:
    """Take a paper away; twice changes nothing. Its bytes stay where a receipt names them."""
    mission = lock(annex.mission)
    _check(mission, AnnexKind(annex.kind), actor)
    row = lock_row(Annex.objects.select_related("file"), annex.pk)
    if row.removed_at is not None:
        return row
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    lacking = _tell(row, REMOVE_ANNEX, "Pièce retirée", actor)
    if mission.state == lifecycle.State.SUBMITTED and lacking:
        raise Refusal(
            "La demande est déposée, elle doit rester complète. Remplacez la pièce plutôt que de "
            "la retirer, ou dites pourquoi vous ne l’avez pas."
        )
    return row


def find_annex(mission: Mission, uuid: UUID, user: User) -> Annex | None:
    """The paper joined to the mission, when `user` may read it."""
    row = next((row for row in annexes_of(mission) if row.uuid == uuid), None)
    return row if row is not None and may_read(row, mission, user) else None


def may_read(row: Annex, mission: Mission, user: User) -> bool:
    bank = row.kind == AnnexKind.BANK
    return user.has_perm("missions.view_bank_details" if bank else "missions.view_annexes", mission)


def _check(mission: Mission, kind: AnnexKind, actor: User | None) -> None:
    if actor is None or kind in kinds_open_to(actor, mission):
        return
    if actor.has_perm("missions.edit_request", mission):
        raise Refusal("La demande est en cours d’étude\u00a0: cette pièce ne peut plus changer.")
    raise PermissionDenied


def _tell(annex: Annex, verb: Verb, words: str, actor: User | None) -> list[str]:
    """Keep the milestone true, write it in the history; returns what the request lacks."""
    mission = annex.mission
    ask_to_confirm_again(mission, actor)
    record(
        mission.stream,
        verb,
        f"{words}\u00a0: {annex.get_kind_display()}.",
        actor=actor,
        data={"kind": annex.kind, "sha256": annex.file.sha256},
    )
    if mission.state not in (lifecycle.State.DRAFT, lifecycle.State.SUBMITTED):
        return []
    return refresh_missing(mission, actor=actor)
