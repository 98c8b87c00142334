"""A published quarter to take away: JSON, XLSX and CSV of exactly what its page shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils import timezone

from evaluation.pages.public_results import PublicResult
from pes.demo_mark import DEMO_MARK, demo_mark
from pes.rules.numbers import ratio_to_percent
from pes.workbooks.writer import SheetData, write_workbook
from plans.open_data import LICENCE, TYPES, OpenFile, csv_bytes, json_bytes, told

SCHEMA = "resultados-trimestrales/1"
HEADERS = (
    "entidad_codigo", "vigencia", "trimestre", "nivel", "corrida", "unidad_codigo", "unidad", "puesto", "puntaje",
    "puntaje_a_la_fecha", "puntualidad", "metas_calificadas", "metas_programadas", "metas_con_evidencia", "observacion",
)  # fmt: skip


def result_file(result: PublicResult, suffix: str) -> OpenFile:
    """The run as a file: the same run always gives the same bytes. Raises KeyError for a format that there is not."""
    close = result.close
    name = (
        f"resultados-{close.entity.code}-{close.vigencia}-T{close.quarter}-{close.level}-corrida-{close.run}.{suffix}"
    )
    return OpenFile(name, _MAKERS[suffix](result), TYPES[suffix])


def about(result: PublicResult) -> dict[str, Any]:
    """Where the data come from, which run they are, and how they may be used."""
    found = {
        "esquema": SCHEMA,
        "fuente": settings.PES_INSTITUTION or result.entity,
        "licencia": LICENCE,
        "huella_corrida": result.close.digest,
        "nota_de_correccion": result.note or None,
    }
    return found | ({"advertencia": DEMO_MARK} if settings.PES_DEMO else {})


def _rows(result: PublicResult) -> list[list[Any]]:
    """One a plan, the codes first; percentages with two decimals."""
    close = result.close
    keys = [close.entity.code, close.vigencia, close.quarter, close.level, close.run]
    found = []
    for row in (*result.rows, *result.unranked):
        ratios = [ratio_to_percent(ratio) for ratio in (row.score, row.to_date, row.on_time)]
        counts = [row.rated, row.programmed, row.with_evidence]
        found.append([*keys, row.code, row.name, row.rank, *ratios, *counts, row.note])
    return found


def _json(result: PublicResult) -> bytes:
    rows = [{header: told(value) for header, value in zip(HEADERS, row, strict=True)} for row in _rows(result)]
    return json_bytes({**about(result), "resultados": rows})


def _csv(result: PublicResult) -> bytes:
    return csv_bytes(HEADERS, _rows(result))


def _xlsx(result: PublicResult) -> bytes:
    title = f"Resultados · {result.title}"
    said = [(name, value or "") for name, value in about(result).items()]
    percent = dict.fromkeys(("puntaje", "puntaje_a_la_fecha", "puntualidad"), "0.00")
    sheets = (
        SheetData("Resultados", HEADERS, _rows(result), {"unidad": 50, "observacion": 60}, percent, mark=demo_mark()),
        SheetData("Fuente", ("dato", "valor"), said, {"dato": 24, "valor": 100}, mark=demo_mark()),
    )
    target = BytesIO()
    write_workbook(target, sheets, created=timezone.localtime(result.close.publication.at), title=title)
    return target.getvalue()


_MAKERS: dict[str, Callable[[PublicResult], bytes]] = {"json": _json, "xlsx": _xlsx, "csv": _csv}
SUFFIXES: Sequence[str] = tuple(_MAKERS)
