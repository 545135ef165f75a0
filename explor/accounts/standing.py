"""What a person is, everywhere: roles by organisation, in a shape rules can ask quickly."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Standing:
    """`by_role` maps a role to the ids of the organisations in which the person holds it."""

    by_role: dict[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, str]]) -> "Standing":
        found: dict[str, set[int]] = {}
        for organisation_id, role in rows:
            found.setdefault(role, set()).add(organisation_id)
        return cls({role: frozenset(ids) for role, ids in found.items()})

    def organisations(self, role: str) -> frozenset[int]:
        return self.by_role.get(role, frozenset())

    def holds(self, *roles: str) -> bool:
        return any(role in self.by_role for role in roles)
