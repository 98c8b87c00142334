"""The rows of a central area's table: one form for each plan's goal, all sent together or one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from tracking.central import TableRefused, stale_of, supply_table
from tracking.content import Reading
from tracking.filling import EntryChange
from tracking.report_forms import EntryForm
from tracking.report_workbook.lines import Line, lines_of
from tracking.rules.entry_checks import entry_problems
from tracking.rules.goal_reports import ENTRY_BY_NAME

FIELDS = tuple(name for name in ENTRY_BY_NAME if name != "accumulated_analysis")  # PG-08 does not ask it of an area


class LineForm(EntryForm):
    """What an area reports of a goal in one plan, as a row of a table; each box says which it is."""

    def __init__(self, line: Line, table: str, data: QueryDict | None = None) -> None:
        self.line = line
        prefix = prefix_of(line)
        own = None if data is None else _own(data, f"{prefix}-")
        super().__init__(own, number=line.goal.number, entry=line.entry, prefix=prefix)
        self.fields.pop("accumulated_analysis")
        for name, box in self.fields.items():
            attrs: dict[str, Any] = {"form": table}
            box.help_text = ""  # the head of the column says it
            if name in ENTRY_BY_NAME:
                attrs |= {"aria-label": f"{box.label} · {line.report.plan.unit.name}", "data-pes-central-cell": name}
            if name in ENTRY_BY_NAME and not ENTRY_BY_NAME[name].is_amount:
                attrs["rows"] = 2
            box.widget.attrs.update(attrs)

    def read(self) -> EntryChange | None:
        """What differs from what the person saw, checked by the rules; None when nothing does, or when it cannot be."""
        if not self.is_valid() or not self.values:
            return None
        self.place(entry_problems(self.line.goal, replace(self.line.entry, **self.values)))
        return self.change(FIELDS) if self.is_valid() else None


def prefix_of(line: Line) -> str:
    """How the boxes of a row begin their names."""
    return f"e{line.row.pk}"


def sent_forms(readings: Iterable[Reading], table: str, data: QueryDict) -> list[LineForm]:
    """The rows that were sent; a row of another table is not one of these (AZ10)."""
    sent = {name.partition("-")[0] for name in data}
    return [LineForm(line, table, data) for line in lines_of(readings) if prefix_of(line) in sent]


def save(area: Any, forms: Iterable[LineForm], *, by: Any) -> int:
    """Write the rows, all or none; the forms know what was refused and why. Returns how many goals changed.

    Raises PermissionDenied.
    """
    rows = list(forms)
    changes: dict[int, list[EntryChange]] = {}
    for form in rows:
        change = form.read()
        if change is not None:
            changes.setdefault(form.line.report.pk, []).append(change)
    if any(form.errors for form in rows):
        return 0
    try:
        supply_table(area, changes, by=by)
    except TableRefused as refused:
        _tell(rows, refused)
        return 0
    return sum(map(len, changes.values()))


def _tell(forms: Iterable[LineForm], refused: TableRefused) -> None:
    """Put each refusal on its row: a stale field beside what the other person wrote (WF3)."""
    stale = dict(stale_of(refused))
    for form in forms:
        failure = refused.failures.get(form.line.report.pk)
        if failure is None or not form.values:
            continue
        if form.line.report.pk not in stale:
            form.refuse(failure)
            continue
        own = [one for one in stale[form.line.report.pk].conflicts if one.goal == form.number]
        if own:
            form.renew(type(stale[form.line.report.pk])(own))


def _own(data: QueryDict, prefix: str) -> QueryDict:
    """What was sent of one row."""
    own = QueryDict(mutable=True)
    for name in data:
        if name.startswith(prefix):
            own.setlist(name, data.getlist(name))
    return own
