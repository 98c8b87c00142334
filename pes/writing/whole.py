"""The document of a PES made from its content: chapters, contents, numbered tables and figures, ready for any face."""

from __future__ import annotations

from datetime import datetime

from pes.documents.blocks import Document, Section
from pes.writing.content import Content


def document_of(
    content: Content,
    *,
    edition: str,
    dated_at: datetime,
    digest: str,
    marks: tuple[str, ...] = (),
    annexes: tuple[Section, ...] = (),
) -> Document:
    """The document as `html_of`, `render_html` and `docx_of` take it, in the order of LC-07.

    `edition` is its version as said («Versión 2», «Borrador»), `marks` what every page carries, `annexes` more
    sections at the end. Tables are numbered «Tabla n.», figures «Figura n.», in the order of reading; it has a table of
    contents of two levels and the lists of tables and of figures. Nothing is read but what comes in.
    """
    raise NotImplementedError(content, edition, dated_at, digest, marks, annexes)
