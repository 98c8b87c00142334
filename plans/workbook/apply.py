"""Bring a plan to what its workbook says: all of it, or nothing (IM1–IM14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from pes import audit
from pes.access import demand
from pes.models import OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused
from pes.workbooks.answers import Answer
from pes.workbooks.places import Found, Place
from pes.workbooks.reader import Workbook
from plans.editing import put_cells, put_goals, put_identification, texts, touch
from plans.models import PlanGestion
from plans.workbook import shape
from plans.workbook.reading import Reading, read_against, told

_NOWHERE = Place("", {})


@dataclass(frozen=True, slots=True)
class PlanAnswer(Answer):
    """What the import of a plan did; `plan` is None when it did nothing."""

    plan: PlanGestion | None = None


class _Undo(Exception):
    """Leave the transaction without a trace: a dry run, or a refusal."""


def import_plan(
    workbook: Workbook, unit: OrganizationUnit, vigencia: int, *, by: User, file_name: str = "", dry_run: bool = False
) -> PlanAnswer:
    """Import into the plan of a unit and vigencia, opened for who may open it; nothing is written with any error.

    Two imports at once: the second waits for the first and is judged against what it left (IM10).
    """
    found, reading = Found(told(workbook)), None
    plan: PlanGestion | None = None
    try:
        with transaction.atomic():
            plan = _plan(unit, vigencia, by, found)
            if plan is not None:
                reading = apply_to(plan, workbook, found, by=by, file_name=file_name)
            if found.errors or dry_run:
                raise _Undo
    except _Undo:
        plan = None
    return _answer(reading, found, plan)


def apply_to(
    plan: PlanGestion, workbook: Workbook, found: Found, *, by: User, file_name: str, **origin: Any
) -> Reading | None:
    """Write a workbook into a plan inside the caller's transaction; with any error in `found`, nothing.

    `origin` goes into the audit event beside the file and its SHA-256 (IMP-05).
    """
    try:
        demand(by, Permission.PLAN_EDIT, plan)
    except PermissionDenied as error:
        fix = "Pida el permiso, o pida la importación a quien lo tiene."
        found.add(_NOWHERE, "", Problem("forbidden", "AZ1", str(error), fix=fix))
        return None
    held = PlanGestion.hold(plan.pk)
    reading = read_against(held, workbook, found)
    if not found.errors:
        try:
            _write(held, reading, by, {"file": file_name, "sha256": workbook.sha256, **origin})
        except Refused as refused:
            for problem in refused.problems:
                found.add(Place(shape.GOALS, {}), "", problem)
    return reading


def _plan(unit: OrganizationUnit, vigencia: int, by: User, found: Found) -> PlanGestion | None:
    """The plan; one that is not open yet is opened if the person may, and that is said (SM-1)."""
    known = PlanGestion.objects.filter(unit=unit, vigencia=vigencia).select_related("unit").first()
    if known is not None:
        return known
    try:
        opened = PlanGestion.open_own(unit, vigencia, by=by)
    except PermissionDenied:
        message = f"El plan de {unit} para {vigencia} no está abierto y usted no puede abrirlo."
        fix = "Pida que lo abra a quien lidera el proceso o la alcaldía, o a la jefatura de la OAP."
        found.add(_NOWHERE, "", Problem("plan_not_open", "SM-1", message, fix=fix), f"{unit.code} {vigencia}")
        return None
    except Refused as refused:
        for problem in refused.problems:
            found.add(_NOWHERE, "", problem, f"{unit.code} {vigencia}")
        return None
    message = f"El plan de {unit} para {vigencia} no estaba abierto: se abre con esta importación."
    found.add(_NOWHERE, "", Problem("plan_opened", "SM-1", message, blocking=False), f"{unit.code} {vigencia}")
    return opened


def _write(plan: PlanGestion, reading: Reading, by: User, origin: dict[str, Any]) -> None:
    """Write what differs, and leave one event with the file, the counts and both values of each cell."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {**origin, **reading.counts}
    if reading.identification:
        old, new = put_identification(plan, reading.identification)
        before, after = before | old, after | new
    if reading.new:
        made = put_goals(plan, reading.new)
        after["new_goals"] = [goal.number for goal in made]
        written = zip(made, reading.new, strict=True)
        after["goals"] = {str(goal.number): texts(one.values) for goal, one in written}
    if reading.changes:
        old, new = put_cells(plan, reading.changes)
        before["goals"], after["goals"] = old, new | after.get("goals", {})
    if len(after) > len(origin) + len(reading.counts):
        touch(plan)
    audit.record("plan_imported", plan, by=by, before=before or None, after=after)


def _answer(reading: Reading | None, found: Found, plan: PlanGestion | None) -> PlanAnswer:
    errors, warnings = tuple(found.errors), tuple(found.warnings)
    if errors or reading is None:
        return PlanAnswer(0, 0, 0, errors, warnings)
    return PlanAnswer(**reading.counts, errors=errors, warnings=warnings, plan=plan)
