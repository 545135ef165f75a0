"""`manage.py load_demo`: the leaflet's programme and a living year of fictional missions."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.timezone import localtime

from capitalisation.demo import sessions
from capitalisation.demo.load import load as load_capitalisation
from explor import clock
from missions.demo.hush import hushed
from missions.demo.load import load as load_missions
from missions.dossier.models import Mission


class Command(BaseCommand):
    help = "Charge les données de démonstration ; une seconde fois ne change rien."

    def handle(self, *args: Any, **options: Any) -> None:
        began = localtime()
        with transaction.atomic(), hushed(clock.today()):
            lives = load_missions(decider=sessions.decide_in_session)
            load_capitalisation(lives)
        took = (localtime() - began).total_seconds()
        count = Mission.objects.count()
        self.stdout.write(f"Démonstration chargée : {count} missions, en {took:.0f} s.")
