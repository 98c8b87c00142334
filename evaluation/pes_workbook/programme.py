"""The programme of one indicator as a workbook gives it: its type, its years and its total (PT-02, PT-12, PT-20)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from pes.rules.inference import infer_type
from pes.rules.numbers import format_magnitude
from pes.rules.problems import Problem
from pes.rules.programmes import programme_problems, total_of, year_of
from pes.rules.programming import ProgrammingType, normalise_programmed

Found = tuple[str, Problem]  # the header that is wrong, and why
TOTAL_CODES = frozenset({"quarters_do_not_add_up", "constant_differs", "last_level_differs"})
TYPES = ", ".join(kind.value for kind in ProgrammingType)


@dataclass(frozen=True, slots=True)
class Programme:
    """Years as they are stored, and the type that explains them; `problems` say at which header."""

    type: ProgrammingType | None
    was_inferred: bool
    years: Mapping[int, Decimal | None]
    problems: tuple[Found, ...]


def read_programme(
    typed: str, years: Mapping[int, Decimal | None], total: Decimal | None, baseline: Decimal | None
) -> Programme:
    """Judge the amounts of `years` (indicator's unit) and their published `total` under the type that was typed.

    Without a type the series must have only one reading (PT-20); nothing is guessed.
    """
    kind, problem = _typed(typed) if typed else _inferred(years, total, baseline)
    if kind is None:
        return Programme(None, not typed, years, (("tipo_programacion", problem),) if problem else ())
    stored = {year: None if value is None else normalise_programmed(kind, value) for year, value in years.items()}
    return Programme(kind, not typed, stored, tuple(_problems(kind, stored, total, baseline)))


def _typed(text: str) -> tuple[ProgrammingType | None, Problem | None]:
    try:
        return ProgrammingType(text.strip().upper()), None
    except ValueError:
        message = f"«{text}» no es un tipo de programación."
        return None, Problem("type_unknown", "PT-01", message, fix=f"Escriba uno de estos: {TYPES}.")


def _inferred(
    years: Mapping[int, Decimal | None], total: Decimal | None, baseline: Decimal | None
) -> tuple[ProgrammingType | None, Problem | None]:
    kind = infer_type([years[year] for year in sorted(years)], total)
    if kind is not None:
        return kind, None
    candidates = [kind.value for kind in ProgrammingType if _explains(kind, years, total, baseline)]
    named = f"puede ser {' o '.join(candidates)}" if candidates else f"no corresponde a ninguno de los tipos ({TYPES})"
    message = f"El tipo está vacío y la programación no permite deducirlo: {named}."
    return None, Problem("type_ambiguous", "PT-20", message, fix="Escriba el tipo de programación del indicador.")


def _explains(
    kind: ProgrammingType, years: Mapping[int, Decimal | None], total: Decimal | None, baseline: Decimal | None
) -> bool:
    stored = {year: None if value is None else normalise_programmed(kind, value) for year, value in years.items()}
    return total_of(kind, stored) is not None and not any(
        problem.blocking for _header, problem in _problems(kind, stored, total, baseline)
    )


def _problems(
    kind: ProgrammingType, years: Mapping[int, Decimal | None], total: Decimal | None, baseline: Decimal | None
) -> Iterator[Found]:
    if total_of(kind, years) is None:
        yield from _nothing_programmed(total)
        return
    for problem in programme_problems(kind, years, baseline, total=total, importing=True):
        if problem.code in TOTAL_CODES:
            yield "p_total", replace(problem, code="total_differs", rule="IMP-04")
        else:
            yield _header(problem, sorted(years)), problem


def _nothing_programmed(total: Decimal | None) -> Iterator[Found]:
    message = "No hay nada programado en las vigencias."
    if total:
        message = f"El total es {format_magnitude(total)} y no hay nada programado en las vigencias."
    fix = "Programe al menos una vigencia, o deje el total vacío."
    yield "p_total", Problem("nothing_programmed", "PT-04", message, blocking=bool(total), fix=fix)


def _header(problem: Problem, years: list[int]) -> str:
    """The column a coherence problem speaks of: it starts with the vigencia, or is about the base."""
    year = year_of(problem, years)
    if year is not None:
        return f"p_{year}"
    return "linea_base" if "baseline" in problem.code else "p_total"
