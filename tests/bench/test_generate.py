"""`manage.py generate`: a small programme has all that a large one has."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count

from capitalisation.coding.models import Coding
from capitalisation.corpus.models import TextVersion
from capitalisation.demo.many.people import address
from explor.accounts.models import User
from explor.notifications.models import Notice, OutboxMail
from missions.dossier.models import Milestone, Mission, StateChange
from missions.lifecycle import State

pytestmark = pytest.mark.django_db


def _generate(count: int, **options: object) -> None:
    call_command("generate", missions=count, stdout=StringIO(), **options)


def test_generate_makes_every_state_with_the_moves_that_lead_to_it() -> None:
    _generate(20)
    assert Mission.objects.count() == 20
    assert set(Mission.objects.values_list("state", flat=True)) == {str(s) for s in State}
    for mission in Mission.objects.exclude(state=State.DRAFT).defer("search"):
        last = StateChange.objects.filter(mission=mission).order_by("-at", "-pk")[0]
        assert last.target == mission.state
    assert Milestone.objects.values("mission").annotate(n=Count("pk")).count() == 20


def test_generate_codes_passages_of_the_words_that_are_read() -> None:
    _generate(20)
    assert Coding.objects.count() >= 20
    for coding in Coding.objects.select_related("excerpt__version"):
        excerpt = coding.excerpt
        assert excerpt.version.body[excerpt.start : excerpt.end] == excerpt.quote
    for version in TextVersion.objects.all():
        assert [version.body[b.start : b.end].strip() for b in version.blocks.all()] == (
            version.body.split("\n\n")
        )


def test_generate_gives_each_role_something_to_open() -> None:
    _generate(20)
    osim = User.objects.get(email=address("osim", "essai"))
    volunteer = User.objects.get(email=address("volunteer", "essai"))
    assert Mission.objects.visible_to(osim).count() == len(State)
    assert Mission.objects.visible_to(volunteer).exists()
    assert not osim.has_usable_password()


def test_generate_is_the_same_for_the_same_seed_and_day() -> None:
    seen = []
    for seed in (3, 3, 4):
        with transaction.atomic():
            _generate(16, seed=seed)
            seen.append(list(Mission.objects.order_by("reference").values_list("title", "uuid")))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


def test_generate_tells_nobody() -> None:
    _generate(16)
    assert Notice.objects.count() == 0
    assert OutboxMail.objects.count() == 0


def test_generate_refuses_a_programme_that_has_missions() -> None:
    _generate(16)
    with pytest.raises(CommandError, match="déjà des missions"):
        _generate(5)
    assert Mission.objects.count() == 16
