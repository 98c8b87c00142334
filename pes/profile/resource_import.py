"""A workbook of resources sent in the browser: compared with what is stored, shown, then applied once or forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.edits import fingerprint
from pes.models import InvestmentProject, ProjectResource, ResourceUpload, SectorPlan, User
from pes.profile.resource_book import AMOUNTS, CUTOFF, ENTITY, PROJECT, SHEET, SOURCE, SPEC, VIGENCIA
from pes.profile.resources import EDIT, money_facts, money_of, projects_of, record_resources
from pes.rules.problems import Problem, Refused
from pes.rules.resources import Money, money_problems
from pes.workbooks.cells import Kind
from pes.workbooks.places import Found, Place, read_back, repeated, says_the_same
from pes.workbooks.reader import Workbook, read_form
from pes.workbooks.tables import Row
from pes.workbooks.uploads import forget_old, keep_the_last, received

NOWHERE = Place("", {})


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row of the workbook against what is stored for its project and vigencia."""

    project: InvestmentProject
    vigencia: int
    before: Money
    after: Money
    place: Place

    @property
    def key(self) -> tuple[str, str, int]:
        """What may not be twice in a workbook."""
        return self.project.entity.code, self.project.code, self.vigencia

    @property
    def is_changed(self) -> bool:
        """Whether it says something else."""
        return money_facts(self.before) != money_facts(self.after)


class _Undo(Exception):
    """Leave the transaction without a trace."""


def keep_upload(plan: SectorPlan, file: UploadedFile, *, by: User) -> ResourceUpload:
    """Keep a workbook to be previewed. Raises PermissionDenied, or Refused: empty, or too heavy."""
    if not _writable(plan, by):
        raise PermissionDenied("Usted no puede escribir los recursos de ninguna entidad de este sector.")
    content = received(file)
    forget_old(ResourceUpload.objects.all())
    made = ResourceUpload.objects.create(plan=plan, **content, base=base_of(plan), by=by, at=timezone.now())
    keep_the_last(ResourceUpload.objects.filter(plan=plan, by=by))
    return made


def preview(upload: ResourceUpload, *, by: User) -> tuple[list[BookRow], Found]:
    """What an upload says of each project now, and what is wrong or odd in it."""
    workbook = read_form(BytesIO(bytes(upload.content)), [SPEC])
    found = Found([*workbook.errors, *workbook.warnings])
    return _rows(upload.plan, workbook, found, by), found


def apply_upload(upload: ResourceUpload, *, by: User) -> tuple[list[BookRow], Found]:
    """Write a previewed workbook, once; nothing is written with any error, nor when what was compared changed (IM11).

    A second click answers with no rows and no errors: the upload says when it was applied and how many rows changed.
    """
    rows: list[BookRow] = []
    found = Found()
    try:
        with transaction.atomic():
            SectorPlan.hold(upload.plan_id)
            if not ResourceUpload.objects.filter(pk=upload.pk, applied_at=None).update(applied_at=timezone.now()):
                raise _Undo
            base = base_of(upload.plan)
            rows, found = preview(upload, by=by)
            if base != upload.base:
                found.add(NOWHERE, "", _changed_meanwhile())
            changed = [] if found.errors else _write(rows, found, by)
            if found.errors:
                raise _Undo
            ResourceUpload.objects.filter(pk=upload.pk).update(changed=len(changed))
            after = {"file": upload.name, "sha256": upload.sha256, "updated": len(changed), "project": changed}
            audit.record("resources_imported", upload.plan, by=by, after=after)
    except _Undo:
        if found.errors:
            ResourceUpload.objects.filter(pk=upload.pk).update(base=base_of(upload.plan))
    return rows, found


def base_of(plan: SectorPlan) -> str:
    """Digest of the resources of a plan: what a preview compares with."""
    rows = ProjectResource.objects.filter(project__in=projects_of(plan).values("pk"), vigencia__in=plan.vigencias)
    said = [[row.project_id, row.vigencia_id, money_facts(money_of(row))] for row in rows.order_by("pk")]
    return hashlib.sha256(audit.canonical(said)).hexdigest()


def _writable(plan: SectorPlan, by: User) -> set[int]:
    """Ids of the plan's projects whose resources a person writes."""
    held = InvestmentProject.objects.visible_to(by, EDIT)
    return set(projects_of(plan).filter(pk__in=held.values("pk")).values_list("pk", flat=True))


