"""Builds the workbooks nobody should send: raw OOXML, so that every byte is ours."""

from __future__ import annotations

import resource
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PLAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>clave</t></is></c><c r="B1" t="inlineStr"><is><t>valor</t></is></c></row>'
DATE_STYLE, PERCENT_STYLE = 1, 2
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol0 "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
XXE = '<!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>'


def text(cell: str, value: str) -> str:
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")
    return f'<c r="{cell}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'


def number(cell: str, value: str, style: int = 0) -> str:
    return f'<c r="{cell}" s="{style}"><v>{value}</v></c>'


def formula(cell: str, code: str, value: str | None, kind: str = "n") -> str:
    cached = "" if value is None else f"<v>{value}</v>"
    return f'<c r="{cell}" t="{kind}"><f>{code}</f>{cached}</c>'


def row(at: int, *cells: str, attributes: str = "") -> str:
    return f'<row r="{at}" {attributes}>{"".join(cells)}</row>'


def sheet(rows: Iterable[str], *, before: str = "", after: str = "", prologue: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}<worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{''.join(rows)}</sheetData>{after}</worksheet>"
    )


def table(*rows: str, **parts: str) -> str:
    """A sheet with the headers `clave` and `valor` in row 1."""
    return sheet((HEADER, *rows), **parts)


def parts(
    sheets: Mapping[str, str],
    *,
    is_1904: bool = False,
    hidden: Iterable[str] = (),
    main_type: str = PLAIN_TYPE,
    extra: Mapping[str, bytes | str] | None = None,
) -> dict[str, bytes | str]:
    """Every part of a plain workbook with these sheets, to be written or spoiled."""
    numbered = list(enumerate(sheets, 1))
    state = dict.fromkeys(hidden, ' state="hidden"')
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}"/>' for n, _t in numbered
    )
    listed = "".join(f'<sheet name={quoteattr(t)} sheetId="{n}" r:id="rId{n}"{state.get(t, "")}/>' for n, t in numbered)
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _t in numbered
    )
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main_type}"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{STYLES_TYPE}"/>{overrides}</Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{int(is_1904)}"/>'
            f"<sheets>{listed}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
            f'<Relationship Id="rId99" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": _styles(),
        **{f"xl/worksheets/sheet{n}.xml": sheets[t] for n, t in numbered},
        **(extra or {}),
    }


def _styles() -> str:
    xf = '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    return (
        f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="3">{xf.format(0)}{xf.format(14)}{xf.format(10)}</cellXfs></styleSheet>'
    )


def pack(path: Path, contents: Mapping[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def book(folder: Path, xml: str, **options: object) -> Path:
    """A workbook whose one sheet, `Datos`, is `xml`."""
    return pack(folder / "libro.xlsx", parts({"Datos": xml}, **options))  # type: ignore[arg-type]


def empty_rows(count: int, first: int = 3) -> str:
    """Rows that hold nothing, varied enough to pass as an honest compression ratio."""
    return "".join(f'<row r="{at}" spans="1:30" ht="{at % 997}.{at % 83}"/>' for at in range(first, first + count))


def processor_seconds() -> float:
    """Processor time of this process and its ended children: what a file costs, however busy the machine is."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)
