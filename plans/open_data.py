"""A published plan to take away: JSON, XLSX and CSV of exactly what its page shows (docs/formatos/datos-abiertos-planes.md)."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from django.conf import settings
from django.utils import timezone

from pes.demo_mark import DEMO_MARK, demo_mark
from pes.workbooks.writer import Cell, SheetData, write_workbook
from plans.pages.public import PublicPlan
from plans.pages.public_goals import PublicGoal

SCHEMA = "planes-de-gestion/1"
LICENCE = "Datos abiertos (Ley 1712 de 2014, artículo 6): se usan libremente; cite la fuente."
KEYS = ("entidad_codigo", "unidad_codigo", "vigencia", "edicion")  # they begin each row, so that plans can be stacked
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = {"meta": 60, "indicador": 40, "numerador": 40, "denominador": 40, "entregable": 40, "medio_verificacion": 40}
TYPES = {
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file of an edition: the same edition always gives the same bytes."""

    name: str
    content: bytes
    type: str

    @property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.content).hexdigest()


def open_file(plan: PublicPlan, suffix: str) -> OpenFile:
    """The edition as a file. Raises KeyError for a format that there is not."""
    name = f"plan-de-gestion-{plan.code}-{plan.vigencia}-edicion-{plan.edition}.{suffix}"
    return OpenFile(name, _MAKERS[suffix](plan), TYPES[suffix])


def about(plan: PublicPlan) -> dict[str, Any]:
    """Where the data come from and how they may be used."""
    found = {
        "esquema": SCHEMA,
        "fuente": settings.PES_INSTITUTION or plan.entity,
        "licencia": LICENCE,
        "huella_edicion": plan.version.digest,
    }
    return found | ({"advertencia": DEMO_MARK} if settings.PES_DEMO else {})


def headers(plan: PublicPlan) -> tuple[str, ...]:
    """The columns of the goals, the codes first."""
    return KEYS + (tuple(datum.header for datum in plan.goals[0].data) if plan.goals else ("no_meta",))


def _rows(plan: PublicPlan) -> Iterator[tuple[Cell, ...]]:
    keys = {datum.header: datum.value for datum in plan.identification}
    for goal in plan.goals:
        yield (*(keys[key] for key in KEYS), *(datum.value for datum in goal.data))


def _json(plan: PublicPlan) -> bytes:
    document = {
        **about(plan),
        "plan": {datum.header: told(datum.value) for datum in plan.identification},
        "metas": [_goal(goal) for goal in plan.goals],
    }
    return json_bytes(document)


def _goal(goal: PublicGoal) -> dict[str, Any]:
    return {datum.header: told(datum.value) for datum in goal.data}


def told(value: Any) -> Any:
    """A number as a string with its decimals; nothing as null."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return None if value == "" else value


def _xlsx(plan: PublicPlan) -> bytes:
    rows = [(datum.header, datum.value) for datum in plan.identification]
    sheets = (
        SheetData(
            "Plan", ("dato", "valor"), [*about(plan).items(), *rows], {"dato": 24, "valor": 100}, mark=demo_mark()
        ),
        SheetData("Metas", headers(plan), _rows(plan), WIDTHS, {"ponderacion": "0.00"}, mark=demo_mark()),
    )
    target = BytesIO()
    title = f"Plan de gestión {plan.vigencia} · {plan.unit}"
    write_workbook(target, sheets, created=timezone.localtime(plan.version.at), title=title)
    return target.getvalue()


def _csv(plan: PublicPlan) -> bytes:
    return csv_bytes(headers(plan), _rows(plan))


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with its mark, commas, decimal points; a text that a spreadsheet would run begins with an apostrophe (EX1)."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([_quoted(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def json_bytes(document: Any) -> bytes:
    """One JSON document, readable by people too."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _quoted(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None else str(told(value))


_MAKERS: dict[str, Callable[[PublicPlan], bytes]] = {"json": _json, "xlsx": _xlsx, "csv": _csv}
SUFFIXES: Sequence[str] = tuple(_MAKERS)
