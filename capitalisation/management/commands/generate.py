"""`manage.py generate --missions 10000`: a programme of any size, all of it made up."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime

from capitalisation.demo.many.grow import grow
from explor.ui.errors import Refusal


class Command(BaseCommand):
    help = (
        "Remplit un programme de missions inventées, pour éprouver la plateforme. "
        "Refuse un programme qui a déjà des missions."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missions", type=int, required=True, help="nombre de missions")
        parser.add_argument("--seed", type=int, default=1, help="même graine, mêmes données")
        parser.add_argument("--programme", default="essai", help="identifiant du programme")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["missions"] < 1:
            raise CommandError("Donnez un nombre de missions, à partir de 1.")
        began = localtime()
        try:
            written = grow(
                options["programme"],
                options["missions"],
                seed=options["seed"],
                tell=lambda done: self.stdout.write(f"{done} missions"),
            )
        except Refusal as refusal:
            raise CommandError(refusal.reason) from refusal
        took = (localtime() - began).total_seconds()
        self.stdout.write(
            f"{written['missions']} missions et {written['codings']} codages, en {took:.0f} s."
        )
