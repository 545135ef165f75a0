"""Opening the focuses of a programme, before anyone writes them."""

from capitalisation.analysis.models import Focus
from missions.dossier.models import Programme


def open_focus(programme: Programme, *, number: int, kind: str, slug: str, title: str) -> Focus:
    focus, _ = Focus.objects.get_or_create(
        programme=programme,
        number=number,
        defaults={"kind": kind, "slug": slug, "title": title},
    )
    return focus
