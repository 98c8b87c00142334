"""The sheet that tells how a form is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pes.workbooks.form import INSTRUCTIONS
from pes.workbooks.sheets import Cell, Heading, SheetData

STEP_WIDTH, TEXT_WIDTH = 32, 95


def instructions(title: str, paragraphs: Sequence[str], columns: Mapping[str, str], *, mark: str = "") -> SheetData:
    """A title, numbered paragraphs and a table of what is written in each column.

    `read_workbook` passes over it when told with `ignored=form.OWN_SHEETS`.
    """

    def rows() -> Iterator[Sequence[Cell]]:
        for number, paragraph in enumerate(paragraphs, 1):
            yield [f"{number}.", paragraph]
        if columns:
            yield []
            yield [Heading("Columna"), Heading("Qué se escribe")]
            yield from columns.items()

    headers = (INSTRUCTIONS, title)
    return SheetData(
        INSTRUCTIONS,
        headers,
        rows(),
        widths={INSTRUCTIONS: STEP_WIDTH, title: TEXT_WIDTH},
        mark=mark,
        wrap=frozenset(headers),
        has_filter=False,
    )
