"""What makes a sheet a form: choices, help, protected columns, wrapped texts (rules §5.4).

Nothing is written for the rows still to come: what they need goes on the columns, and
on the ranges of the validations, so a form weighs what its values weigh.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from openpyxl.styles import Alignment, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.protection import SheetProtection

from pes.workbooks.names import column_letter
from pes.workbooks.sheets import SheetData

INSTRUCTIONS, LISTS, OBSERVATIONS = "Instrucciones", "Listas", "Observaciones"
OWN_SHEETS = (INSTRUCTIONS, LISTS, OBSERVATIONS)  # ours in every form; none of them carries data

LAST_ROW = 1_048_576  # Excel's own limit, as are the next five
LONGEST_LIST = 255
LONGEST_PROMPT = 255
LONGEST_ERROR = 225
LONGEST_CAPTION = 32
LOCKED_FILL = "F2F2F2"
UNSAFE_ITEM = re.compile(r'[,"\n]|^\s|\s$|^$')  # would be split, or cut, in a list written in place
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Lists:
    """Lists too long to be written in place: one column each of a hidden sheet, equal ones once."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, ...], str] = {}

    def __bool__(self) -> bool:
        return bool(self._columns)

    def range(self, items: Sequence[str]) -> str:
        letter = self._columns.setdefault(tuple(items), column_letter(len(self._columns) + 1))
        return f"{LISTS}!${letter}$2:${letter}${len(items) + 1}"

    def data(self) -> SheetData:
        rows = zip_longest(*self._columns)
        return SheetData(LISTS, [f"Lista {letter}" for letter in self._columns.values()], rows, has_filter=False)


def dress(styled: Any, data: SheetData, header: str) -> None:
    """Give a cell or a column of a form its alignment and protection; of a plain sheet, nothing."""
    if data.wrap:
        styled.alignment = Alignment(wrap_text=header in data.wrap, vertical="top")
    if header in data.locked:
        styled.fill = PatternFill("solid", start_color=LOCKED_FILL)
    elif data.locked:
        styled.protection = Protection(locked=False)


def prepare(sheet: Any, data: SheetData) -> None:
    """Protection of the sheet and style of its columns, before its first row."""
    if data.locked:
        sheet.protection = SheetProtection(
            sheet=True,
            formatColumns=False,  # false is "not forbidden"
            formatRows=False,
            insertRows=False,
            deleteRows=False,
            sort=False,
            autoFilter=False,
        )
    if data.locked or data.wrap:
        for at, header in enumerate(data.headers, 1):
            column = sheet.column_dimensions[column_letter(at)]
            dress(column, data, header)
            if header in data.formats:
                column.number_format = data.formats[header]


def add_validations(sheet: Any, data: SheetData, last: int, lists: Lists) -> None:
    """Choices and help of every column down to the spare rows, after the last row."""
    end = min(last + data.spare_rows, LAST_ROW)
    for at, header in enumerate(data.headers, 1):
        choices, prompt = data.choices.get(header, ()), data.help.get(header, "")
        if (choices or prompt) and end > 1:
            rule = _choice(choices, lists) if choices else DataValidation(allow_blank=True)
            if prompt:
                rule.showInputMessage = True
                rule.promptTitle, rule.prompt = cut(header, LONGEST_CAPTION), cut(prompt, LONGEST_PROMPT)
            rule.add(f"{column_letter(at)}2:{column_letter(at)}{end}")
            sheet.data_validations.append(rule)


def _choice(choices: Sequence[str], lists: Lists) -> DataValidation:
    joined = ",".join(choices)
    is_short = len(joined) <= LONGEST_LIST and not any(map(UNSAFE_ITEM.search, choices))
    rule = DataValidation(
        type="list",
        formula1=f'"{ILLEGAL.sub("", joined)}"' if is_short else lists.range(choices),
        allow_blank=True,
        showErrorMessage=True,
        errorStyle="stop",
    )
    rule.errorTitle = "Valor fuera de la lista"
    rule.error = cut(f"Escriba o escoja uno de estos valores: {'; '.join(choices)}.", LONGEST_ERROR)
    return rule


def cut(text: str, longest: int) -> str:
    """The text without what Excel refuses, and no longer than Excel takes."""
    text = ILLEGAL.sub("", text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
