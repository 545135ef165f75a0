"""What a person is, everywhere: roles by organisation, in a shape rules can ask quickly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: What an organisation leads to (« programmes »): name → expression on a membership that gives an
#: array of ids. Later apps add theirs (`lead_to`), read in the one query of `User.standing`.
LEADS_TO: dict[str, Any] = {}


def lead_to(name: str, ids: Any) -> None:
    """Have `Standing.reach(name, …)` know the ids that an organisation leads to."""
    LEADS_TO[name] = ids


@dataclass(frozen=True)
class Standing:
    """`by_role` maps a role to the ids of the organisations in which the person holds it."""

    by_role: dict[str, frozenset[int]] = field(default_factory=dict)
    reached: dict[tuple[str, str], frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> "Standing":
        """From memberships: `organisation_id`, `role`, and an array for each of `LEADS_TO`."""
        found: dict[str, set[int]] = {}
        reached: dict[tuple[str, str], set[int]] = {}
        for row in rows:
            role = row["role"]
            found.setdefault(role, set()).add(row["organisation_id"])
            for name in LEADS_TO:
                reached.setdefault((name, role), set()).update(row[f"leads_to_{name}"])
        return cls(
            {role: frozenset(ids) for role, ids in found.items()},
            {key: frozenset(ids) for key, ids in reached.items()},
        )

    def organisations(self, role: str) -> frozenset[int]:
        return self.by_role.get(role, frozenset())

    def reach(self, name: str, *roles: str) -> frozenset[int]:
        """Ids that the organisations in which the person holds one of `roles` lead to."""
        return frozenset[int]().union(
            *(self.reached.get((name, role), frozenset()) for role in roles)
        )

    def holds(self, *roles: str) -> bool:
        return any(role in self.by_role for role in roles)
