"""PES workbooks as people send them: the published one, changed cell by cell before it is saved."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.core.management import call_command
from openpyxl import Workbook

from evaluation.models import IndicatorWeight, WeightSet
from evaluation.pes_workbook.fixture import PUBLISHED
from pes.models import AuditEvent, Indicator, IndicatorTarget, Objective, OrganizationUnit, SectorGoal, SectorPlan
from tracking.models import Measurement

WRITTEN = (
    OrganizationUnit, SectorPlan, Objective, SectorGoal, Indicator, IndicatorTarget, WeightSet, IndicatorWeight,
    Measurement, AuditEvent,
)  # fmt: skip
Tables = dict[str, list[dict[str, Any]]]


def published() -> Tables:
    """The sheets of the published PES as rows by header, free to change."""
    tables: Tables = deepcopy(json.loads(PUBLISHED.read_text(encoding="utf-8"))["sheets"])
    return tables


def row(tables: Tables, sheet: str, header: str, value: Any) -> dict[str, Any]:
    """The first row of a sheet with a value under a header."""
    return next(line for line in tables[sheet] if line[header] == value)


def save(tables: Tables, path: Path) -> Path:
    """Write the tables as an .xlsx; values keep their Python type."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        headers = list(dict.fromkeys(header for line in rows for header in line))
        sheet.append(headers)
        for line in rows:
            sheet.append([line.get(header) for header in headers])
    book.save(path)
    return path


def run(*command: str, **options: Any) -> tuple[Any, int]:
    """A command's JSON document and exit code; anything else on stdout makes this fail."""
    out, code = io.StringIO(), 0
    try:
        with redirect_stdout(out):
            call_command(*command, format="json", stdout=out, **options)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return json.loads(out.getvalue()), code


def imported(tables: Tables, folder: Path, **options: Any) -> tuple[Any, int]:
    """Save the tables and import them."""
    return run("import_pes", str(save(tables, folder / "pes.xlsx")), **options)


def problems(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Where and what each error is."""
    return [(item["sheet"], item["cell"], item["code"]) for item in answer["errors"]]


def written() -> list[int]:
    """How many rows there are of everything that an import may write."""
    return [model.objects.count() for model in WRITTEN]


def refused(tables: Tables, folder: Path, *expected: tuple[str, str, str], **options: Any) -> dict[str, Any]:
    """Import, and assert that these are the errors and that nothing was written."""
    before = written()

    answer, code = imported(tables, folder, **options)

    assert (code, problems(answer)) == (1, list(expected))
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 0)
    assert written() == before
    return answer
