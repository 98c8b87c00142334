"""Values of the wanted sheets as plain lists. Runs in the child only."""

from __future__ import annotations

import re
import zipfile
from functools import partial
from typing import IO, Any

from pes.workbooks import limits, scan
from pes.workbooks.content import Content
from pes.workbooks.items import Refusal
from pes.workbooks.names import fold
from pes.workbooks.parts import open_book
from pes.workbooks.sheet_reader import read_sheet

MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
FORBIDDEN_TYPE = re.compile(r"macro|vba|oleobject|activex|externallink|dialogsheet|binary", re.I)


def extract(stream: IO[bytes], wanted: list[str]) -> dict[str, Any]:
    """Read the sheets whose folded title is in `wanted`.

    Raises `Refusal`; any other exception means a damaged file.
    """
    with zipfile.ZipFile(stream) as archive:
        _check_parts(archive)
        book = open_book(archive)
        content, budget = Content(book), [limits.MAX_TEXT]
        sheets = [
            {
                "title": sheet.title,
                "is_hidden": sheet.is_hidden,
                **read_sheet(partial(archive.open, sheet.path), sheet.title, content, budget),
            }
            for sheet in book.sheets
            if fold(sheet.title) in wanted
        ]
    return {"titles": [sheet.title for sheet in book.sheets], "is_1904": book.is_1904, "sheets": sheets}


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
    if main_types != [MAIN_TYPE]:
        raise Refusal("not_plain_xlsx", found=(main_types or ["sin tipo de contenido"])[0][-60:])


def _check_relationship(_name: str, attributes: dict[str, str]) -> None:
    kind = attributes.get("Type", "").rpartition("/")[2]
    if attributes.get("TargetMode") == "External" and kind != "hyperlink":
        raise Refusal("external_link", found=f"{kind}: {attributes.get('Target', '')[:60]}")
    if re.search(r"vba|oleObject|externalLink|activeX", kind, re.IGNORECASE):
        raise Refusal("external_link" if "external" in kind else "embedded_object", found=kind)
