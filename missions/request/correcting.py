"""Asking for a correction, answering it, settling it; the milestone follows."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.accounts.sending import claim
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from explor.ui.html import day
from missions import lifecycle
from missions.acts import check_when
from missions.audiences import CORRECTIONS
from missions.dossier.actions import lock
from missions.dossier.models import Milestone, Mission, OwnerRole
from missions.dossier.queries import people_on
from missions.request.corrections import Correction, asked_fields, waiting_time
from missions.request.fields import KEYS
from missions.request.saying import NOT_ANSWERS, label_of, said

ASK_CORRECTION = Verb("missions.ask_correction", CORRECTIONS)
ANSWER_CORRECTION = Verb("missions.answer_correction", CORRECTIONS)
SETTLE_CORRECTION = Verb("missions.settle_correction", CORRECTIONS)

LABEL = "Aucune correction en attente"


@transaction.atomic
def ask_corrections(
    mission: Mission, questions: Mapping[str, str], *, actor: User | None, token: UUID
) -> list[Correction]:
    """Ask the association to correct some answers: key of the answer → what is expected.

    The same `token` asks once. Raises `PermissionDenied`, `Refusal` (not in review, unknown
    answer, nothing asked, already asked).
    """
    mission = _locked(mission, "missions.review", actor)
    claim(Correction, token, actor)
    tokens = {key: uuid5(token, key) for key in questions}
    known = list(Correction.objects.filter(token__in=tokens.values()))
    if known:
        return known
    asked = {key: words.strip() for key, words in questions.items() if words.strip()}
    _check_asked(mission, asked)
    now, answers = clock.now(), said(mission)
    made = [
        Correction.objects.create(
            mission=mission,
            token=tokens[key],
            field=key,
            question=words,
            asked_by=actor,
            asked_at=now,
            before=answers.get(key, ""),
        )
        for key, words in asked.items()
    ]
    _follow(mission, actor)
    named = ", ".join(f"« {label_of(row.field)} »" for row in made)
    record(
        mission.stream,
        ASK_CORRECTION,
        f"Correction demandée : {named}.",
        actor=actor,
        data={"answers": sorted(asked)},
    )
    _tell_association(mission, made, actor)
    return made


def _check_asked(mission: Mission, asked: Mapping[str, str]) -> None:
    if not asked:
        raise Refusal("Choisissez au moins une réponse et dites ce qu’il faut corriger.")
    if set(asked) - (KEYS - NOT_ANSWERS):
        raise Refusal("Une de ces réponses n’existe pas dans la demande.")
    already = Correction.objects.open().filter(mission=mission, field__in=asked)
    if named := [f"« {label_of(row.field)} »" for row in already]:
        raise Refusal(f"Une correction est déjà demandée sur {', '.join(named)}.")


@transaction.atomic
def answer_correction(
    correction: Correction, *, answer: str = "", actor: User | None
) -> Correction:
    """« J’ai corrigé »: the answer is what is saved in the request at this moment.

    Raises `PermissionDenied`, `Refusal` (answered already, nothing changed and nothing said).
    """
    mission = _locked(correction.mission, "missions.answer_correction", actor)
    row = lock_row(Correction.objects.all(), correction.pk)
    if row.is_answered or row.is_settled:
        raise Refusal("Cette correction a déjà reçu une réponse.")
    row.after, row.answer = said(mission).get(row.field, ""), answer.strip()
    if row.after == row.before and not row.answer:
        raise Refusal(
            f"La réponse « {label_of(row.field)} » n’a pas changé. Corrigez-la et enregistrez, "
            "ou dites ici pourquoi elle reste la même."
        )
    row.answered_at, row.answered_by = clock.now(), actor
    row.save(update_fields=["after", "answer", "answered_at", "answered_by"])
    _follow(mission, actor)
    record(
        mission.stream,
        ANSWER_CORRECTION,
        f"Correction faite : « {label_of(row.field)} ».",
        actor=actor,
        reason=row.answer,
    )
    _tell_reviewer(mission, row, actor)
    return row


@transaction.atomic
def settle_correction(correction: Correction, *, actor: User | None) -> Correction:
    """The reviewer accepts the answer, or no longer expects one. Twice changes nothing."""
    mission = _locked(correction.mission, "missions.review", actor)
    row = lock_row(Correction.objects.all(), correction.pk)
    if row.is_settled:
        return row
    row.settled_at, row.settled_by = clock.now(), actor
    row.save(update_fields=["settled_at", "settled_by"])
    _follow(mission, actor)
    how = "réglée" if row.is_answered else "retirée sans réponse"
    record(
        mission.stream,
        SETTLE_CORRECTION,
        f"Correction {how} : « {label_of(row.field)} ».",
        actor=actor,
    )
    return row


@transaction.atomic
def ask_again(
    correction: Correction, *, question: str, actor: User | None, token: UUID
) -> Correction:
    """What was answered is not enough: settle it and ask once more on the same answer."""
    if not question.strip():
        raise Refusal("Dites ce qu’il reste à corriger.")
    claim(Correction, token, actor)
    if known := Correction.objects.filter(token=uuid5(token, correction.field)).first():
        return known
    mission = _locked(correction.mission, "missions.review", actor)
    row = lock_row(Correction.objects.all(), correction.pk)
    if not row.is_answered or row.is_settled:
        raise Refusal("Cette correction n’attend pas de seconde demande.")
    settle_correction(row, actor=actor)
    return ask_corrections(mission, {row.field: question}, actor=actor, token=token)[0]


def check_only_asked(mission: Mission, written: set[str]) -> None:
    """While a request is in review, only the answers asked to be corrected may change.

    Called inside the transaction that wrote them. Raises `Refusal`, which undoes it.
    """
    if mission.state != lifecycle.State.REVIEW:
        return
    if others := sorted(written - set(asked_fields(mission))):
        named = ", ".join(f"« {label_of(key)} »" for key in others)
        raise Refusal(
            "La demande est en cours d’étude : seules les réponses à corriger peuvent changer. "
            f"Ne peuvent pas changer : {named}."
        )


def _locked(mission: Mission, permission: str, actor: User | None) -> Mission:
    mission = lock(mission)
    require(actor, permission, mission)
    check_when("correct", mission.state)
    return mission


def _follow(mission: Mission, actor: User | None) -> None:
    """Keep the milestone true: whose turn it is, what lacks, and how long the wait was.

    The note is read by « Où en est-on ? »; its dates are absolute, so it never grows old.
    """
    rows = list(Correction.objects.open().filter(mission=mission).order_by("asked_at"))
    owed = [row for row in rows if not row.is_answered]
    milestone, _ = Milestone.objects.get_or_create(
        mission=mission,
        kind=lifecycle.Kind.CORRECTIONS,
        defaults={
            "label": LABEL,
            "owner_role": OwnerRole.OSIM,
            "required_for": "send_to_committee",
            "position": 2,
        },
    )
    milestone.owner_role = OwnerRole.OSIM if owed else OwnerRole.COORDINATOR
    milestone.missing = [_lack(row) for row in rows]
    milestone.done_on, milestone.done_by = (None, None) if rows else (clock.today(), actor)
    milestone.note = _note(mission, owed)
    milestone.save(update_fields=["owner_role", "missing", "done_on", "done_by", "note"])


def _lack(row: Correction) -> str:
    named = f"« {label_of(row.field)} »"
    words = f"l’accord sur {named}" if row.is_answered else f"la correction de {named}"
    return words[:200]


def _note(mission: Mission, owed: list[Correction]) -> str:
    if owed:
        since = timezone.localdate(owed[0].asked_at)
        return f"réponse de l’association attendue depuis le {day(since)}"
    days = waiting_time(mission).days
    if not days:
        return ""
    return f"dont {days}\u00a0jour{'s' if days > 1 else ''} d’attente de l’association"


def _tell_association(mission: Mission, made: list[Correction], actor: User | None) -> None:
    asked = "\n\n".join(f"{label_of(row.field)}\n{row.question}" for row in made)
    announce(
        Event.REQUEST_CORRECTION,
        recipients=people_on(mission, OwnerRole.OSIM),
        subject=f"{mission.reference} : une correction vous est demandée",
        text=(
            f"Votre demande « {mission.title} » est en cours d’étude. "
            f"La coordination vous demande de corriger ou de préciser :\n\n{asked}\n\n"
            "Vos autres réponses ne changent pas."
        ),
        url=reverse("request_corrections", args=[mission.reference]),
        key=f"corrections:{made[0].token}",
        actor=actor,
        button="Voir et corriger",
    )


def _tell_reviewer(mission: Mission, row: Correction, actor: User | None) -> None:
    team = people_on(mission, OwnerRole.COORDINATOR)
    asker = [person for person in team if person.pk == row.asked_by_id]
    text = f"L’association a répondu à la correction demandée sur « {label_of(row.field)} »."
    announce(
        Event.REQUEST_CORRECTED,
        recipients=asker or team,
        subject=f"{mission.reference} : correction faite",
        text=f"{text}\n\n{row.answer}" if row.answer else text,
        url=row.get_absolute_url(),
        key=f"corrected:{row.token}",
        actor=actor,
        button="Voir la différence",
    )
