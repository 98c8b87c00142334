"""The published PES of `fixtures/`, read as if it were a workbook: one pipeline for both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from evaluation.pes_workbook.shape import SPECS
from pes.workbooks.findings import Findings
from pes.workbooks.reader import Workbook
from pes.workbooks.tables import build_sheet

PUBLISHED = settings.BASE_DIR / "fixtures" / "pes_gestion_publica.json"


def read_fixture(path: Path = PUBLISHED, years: Mapping[str, int] | None = None) -> Workbook:
    """The sheets of a JSON fixture (sheet → rows by header), typed by the same rules as cells that hold text.

    Where a fixture names years by words (`{v}`), `years` says which they are.
    """
    content = path.read_bytes()
    for name, year in (years or {}).items():
        content = content.replace(f"{{{name}}}".encode(), str(year).encode())
    tables: dict[str, list[dict[str, str]]] = json.loads(content)["sheets"]
    findings = Findings()
    sheets = {
        spec.name: build_sheet(spec, _raw(spec.name, tables[spec.name]), False, findings)
        for spec in SPECS
        if spec.name in tables
    }
    return Workbook(sheets, findings.errors(), findings.warnings(), hashlib.sha256(content).hexdigest(), 0)


def _raw(title: str, rows: list[dict[str, str]]) -> dict[str, Any]:
    """Rows as the reader's child hands them over: a header row and cells of text."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    lines = [headers, *([row.get(header, "") for header in headers] for row in rows)]
    cells = [
        [number, [[at, "s", text, ""] for at, text in enumerate(line, 1) if text]]
        for number, line in enumerate(lines, 1)
    ]
    return {
        "title": title,
        "rows": cells,
        "merges": [],
        "is_hidden": False,
        "is_filtered": False,
        "hidden_rows": [],
        "hidden_columns": [],
    }
