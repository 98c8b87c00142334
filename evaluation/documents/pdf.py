"""The report as one PDF with its data inside."""

from __future__ import annotations

from evaluation.documents.context import ReportContext
from evaluation.documents.html import document
from pes.documents.pdf import Pdf, render_html


def render(context: ReportContext, workbook: bytes) -> Pdf:
    """Lay the report out with its data embedded. Raises Blocked, or RecursionError when it nests too deep (PD3)."""
    return render_html(document(context), workbook, dated_at=context.dated_at, description=f"Datos: {context.title}")
