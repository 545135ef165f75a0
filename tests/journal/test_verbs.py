"""Who reads an act is declared with its name; what nobody declared is the team's."""

from importlib import import_module

import pytest
from django.conf import settings

from explor.journal.actions import record
from explor.journal.queries import history_for
from explor.journal.verbs import READERS, Audience, Verb, declared
from missions.audiences import LETTER_LEFT, TEAM
from missions.dossier.actions import CREATE
from missions.dossier.models import Mission
from missions.dossier.queries import acts_on
from tests.factories import World

# every module of actions, as a request finds them
import_module(settings.ROOT_URLCONF)

OUTSIDE = ("osim", "volunteer", "researcher")


def read_by(mission: Mission, world: World, role: str) -> dict[str, str]:
    """Verb → motive, as that person reads the history."""
    person = world.person(role)
    return {act.verb: act.motive for act in acts_on(Mission.objects.get(pk=mission.pk), person)}


def written_by_another_version(mission: Mission, verb: str) -> None:
    """A row whose verb this code does not declare."""
    made = record(mission.stream, CREATE, "Un geste inconnu.", actor=None, reason="Un motif.")
    made.pk = None
    made.verb = verb
    made.save(force_insert=True)


def test_an_act_without_a_declared_verb_is_not_recorded(world: World) -> None:
    mission = world.mission("field")
    with pytest.raises(TypeError, match="declare who reads"):
        record(mission.stream, "missions.invented", "Rien.", actor=None)  # type: ignore[arg-type]
    assert not acts_on(mission, world.coordinator).filter(verb="missions.invented").exists()


@pytest.mark.parametrize("verb", ["missions.invented", "session.invented", "funding.invented"])
def test_a_verb_nobody_declared_is_the_teams(world: World, verb: str) -> None:
    mission = world.mission("field")
    written_by_another_version(mission, verb)
    for role in ("coordinator", "other_coordinator", "committee", "administrator"):
        assert read_by(mission, world, role)[verb] == "Un motif."
    for role in OUTSIDE:
        assert verb not in read_by(mission, world, role)


def test_two_declarations_of_one_verb_agree() -> None:
    key = next(iter(declared()))
    with pytest.raises(ValueError, match="declared twice"):
        Verb(key, Audience("personne", "", ("missions.nobody",)))


def test_an_audience_is_not_asked_of_another_kind_of_thing(world: World) -> None:
    """The rights of a mission mean nothing on a person whose number is the same."""
    assert TEAM.opens(world.coordinator, world.mission("field"))
    assert not TEAM.opens(world.coordinator, world.osim)
    assert READERS.opens(world.osim, world.osim)


@pytest.mark.parametrize("verb", sorted(set(declared()) - {LETTER_LEFT}))  # it tells by itself
def test_an_outsider_reads_the_declared_audience_and_no_more(world: World, verb: str) -> None:
    """Each verb, written on the mission, is read by those its audience names."""
    mission = world.mission("field")
    found = declared()[verb]
    record(mission.stream, found, "Un geste.", actor=None, reason="Un motif.")
    for role in (*OUTSIDE, "coordinator", "committee"):
        person = world.person(role)
        fresh = Mission.objects.get(pk=mission.pk)
        acts = read_by(mission, world, role)
        assert (verb in acts) == found.audience.opens(person, fresh)
        if verb in acts:
            assert (acts[verb] == "Un motif.") == found.reason.opens(person, fresh)


def test_history_without_the_team_shows_no_unknown_verb(world: World) -> None:
    mission = world.mission("field")
    written_by_another_version(mission, "missions.invented")
    acts = history_for(mission.stream, reader=world.osim, thing=mission, team=TEAM)
    assert "missions.invented" not in {act.verb for act in acts}


#: What the association and the volunteer may never read in a history, whatever is added later.
SECRET = (
    "missions.freeze_sheet",
    "missions.print_sheet",
    "capitalisation.delete_interview",
    "missions.set_decision_aside",
    "missions.record_decision",
    "missions.review_note",
    "missions.refused",
    "missions.propose_volunteer",
    "missions.withdraw_proposal",
    "missions.team_milestone",
    "session.item",
    "capitalisation.pseudonyms",
)


@pytest.mark.parametrize("verb", SECRET)
def test_acts_of_the_team_are_not_read_outside(world: World, verb: str) -> None:
    mission = world.mission("field")
    record(mission.stream, declared()[verb], "Un geste de l’équipe.", actor=None)
    assert read_by(mission, world, "osim") == {}
    assert read_by(mission, world, "volunteer") == {}
