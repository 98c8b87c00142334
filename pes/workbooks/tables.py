"""A sheet as a table located by its header names, never by position (IM1, IM5; IMP-01)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pes.workbooks import limits
from pes.workbooks.cells import CellProblem, Kind, Note, RawCell, Value, read_cell
from pes.workbooks.findings import Findings
from pes.workbooks.items import Severity
from pes.workbooks.names import column_letter, fold


@dataclass(frozen=True, slots=True)
class Column:
    """`required`: its header must be there. `filled`: each row must have a value.

    `computed`: its formulas are the template's own, so they are read without a note, and
    one that lost its value is a blank and a warning: we work it out ourselves (IMP-04).
    """

    kind: Kind
    required: bool = True
    filled: bool = False
    aliases: tuple[str, ...] = ()
    computed: bool = False


Matcher = Callable[[str], tuple[str, Column] | None]


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """What a sheet should hold. `patterns` are regular expressions over the folded
    header (`p_(\\d{4})`); a column found by pattern is called by its folded header."""

    name: str
    columns: Mapping[str, Column]
    patterns: Mapping[str, Column] = field(default_factory=dict)
    required: bool = True
    aliases: tuple[str, ...] = ()

    def titles(self) -> set[str]:
        return {fold(name) for name in (self.name, *self.aliases)}

    def matcher(self) -> Matcher:
        """Answers the column's own name and description for a header typed by a person."""
        known = {
            fold(alias): (name, column)
            for name, column in reversed(self.columns.items())
            for alias in (name, *column.aliases)
        }

        def match(header: str) -> tuple[str, Column] | None:
            folded = fold(header)
            if folded in known:
                return known[folded]
            found = (column for pattern, column in self.patterns.items() if re.fullmatch(pattern, folded))
            column = next(found, None)
            return (folded, column) if column else None

        return match


@dataclass(frozen=True, slots=True)
class Row:
    """`values` has every located header (blank is None); `cells` where each one is (`C7`).

    `typed` is what the cells hold that gave no value: refused, or said to be blank (`NP`).
    """

    number: int
    values: dict[str, Value]
    cells: dict[str, str]
    typed: dict[str, str | Decimal]

    def __getitem__(self, header: str) -> Value:
        return self.values[header]

    def written(self, header: str) -> Value:
        """The value, or what was typed instead: to hand the file back without losing a word."""
        value = self.values.get(header)
        return self.typed.get(header) if value is None else value


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    title: str
    headers: dict[str, str]  # header → column letter
    rows: tuple[Row, ...]
    header_row: int = 1

    def place(self, cell: str) -> tuple[str, int]:
        """Header and row number of one of its cells; no header when its column was not read."""
        letters = cell.rstrip("0123456789")
        header = next((name for name, letter in self.headers.items() if letter == letters), "")
        return header, int(cell[len(letters) :] or 0)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


Grid = dict[int, dict[int, RawCell]]


def build_sheet(spec: SheetSpec, raw: Mapping[str, Any], is_1904: bool, findings: Findings) -> Sheet:
    """The child's answer about one sheet as typed rows; what is wrong goes to `findings`."""
    grid: Grid = {number: {column: RawCell(*cell) for column, *cell in cells} for number, cells in raw["rows"]}
    log = _Log(spec.name, findings)
    header_row = _find_header(spec, grid)
    _tell_hidden(raw, log)
    _drop_merged(raw["merges"], grid, header_row, log)
    columns = _locate(spec, grid, header_row, log)
    rows = tuple(_rows(grid, header_row, columns, is_1904, log)) if columns else ()
    if rows and rows[-1].number - header_row > limits.MAX_ROWS:
        log.too_many_rows(rows[-1].number)
    headers = {name: column_letter(at) for at, (name, _column) in columns.items()}
    return Sheet(spec.name, raw["title"], headers, rows, header_row)


@dataclass(frozen=True, slots=True)
class _Log:
    sheet: str
    findings: Findings

    def error(self, cell: str, found: str, note: Note) -> None:
        self.findings.add(self.sheet, cell, found, note, Severity.ERROR)

    def warn(self, cell: str, found: str, note: Note) -> None:
        self.findings.add(self.sheet, cell, found, note, Severity.WARNING)

    def too_many_rows(self, last: int) -> None:
        self.findings.refuse("too_many_rows", self.sheet, f"A{last}", f"datos en la fila {last}")


