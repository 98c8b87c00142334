"""A sheet of keys and values: what a workbook says it is of, and what it says of it as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from pes.rules.problems import Problem
from pes.workbooks.cells import Kind
from pes.workbooks.names import fold
from pes.workbooks.places import Found, Place
from pes.workbooks.tables import Column, Sheet, SheetSpec

KEY, VALUE = "clave", "valor"
PAIR = (KEY, VALUE)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Key → what is written beside it, and where; empty when the workbook has no such sheet."""

    values: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)


def pairs_spec(title: str, aliases: tuple[str, ...] = ()) -> SheetSpec:
    """The sheet that `read_pairs` takes; a workbook may come without it."""
    columns = {KEY: Column(Kind.TEXT, filled=True), VALUE: Column(Kind.PROSE)}
    return SheetSpec(title, columns, required=False, aliases=aliases)


def read_pairs(sheet: Sheet | None, known: Collection[str], found: Found) -> Pairs:
    """The pairs of the sheet; a repeated key is an error, an unknown one is told and not read."""
    values: dict[str, str] = {}
    places: dict[str, Place] = {}
    for row in sheet or ():
        key, place = fold(str(row[KEY] or "")), Place(sheet.name if sheet else "", row.cells)
        if key in places:
            message = f"«{key}» está repetida: ya está en {places[key].cells[KEY]}."
            found.add(place, KEY, Problem("repeated_row", "IM1", message, fix="Deje una sola fila."), key)
        elif key not in known:
            message = f"«{row[KEY]}» no es una clave de la plantilla y no se leyó."
            fix = "Si trae datos, corrija la clave."
            found.add(place, KEY, Problem("plan_key_unknown", "IM1", message, blocking=False, fix=fix), key)
        else:
            values[key], places[key] = str(row[VALUE] or ""), place
    return Pairs(values, places)


def check_pairs(pairs: Pairs, expected: Iterable[tuple[str, str, object]], where: str, found: Found) -> None:
    """Refuse a workbook that says to be of something else (IM9); `expected` has (key, code of the error, value).

    `where` says what it is being loaded into: `el plan`.
    """
    for key, code, own in expected:
        given = pairs.values.get(key, "")
        if given and fold(given) != fold(str(own)):
            message = f"El libro es de «{given}» y se está cargando en {where} de {own}."
            fix = "Cargue el libro en su sitio, o corrija la fila si copió otro libro."
            found.add(pairs.places[key], VALUE, Problem(code, "IM9", message, fix=fix), given, str(own))
