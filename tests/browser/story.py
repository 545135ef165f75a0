"""One mission from its first draft to the booklet, shared by the tests that follow it."""

from dataclasses import dataclass, field

import pytest

from tests.browser.crowd import Crowd
from tests.browser.site import Site


@dataclass
class Story:
    """What earlier steps found; a step that needs one that failed says so at once."""

    site: Site
    crowd: Crowd
    reference: str = ""
    done: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def after(self, step: str) -> str:
        """The reference, once `step` is done."""
        if step not in self.done:
            pytest.fail(f"l’étape « {step} » n’a pas abouti", pytrace=False)
        return self.reference

    @property
    def state(self) -> str:
        return str(self.mission("state"))

    def mission(self, column: str) -> object:
        query = f"SELECT {column} FROM missions_mission WHERE reference = %s"  # noqa: S608
        return self.site.value(query, self.reference)

    def request(self, column: str) -> object:
        query = (
            f"SELECT r.{column} FROM missions_request r"  # noqa: S608
            " JOIN missions_mission m ON m.id = r.mission_id WHERE m.reference = %s"
        )
        return self.site.value(query, self.reference)

    def milestone(self, kind: str) -> tuple[object, str]:
        """`(done on, waived because)`."""
        rows = self.site.rows(
            "SELECT done_on, waived_because FROM missions_milestone k"
            " JOIN missions_mission m ON m.id = k.mission_id WHERE reference = %s AND kind = %s",
            self.reference,
            kind,
        )
        return rows[0][0], rows[0][1]
