"""Lines of results into their tables, and out again to prove the digest of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import connection, models

from evaluation.models import GoalResult, QuarterClose, UnitResult
from evaluation.quarter_results import GOAL_COLUMNS, NOTHING, UNIT_COLUMNS, QuarterResults, digest_of, line_of

_BATCH = 2000


def write_results(close: QuarterClose, results: QuarterResults) -> None:
    """The rows of a run: by COPY on PostgreSQL, where it costs a third of inserting them (measured)."""
    _write(UnitResult, UNIT_COLUMNS, close.pk, results.units)
    _write(GoalResult, GOAL_COLUMNS, close.pk, results.goals)


def head_of(close: QuarterClose) -> dict[str, object]:
    """What a run is, for its digest; the entity by its id, since a code may be corrected."""
    return {
        "entity": close.entity_id, "vigencia": close.vigencia, "quarter": close.quarter, "level": close.level,
        "run": close.run, "methodology": close.methodology, "excluded": close.excluded, "reason": close.reason,
    }  # fmt: skip


def is_intact(close: QuarterClose) -> bool:
    """Whether methodology, exclusions and every result of a run still give its digest."""
    units = _lines(UnitResult, UNIT_COLUMNS, close)
    return digest_of(head_of(close), units, _lines(GoalResult, GOAL_COLUMNS, close)) == close.digest


def _write(model: type[models.Model], columns: Sequence[str], close: int, lines: Sequence[str]) -> None:
    if connection.vendor == "postgresql":
        _copy(model, columns, close, lines)
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rows = (
        {
            name: None if text == NOTHING else fields[name].to_python(text)
            for name, text in zip(columns, texts, strict=True)
        }
        for texts in (line.split("\t") for line in lines)
    )
    model._default_manager.bulk_create((model(close_id=close, **row) for row in rows), batch_size=_BATCH)


def _copy(model: type[models.Model], columns: Sequence[str], close: int, lines: Sequence[str]) -> None:
    names = ", ".join(f'"{name}"' for name in ("close_id", *columns))
    sql = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    start = f"{close}\t"
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        waiting = iter(lines)
        while batch := list(islice(waiting, _BATCH)):
            copy.write("".join(f"{start}{line}\n" for line in batch))


def _lines(model: type[models.Model], columns: Sequence[str], close: QuarterClose) -> Iterator[str]:
    rows = model._default_manager.filter(close=close).order_by().values_list(*columns)
    return map(line_of, rows.iterator(chunk_size=_BATCH))
