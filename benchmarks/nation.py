"""A synthetic nation, the same on every run: sectors, objectives, indicators, figures, people and their powers.

Rows are made in Python with a fixed dice and loaded in bulk (COPY on PostgreSQL), with the ids given here. The
figures cover every branch of the rules: four programming types, not programmed, not measured, zeros, over-execution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from evaluation.models import IndicatorWeight, WeightSet
from pes.models import (
    Indicator,
    IndicatorTarget,
    Objective,
    OrganizationUnit,
    SectorGoal,
    SectorPlan,
    User,
    Vigencia,
)
from tracking.models import Measurement

SINCE = date(2019, 1, 1)
NOW = datetime(2023, 12, 31, 12, tzinfo=UTC)
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
TYPES = ("SUMA", "SUMA", "CONSTANTE", "CRECIENTE", "DECRECIENTE")


@dataclass(frozen=True)
class Size:
    """How large a nation is; the defaults are those of the published ratios."""

    sectors: int = 15
    objectives: int = 80  # of each sector: 1,200 in all
    indicators: int = 25  # of each objective: 30,000 in all
    entities: int = 4  # of each sector
    processes: int = 20  # of each entity: 1,200 in all
    people: int = 5_000
    strangers: int = 200  # people with a role on the whole district, for half a million grants
    vigencias: tuple[int, ...] = (2020, 2021, 2022, 2023)

    @property
    def year_ends(self) -> list[date]:
        """The last cut-off of each vigencia."""
        return [date(year, 12, 31) for year in self.vigencias]


TINY = Size(
    sectors=2, objectives=3, indicators=6, entities=1, processes=2, people=20, strangers=1, vigencias=(2021, 2022)
)


def load(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put rows into a model's table: COPY on PostgreSQL, bulk_create elsewhere."""
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(model(**dict(zip(columns, row, strict=True))) for row in rows)
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def settle() -> None:
    """Move the sequences past the given ids and let the planner know the tables."""
    everything = [model for model in apps.get_models() if model._meta.managed]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), everything):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def build_units(size: Size) -> None:
    """District (id 1), sectors (2…), entities and processes; ids go level by level."""
    first_entity = 2 + size.sectors
    first_process = first_entity + size.sectors * size.entities
    rows: list[tuple[Any, ...]] = [(1, "distrito", "Distrito", "district", None)]
    rows += [(2 + at, f"sector-{at + 1:02d}", f"Sector {at + 1}", "sector", 1) for at in range(size.sectors)]
    rows += [
        (first_entity + at, f"entidad-{at + 1:03d}", f"Entidad {at + 1}", "entity", 2 + at // size.entities)
        for at in range(size.sectors * size.entities)
    ]
    rows += [
        (
            first_process + at,
            f"proceso-{at + 1:04d}",
            f"Proceso {at + 1}",
            "process",
            first_entity + at // size.processes,
        )
        for at in range(size.sectors * size.entities * size.processes)
    ]
    empty = ("", "", False, "", "", "", True)
    columns = (
        "id",
        "code",
        "name",
        "kind",
        "parent_id",
        "process_class",
        "acronym",
        "is_head",
        "mission",
        "vision",
        "platform_act",
        "is_active",
        "sort_key",
    )
    load(OrganizationUnit, columns, ((*row, *empty, row[0]) for row in rows))


def build_plans(size: Size) -> None:
    """A PES for each sector with its objectives, one goal an objective, and its indicators with their programme."""
    for year in size.vigencias:
        Vigencia.objects.get_or_create(year=year)
    first, last = size.vigencias[0], size.vigencias[-1]
    sectors = range(size.sectors)
    load(
        SectorPlan,
        ("id", "sector_id", "name", "first_vigencia", "last_vigencia"),
        ((1 + at, 2 + at, f"PES del sector {at + 1}", first, last) for at in sectors),
    )
    objectives = [
        (1 + at, 1 + at // size.objectives, 1 + at % size.objectives) for at in range(size.sectors * size.objectives)
    ]
    load(
        Objective,
        ("id", "plan_id", "number", "text"),
        ((pk, plan, number, f"Objetivo {number} de un sector de prueba") for pk, plan, number in objectives),
    )
    load(
        SectorGoal,
        ("id", "objective_id", "kind", "code", "text"),
        ((pk, pk, "sectorial", str(number), f"Meta {number}") for pk, _, number in objectives),
    )
    _load_indicators(size, objectives)


@dataclass(frozen=True)
class _Level:
    """An indicator's type and the level its figures move around."""

    kind: str
    baseline: Decimal | None
    programme: dict[int, Decimal]


def _load_indicators(size: Size, objectives: list[tuple[int, int, int]]) -> None:
    dice = Random(20220331)
    first_entity = 2 + size.sectors
    levels: list[_Level] = []
    rows = []
    for objective, plan, _ in objectives:
        for _ in range(size.indicators):
            pk = len(levels) + 1
            level = _level(dice, size)
            levels.append(level)
            entity = first_entity + (plan - 1) * size.entities + pk % size.entities
            rows.append((pk, plan, objective, f"{pk:06d}", f"Indicador {pk}", entity, level.kind, level.baseline))
    empty = (False, "", "Unidad", "", "", "")
    load(
        Indicator,
        (
            "id",
            "plan_id",
            "goal_id",
            "key",
            "name",
            "entity_id",
            "programming_type",
            "baseline",
            "type_was_inferred",
            "code",
            "unit",
            "formula",
            "indicator_type",
            "source",
        ),
        ((*row, *empty) for row in rows),
    )
    _load_programme(size, levels)
    load(
        Measurement,
        ("id", "indicator_id", "on", "achieved", "version", "recorded_by_id", "recorded_at"),
        ((at, *row, 1, 1, NOW) for at, row in enumerate(_measurements(size, levels), 1)),
    )


def _level(dice: Random, size: Size) -> _Level:
    kind = dice.choice(TYPES)
    around = dice.randint(20, 4000)
    baseline = Decimal(around * 2) if kind == "DECRECIENTE" or (kind == "CRECIENTE" and dice.random() < 0.5) else None
    if kind == "DECRECIENTE" and dice.random() < 0.03:
        baseline = None  # no result without it (PT-03b)
    programme = {year: Decimal(around + dice.randint(0, 19) * 7) / 4 for year in size.vigencias if dice.random() > 0.08}
    return _Level(kind, baseline, programme)


def _load_programme(size: Size, levels: list[_Level]) -> None:
    dice = Random(20220630)
    load(
        IndicatorTarget,
        ("id", "indicator_id", "vigencia_id", "programmed"),
        (
            (at, *row)
            for at, row in enumerate(
                ((pk, year, value) for pk, level in enumerate(levels, 1) for year, value in level.programme.items()), 1
            )
        ),
    )
    sets = [(objective, year) for objective in range(1, len(levels) // size.indicators + 1) for year in size.vigencias]
    load(
        WeightSet,
        ("id", "objective_id", "vigencia_id", "status", "act"),
        ((at, objective, year, "open", "") for at, (objective, year) in enumerate(sets, 1)),
    )
    load(
        IndicatorWeight,
        ("id", "weight_set_id", "indicator_id", "vigencia_id", "weight"),
        ((at, *row) for at, row in enumerate(_weights(dice, size, levels, sets), 1)),
    )


def _weights(
    dice: Random, size: Size, levels: list[_Level], sets: list[tuple[int, int]]
) -> Iterator[tuple[int, int, int, Decimal]]:
    """Weights of two decimals that add up to 100.00 over what is programmed (W-02, W-03)."""
    for weight_set, (objective, year) in enumerate(sets, 1):
        first = (objective - 1) * size.indicators + 1
        keys = [pk for pk in range(first, first + size.indicators) if year in levels[pk - 1].programme]
        cuts = sorted(dice.sample(range(1, 10_000), len(keys) - 1)) if keys else []
        for pk, low, high in zip(keys, [0, *cuts], [*cuts, 10_000], strict=False):
            yield weight_set, pk, year, Decimal(high - low) / 100


def _measurements(size: Size, levels: list[_Level]) -> Iterator[tuple[int, date, Decimal]]:
    """Four a year, some days early now and then, or none: below, at and above what was programmed."""
    dice = Random(20220930)
    ends = {year: [date(year, month, day) for month, day in QUARTER_ENDS] for year in size.vigencias}
    for pk, level in enumerate(levels, 1):
        for year in size.vigencias:
            if dice.random() < 0.06:
                continue
            aim = level.programme.get(year, Decimal(10))
            share = dice.randint(0, 130)
            for quarter, on in enumerate(ends[year], 1):
                day = on if dice.random() < 0.92 else on - timedelta(days=dice.randint(1, 20))
                yield pk, day, _reached(level, aim, share, quarter)


def _reached(level: _Level, aim: Decimal, share: int, quarter: int) -> Decimal:
    reached = aim * share * quarter / 400
    if level.kind == "DECRECIENTE" and level.baseline is not None:
        reached = max(level.baseline - (level.baseline - aim) * share * quarter / 400, Decimal(0))
    return reached.quantize(Decimal("0.0001"))


def build_facts(size: Size) -> None:
    """Units, plans, programme, weights and measurements; user 1 recorded them."""
    User.objects.get_or_create(
        pk=1, defaults={"email": "registra@ejemplo.invalid", "full_name": "Quien registra", "password": "!"}
    )
    build_units(size)
    build_plans(size)
