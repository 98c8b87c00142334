"""In what two frozen contents of a report differ, goal by goal and field by field (PG-R5; WF19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pes.rules.numbers import format_magnitude
from plans.rules.differences import ChangedGoal, Difference
from plans.rules.values import EMPTY
from tracking.rules.goal_reports import ENTRY_FIELDS, EVIDENCE

NOTHING: Mapping[str, Any] = {"goals": []}

_FIELDS = (
    ("text", "Meta", False),
    ("programmed", "Programado", True),
    *((field.name, field.label, field.is_amount) for field in ENTRY_FIELDS),
)


def report_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ChangedGoal]:
    """The goals that say something else in `after` than in `before`, in their order; both as `content_of` made them.

    A goal that only one of them has differs in everything it says. `NOTHING` compares with an empty report.
    """
    old, new = _goals(before), _goals(after)
    found = []
    for number in [*new, *(number for number in old if number not in new)]:
        was, now = old.get(number, {}), new.get(number, {})
        if differences := tuple(_differences(was, now)):
            found.append(ChangedGoal(number, (now or was)["text"], differences))
    return found


def _goals(content: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    return {goal["number"]: goal for goal in content["goals"]}


def _differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for name, label, is_amount in _FIELDS:
        before, after = (_spoken(goal.get(name), is_amount) for goal in (was, now))
        if before != after:
            yield Difference(name, label, before, after)
    before, after = (_proofs(goal.get(EVIDENCE, ())) for goal in (was, now))
    if before != after:
        yield Difference(EVIDENCE, "Evidencias", before, after)


def _spoken(value: str | None, is_amount: bool) -> str:
    """Amounts are kept as text (`24.50`): the same amount with other zeros is no difference."""
    if not value:
        return EMPTY
    return format_magnitude(Decimal(value)) if is_amount else value


def _proofs(evidence: Sequence[Mapping[str, str]]) -> str:
    """One evidence a line, with what tells apart two files of one name."""
    lines = [f"{one['name']} ({one['sha256'][:12]})" if one["sha256"] else one["url"] for one in evidence]
    return "\n".join(lines) or EMPTY
