"""Bring reports to what their workbook says: all of it, or nothing (IM1–IM14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import transaction

from pes import audit
from pes.models import User
from pes.rules.problems import Problem, Refused
from pes.workbooks.answers import Answer
from pes.workbooks.places import Found, Place
from pes.workbooks.reader import Workbook
from tracking.filling import supply_entries, write_entries
from tracking.report_workbook import shape
from tracking.report_workbook.entries import EntryRow
from tracking.report_workbook.reading import Compared, changes_of, check_identity, read_against, told
from tracking.report_workbook.targets import Target

NOWHERE = Place("", {})


@dataclass(frozen=True, slots=True)
class ReportAnswer(Answer):
    """What an import did; `done` says that it was written."""

    done: bool = False


class Undo(Exception):
    """Leave the transaction without a trace: a dry run, or a refusal."""


def import_workbook(
    workbook: Workbook, target: Target, *, by: User, file_name: str = "", dry_run: bool = False
) -> ReportAnswer:
    """Import as the person who may write it; nothing is written with any error.

    Two imports at once: the second waits for the first and is judged against what it left (IM10).
    """
    found, compared = Found(told(workbook)), None
    try:
        with transaction.atomic():
            target.hold()
            compared = apply_to(target, workbook, found, by=by, file=file_name)
            if found.errors or dry_run:
                raise Undo
    except Undo:
        return answer_of(compared, found, done=False)
    return answer_of(compared, found, done=True)


def apply_to(target: Target, workbook: Workbook, found: Found, *, by: User, **origin: Any) -> Compared | None:
    """Write a workbook inside the caller's transaction, which holds the target; with any error in `found`, nothing.

    `origin` goes into the audit event beside the SHA-256 of the file (IMP-05).
    """
    compared = compare(target, workbook, found, by=by)
    if compared is not None and not found.errors:
        _write(compared.changed, found, by=by)
        changed = [f"{row.before.report.plan.unit.code} {row.before.goal.number}" for row in compared.changed]
        after = {**origin, "sha256": workbook.sha256, **compared.counts, "goals": changed}
        verb = "central_imported" if target.is_table else "report_imported"
        audit.record(verb, target.obj, by=by, after=after)
    return compared


def compare(target: Target, workbook: Workbook, found: Found, *, by: User) -> Compared | None:
    """A workbook against what its target says now; None for who may not write any of it, and that is told."""
    powers = target.powers(by)
    if not powers:
        message = "Usted no puede escribir ninguna de estas metas."
        fix = "Pida el permiso, o pida la importación a quien lo tiene."
        found.add(NOWHERE, "", Problem("forbidden", "AZ1", message, fix=fix))
        return None
    check_identity(workbook, target.identity, target.where, found)
    return read_against(target.readings(), workbook, powers, found, only=target.only)


def answer_of(compared: Compared | None, found: Found, *, done: bool) -> ReportAnswer:
    """What was done, or would be; with any error every count is 0."""
    errors, warnings = tuple(found.errors), tuple(found.warnings)
    if errors or compared is None:
        return ReportAnswer(0, 0, 0, errors, warnings)
    return ReportAnswer(**compared.counts, errors=errors, warnings=warnings, done=done)


def _write(rows: Iterable[EntryRow], found: Found, *, by: User) -> None:
    """Write the rows that differ through the verbs of the screen, report by report in a fixed order (JB15)."""
    for _, of_report in _by(rows, lambda row: row.before.report.pk):
        for area, group in _by(of_report, lambda row: row.before.row.goal.central_area_id or 0):
            try:
                _write_of_one(area, group, by=by)
            except Refused as refused:
                for problem in refused.problems:
                    found.add(group[0].place, shape.NUMBER, problem, str(group[0].before.report))


def _write_of_one(area: int, rows: list[EntryRow], *, by: User) -> None:
    report, goal = rows[0].before.report, rows[0].before.row.goal
    if area:
        supply_entries(report, goal.central_area, changes_of(rows), by=by)
    else:
        write_entries(report, changes_of(rows), by=by)


def _by(rows: Iterable[EntryRow], key: Callable[[EntryRow], int]) -> list[tuple[int, list[EntryRow]]]:
    return [(value, list(group)) for value, group in groupby(sorted(rows, key=key), key=key)]
