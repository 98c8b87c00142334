"""Whether a programme says the same as its type and its magnitude (rules PT-02, PT-03, PT-04).

Used while a plan or a PES is formulated, imported or changed (PG-09b, PG-V1).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from pes.rules.numbers import ZERO, exact, format_magnitude, round_half_up
from pes.rules.problems import Problem
from pes.rules.programming import ProgrammingType, calculation_base, is_programmed

_IMPORT_TOLERANCE = Decimal("0.01")
_PLACES = 4
_Named = tuple[str, Decimal]


@dataclass(frozen=True, slots=True)
class Periods:
    """How the periods of a programme are called in Spanish: all together, and each one."""

    several: str
    names: tuple[str, ...]

    @classmethod
    def of_vigencias(cls, years: Sequence[int]) -> "Periods":
        """The periods of a PES, which touches any number of vigencias (PES-06)."""
        return cls("las vigencias", tuple(map(str, years)))


QUARTERS = Periods("los trimestres", ("T1", "T2", "T3", "T4"))


def coherence_problems(
    kind: ProgrammingType,
    magnitude: Decimal,
    programmed: Sequence[Decimal | None],
    baseline: Decimal | None = None,
    *,
    discount_baseline: bool = False,
    importing: bool = False,
    periods: Periods = QUARTERS,
) -> list[Problem]:
    """Everything in which a programme contradicts its type, all amounts in the goal's unit.

    `programmed` comes normalised (PT-12), one amount or `None` for each of `periods`. On entry the
    magnitude must be met exactly, to 4 decimals; when `importing`, a difference up to 0,01 is only
    a warning (PT-02).
    """
    if not all(amount is None or amount.is_finite() for amount in (magnitude, baseline, *programmed)):
        return [Problem("not_a_number", "PT-02", "Hay una cantidad que no es un número.", fix="Escriba solo cifras.")]
    base = calculation_base(kind, baseline, discount_baseline)
    if base is None:
        message = "Una meta decreciente necesita línea base: desde ella se mide lo que baja."
        return [Problem("baseline_missing", "PT-03b", message, fix="Escriba la línea base.")]
    given = [(name, at) for name, at in zip(periods.names, programmed, strict=True) if at is not None]
    named = [(name, at) for name, at in given if is_programmed(kind, at, base)]
    problems = [*_magnitude_problems(kind, magnitude, base), *_baseline_problems(kind, given, base)]
    if named:
        with exact():
            problems += _total_problems(kind, magnitude, named, periods, importing)
        return [*problems, *_order_problems(kind, named)]
    message = f"No hay nada programado en {periods.several}."
    return [*problems, Problem("nothing_programmed", "PT-04", message, fix="Programe al menos una cantidad.")]


def _magnitude_problems(kind: ProgrammingType, magnitude: Decimal, base: Decimal) -> Iterator[Problem]:
    """PT-03 for the magnitude: it must lie on the right side of the base."""
    if kind == ProgrammingType.DECRECIENTE:
        if not ZERO <= magnitude < base:
            yield Problem(
                "magnitude_not_below_baseline",
                "PT-03",
                f"La magnitud es {format_magnitude(magnitude)} y la línea base {format_magnitude(base)}: no baja.",
                fix="Escriba una magnitud desde 0 y menor que la línea base.",
            )
    elif magnitude <= base:
        yield Problem(
            "magnitude_not_above_baseline" if base else "magnitude_not_positive",
            "PT-03",
            f"La magnitud es {format_magnitude(magnitude)} y debe ser mayor que {format_magnitude(base)}.",
            fix=f"Escriba una magnitud mayor que {format_magnitude(base)}.",
        )


def _baseline_problems(kind: ProgrammingType, given: Sequence[_Named], base: Decimal) -> Iterator[Problem]:
    """PT-03 for the periods: none starts behind the base, none is negative."""
    falling = kind == ProgrammingType.DECRECIENTE
    for name, amount in given:
        if (amount > base) if falling else (amount < base):
            yield Problem(
                "behind_baseline" if base else "negative_programme",
                "PT-03",
                f"{name} programa {format_magnitude(amount)} y debe ser "
                f"{'como máximo' if falling else 'como mínimo'} {format_magnitude(base)}.",
                fix=f"Corrija {name} o déjelo sin programar.",
            )


def _total_problems(
    kind: ProgrammingType, magnitude: Decimal, named: Sequence[_Named], periods: Periods, importing: bool
) -> Iterator[Problem]:
    """PT-02: the sum, every period or the last one is the magnitude."""
    if kind == ProgrammingType.SUMA:
        total = sum((amount for _, amount in named), ZERO)
        subject = f"La suma de {periods.several} es"
        checked = [("quarters_do_not_add_up", subject, total, periods.several)]
    elif kind == ProgrammingType.CONSTANTE:
        checked = [("constant_differs", f"{name} programa", amount, name) for name, amount in named]
    else:
        name, amount = named[-1]
        checked = [("last_level_differs", f"{name}, lo último programado, llega a", amount, name)]
    for code, subject, amount, where in checked:
        gap = round_half_up(magnitude - amount, _PLACES)
        if gap:
            yield Problem(
                code,
                "PT-02",
                f"{subject} {format_magnitude(amount)} y la magnitud {format_magnitude(magnitude)}: "
                f"{'faltan' if gap > 0 else 'sobran'} {format_magnitude(abs(gap))}.",
                blocking=not (importing and abs(gap) <= _IMPORT_TOLERANCE),
                fix=f"{'Sume' if gap > 0 else 'Reste'} {format_magnitude(abs(gap))} en {where} "
                f"o cambie la magnitud a {format_magnitude(amount)}.",
            )


def _order_problems(kind: ProgrammingType, named: Sequence[_Named]) -> Iterator[Problem]:
    """PT-02: levels only rise (CRECIENTE) or only fall (DECRECIENTE)."""
    if kind not in (ProgrammingType.CRECIENTE, ProgrammingType.DECRECIENTE):
        return
    rising = kind == ProgrammingType.CRECIENTE
    for (before, previous), (name, amount) in pairwise(named):
        if (amount < previous) if rising else (amount > previous):
            yield Problem(
                "level_falls" if rising else "level_rises",
                "PT-02",
                f"{name} programa {format_magnitude(amount)}, {'menos' if rising else 'más'} que {before} "
                f"({format_magnitude(previous)}), y la meta es {kind.label.lower()}.",
                fix=f"Programe en {name} {'al menos' if rising else 'como máximo'} {format_magnitude(previous)}.",
            )
