"""The files of a document: what each kind is delivered as, all of them from one frozen context."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evaluation.auditor import cb0404, cb1090, management_report
from evaluation.auditor.columns import Columns
from evaluation.auditor.context import YearContext
from evaluation.auditor.xlsx import workbook
from evaluation.models import AuditorKind
from evaluation.models.auditor_report import FORMATS
from pes.documents.assets import asset
from pes.documents.blocks import Document
from pes.documents.docx import docx_of
from pes.documents.html import html_of
from pes.documents.pdf import STYLE, render_html


@dataclass(frozen=True, slots=True)
class Files:
    """Contents by suffix, the HTML that pages show among them, and the pages of the PDF."""

    contents: dict[str, bytes]
    pages: int


def make(context: YearContext, columns: Columns, progress: Callable[[int], None]) -> Files:
    """Everything that a kind is delivered as, without the database."""
    document = document_of_kind(context, columns)
    progress(5)
    data = workbook(context, document, columns)
    progress(20)
    contents = {"xlsx": data, "html": html_of(document, asset(STYLE).decode()).encode()}
    if "docx" in FORMATS[context.kind]:
        contents["docx"] = docx_of(document)
    progress(40)
    made = render_html(html_of(document), data, dated_at=context.dated_at, description=f"Datos: {document.title}")
    contents["pdf"] = made.content
    progress(95)
    return Files(contents, made.pages)


def document_of_kind(context: YearContext, columns: Columns) -> Document:
    """The blocks of a kind."""
    if context.kind == AuditorKind.CB0404:
        return cb0404.document(context, columns)
    return cb1090.document(context) if context.kind == AuditorKind.CB1090 else management_report.document(context)
