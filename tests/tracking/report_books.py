"""Workbooks of a quarter's report as people send them: rows by header, changed cell by cell before they are saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from pes.models import AuditEvent, OrganizationUnit, UnitKind, User
from pes.permissions import Role
from tests import people, plan_makers, report_makers
from tests.pes_books import problems, run
from tests.plans.books import changed as changed_in
from tracking.models import GoalNarrative, GoalReport, QuarterReport
from tracking.report_workbook import shape

SHARE = {
    "text": "Atender el 90 % de las solicitudes",
    "unit": "Porcentaje",
    "programming_type": "CONSTANTE",
    "numerator": "Solicitudes atendidas",
    "denominator": "Solicitudes recibidas",
    **{f"t{quarter}": Decimal(90) for quarter in (1, 2, 3, 4)},
    "magnitude": Decimal(90),
}
CENTRAL = {"text": "Sembrar 40 árboles", "t1": 10, "t2": 10, "t3": 10, "t4": 10, "magnitude": 40}
LINE: Mapping[str, Any] = {
    "no_meta": 1,
    "numerador_q": None,
    "denominador_q": None,
    "ejecutado_q": 25,
    "analisis_q": "Se atendieron las solicitudes.",
    "causas_retraso_q": None,
    "analisis_acum_q": "Avanza según lo programado.",
}


def line(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A row with the seven columns of rules §5.4, with some cells changed."""
    return {**LINE, "no_meta": number, **changes}


def central_area(them: people.Cast) -> tuple[OrganizationUnit, User]:
    """An area of the head entity that reports goals of others, and who reports for it."""
    area = people.unit("GET", UnitKind.PROCESS, them.head, "Gestión Territorial")
    return area, people.person("Rosa Reporte", Role.AREA_CENTRAL, area)


def open_report(them: people.Cast, area: OrganizationUnit, status: str = "open") -> QuarterReport:
    """The T1 report of the process: a SUMA, a percentage with terms, and a goal of the central area."""
    goals = [{}, SHARE, {**CENTRAL, "central_area": area.code}]
    plan = plan_makers.management_plan(unit=them.process, by=them.luis, goals=goals)
    return report_makers.report(plan, status=status)


def save(path: Path, rows: Sequence[Mapping[str, Any]], title: str = shape.REPORT, **about: Any) -> Path:
    """Write rows, and the sheet Identificación if something is said of it, as another program would."""
    book = Workbook()
    book.remove(book.active)
    if about:
        pairs = book.create_sheet(shape.ABOUT)
        for pair in (("clave", "valor"), *about.items()):
            pairs.append(pair)
    sheet = book.create_sheet(title)
    headers = list(dict.fromkeys(header for row in rows for header in row))
    sheet.append(headers)
    for row in rows:
        sheet.append([row.get(header) for header in headers])
    book.save(path)
    return path


def changed(path: Path, cells: Mapping[str, Any]) -> Path:
    """The same workbook with other values in some cells of the sheet Reporte."""
    return changed_in(path, cells, shape.REPORT)


def imported(path: Path, unit: OrganizationUnit, quarter: int = 1, **options: Any) -> tuple[Any, int]:
    """The answer and the exit code of `import_report`."""
    return run("import_report", str(path), unit=unit.code, vigencia=2022, quarter=quarter, **options)


def exported(path: Path, unit: OrganizationUnit, quarter: int = 1) -> Path:
    """The workbook of a report, from the command line."""
    answer, code = run("export_report", unit=unit.code, vigencia=2022, quarter=quarter, out=path)
    assert (code, answer["file"]) == (0, str(path))
    return path


def stored() -> list[Any]:
    """Everything that an import may write, as it is."""
    figures = GoalReport.objects.order_by("pk").values_list("achieved", "numerator", "denominator", "revision")
    words = GoalNarrative.objects.order_by("pk").values_list("analysis", "delay_causes", "accumulated_analysis")
    return [*figures, *words, AuditEvent.objects.count()]


def refused(path: Path, unit: OrganizationUnit, *expected: tuple[str, str], **options: Any) -> dict[str, Any]:
    """Import, and assert that these are the errors of the sheet Reporte and that nothing was written."""
    before = stored()

    answer, code = imported(path, unit, **options)

    assert (code, problems(answer)) == (1, [(shape.REPORT, cell, code_) for cell, code_ in expected])
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 0)
    assert stored() == before
    found: dict[str, Any] = answer
    return found
