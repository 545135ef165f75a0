"""A form counts once: sent again by the same person, it finds what it made; its token sent by
somebody else is refused, and gives nothing of what it made."""

from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet

from explor.accounts.models import SentForm, User
from explor.ui.errors import Refusal

Row = TypeVar("Row", bound=Model)


class AlreadyUsed(Refusal, PermissionDenied):
    """The token of a form that has served, for another person or for another thing.

    A refusal to tell, and no right on what was made, wherever only that is looked at.
    """

    def __init__(self) -> None:
        super().__init__(
            "Ce formulaire a déjà servi. Rien n’a été changé\u00a0: ouvrez la page de nouveau "
            "pour en envoyer un autre."
        )


def sent_before(rows: QuerySet[Row], token: UUID, *, actor: User | None, **of: Any) -> Row | None:
    """What this very form already made, `None` the first time; two at once wait for each other.

    `of` is what it must be about (`mission=…`). Raises `AlreadyUsed`.
    """
    claim(rows.model, token, actor)
    found = rows.model._base_manager.filter(token=token).first()
    if found is None:
        return None
    if any(getattr(found, name) != value for name, value in of.items()):
        raise AlreadyUsed
    return rows.get(pk=found.pk)


def claim(model: type[Model], token: UUID, actor: User | None) -> None:
    """Note who sends the form of this token. Raises `AlreadyUsed` when it was somebody else."""
    kind = model._meta.label
    with transaction.atomic():
        draft = SentForm(token=token, kind=kind, person=actor)
        SentForm.objects.bulk_create([draft], ignore_conflicts=True)
        sender = SentForm.objects.values_list("person", flat=True).get(token=token, kind=kind)
    if sender != (actor.pk if actor else None):
        raise AlreadyUsed
