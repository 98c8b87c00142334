"""Bring reports to what their workbook says: all of it, or nothing (IM1–IM14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import models, transaction

from pes import audit
from pes.models import User
from pes.rules.problems import Problem, Refused
from pes.workbooks.answers import Answer
from pes.workbooks.places import Found, Place
from pes.workbooks.reader import Workbook
from tracking.content import reading_of
from tracking.filling import supply_entries, write_entries
from tracking.models import QuarterReport
from tracking.report_workbook import shape
from tracking.report_workbook.entries import EntryRow
from tracking.report_workbook.reading import Compared, changes_of, check_identity, powers_on, read_against, told

NOWHERE = Place("", {})
IMPORTED = "report_imported"


@dataclass(frozen=True, slots=True)
class ReportAnswer(Answer):
    """What an import did; `done` says that it was written."""

    done: bool = False


class Undo(Exception):
    """Leave the transaction without a trace: a dry run, or a refusal."""


def import_report(
    workbook: Workbook, report: QuarterReport, *, by: User, file_name: str = "", dry_run: bool = False
) -> ReportAnswer:
    """Import into a report as the person who may write it; nothing is written with any error.

    Two imports at once: the second waits for the first and is judged against what it left (IM10).
    """
    found, compared = Found(told(workbook, report.quarter)), None
    try:
        with transaction.atomic():
            compared = apply_to_report(report, workbook, found, by=by, file=file_name)
            if found.errors or dry_run:
                raise Undo
    except Undo:
        return answer_of(compared, found, done=False)
    return answer_of(compared, found, done=True)


def apply_to_report(
    report: QuarterReport, workbook: Workbook, found: Found, *, by: User, **origin: Any
) -> Compared | None:
    """Write a workbook into a report inside the caller's transaction; with any error in `found`, nothing.

    `origin` goes into the audit event beside the SHA-256 of the file (IMP-05).
    """
    held = QuarterReport.hold(report.pk)
    compared = compare_report(held, workbook, found, by=by)
    if compared is not None and not found.errors:
        write(compared.changed, found, by=by)
        record(held, workbook, compared, by=by, **origin)
    return compared


def compare_report(report: QuarterReport, workbook: Workbook, found: Found, *, by: User) -> Compared | None:
    """A workbook against a report as it is now; None for who may not write any of it, and that is told."""
    powers = powers_on(report, by)
    if not powers:
        message = "Usted no puede escribir ninguna meta de este reporte."
        fix = "Pida el permiso, o pida la importación a quien lo tiene."
        found.add(NOWHERE, "", Problem("forbidden", "AZ1", message, fix=fix))
        return None
    unit, plan = report.plan.unit.code, report.plan
    own = (
        ("unidad", "unit_differs", unit),
        ("vigencia", "vigencia_differs", plan.vigencia_id),
        ("trimestre", "quarter_differs", report.quarter),
    )
    check_identity(workbook, own, "el reporte", found)
    return read_against([reading_of(report)], workbook, powers, found, only=unit)


def write(rows: Iterable[EntryRow], found: Found, *, by: User) -> None:
    """Write the rows that differ through the verbs of the screen, report by report in a fixed order (JB15)."""
    for report, of_report in _by(rows, lambda row: row.before.report.pk):
        for area, group in _by(of_report, lambda row: row.before.row.goal.central_area_id or 0):
            held, changes = group[0].before.report, changes_of(group)
            try:
                if area:
                    supply_entries(held, group[0].before.row.goal.central_area, changes, by=by)
                else:
                    write_entries(held, changes, by=by)
            except Refused as refused:
                for problem in refused.problems:
                    found.add(group[0].place, shape.NUMBER, problem, f"reporte {report}")


def record(obj: models.Model, workbook: Workbook, compared: Compared, *, by: User, **origin: Any) -> None:
    """Leave one event with the file and the counts; each goal that changed has its own."""
    changed = [f"{row.before.report.plan.unit.code} {row.before.goal.number}" for row in compared.changed]
    after: Mapping[str, Any] = {**origin, "sha256": workbook.sha256, **compared.counts, "goals": changed}
    audit.record(IMPORTED, obj, by=by, after=dict(after))


def answer_of(compared: Compared | None, found: Found, *, done: bool) -> ReportAnswer:
    """What was done, or would be; with any error every count is 0."""
    errors, warnings = tuple(found.errors), tuple(found.warnings)
    if errors or compared is None:
        return ReportAnswer(0, 0, 0, errors, warnings)
    return ReportAnswer(**compared.counts, errors=errors, warnings=warnings, done=done)


def _by(rows: Iterable[EntryRow], key: Any) -> list[tuple[int, list[EntryRow]]]:
    return [(value, list(group)) for value, group in groupby(sorted(rows, key=key), key=key)]