def _rows(plan: SectorPlan, workbook: Workbook, found: Found, by: User) -> list[BookRow]:
    if SHEET not in workbook:
        return []
    projects = {(one.entity.code, read_back(Kind.KEY, one.code)): one for one in projects_of(plan)}
    writable = _writable(plan, by)
    stored = {
        (row.project_id, row.vigencia_id): money_of(row)
        for row in ProjectResource.objects.filter(project__in=projects.values(), vigencia__in=plan.vigencias)
    }
    rows = []
    for row in workbook[SHEET]:
        place = Place(SHEET, row.cells)
        project, vigencia = projects.get((str(row[ENTITY]), str(row[PROJECT]))), row[VIGENCIA]
        wrong = list(_identity(plan, row, project))
        for header, problem in wrong:
            found.add(place, header, problem, row[header])
        if project is None or not isinstance(vigencia, int) or wrong:
            continue
        before = stored.get((project.pk, vigencia), Money())
        made = BookRow(project, vigencia, before, _money(row, before), place)
        if made.is_changed and project.pk not in writable:
            message = f"Usted no escribe los recursos de {project.entity.short_name}."
            fix = "Quite la fila, o pida la carga a quien los escribe."
            found.add(place, ENTITY, Problem("forbidden", "AZ1", message, fix=fix), project.entity.code)
        rows.append(made)
    repeated(rows, lambda one: one.key, PROJECT, found)
    _judge(rows, found)
    return rows


def _identity(plan: SectorPlan, row: Row, project: InvestmentProject | None) -> Iterator[tuple[str, Problem]]:
    if row[VIGENCIA] is not None and row[VIGENCIA] not in plan.vigencias:
        message = f"La vigencia {row[VIGENCIA]} no es de este plan ({plan.period})."
        yield VIGENCIA, Problem("vigencia_outside", "PES-06", message, fix="Corrija el año o quite la fila.")
    if project is None and row[ENTITY] and row[PROJECT]:
        message = f"«{row[ENTITY]}» no tiene un proyecto «{row[PROJECT]}» en este plan."
        fix = "Corrija los códigos, o registre antes el proyecto."
        yield PROJECT, Problem("project_unknown", "PES-02", message, fix=fix)


def _money(row: Row, before: Money) -> Money:
    """What a row says; a column that is not in the workbook leaves what is stored."""

    def said(header: str, stored: Any) -> Any:
        if header not in row.values:
            return stored
        value = row[header]
        return stored if stored is not None and says_the_same(stored, value) else value

    amounts = [said(header, getattr(before, name)) for header, name in AMOUNTS.items()]
    exact = [Decimal(one) if one is not None else None for one in amounts]
    return Money(*exact, said(CUTOFF, before.cutoff_on), said(SOURCE, before.source) or "")


def _judge(rows: Iterable[BookRow], found: Found) -> None:
    today = timezone.localdate()
    header_of = {name: header for header, name in AMOUNTS.items()}
    for row in rows:
        for problem in money_problems(row.after, row.vigencia, today) if row.is_changed else ():
            header = _HEADERS.get(problem.code, header_of["programmed"])
            found.add(row.place, header, problem)


_HEADERS = {
    "paid_alone": "comprometido",
    "paid_over_committed": "pagado",
    "committed_over_programmed": "comprometido",
    "cutoff_missing": CUTOFF,
    "cutoff_in_future": CUTOFF,
    "cutoff_before": CUTOFF,
    "source_missing": SOURCE,
}


def _write(rows: Iterable[BookRow], found: Found, by: User) -> list[str]:
    """The rows that differ, through the verb of the screen; which projects they are of."""
    changed = []
    for row in rows:
        if not row.is_changed:
            continue
        try:
            record_resources(row.project, row.vigencia, row.after, read=fingerprint(money_facts(row.before)), by=by)
            changed.append(f"{row.project.code} {row.vigencia}")
        except Refused as refused:
            for problem in refused.problems:
                found.add(row.place, PROJECT, problem, row.project.code)
    return changed


def _changed_meanwhile() -> Problem:
    message = "Los recursos cambiaron después de la vista previa; nada se ha escrito."
    fix = "Revise las diferencias con lo que dicen ahora y aplique."
    return Problem("resources_changed", "IM11", message, fix=fix)
