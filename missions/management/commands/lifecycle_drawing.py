from typing import Any

from django.core.management.base import BaseCommand

from missions.drawing import mermaid


class Command(BaseCommand):
    help = "Écrit le dessin du cycle de vie (Mermaid), tiré de la table des transitions."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"```mermaid\n{mermaid()}\n```")
