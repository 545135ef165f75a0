"""`manage.py hide_names`: after an update that knows more writings of a name."""

from typing import Any

from django.core.management.base import BaseCommand

from capitalisation.coding.moving import gather_passages
from capitalisation.corpus.actions import hide_names
from missions.dossier.models import Programme


class Command(BaseCommand):
    help = (
        "Récrit chaque texte pseudonymisé avec les pseudonymes d’aujourd’hui, et y ramène les "
        "passages restés sur une ancienne version. Deux fois ne changent rien."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for programme in Programme.objects.all():
            hide_names(programme, actor=None)
        self.stdout.write(f"{gather_passages()} passage(s) ramené(s).")
