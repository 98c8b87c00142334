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
) -> list[Problem]:
    """What `achieved` must be explained for, against its programme and the `previous` level.

    `percentage` says that the unit is one (0–100).
    """
    base = calculation_base(kind, baseline, discount_baseline)
    raw = None
    if programmed is not None and base is not None and is_programmed(kind, programmed, base):
        with exact():
            raw = result_ratio(kind, programmed, achieved, base)
    found = list(_level_warnings(kind, achieved, previous, ""))
    if base is not None:
        found += _amount_warnings(programmed, achieved, raw, percentage, "")
    return found


def quarter_warnings(
    kind: ProgrammingType,
    quarters: Sequence[Quarter],
    results: Sequence[QuarterResult],
    quarter: int,
    *,
    percentage: bool = False,
    name: str = "",
) -> list[Problem]:
    """The warnings of one quarter 1–4 of a plan's goal, with the results computed from `quarters`.

    `name` begins the sentences, for example `T2`.
    """
    result = results[quarter - 1]
    prefix = f"{name}: " if name else ""
    if result.state is FigureState.NO_DEMAND:
        message = f"{prefix}El denominador es 0, no hubo demanda en el trimestre."
        return [Problem("no_demand", "PT-16", message, blocking=False, fix=_JUSTIFY)]
    if result.achieved is None:
        return []
    levels = [earlier.achieved for earlier in results[: quarter - 1] if earlier.achieved is not None]
    found = list(_level_warnings(kind, result.achieved, levels[-1] if levels else None, prefix))
    if result.state is not FigureState.NO_INFORMATION:
        programmed = quarters[quarter - 1].programmed
        found += _amount_warnings(programmed, result.achieved, result.result, percentage, prefix)
    return found


def report_warnings(
    kind: ProgrammingType,
    magnitude: Decimal,
    quarters: Sequence[Quarter],
    results: Sequence[QuarterResult],
    *,
    percentage: bool = False,
) -> list[Problem]:
    """The warnings of a whole year of a plan's goal, with the results computed from `quarters`."""
    found: list[Problem] = []
    for number in range(1, len(results) + 1):
        found += quarter_warnings(kind, quarters, results, number, percentage=percentage, name=f"T{number}")
    return found + accumulated_warnings(kind, magnitude, results)


def accumulated_warnings(kind: ProgrammingType, magnitude: Decimal, results: Sequence[QuarterResult]) -> list[Problem]:
    """PT-19: a SUMA that has executed more than its year."""
    last = results[-1].accumulated if results else None
    if kind != ProgrammingType.SUMA or last is None or last <= magnitude:
        return []
    message = f"Lo acumulado es {format_magnitude(last)} y supera la magnitud, {format_magnitude(magnitude)}."
    return [Problem("accumulated_above_magnitude", "PT-19", message, blocking=False, fix=_CHECK)]


def _amount_warnings(
    programmed: Decimal | None, achieved: Decimal, raw: Decimal | None, percentage: bool, prefix: str
) -> Iterator[Problem]:
    """PT-13 without a ratio; otherwise what the ratio and the scale of the amounts say."""
    if programmed is None or raw is None:
        if achieved:
            message = f"{prefix}Hay ejecución ({format_magnitude(achieved)}) sin programación."
            yield Problem("executed_without_programme", "PT-13", message, blocking=False, fix=_JUSTIFY)
        return
    yield from _ratio_warnings(raw, prefix)
    if percentage:
        yield from _scale_warnings(programmed, achieved, prefix)


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
