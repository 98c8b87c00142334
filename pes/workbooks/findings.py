"""Collects what is found in a workbook without letting a bad file make a million items."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pes.workbooks.cells import Note
from pes.workbooks.items import Item, Refusal, Severity
from pes.workbooks.refusals import as_item

MAX_ERRORS = 1_000


class Findings:
    """Errors one by one up to a ceiling; equal warnings of one column are one item
    that names the first cell and counts the rest."""

    def __init__(self) -> None:
        self._errors: list[Item] = []
        self._more_errors = 0
        self._warnings: dict[tuple[str, str, str, str], Item] = {}
        self._counts: Counter[tuple[str, str, str, str]] = Counter()

    def add(self, sheet: str, cell: str, found: str, note: Note, severity: Severity) -> None:
        item = Item(sheet, cell, note.code, note.rule, found, note.expected, note.message, note.fix, severity)
        if severity is Severity.ERROR:
            self.add_error(item)
            return
        column = cell.rstrip("0123456789")
        key = (sheet, column, note.code, cell if note.code in SEPARATE else "")
        self._warnings.setdefault(key, item)
        self._counts[key] += 1

    def add_error(self, item: Item) -> None:
        if len(self._errors) < MAX_ERRORS:
            self._errors.append(item)
        else:
            self._more_errors += 1

    def refuse(self, code: str, sheet: str, cell: str, found: str) -> None:
        self.add_error(as_item(Refusal(code, found=found, sheet=sheet, cell=cell)))

    def errors(self) -> tuple[Item, ...]:
        if not self._more_errors:
            return tuple(self._errors)
        rest = Item(
            "",
            "",
            "more_errors",
            "IM8",
            f"{self._more_errors} errores más",
            "un libro sin errores",
            f"Hay {self._more_errors} errores más que no se muestran.",
            "Corrija los primeros y cargue el archivo de nuevo.",
        )
        return (*self._errors, rest)

    def warnings(self) -> tuple[Item, ...]:
        return tuple(_counted(item, self._counts[key]) for key, item in self._warnings.items())


SEPARATE = frozenset({"merged_cells", "unknown_header"})


def _counted(item: Item, count: int) -> Item:
    if count == 1:
        return item
    others = "otra celda" if count == 2 else f"otras {count - 1} celdas"
    return replace(item, message=f"{item.message} Lo mismo en {others} de la columna.")
