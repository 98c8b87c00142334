"""The sheets `PES` and `Entidades`: which plan, of which sector, whose entities and head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evaluation.pes_workbook import shape
from evaluation.pes_workbook.data import EntityRow, PlanRow
from pes.rules.problems import Problem
from pes.workbooks.cells import CellProblem, Kind, RawCell, read_cell
from pes.workbooks.names import fold
from pes.workbooks.places import Found, Place, check_length, repeated
from pes.workbooks.tables import Row, Sheet

LONGEST_NAME = 250
LONGEST_CODE = 60
LONGEST_ACRONYM = 30


def plan_row(sheet: Sheet, found: Found) -> tuple[PlanRow | None, tuple[Place, str]]:
    """The plan, or `None` when it cannot be told apart; and where and how the head is named."""
    values, places = _pairs(sheet, found)
    missing = [key for key in shape.PLAN_KEYS if not values.get(key) and key != "cabeza"]
    for key in missing:
        where = places.get(key, Place(shape.PLAN, {"valor": "A1"}))
        message = f"Falta «{key}» en la hoja «{shape.PLAN}»."
        fix = f"Escriba la fila «{key}» con su valor."
        found.add(where, "valor", Problem("plan_key_missing", "IM1", message, fix=fix), expected=key)
    head = (places.get("cabeza", Place(shape.PLAN, {})), values.get("cabeza", ""))
    if missing:
        return None, head
    first = _year(values["inicio"], places["inicio"], found)
    last = _year(values["fin"], places["fin"], found)
    if first is None or last is None:
        return None, head
    if last < first:
        problem = Problem(
            "period_not_in_order",
            "PES-06",
            f"El plan termina ({last}) antes de empezar ({first}).",
            fix="Revise inicio y fin.",
        )
        found.add(places["fin"], "valor", problem, last)
        return None, head
    check_length(places["nombre"], "valor", values["nombre"], LONGEST_NAME, found)
    sector_name = values.get("nombre_sector") or None
    where = Place(shape.PLAN, {key: place.cells["valor"] for key, place in places.items()})
    return PlanRow(where, values["sector"], sector_name, values["nombre"], first, last), head


def entity_rows(rows: Iterable[tuple[Place, Row]], head: tuple[Place, str], found: Found) -> list[EntityRow]:
    """The entities, with the head settled between the column `cabeza` and the row `cabeza` of the sheet PES."""
    read = []
    for place, row in rows:
        code, name, acronym = str(row["codigo"]), str(row["nombre"]), str(row["sigla"] or "")
        check_length(place, "codigo", code, LONGEST_CODE, found)
        check_length(place, "nombre", name, LONGEST_NAME, found)
        check_length(place, "sigla", acronym, LONGEST_ACRONYM, found)
        flag: Any = row["cabeza"]
        read.append(EntityRow(place, code, name, acronym, flag))
    repeated(read, lambda row: row.code.casefold(), "codigo", found)
    return _with_head(read, head, found)


def named_entity(text: str, entities: Iterable[EntityRow]) -> EntityRow | None:
    """The entity that a text names by its code, acronym or name, if it is only one."""
    wanted = fold(text)
    for part in ("code", "acronym", "name"):
        matches = [entity for entity in entities if fold(getattr(entity, part)) == wanted]
        if matches:
            return matches[0] if len(matches) == 1 else None
    return None


def _pairs(sheet: Sheet, found: Found) -> tuple[Mapping[str, str], Mapping[str, Place]]:
    values: dict[str, str] = {}
    places: dict[str, Place] = {}
    for row in sheet:
        key, place = fold(str(row["clave"])), Place(shape.PLAN, row.cells)
        if key in places:
            message = f"«{key}» está repetida: ya está en {places[key].cells['clave']}."
            found.add(place, "clave", Problem("repeated_row", "IM1", message, fix="Deje una sola fila."), key)
            continue
        if key not in (*shape.PLAN_KEYS, *shape.OPTIONAL_PLAN_KEYS):
            message = f"«{row['clave']}» no es una clave de la plantilla y no se leyó."
            problem = Problem(
                "plan_key_unknown", "IM1", message, blocking=False, fix="Si trae datos, corrija la clave."
            )
            found.add(place, "clave", problem, row["clave"])
            continue
        values[key], places[key] = str(row["valor"] or ""), place
    return values, places


def _year(text: str, place: Place, found: Found) -> int | None:
    """A vigencia from a year or from a date inside it."""
    if text.isdigit() and len(text) == 4:
        year = int(text)
    else:
        try:
            day: Any = read_cell(Kind.DATE, RawCell("s", text))[0]
        except CellProblem as problem:
            note = problem.note
            found.add(
                place,
                "valor",
                Problem(note.code, note.rule, note.message, fix="Escriba un año (2020) o una fecha."),
                text,
            )
            return None
        year = day.year
    if not 1990 <= year <= 2100:
        message = f"El año {year} no es una vigencia."
        found.add(
            place, "valor", Problem("vigencia_out_of_range", "PES-06", message, fix="Escriba un año desde 1990."), text
        )
        return None
    return year


def _with_head(rows: list[EntityRow], head: tuple[Place, str], found: Found) -> list[EntityRow]:
    place, text = head
    flagged = [row for row in rows if row.is_head]
    named = named_entity(text, rows) if text else None
    for row in flagged[1:]:
        message = f"Hay dos cabezas de sector: {flagged[0].code} y {row.code}."
        found.add(row.place, "cabeza", Problem("two_heads", "IM1", message, fix="Marque una sola."), row.code)
    if text and named is None:
        message = f"La cabeza del sector, «{text}», no está en la hoja «{shape.ENTITIES}»."
        fix = "Escriba el código, la sigla o el nombre de una entidad de esa hoja."
        found.add(place, "valor", Problem("head_unknown", "IM1", message, blocking=not flagged, fix=fix), text)
    if named and flagged and named is not flagged[0]:
        message = (
            f"La hoja «{shape.PLAN}» nombra cabeza a {named.code} y la hoja «{shape.ENTITIES}» a {flagged[0].code}."
        )
        found.add(place, "valor", Problem("heads_differ", "IM1", message, fix="Deje la misma en las dos hojas."), text)
    chosen = named or (flagged[0] if flagged else None)
    if chosen is None:
        return [EntityRow(row.place, row.code, row.name, row.acronym, None) for row in rows]
    return [EntityRow(row.place, row.code, row.name, row.acronym, row is chosen) for row in rows]
