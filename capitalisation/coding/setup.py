"""Opening a codebook with its families; a codebook that exists is left as people made it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from capitalisation.coding.actions import save_code
from capitalisation.coding.models import Codebook
from explor.accounts.models import User
from missions.dossier.models import Programme


@transaction.atomic
def open_codebook(
    programme: Programme, families: Iterable[Mapping[str, Any]], *, actor: User | None
) -> Codebook:
    """Each family is a heading that applies to no passage, with its `codes` under it."""
    codebook, made = Codebook.objects.get_or_create(programme=programme)
    if not made:
        return codebook
    for place, family in enumerate(families, start=1):
        heading = {name: value for name, value in family.items() if name != "codes"}
        above = save_code(codebook, {**heading, "codable": False, "position": place}, actor=actor)
        for number, row in enumerate(family["codes"], start=1):
            save_code(codebook, {**row, "parent": above, "position": number}, actor=actor)
    return codebook
