"""The parts of a workbook around its sheets: their list, the shared texts, the number formats.

Runs in the child. Each is read with the parser that refuses entities, so that nothing
here trusts a part's name or extension.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from pes.workbooks import scan
from pes.workbooks.items import Refusal

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES, STRINGS = "xl/styles.xml", "xl/sharedStrings.xml"  # where everybody puts them
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
# Number formats that every workbook has without declaring them.
BUILT_IN_DATES = frozenset({*range(14, 23), 45, 46, 47})
BUILT_IN_SPANS = frozenset({46})
BUILT_IN_PERCENTS = frozenset({9, 10})
NOT_CODE = re.compile(r'"[^"]*"|\[(?!h{1,2}\]|m{1,2}\]|s{1,2}\])[^\]]*\]', re.IGNORECASE)
DATE_CODE = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)
SPAN_CODE = re.compile(r"\[(h{1,2}|m{1,2}|s{1,2})\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetPart:
    title: str
    path: str
    is_hidden: bool


@dataclass(slots=True)
class Formats:
    """Indexes of the cell styles that show a date, a span of time or a percentage."""

    dates: set[int] = field(default_factory=set)
    spans: set[int] = field(default_factory=set)
    percents: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Book:
    sheets: list[SheetPart] = field(default_factory=list)
    is_1904: bool = False
    strings: list[str] = field(default_factory=list)
    formats: Formats = field(default_factory=Formats)


def open_book(archive: zipfile.ZipFile) -> Book:
    """Everything but the sheets themselves. A missing part is a `KeyError`: damaged."""
    book = Book()
    targets: dict[str, tuple[str, str]] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
            targets[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], path)

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            book.is_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet" and attributes.get(LINK):
            kind, path = targets[attributes[LINK]]
            if kind != "chartsheet" and path in names:
                book.sheets.append(SheetPart(attributes["name"], path, attributes.get("state", "visible") != "visible"))

    names = set(archive.namelist())
    with archive.open(RELATIONS) as part:
        scan.elements(part, relation)
    with archive.open(WORKBOOK) as part:
        scan.elements(part, sheet)
    tables = {path for kind, path in targets.values() if kind == "sharedStrings"} or {STRINGS}
    if len(tables) > 1:
        raise Refusal("damaged", found="varias tablas de textos")
    for path in tables & names:
        with archive.open(path) as part:
            book.strings = scan.Texts(part).read()
    if STYLES in names:
        book.formats = _formats(archive)
    return book


def _formats(archive: zipfile.ZipFile) -> Formats:
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside = ""

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if name in ("numFmts", "cellStyleXfs", "cellXfs", "dxfs"):
            inside = name
        elif name == "numFmt" and inside == "numFmts":
            codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "xf" and inside == "cellXfs":
            styles.append(int(attributes.get("numFmtId", "0")))

    with archive.open(STYLES) as part:
        scan.elements(part, element)
    formats = Formats()
    for index, identifier in enumerate(styles):
        shown = _shown(identifier, codes.get(identifier))
        for is_so, chosen in zip(shown, (formats.dates, formats.spans, formats.percents), strict=True):
            if is_so:
                chosen.add(index)
    return formats


def _shown(identifier: int, code: str | None) -> tuple[bool, bool, bool]:
    """Whether a number format shows a date, a span of time, a percentage."""
    if code is None:
        return identifier in BUILT_IN_DATES, identifier in BUILT_IN_SPANS, identifier in BUILT_IN_PERCENTS
    first = code.split(";")[0]
    return bool(DATE_CODE.search(NOT_CODE.sub("", first))), bool(SPAN_CODE.search(first)), "%" in code