def _find_header(spec: SheetSpec, grid: Grid) -> int:
    """Number of the row with most known headers among the first ones; titles may precede it."""
    best, best_score = min(grid, default=1), 0
    match = spec.matcher()
    for number in list(grid)[: limits.HEADER_SEARCH]:
        if number > limits.HEADER_SEARCH:
            break
        score = sum(1 for cell in grid[number].values() if cell.kind == "s" and match(cell.text))
        if score > best_score:
            best, best_score = number, score
    return best


def _locate(spec: SheetSpec, grid: Grid, header_row: int, log: _Log) -> dict[int, tuple[str, Column]]:
    """Column number → (name, description). Says all that is missing, repeated or unknown."""
    match = spec.matcher()
    located: dict[int, tuple[str, Column]] = {}
    first: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for at, cell in sorted(grid.get(header_row, {}).items()):
        where = f"{column_letter(at)}{header_row}"
        matched = match(cell.text) if cell.text.strip() else None
        if matched is None:
            unknown[where] = cell.text.strip()[:60]
        elif matched[0] in first:
            log.error(where, cell.text[:60], _duplicate(matched[0], first[matched[0]]))
        else:
            first[matched[0]], located[at] = where, matched
    missing = [name for name, column in spec.columns.items() if column.required and name not in first]
    for name in missing:
        _tell_missing(name, header_row, list(unknown.values()), log)
    for where, text in unknown.items():
        if text:
            log.warn(where, text, UNKNOWN_HEADER)
    _tell_headless(grid, header_row, log)
    return located


def _duplicate(name: str, first: str) -> Note:
    return Note(
        "duplicate_header",
        "IM1",
        "cada encabezado una sola vez",
        f"El encabezado «{name}» está repetido: ya está en {first}.",
        "Deje una sola columna con ese encabezado.",
    )


UNKNOWN_HEADER = Note(
    "unknown_header",
    "IM1",
    "un encabezado de la plantilla",
    "La columna no es de la plantilla y no se leyó.",
    "Si trae datos, corrija su encabezado.",
)
HEADLESS = Note(
    "column_without_header",
    "IM1",
    "un encabezado en cada columna con datos",
    "La columna tiene datos pero no tiene encabezado; no se leyó.",
    "Escriba su encabezado o borre los datos.",
)


def _tell_missing(name: str, header_row: int, unknown: list[str], log: _Log) -> None:
    folded = {fold(text): text for text in unknown if text}
    near = difflib.get_close_matches(fold(name), folded, n=1, cutoff=0.6)
    fix = f"Agregue la columna «{name}»."
    if near:
        fix = f"¿Es la columna «{folded[near[0]]}»? Cámbiele el encabezado a «{name}»."
    shown = ", ".join(text for text in unknown if text)[:200]
    found = f"encabezados desconocidos: {shown}" if shown else "ninguna columna con ese nombre"
    log.error(
        f"A{header_row}",
        found,
        Note("missing_header", "IM1", f"la columna «{name}»", f"Falta la columna «{name}».", fix),
    )


def _tell_headless(grid: Grid, header_row: int, log: _Log) -> None:
    titled = {at for at, cell in grid.get(header_row, {}).items() if cell.text.strip()}
    told: set[int] = set()
    for number, cells in grid.items():
        if number > header_row:
            for at in cells.keys() - titled - told:
                told.add(at)
                log.warn(f"{column_letter(at)}{number}", cells[at].text[:60], HEADLESS)


def _tell_hidden(raw: Mapping[str, Any], log: _Log) -> None:
    def tell(code: str, what: str, found: str) -> None:
        log.warn(
            "",
            found,
            Note(
                code,
                "IM5",
                "todo a la vista",
                f"{what}. Lo oculto también se leyó.",
                "Muéstrelo y revise que deba cargarse.",
            ),
        )

    if raw["is_hidden"]:
        tell("hidden_sheet", "La hoja está oculta", raw["title"])
    if raw["hidden_rows"]:
        shown = ", ".join(map(str, raw["hidden_rows"][:20]))
        reason = " por un filtro" if raw["is_filtered"] else ""
        tell("hidden_rows", f"Hay filas con datos ocultas{reason}", f"filas {shown}")
    used = {at for _number, cells in raw["rows"] for at, *_rest in cells}
    hidden = [at for at in sorted(used) if any(a <= at <= b for a, b in raw["hidden_columns"])]
    if hidden:
        shown = ", ".join(map(column_letter, hidden))
        tell("hidden_columns", "Hay columnas con datos ocultas", f"columnas {shown}")


