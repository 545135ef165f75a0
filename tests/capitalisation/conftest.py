import pytest

from tests.capitalisation.story import Story, tell_story
from tests.factories import World


@pytest.fixture
def story(world: World) -> Story:
    """A world with three published missions and a codebook."""
    return tell_story(world)
