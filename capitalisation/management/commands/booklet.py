"""`manage.py booklet --programme explor --output livret.pdf`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from capitalisation.publications.documents import build_booklet
from capitalisation.publications.queries import latest_booklet
from explor.ui.errors import Refusal
from missions.dossier.models import Programme


class Command(BaseCommand):
    help = (
        "Fabrique le livret le plus récent d’un programme, ou un livret ordinaire s’il n’en a pas."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programme", required=True, help="identifiant du programme")
        parser.add_argument("--output", required=True, type=Path, help="fichier PDF à écrire")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"Aucun programme ne s’appelle « {options['programme']} ».")
        try:
            content = build_booklet(latest_booklet(programme), self.tell)
        except Refusal as refusal:
            raise CommandError(refusal.reason) from refusal
        options["output"].write_bytes(content)
        self.stdout.write(f"{options['output']} : {len(content) // 1024} Kio")

    def tell(self, percent: int, step: str) -> None:
        self.stdout.write(f"{percent:3d} % {step}")
