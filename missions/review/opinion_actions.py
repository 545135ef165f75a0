"""Asking for opinions, giving, declining, extending, cancelling."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.accounts.sending import claim
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.notifications.actions import announce, announce_to_address
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from explor.ui.html import day
from missions.acts import check_when
from missions.audiences import TEAM
from missions.dossier.actions import lock
from missions.dossier.models import Mission
from missions.review.opinion_models import Opinion, OpinionState, OpinionVerdict
from missions.review.opinion_queries import OPEN, answer_path, capacity_of, may_be_asked
from missions.review.queries import review_of

ASK_OPINION = Verb("missions.ask_opinion", TEAM)
GIVE_OPINION = Verb("missions.give_opinion", TEAM)
DECLINE_OPINION = Verb("missions.decline_opinion", TEAM)
EXTEND_OPINION = Verb("missions.extend_opinion", TEAM)
CANCEL_OPINION = Verb("missions.cancel_opinion", TEAM)


@dataclass(frozen=True)
class Outsider:
    """Somebody without an account: asked by a signed link."""

    name: str
    email: str
    capacity: str = ""


@transaction.atomic
def ask_opinions(
    mission: Mission,
    *,
    people: Sequence[User] = (),
    outsiders: Sequence[Outsider] = (),
    question: str = "",
    due_on: date,
    actor: User | None,
    token: UUID,
) -> list[Opinion]:
    """Ask named people by a day; the same `token` asks once.

    Raises `PermissionDenied`, `Refusal` (not in review, nobody, a day past, somebody who may
    not be asked, or is asked already).
    """
    mission = lock(mission)
    require(actor, "missions.ask_opinion", mission)
    claim(Opinion, token, actor)
    drafts = _drafts(mission, people, outsiders, token)
    if known := list(Opinion.objects.filter(token__in=[row.token for row in drafts])):
        return known
    _check_asking(mission, drafts, due_on)
    for row in drafts:
        row.mission, row.question, row.due_on = mission, question.strip(), due_on
        row.asked_by, row.asked_at = actor, clock.now()
    made = Opinion.objects.bulk_create(drafts)
    for row in made:
        _tell_asked(mission, row, actor)
    named = ", ".join(f"{row.who} ({row.capacity})" if row.capacity else row.who for row in made)
    text = f"Avis demandé à {named}, pour le {day(due_on)}."
    record(mission.stream, ASK_OPINION, text, actor=actor)
    return made


def _drafts(
    mission: Mission, people: Sequence[User], outsiders: Sequence[Outsider], token: UUID
) -> list[Opinion]:
    """An outsider whose address is that of an account is asked as that person."""
    emails = [one.email.lower() for one in outsiders]
    allowed = may_be_asked(mission)
    accounts = {user.email.lower(): user for user in User.objects.filter(email__in=emails)}
    wanted = {user.pk: user for user in [*people, *accounts.values()]}
    found = {user.pk: user for user in allowed.filter(pk__in=wanted)}
    if refused := [str(user) for pk, user in wanted.items() if pk not in found]:
        raise Refusal(f"Un avis ne peut pas être demandé à {', '.join(refused)} sur ce dossier.")
    drafts = [
        Opinion(
            token=uuid5(token, f"person:{pk}"), person=found[pk], capacity=capacity_of(found[pk])
        )
        for pk in wanted
    ]
    for one in outsiders:
        if one.email.lower() not in accounts:
            key = uuid5(token, f"mail:{one.email.lower()}")
            name, words = one.name.strip(), one.capacity.strip()
            drafts.append(Opinion(token=key, name=name, email=one.email.lower(), capacity=words))
    return drafts


def _check_asking(mission: Mission, drafts: list[Opinion], due_on: date) -> None:
    check_when("ask_opinions", mission.state)
    if not drafts:
        raise Refusal("Choisissez au moins une personne, ou écrivez un nom et une adresse.")
    if due_on <= clock.today():
        raise Refusal("Choisissez une date à venir pour la réponse.")
    if [row for row in drafts if row.email and not row.name]:
        raise Refusal("Écrivez le nom de la personne.")
    live = Opinion.objects.filter(mission=mission, state__in=["asked", "given"])
    asked = set(live.values_list("person", flat=True)) - {None}
    written = {email.lower() for email in live.values_list("email", flat=True)} - {""}
    again = [row.who for row in drafts if row.person_id in asked or row.email in written]
    if again:
        raise Refusal(f"Un avis est déjà demandé à {', '.join(again)}.")


@transaction.atomic
def give_opinion(
    opinion: Opinion, *, verdict: str, text: str, actor: User | None, by_link: bool = False
) -> Opinion:
    """Once, and not rewritten. `by_link` is who came with the signed link, without an account.

    Raises `PermissionDenied`, `Refusal` (given already, no words, too late).
    """
    row = _locked(opinion, actor, by_link)
    if verdict not in OpinionVerdict.values:
        raise Refusal("Choisissez : favorable, favorable avec réserves ou défavorable.")
    if not text.strip():
        raise Refusal("Écrivez en quelques mots ce qui fonde votre avis.")
    if row.state == OpinionState.GIVEN and (row.verdict, row.text) == (verdict, text.strip()):
        return row
    _check_awaited(row)
    row.verdict, row.text = verdict, text.strip()
    row.state, row.answered_at = OpinionState.GIVEN, clock.now()
    row.save(update_fields=["verdict", "text", "state", "answered_at"])
    said = f"Avis de {row.who} : {row.get_verdict_display().lower()}."
    _close(row, GIVE_OPINION, said, actor)
    return row


@transaction.atomic
def decline_opinion(
    opinion: Opinion, *, because: str, actor: User | None, by_link: bool = False
) -> Opinion:
    row = _locked(opinion, actor, by_link)
    if row.state == OpinionState.DECLINED:
        return row
    _check_awaited(row)
    row.text, row.state, row.answered_at = because.strip(), OpinionState.DECLINED, clock.now()
    row.save(update_fields=["text", "state", "answered_at"])
    _close(row, DECLINE_OPINION, f"{row.who} ne donnera pas d’avis.", actor)
    return row


@transaction.atomic
def extend_opinion(opinion: Opinion, *, due_on: date, actor: User | None) -> Opinion:
    """Leave more time; the person is told."""
    row = _of_the_team(opinion, actor)
    _check_awaited(row)
    if due_on <= max(row.due_on, clock.today()):
        raise Refusal("La nouvelle date vient après l’ancienne, et après aujourd’hui.")
    row.due_on = due_on
    row.save(update_fields=["due_on"])
    _tell_asked(row.mission, row, actor)
    text = f"Avis de {row.who} attendu jusqu’au {day(due_on)}."
    record(row.mission.stream, EXTEND_OPINION, text, actor=actor)
    return row


@transaction.atomic
def cancel_opinion(opinion: Opinion, *, actor: User | None) -> Opinion:
    """No longer wanted: the person no longer sees the request, the link opens nothing."""
    row = _of_the_team(opinion, actor)
    if row.state == OpinionState.CANCELLED:
        return row
    _check_awaited(row)
    row.state = OpinionState.CANCELLED
    row.save(update_fields=["state"])
    text = f"Avis de {row.who} annulé."
    record(row.mission.stream, CANCEL_OPINION, text, actor=actor)
    return row


def _locked(opinion: Opinion, actor: User | None, by_link: bool) -> Opinion:
    row = _held(opinion)
    if by_link and row.person_id:
        raise PermissionDenied
    if not by_link and actor is not None and not actor.has_perm("missions.give_opinion", row):
        raise PermissionDenied
    return row


def _held(opinion: Opinion) -> Opinion:
    """The mission's row first, as a declared tie does, then the opinion's."""
    mission = lock(opinion.mission)
    row = lock_row(Opinion.objects.select_related("person"), opinion.pk)
    row.mission = mission
    return row


def _of_the_team(opinion: Opinion, actor: User | None) -> Opinion:
    row = _held(opinion)
    require(actor, "missions.ask_opinion", row.mission)
    return row


def _check_awaited(row: Opinion) -> None:
    if row.state != OpinionState.ASKED:
        words = row.get_state_display().lower()
        raise Refusal(f"Cet avis n’est plus attendu ({words}).")
    if row.mission.state not in OPEN:
        raise Refusal("Le comité s’est prononcé ou la demande est close : l’avis n’est plus utile.")


def _close(row: Opinion, verb: Verb, said: str, actor: User | None) -> None:
    record(row.mission.stream, verb, said, actor=actor, reason=row.text)
    lead = review_of(row.mission).lead
    announce(
        Event.OPINION_GIVEN,
        recipients=[one for one in (row.asked_by, lead) if one is not None],
        subject=f"{row.mission.reference} : {said}",
        text=f"{said}\n\n{row.text}".strip(),
        url=f"{row.mission.get_absolute_url()}instruction/avis/",
        key=f"opinion:{row.token}:{row.state}",
        actor=actor,
    )


def _tell_asked(mission: Mission, row: Opinion, actor: User | None) -> None:
    words: dict[str, Any] = {
        "subject": f"Votre avis sur la mission {mission.reference}, pour le {day(row.due_on)}",
        "text": (
            f"{actor or 'La coordination'} vous demande votre avis sur la demande de mission "
            f"« {mission.title} » ({mission.project.holder}, {mission.country.name}).\n\n"
            f"{row.question}\n\nRépondez d’ici le {day(row.due_on)} ; vous pouvez aussi décliner."
        ),
        "url": answer_path(row),
        "key": f"opinion:{row.token}:{row.due_on:%Y-%m-%d}",
        "button": "Lire la demande et répondre",
    }
    if row.person is not None:
        announce(Event.OPINION_ASKED, recipients=[row.person], actor=actor, **words)
    else:
        announce_to_address(Event.OPINION_ASKED, email=row.email, name=row.name, **words)
