"""One cell's content as a typed value, by the rules of the locale (IM2–IM4, IM13; IMP-02, IMP-06)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from typing import NamedTuple

from pes.rules.numbers import NumberError, parse_number
from pes.workbooks.names import clean_text, fold

Value = str | Decimal | int | dt.date | bool | None

EXCEL_DIGITS = 15  # what Excel itself keeps; the rest is binary noise
EXCEL = Context(prec=EXCEL_DIGITS)
LARGEST = Decimal(10) ** 14
PLAUSIBLE_DATES = (dt.date(1950, 1, 1), dt.date(2100, 12, 31))
MONTHS = ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre").split()
NOT_PROGRAMMED = {"np", "n_a", "na", ""}  # folded: a lone dash has no letters
YES, NO = {"si", "s", "x", "verdadero", "true", "1"}, {"no", "n", "falso", "false", "0"}


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"  # a name or label: typographic quotes become plain
    PROSE = "prose"  # a narrative: its typography is respected
    KEY = "key"  # text that identifies: 321, 321.0 and 0321 are "321" (IMP-02)
    INTEGER = "integer"
    NUMBER = "number"  # Decimal; what Excel shows as 50% is 50
    PERCENT = "percent"  # Decimal 0–100; a bare 0–1 is doubted aloud (IMP-06)
    DATE = "date"
    FLAG = "flag"  # sí / no
    PROGRAMME = "programme"  # NUMBER; NP, N/A and - are blanks: not programmed is not 0 (PT-12)


class RawCell(NamedTuple):
    """What the child answers. Kinds: s text, n number, d date, t time, b boolean,
    e Excel error, x formula without value. Flags: f formula, p percentage format."""

    kind: str
    text: str
    flags: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    code: str
    rule: str
    expected: str
    message: str
    fix: str


class CellProblem(Exception):
    """The cell has no value that can be trusted; `.note` says why."""

    def __init__(self, code: str, rule: str, expected: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.note = Note(code, rule, expected, message, fix)


EXPECTED = {
    Kind.TEXT: "un texto",
    Kind.PROSE: "un texto",
    Kind.KEY: "una clave",
    Kind.INTEGER: "un número entero",
    Kind.NUMBER: "un número",
    Kind.PERCENT: "un porcentaje entre 0 y 100",
    Kind.DATE: "una fecha AAAA-MM-DD",
    Kind.FLAG: "sí o no",
    Kind.PROGRAMME: "un número, o NP si no está programado",
}
FORMULA_READ = Note(
    "formula_value",
    "IM2",
    "un valor escrito",
    "La celda es una fórmula: se leyó su último valor calculado.",
    "Si el valor no es el esperado, recalcule el libro en Excel y guárdelo de nuevo.",
)


def read_cell(kind: Kind, raw: RawCell, *, is_1904: bool = False) -> tuple[Value, list[Note]]:
    """The value and what had to be noted; `None` for a blank. Raises `CellProblem`."""
    if raw.kind == "x":
        raise CellProblem(
            "formula_without_value",
            "IM2",
            EXPECTED[kind],
            "La celda tiene una fórmula sin valor: el libro no se recalculó al guardarlo.",
            "Abra el libro en Excel, guárdelo de nuevo, o escriba el valor.",
        )
    if raw.kind == "e":
        raise CellProblem(
            "excel_error",
            "IM2",
            EXPECTED[kind],
            f"La celda contiene el error de Excel {raw.text}.",
            "Corrija la fórmula o escriba el valor.",
        )
    notes = [FORMULA_READ] if "f" in raw.flags else []
    if raw.kind == "s":
        text, changes = clean_text(raw.text, keep_quotes=kind is Kind.PROSE)
        if changes:
            notes.append(_normalised(changes))
        if not text:
            return None, notes
        if text != raw.text:
            raw = RawCell("s", text, raw.flags)
    return READERS[kind](raw, notes, is_1904), notes


def _normalised(changes: list[str]) -> Note:
    what = ", ".join(changes)
    return Note(
        "normalised_text",
        "IM13",
        "texto sin caracteres especiales",
        f"Se normalizó el texto: {what}.",
        "Revise que el texto quedó como lo quería.",
    )


def _wrong(kind: Kind, raw: RawCell, code: str, fix: str) -> CellProblem:
    names = {"s": "el texto", "n": "el número", "d": "la fecha", "t": "la hora", "b": "el valor lógico"}
    shown = raw.text if len(raw.text) <= 60 else f"{raw.text[:60]}…"
    if raw.kind == "b":
        shown = "VERDADERO" if raw.text == "1" else "FALSO"
    message = f"Se esperaba {EXPECTED[kind]} y se encontró {names[raw.kind]} «{shown}»."
    rules = {Kind.DATE: "IM4", Kind.KEY: "IMP-02"}
    return CellProblem(code, rules.get(kind, "IM3"), EXPECTED[kind], message, fix)


def _decimal(kind: Kind, raw: RawCell) -> Decimal:
    value = Decimal(raw.text)
    if not value.is_finite() or abs(value) >= LARGEST:
        raise _wrong(kind, raw, "number_out_of_range", "Escriba un número de 14 cifras enteras como máximo.")
    return EXCEL.create_decimal(value)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(raw: RawCell, notes: list[Note], is_1904: bool) -> Value:
    if raw.kind == "n":
        return _plain(Decimal(raw.text)) if Decimal(raw.text).is_finite() else raw.text
    if raw.kind == "b":
        return "VERDADERO" if raw.text == "1" else "FALSO"
    if raw.kind == "d":
        notes.append(
            Note(
                "date_as_text",
                "IM4",
                "un texto",
                "La celda tiene una fecha y se leyó como texto.",
                "Si no era una fecha, escríbala con formato de texto.",
            )
        )
        return raw.text.removesuffix("T00:00:00")
    return raw.text


def _key(raw: RawCell, notes: list[Note], is_1904: bool) -> Value:
    if raw.kind in "dtb":
        raise _wrong(Kind.KEY, raw, "not_a_key", "Dé formato de texto a la celda y escriba la clave de nuevo.")
    if raw.kind == "n":
        value = Decimal(raw.text)
        if not value.is_finite() or abs(value) >= 10**EXCEL_DIGITS:
            raise _wrong(
                Kind.KEY,
                raw,
                "imprecise_key",
                "Excel no conserva más de 15 cifras: escriba la clave con formato de texto.",
            )
        if value % 1:
            notes.append(
                Note(
                    "number_as_key",
                    "IMP-02",
                    "una clave escrita como texto",
                    "La clave está guardada como número con decimales; pudo perder ceros al final.",
                    "Dé formato de texto a la celda y escriba la clave de nuevo.",
                )
            )
        return _plain(EXCEL.create_decimal(value))
    text = " ".join(unicodedata.normalize("NFKC", raw.text).split())
    return text.lstrip("0") or "0" if text.isascii() and text.isdigit() else text


def _integer(raw: RawCell, notes: list[Note], is_1904: bool) -> Value:
    value = _number(raw, notes, is_1904, kind=Kind.INTEGER)
    if value % 1:
        raise _wrong(Kind.INTEGER, raw, "not_an_integer", "Escriba el número sin decimales.")
    return int(value)


def _number(raw: RawCell, notes: list[Note], is_1904: bool, kind: Kind = Kind.NUMBER) -> Decimal:
    if raw.kind == "s":
        try:
            return parse_number(raw.text)
        except NumberError as error:
            raise CellProblem(f"number_{error.code}", "IM3", EXPECTED[kind], error.message, error.fix) from error
    if raw.kind != "n":
        raise _wrong(kind, raw, "number_not_a_number", "Escriba solo cifras y coma decimal, por ejemplo 1234,5.")
    value = _decimal(kind, raw)
    if "p" not in raw.flags:
        return value
    value = value.scaleb(2)
    if kind is not Kind.PERCENT:
        notes.append(
            Note(
                "percent_format",
                "IMP-06",
                EXPECTED[kind],
                f"La celda tiene formato de porcentaje: se leyó {_plain(value).replace('.', ',')}.",
                "Si el valor no era un porcentaje, cambie el formato de la celda.",
            )
        )
    return value


def _programme(raw: RawCell, notes: list[Note], is_1904: bool) -> Value:
    if raw.kind == "s" and fold(raw.text) in NOT_PROGRAMMED:
        return None
    return _number(raw, notes, is_1904, kind=Kind.PROGRAMME)


def _percent(raw: RawCell, notes: list[Note], is_1904: bool) -> Value:
    value = _number(raw, notes, is_1904, kind=Kind.PERCENT)
    has_sign = "p" in raw.flags or (raw.kind == "s" and raw.text.rstrip().endswith("%"))
    if 0 < abs(value) <= 1 and not has_sign:
        notes.append(
            Note(
                "scale_doubt",
                "IMP-06",
                EXPECTED[Kind.PERCENT],
                f"«{raw.text}» parece estar en escala de 0 a 1; se leyó tal cual, como porcentaje.",
                "Si es una fracción, multiplíquela por 100 o use el formato de porcentaje.",
            )
        )
    return value


def _flag(raw: RawCell, notes: list[Note], is_1904: bool) -> Value:
    word = fold(_plain(Decimal(raw.text))) if raw.kind == "n" else fold(raw.text)
    if word not in YES | NO:
        raise _wrong(Kind.FLAG, raw, "not_a_flag", "Escriba sí o no.")
    return word in YES


def _date(raw: RawCell, notes: list[Note], is_1904: bool) -> Value:
    if raw.kind == "d":
        return _without_time(raw, notes)
    if raw.kind == "n":
        return _from_serial(raw, notes, is_1904)
    if raw.kind != "s":
        raise _wrong(Kind.DATE, raw, "not_a_date", "Escriba la fecha como 2022-03-31.")
    return _from_text(raw)


def _without_time(raw: RawCell, notes: list[Note]) -> dt.date:
    moment = dt.datetime.fromisoformat(raw.text)
    if moment.time() != dt.time():
        notes.append(
            Note(
                "time_dropped",
                "IM4",
                EXPECTED[Kind.DATE],
                "La fecha trae hora y se leyó solo el día.",
                "Escriba la fecha sin hora.",
            )
        )
    return _plausible(moment.date(), raw)


def _from_serial(raw: RawCell, notes: list[Note], is_1904: bool) -> dt.date:
    serial = Decimal(raw.text)
    if not serial.is_finite() or not 0 < serial < 100_000:
        raise _wrong(Kind.DATE, raw, "not_a_date", "Dé formato de fecha a la celda o escriba 2022-03-31.")
    # Serial 60 is a 29 February 1900 that never was; from March 1900 on, day 0 is 30-12-1899.
    epoch = dt.date(1904, 1, 1) if is_1904 else dt.date(1899, 12, 30)
    day = _plausible(epoch + dt.timedelta(days=int(serial)), raw)
    notes.append(
        Note(
            "date_from_serial",
            "IM4",
            EXPECTED[Kind.DATE],
            f"La celda trae un número de serie y se leyó como {day.isoformat()}.",
            "Dé formato de fecha a la celda para confirmarlo.",
        )
    )
    return day


DATE_FORMS = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[T ]00:00(?::00)?)?"),
    re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2})(?: de |[- ])(?P<name>[a-z]+)\.?(?: del? |[- ])(?P<year>\d{4})"),
)


def _from_text(raw: RawCell) -> dt.date:
    folded = unicodedata.normalize("NFKD", raw.text).casefold()
    found = next((m for form in DATE_FORMS if (m := form.fullmatch(folded))), None)
    if found is None:
        raise _wrong(Kind.DATE, raw, "not_a_date", "Escriba la fecha como 2022-03-31 o 31/03/2022.")
    parts = found.groupdict()
    month = int(parts["month"]) if "month" in parts else _month(parts["name"])
    try:
        day = dt.date(int(parts["year"]), month, int(parts["day"]))
    except ValueError as error:
        raise _wrong(
            Kind.DATE, raw, "impossible_date", "Ese día no existe: revise día, mes y año (día/mes/año)."
        ) from error
    return _plausible(day, raw)


def _month(name: str) -> int:
    names = [month for month in MONTHS if month.startswith(name) and len(name) >= 3]
    if name in ("set", "setiembre"):
        return 9
    return MONTHS.index(names[0]) + 1 if names else 0


def _plausible(day: dt.date, raw: RawCell) -> dt.date:
    if not PLAUSIBLE_DATES[0] <= day <= PLAUSIBLE_DATES[1]:
        raise _wrong(Kind.DATE, raw, "implausible_date", "Escriba una fecha entre 1950 y 2100.")
    return day


READERS: dict[Kind, Callable[[RawCell, list[Note], bool], Value]] = {
    Kind.TEXT: _text,
    Kind.PROSE: _text,
    Kind.KEY: _key,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.PERCENT: _percent,
    Kind.DATE: _date,
    Kind.FLAG: _flag,
    Kind.PROGRAMME: _programme,
}
