"""State machines as tables: rows of `Transition`, read by models, screens and diagrams."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from pes.permissions import Permission


@dataclass(frozen=True, slots=True)
class Transition:
    """A verb of the procedure: from any of `sources` to `target`, for holders of `permission`.

    `permission` is `None` where the system itself acts. `needs_reason` asks the actor for words
    that stay in the audit trail.
    """

    name: str
    sources: Set[str]
    target: str
    permission: Permission | None
    needs_reason: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "sources", frozenset(self.sources))


def transition_for(table: Iterable[Transition], name: str) -> Transition:
    """The row of the verb `name`; `LookupError` unless there is exactly one."""
    found = [row for row in table if row.name == name]
    if len(found) != 1:
        raise LookupError(f"{len(found)} transitions are named {name!r}, expected one")
    return found[0]


def reachable(table: Iterable[Transition], start: str) -> frozenset[str]:
    """Every state that a walk over the table can reach from `start`, itself included."""
    rows = tuple(table)
    states = {start}
    while True:
        found = {row.target for row in rows if row.sources & states} - states
        if not found:
            return frozenset(states)
        states |= found
