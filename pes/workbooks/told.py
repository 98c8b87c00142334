"""What a workbook has to say, as its page shows it: errors apart from warnings, sheet by sheet and row by row."""

from __future__ import annotations

from collections.abc import Iterable

from pes.workbooks.items import Item
from pes.workbooks.names import column_number

MOST_ITEMS = 200
WITH_ERRORS = "Corrija los errores y cargue el libro otra vez; mientras haya uno no se escribe nada."

Group = tuple[str, str, tuple[Item, ...], int]  # title, tone, those shown, how many more


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """Items as a person goes through the workbook."""
    return tuple(sorted(items, key=_place))


def groups(errors: tuple[Item, ...], warnings: tuple[Item, ...]) -> tuple[Group, ...]:
    """Errors and warnings apart, the empty ones left out."""
    found = (("Errores", "risk", errors), ("Advertencias", "warn", warnings))
    return tuple(
        (title, tone, items[:MOST_ITEMS], max(0, len(items) - MOST_ITEMS)) for title, tone, items in found if items
    )


def _place(item: Item) -> tuple[str, int, int]:
    letters = item.cell.rstrip("0123456789")
    return item.sheet, int(item.cell[len(letters) :] or 0), column_number(item.cell)
