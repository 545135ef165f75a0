"""The first person of a new site: the screens do the rest."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from explor.accounts.actions import give_role
from explor.accounts.models import Membership, Organisation, OrganisationKind, Role, User


class Command(BaseCommand):
    help = "Donne le rôle d’administration à une première personne."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--organisation", required=True, help="structure pour qui elle agit")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError once somebody administers: the others are named on screen."""
        if Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).exists():
            raise CommandError("Quelqu’un administre déjà : donnez ce rôle à l’écran.")
        organisation, _ = Organisation.objects.get_or_create(
            kind=OrganisationKind.SUPPORT_NETWORK, name=options["organisation"]
        )
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            person = User.objects.create_user(
                options["email"],
                first_name=options["first_name"],
                last_name=options["last_name"],
            )
        give_role(person, organisation, Role.ADMINISTRATOR, actor=None)
        self.stdout.write(
            f"{person.email} administre Explor. Entrez par « Recevoir un code par e-mail »."
        )
