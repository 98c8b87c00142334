"""Workbooks of a plan as people send them: rows by header, changed cell by cell before they are saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from pes.models import AuditEvent, OrganizationUnit
from plans.models import Goal, PlanGestion, QuarterTarget
from plans.workbook.shape import GOALS, HEADERS, PLAN
from tests.pes_books import problems, run

WRITTEN = (PlanGestion, Goal, QuarterTarget, AuditEvent)
Line = dict[str, Any]
LINE: Mapping[str, Any] = {
    "no_meta": 1,
    "objetivo_estrategico": "1. Objetivo estratégico 1",
    "meta": "Atender 100 solicitudes de la ciudadanía durante la vigencia",
    "tipo_meta": "técnica",
    "ponderacion": 100,
    "indicador": "Solicitudes atendidas",
    "formula_indicador": "Solicitudes atendidas / Solicitudes recibidas",
    "unidad_medida": "Solicitudes",
    "tipo_indicador": "eficacia",
    "linea_base": None,
    "tipo_programacion": "SUMA",
    "p_t1": 25,
    "p_t2": 25,
    "p_t3": 25,
    "p_t4": 25,
    "magnitud_total": 100,
    "entregable": "Informe trimestral",
    "fuente_informacion": "Sistema de gestión documental",
    "medio_verificacion": "Reporte del sistema",
    "dependencia_responsable": "Equipo del proceso",
    "responsable_reporte_central": None,
    "articulacion": "PES",
    "estado_meta": "activa",
}


def line(number: int = 1, **changes: Any) -> Line:
    """A complete and coherent row, with some cells changed."""
    return {**LINE, "no_meta": number, **changes}


def lines(count: int) -> list[Line]:
    """Rows whose weights sum 100."""
    return [line(number, ponderacion=round(100 / count, 2)) for number in range(1, count + 1)]


def save(
    path: Path, rows: Sequence[Mapping[str, Any]], plan: Mapping[str, Any] | None = None, title: str = GOALS
) -> Path:
    """Write goals, and the sheet Plan if it is given, as another program would."""
    book = Workbook()
    book.remove(book.active)
    if plan is not None:
        about = book.create_sheet(PLAN)
        for pair in (("clave", "valor"), *plan.items()):
            about.append(pair)
    sheet = book.create_sheet(title)
    headers = list(dict.fromkeys(header for row in rows for header in row)) or list(HEADERS)
    sheet.append(headers)
    for row in rows:
        sheet.append([row.get(header) for header in headers])
    book.save(path)
    return path


def imported(path: Path, unit: OrganizationUnit, vigencia: int = 2022, **options: Any) -> tuple[Any, int]:
    """The answer and the exit code of `import_plan`."""
    return run("import_plan", str(path), unit=unit.code, vigencia=vigencia, **options)


def exported(path: Path, unit: OrganizationUnit, vigencia: int = 2022) -> Path:
    """The workbook of a plan, from the command line."""
    answer, code = run("export_plan", unit=unit.code, vigencia=vigencia, out=path)
    assert (code, answer["file"]) == (0, str(path))
    return path


def changed(path: Path, cells: Mapping[str, Any], sheet: str = GOALS) -> Path:
    """The same workbook with other values in some cells, saved by another program."""
    book = load_workbook(path)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)
    return path


def written() -> list[int]:
    """How many rows there are of everything that an import may write."""
    return [model.objects.count() for model in WRITTEN]


def refused(path: Path, unit: OrganizationUnit, *expected: tuple[str, str, str], **options: Any) -> dict[str, Any]:
    """Import, and assert that these are the errors and that nothing was written."""
    before = written()

    answer, code = imported(path, unit, **options)

    assert (code, problems(answer)) == (1, list(expected))
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 0)
    assert written() == before
    return answer


def codes(items: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Cell and code of each item."""
    return [(item["cell"], item["code"]) for item in items]
