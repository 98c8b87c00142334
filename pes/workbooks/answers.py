"""What an import did, or why it did nothing, in the one form of the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pes.workbooks.items import Item


@dataclass(frozen=True, slots=True)
class Answer:
    """Counts are rows of the workbook; with errors they are all 0, because nothing was written."""

    created: int
    updated: int
    unchanged: int
    errors: tuple[Item, ...]
    warnings: tuple[Item, ...]

    def as_json(self) -> dict[str, Any]:
        """The document of the command line."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "errors": [item.as_json() for item in self.errors],
            "warnings": [item.as_json() for item in self.warnings],
        }
