"""Values of the wanted sheets as plain lists, with openpyxl. Runs in the child only."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser

from pes.workbooks import limits, scan
from pes.workbooks.items import Refusal
from pes.workbooks.names import fold

MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
FORBIDDEN_TYPE = re.compile(r"macro|vba|oleobject|activex|externallink|dialogsheet|binary", re.I)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def extract(stream: IO[bytes], wanted: list[str]) -> dict[str, Any]:
    """Read the sheets whose folded title is in `wanted`.

    Raises `Refusal`; any other exception means a damaged file.
    """
    with zipfile.ZipFile(stream) as archive:
        _check_parts(archive)
    stream.seek(0)
    # openpyxl would parse a whole sheet to find its size, which is not trusted anyway.
    ReadOnlyWorksheet._get_size = ReadOnlyWorksheet.reset_dimensions
    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    budget = [limits.MAX_TEXT]
    sheets = [_sheet(book, sheet, budget) for sheet in book.worksheets if fold(sheet.title) in wanted]
    return {
        "titles": [sheet.title for sheet in book.worksheets],
        "is_1904": book.epoch == MAC_EPOCH,
        "sheets": sheets,
    }


def _check_parts(archive: zipfile.ZipFile) -> None:
    main_types: list[str] = []

    def content_type(_name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if attributes.get("PartName", "").casefold() == "/xl/workbook.xml":
            main_types.append(kind)
        if FORBIDDEN_TYPE.search(kind):
            code = "external_link" if "externalLink" in kind else "not_plain_xlsx"
            raise Refusal(code, found=kind[-60:])

    for name in archive.namelist():
        folded = name.casefold()
        if not folded.endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(name) as part:
            scan.refuse_entities(part)
        with archive.open(name) as part:
            if name == "[Content_Types].xml":
                scan.elements(part, content_type)
            elif folded.endswith(".rels"):
                scan.elements(part, _check_relationship)
            elif folded.endswith("sharedstrings.xml"):
                scan.count_strings(part)
    if main_types != [MAIN_TYPE]:
        raise Refusal("not_plain_xlsx", found=(main_types or ["sin tipo de contenido"])[0][-60:])


def _check_relationship(_name: str, attributes: dict[str, str]) -> None:
    kind = attributes.get("Type", "").rpartition("/")[2]
    if attributes.get("TargetMode") == "External" and kind != "hyperlink":
        raise Refusal("external_link", found=f"{kind}: {attributes.get('Target', '')[:60]}")
    if re.search(r"vba|oleObject|externalLink|activeX", kind, re.IGNORECASE):
        raise Refusal("external_link" if "external" in kind else "embedded_object", found=kind)


def _sheet(book: Workbook, sheet: ReadOnlyWorksheet, budget: list[int]) -> dict[str, Any]:
    facts = scan.scan_sheet(sheet._get_source, sheet.title)
    rows = list(_rows(book, sheet, facts, budget))
    return {
        "title": sheet.title,
        "is_hidden": sheet.sheet_state != "visible",
        "rows": rows,
        "merges": facts.merges,
        "hidden_rows": facts.hidden_rows,
        "hidden_columns": facts.hidden_columns,
        "is_filtered": facts.is_filtered,
    }


def _rows(book: Workbook, sheet: ReadOnlyWorksheet, facts: scan.SheetFacts, budget: list[int]) -> Iterator[list[Any]]:
    """Rows `[number, [[column, kind, text, flags], …]]` up to the last one that holds something.

    Stopping there keeps openpyxl away from the empty tail and from the parts after it.
    """
    if not facts.last_row:
        return
    percents = _percent_styles(book)
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            out = []
            for cell in cells:
                plain = _plain(cell, facts)
                if plain is None:
                    continue
                if cell["style_id"] in percents:
                    plain[3] += "p"
                budget[0] -= len(plain[2])
                out.append(plain)
            if budget[0] < 0:
                raise Refusal("too_heavy", found="demasiado texto", sheet=sheet.title)
            if out:
                yield [number, out]
            if number >= facts.last_row:
                return


def _plain(cell: dict[str, Any], facts: scan.SheetFacts) -> list[Any] | None:
    value, at = cell["value"], (cell["row"], cell["column"])
    is_formula = at in facts.formulas
    if value is None:
        if is_formula and at not in facts.empty_texts:
            return [at[1], "x", "=" + facts.formulas[at], "f"]
        return None
    kind, text = _kind_and_text(value, cell["data_type"])
    return [at[1], kind, text, "f" if is_formula else ""]


def _kind_and_text(value: Any, data_type: str) -> tuple[str, str]:
    """Kinds: s text, n number, d date, t time, b boolean, e Excel error."""
    if data_type == "e":
        return "e", str(value)
    if isinstance(value, str):
        return "s", ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), value)
    if isinstance(value, bool):
        return "b", "1" if value else "0"
    if isinstance(value, (int, float)):
        return "n", repr(value)
    if isinstance(value, (dt.datetime, dt.date)):
        return "d", value.isoformat()
    return "t", str(value)


def _percent_styles(book: Workbook) -> frozenset[int]:
    def number_format(identifier: int) -> str:
        if identifier < 164:
            return str(BUILTIN_FORMATS.get(identifier, ""))
        return str(book._number_formats[identifier - 164])

    return frozenset(index for index, style in enumerate(book._cell_styles) if "%" in number_format(style.numFmtId))
