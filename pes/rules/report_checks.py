"""What a reported figure must be explained for (rules PT-13, PT-14, PT-15, PT-16, PT-19).

All are warnings: the report stands, and the screen asks for the explanation they name. The same
checks serve a quarter of a plan de gestión and a measurement of a PES in its vigencia.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pes.rules.numbers import ZERO, exact, format_magnitude, format_percent, ratio_to_percent
from pes.rules.problems import Problem
from pes.rules.programming import ProgrammingType, calculation_base, is_programmed, result_ratio
from pes.rules.quarters import Quarter, QuarterResult
from pes.rules.states import FigureState

OVER_EXECUTION = Decimal("1.25")
_OVER = format_percent(ratio_to_percent(OVER_EXECUTION))
_SCALES_APART = 50
_JUSTIFY = "Explique la causa en el análisis."
_CHECK = "Revise la cifra; si es correcta, explique la causa."


def figure_warnings(
    kind: ProgrammingType,
    programmed: Decimal | None,
    achieved: Decimal,
    *,
    baseline: Decimal | None = None,
    discount_baseline: bool = False,
    previous: Decimal | None = None,
    percentage: bool = False,
    where: str = "",
) -> list[Problem]:
    """What `achieved` must be explained for, against its programme and the `previous` level.

    `where` names the period, for example `T2`; `percentage` says that the unit is one (0–100).
    """
    base = calculation_base(kind, baseline, discount_baseline)
    prefix = f"{where}: " if where else ""
    found = list(_level_warnings(kind, achieved, previous, prefix))
    if programmed is None or base is None or not is_programmed(kind, programmed, base):
        if base is not None and achieved:
            message = f"{prefix}Hay ejecución ({format_magnitude(achieved)}) sin programación."
            found.append(Problem("executed_without_programme", "PT-13", message, blocking=False, fix=_JUSTIFY))
        return found
    with exact():
        raw = result_ratio(kind, programmed, achieved, base)
    found += _ratio_warnings(raw, prefix)
    if percentage:
        found += _scale_warnings(programmed, achieved, prefix)
    return found


def report_warnings(
    kind: ProgrammingType,
    magnitude: Decimal,
    quarters: Sequence[Quarter],
    results: Sequence[QuarterResult],
    *,
    baseline: Decimal | None = None,
    discount_baseline: bool = False,
    percentage: bool = False,
    names: Sequence[str] = ("T1", "T2", "T3", "T4"),
) -> list[Problem]:
    """The warnings of a whole year of a plan's goal, with the results computed from `quarters`."""
    found: list[Problem] = []
    previous: Decimal | None = None
    for name, quarter, result in zip(names, quarters, results, strict=False):
        if result.state is FigureState.NO_DEMAND:
            message = f"{name}: el denominador es 0, no hubo demanda en el trimestre."
            found.append(Problem("no_demand", "PT-16", message, blocking=False, fix=_JUSTIFY))
        if result.achieved is None:
            continue
        found += figure_warnings(
            kind,
            quarter.programmed,
            result.achieved,
            baseline=baseline,
            discount_baseline=discount_baseline,
            previous=previous,
            percentage=percentage,
            where=name,
        )
        previous = result.achieved
    return found + list(_accumulated_warnings(kind, magnitude, results))


def _level_warnings(
    kind: ProgrammingType, achieved: Decimal, previous: Decimal | None, prefix: str
) -> Iterator[Problem]:
    """PT-15: a level that goes back."""
    if previous is None:
        return
    back = {
        ProgrammingType.CRECIENTE: achieved < previous,
        ProgrammingType.DECRECIENTE: achieved > previous,
    }
    if back.get(kind, False):
        yield Problem(
            "level_goes_back",
            "PT-15",
            f"{prefix}La meta es {kind.label.lower()} y el nivel pasa de {format_magnitude(previous)} "
            f"a {format_magnitude(achieved)}.",
            blocking=False,
            fix=_CHECK,
        )


def _ratio_warnings(raw: Decimal, prefix: str) -> Iterator[Problem]:
    """PT-14 and PT-15: far above the programme, or worse than the start."""
    shown = format_percent(ratio_to_percent(raw))
    if raw > OVER_EXECUTION:
        message = f"{prefix}El resultado es {shown}, más de {_OVER} de lo programado."
        yield Problem("over_execution", "PT-14", message, blocking=False, fix=_CHECK)
    if raw < 0:
        message = f"{prefix}El resultado es {shown}: está peor que la línea base y califica 0."
        yield Problem("worse_than_baseline", "PT-15", message, blocking=False, fix=_CHECK)


def _scale_warnings(programmed: Decimal, achieved: Decimal, prefix: str) -> Iterator[Problem]:
    """PT-19: one of the two figures looks like a ratio 0–1 and the other like a percentage.

    Fifty times apart, or every small percentage would be doubted.
    """
    small, large = sorted((programmed, abs(achieved)))
    if ZERO < small <= 1 < large and large / small >= _SCALES_APART:
        message = (
            f"{prefix}La programación es {format_magnitude(programmed)} y el reporte "
            f"{format_magnitude(achieved)}: una parece estar de 0 a 1 y la otra de 0 a 100."
        )
        yield Problem("scale_doubt", "PT-19", message, blocking=False, fix="Escriba ambas de 0 a 100.")


def _accumulated_warnings(
    kind: ProgrammingType, magnitude: Decimal, results: Sequence[QuarterResult]
) -> Iterator[Problem]:
    """PT-19: a SUMA that has executed more than its year."""
    last = results[-1].accumulated if results else None
    if kind == ProgrammingType.SUMA and last is not None and last > magnitude:
        message = f"Lo acumulado es {format_magnitude(last)} y supera la magnitud, {format_magnitude(magnitude)}."
        yield Problem("accumulated_above_magnitude", "PT-19", message, blocking=False, fix=_CHECK)
