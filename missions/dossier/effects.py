"""What later stages do when a mission changes state, in the same transaction.

The dossier knows no stage above it: a stage gives its function here when the application starts.
Whatever the door (`advance` or by hand), the functions run; one that raises stops the change.
"""

from collections.abc import Callable

from explor.accounts.models import User
from missions.dossier.models import Mission

#: `(mission in its new state, its former state or "", who)`
Effect = Callable[[Mission, str, User | None], None]

_effects: list[Effect] = []


def on_change_of_state(effect: Effect) -> None:
    """Run `effect` after each change of state; giving it twice runs it once."""
    if effect not in _effects:
        _effects.append(effect)


def run_effects(mission: Mission, source: str, actor: User | None) -> None:
    for effect in _effects:
        effect(mission, source, actor)
