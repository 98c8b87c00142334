"""What a workbook has to say: errors and warnings, in one shape everywhere."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Item:
    """One finding about a workbook, addressed to the person who will fix it.

    The eight text fields are the contract of the command line and of the import
    screens ("Command line" in the architecture): `sheet` and `cell` say where,
    `code` is stable, `rule` is the id that asks for it, the rest is Spanish.
    """

    sheet: str
    cell: str
    code: str
    rule: str
    found: str
    expected: str
    message: str
    fix: str
    severity: Severity = Severity.ERROR

    def as_json(self) -> dict[str, str]:
        """The eight public fields; severity is told by the list the item is in."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "severity"}


class Refusal(Exception):
    """The file as a whole is not read; `code` is a key of `refusals.REFUSALS`."""

    def __init__(self, code: str, *, found: str = "", sheet: str = "", cell: str = "") -> None:
        super().__init__(code)
        self.code, self.found, self.sheet, self.cell = code, found, sheet, cell
