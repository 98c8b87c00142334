"""What is on screen, as a workbook: the same rows in the same order, numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from pes.demo_mark import demo_mark
from pes.workbooks.writer import SheetData, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_response(name: str, title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """One sheet for download; `name` is the file's, without suffix. For the rows of a page, never for whole tables."""
    buffer = BytesIO()
    widths = {"Indicador": 60, "Análisis": 80}
    sheet = SheetData(title=title, headers=headers, rows=rows, widths=widths, mark=demo_mark())
    write_workbook(buffer, [sheet], created=timezone.localtime(), title=title)
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    return response
