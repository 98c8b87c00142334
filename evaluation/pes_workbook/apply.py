"""Bring the database to what a PES workbook says: all of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from evaluation.facts import measured_vigencias
from evaluation.pes_workbook.apply_figures import (
    check_weights,
    put_measurements,
    put_objective_weights,
    put_weights,
)
from evaluation.pes_workbook.apply_indicators import put_indicators
from evaluation.pes_workbook.apply_plan import put_objectives, put_plan
from evaluation.pes_workbook.apply_units import put_entities, sector_of
from evaluation.pes_workbook.data import PesData
from evaluation.pes_workbook.ledger import Context, Ledger
from evaluation.pes_workbook.parse import parse
from pes import audit, jobs
from pes.models import Job, JobState, SectorPlan, User
from pes.rules.problems import Problem
from pes.workbooks.answers import Answer
from pes.workbooks.places import Found
from pes.workbooks.reader import Workbook
from tracking.models.measurement import CUTOFF_JOB, ask_for_cutoffs


@dataclass(frozen=True, slots=True)
class PesAnswer(Answer):
    """What the import of a PES did; `plan` is None when it did nothing."""

    plan: SectorPlan | None = None


class _Undo(Exception):
    """Leave the transaction without a trace: a dry run, or a refusal."""


def import_workbook(workbook: Workbook, *, by: User, file_name: str = "", dry_run: bool = False) -> PesAnswer:
    """Apply a workbook that was read; nothing is written when there is any error or when it is a dry run.

    One import of a plan at a time: a second one waits for the first and is judged against what it left (IM10).
    """
    data, found = parse(workbook)
    ledger = Ledger(by, found)
    plan: SectorPlan | None = None
    if data is not None:
        try:
            with transaction.atomic():
                plan = _apply(data, ledger)
                if found.errors or plan is None:
                    raise _Undo
                _remember(plan, workbook, file_name, ledger)
                if dry_run:
                    raise _Undo
        except _Undo:
            plan = None
    return _answer(ledger, found, plan)


def compute_cutoffs_now(plan: SectorPlan) -> None:
    """Do the computations that wait for a plan in this process; a broker's workers do them where there is one."""
    if settings.REDIS_URL:
        return
    for job in Job.objects.filter(state=JobState.QUEUED, kind=CUTOFF_JOB, payload__plan=plan.pk):
        jobs.run_now(job)


def _apply(data: PesData, ledger: Ledger) -> SectorPlan | None:
    """Walk the sheets from the sector down; problems of every sheet are collected."""
    try:
        sector = sector_of(data.plan, ledger)
    except PermissionDenied as error:
        fix = "Pida el permiso, o pida la importación a quien lo tiene."
        ledger.found.add(data.plan.place, "sector", Problem("forbidden", "AZ1", str(error), fix=fix), data.plan.sector)
        return None
    plan = put_plan(data.plan, sector, ledger) if sector else None
    if sector is None or plan is None:
        return None
    context = Context(ledger, sector, plan, put_entities(data.entities, sector, ledger))
    context.places.update((row.key, row.place) for row in data.indicators)
    keys = set(context.places)
    objectives = put_objectives(data.objectives, context)
    put_indicators(data.indicators, objectives, context)
    put_weights(data.weights, keys, context)
    check_weights(context)
    put_objective_weights(data.objective_weights, objectives, context)
    put_measurements(data.measurements, keys, context)
    return plan


def _remember(plan: SectorPlan, workbook: Workbook, file_name: str, ledger: Ledger) -> None:
    """Record the file (IMP-05) and ask for what other sheets than weights and measurements changed."""
    counts = {"created": ledger.created, "updated": ledger.updated, "unchanged": ledger.unchanged}
    after = {"file": file_name, "sha256": workbook.sha256, **counts}
    audit.record("pes_imported", plan, by=ledger.by, after=after)
    if ledger.recompute or ledger.reprogrammed:
        for vigencia in measured_vigencias(plan):
            ask_for_cutoffs(plan.pk, vigencia, by=ledger.by)


def _answer(ledger: Ledger, found: Found, plan: SectorPlan | None) -> PesAnswer:
    errors, warnings = tuple(found.errors), tuple(found.warnings)
    if errors:
        return PesAnswer(0, 0, 0, errors, warnings)
    return PesAnswer(ledger.created, ledger.updated, ledger.unchanged, errors, warnings, plan)