def _drop_merged(merges: list[list[int]], grid: Grid, header_row: int, log: _Log) -> None:
    """Read only the anchor of a merged range; data under it is an error, never lost silently."""
    last = max(grid, default=0)
    for top, left, bottom, right in merges:
        area = f"{column_letter(left)}{top}:{column_letter(right)}{bottom}"
        if bottom >= header_row and top <= last:
            log.warn(f"{column_letter(left)}{top}", area, _merged(area))
        for number in range(top, min(bottom, last) + 1):
            cells = grid.get(number, {})
            for at in [at for at in cells if left <= at <= right and (number, at) != (top, left)]:
                hidden = cells.pop(at)
                if hidden.text.strip():
                    log.error(f"{column_letter(at)}{number}", hidden.text[:60], _hidden_by_merge(area))


def _merged(area: str) -> Note:
    return Note(
        "merged_cells",
        "IM5",
        "celdas sin combinar",
        f"Las celdas {area} están combinadas: solo se leyó la primera.",
        "Separe las celdas y escriba el valor en cada fila.",
    )


def _hidden_by_merge(area: str) -> Note:
    return Note(
        "hidden_by_merge",
        "IM5",
        "celdas sin combinar",
        f"La celda combinada {area} esconde este dato.",
        "Separe las celdas y deje cada dato en la suya.",
    )


def _rows(
    grid: Grid, header_row: int, columns: Mapping[int, tuple[str, Column]], is_1904: bool, log: _Log
) -> Iterator[Row]:
    located = [(at, column_letter(at), name, column) for at, (name, column) in columns.items()]
    for number, cells in grid.items():
        if number <= header_row:
            continue
        places = {name: f"{letter}{number}" for _at, letter, name, _column in located}
        row = Row(number, dict.fromkeys(places), places, {})
        failed: set[str] = set()
        for at, _letter, name, column in located:
            if (raw := cells.get(at)) and not _read_into(row, name, column, raw, is_1904, log):
                failed.add(name)
        if failed or any(value is not None for value in row.values.values()):
            _tell_empty(columns.values(), row.values, failed, places, log)
            yield row


def _read_into(row: Row, name: str, column: Column, raw: RawCell, is_1904: bool, log: _Log) -> bool:
    """Put a cell's value in its row; false when it has none that can be trusted."""
    if column.computed and raw.flags:
        if raw.kind == "x":
            log.warn(row.cells[name], raw.text[:60], NOT_RECALCULATED)
            return True
        raw = raw._replace(flags=raw.flags.replace("f", ""))
    try:
        value, notes = read_cell(column.kind, raw, is_1904=is_1904)
    except CellProblem as problem:
        row.typed[name] = _typed(raw)
        log.error(row.cells[name], raw.text[:60], problem.note)
        return False
    if value is None:
        row.typed[name] = _typed(raw)
    row.values[name] = value
    for note in notes:
        log.warn(row.cells[name], raw.text[:60], note)
    return True


NOT_RECALCULATED = Note(
    "formula_not_recalculated",
    "IMP-04",
    "un valor calculado",
    "La fórmula de la plantilla no tiene valor: el libro no se recalculó al guardarlo. El sistema la calcula.",
    "No hace falta corregirla.",
)


def _typed(raw: RawCell) -> str | Decimal:
    """A number stays a number, so that it is handed back as it came."""
    return Decimal(raw.text) if raw.kind == "n" and Decimal(raw.text).is_finite() else raw.text


def _tell_empty(
    columns: Iterable[tuple[str, Column]],
    values: dict[str, Value],
    failed: set[str],
    where: dict[str, str],
    log: _Log,
) -> None:
    for name, column in columns:
        if column.filled and values[name] is None and name not in failed:
            log.error(
                where[name],
                "vacía",
                Note(
                    "empty_cell",
                    "IM1",
                    f"un valor en «{name}»",
                    f"Falta el valor de «{name}».",
                    "Escriba el valor o borre la fila completa.",
                ),
            )
