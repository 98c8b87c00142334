"""Weights in percentage points: their sum, and the helpers that fill them in (rules W-01 to W-06)."""

from collections.abc import Collection, Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import TypeVar

from pes.rules.numbers import HUNDRED, ZERO, exact, round_half_up, spanish_figures
from pes.rules.problems import Problem, Refused, refuse_if_any

CENT = Decimal("0.01")
_Key = TypeVar("_Key", str, int)  # key of an indicator, number of a goal


def weight_problems(weights: Mapping[str, Decimal | None], programmed: Collection[str] | None = None) -> list[Problem]:
    """What keeps `weights` (indicator key → percentage points) of an objective from being locked.

    Each must be above 0 and at most 100 with two decimals, and all together exactly 100,00 (W-02).
    With `programmed`, the keys that have a programme in the vigencia, weighted ones must be those
    and no others (W-03).
    """
    given = {key: weight for key, weight in weights.items() if weight is not None}
    problems = [found for key in given if (found := _value_problem(key, given[key]))]
    if programmed is not None:
        problems += _match_problems(given, programmed)
    # A weight out of any scale would only make the difference unreadable.
    if all(weight.is_finite() and abs(weight) <= HUNDRED for weight in given.values()):
        off = sum_problem(given.values())
        problems += [off] if off else []
    return problems


def sum_problem(weights: Iterable[Decimal]) -> Problem | None:
    """The exact difference to 100,00 percentage points, if there is one (W-02)."""
    with exact():
        total = sum(weights, ZERO)
        missing = HUNDRED - total
    if not missing:
        return None
    gap = _points(abs(missing))
    return Problem(
        "weights_do_not_add_up",
        "W-02",
        f"Las ponderaciones suman {_points(total)} y deben sumar 100,00: "
        f"{'faltan' if missing > 0 else 'sobran'} {gap}.",
        fix=f"{'Agregue' if missing > 0 else 'Quite'} {gap} puntos porcentuales.",
    )


def renormalised(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Unrounded percentage points of `weights` scaled to 100, for averages (W-05).

    Raises `Refused` when a weight is not above 0 or there is none.
    """
    _refuse_unusable(weights)
    with exact():
        total = sum(weights.values(), ZERO)
        return {key: weight * HUNDRED / total for key, weight in weights.items()}


def proportional(weights: Mapping[_Key, Decimal], total: Decimal = HUNDRED) -> dict[_Key, Decimal]:
    """`weights` scaled to exactly `total`, by default 100,00, with two decimals by largest remainder (W-05).

    Cents left over go to the largest remainders; ties to the larger weight, then to the smaller
    key. Raises `Refused` when a weight is not above 0 or there is none.
    """
    _refuse_unusable(weights)
    with exact():
        whole = sum(weights.values(), ZERO)
        shares = {key: weight * total / CENT / whole for key, weight in weights.items()}
        cents = {key: share.to_integral_value(ROUND_FLOOR) for key, share in shares.items()}
        by_remainder = sorted(weights, key=lambda key: (cents[key] - shares[key], -weights[key], key))
        for key in by_remainder[: int(total / CENT - sum(cents.values()))]:
            cents[key] += 1
        return {key: cents[key] * CENT for key in weights}


def equal(keys: Iterable[str]) -> dict[str, Decimal]:
    """The same weight for every key, the cents left over to the smaller keys (W-04)."""
    return proportional(dict.fromkeys(keys, Decimal(1)))


def residual_to(weights: Mapping[str, Decimal | None], key: str) -> dict[str, Decimal]:
    """`weights` with `key` taking what the others leave to 100,00 (W-04).

    Raises `Refused` when the others are unusable or leave nothing.
    """
    others = {other: weight for other, weight in weights.items() if other != key and weight is not None}
    refuse_if_any(found for other in others if (found := _value_problem(other, others[other])))
    with exact():
        left = HUNDRED - sum(others.values(), ZERO)
    if left <= 0:
        message = f"Las demás ponderaciones suman {_points(HUNDRED - left)} y no dejan nada a {key}."
        raise Refused([Problem("no_residual", "W-04", message, fix="Baje alguna de las demás.")])
    return {other: others.get(other, left) for other in weights if other == key or other in others}


def _value_problem(key: str, weight: Decimal) -> Problem | None:
    if not weight.is_finite() or not ZERO < weight <= HUNDRED:
        return Problem(
            "weight_out_of_range",
            "W-03",
            f"La ponderación de {key} es {_found(weight)} y debe ser mayor que 0 y hasta 100.",
            fix=f"Escriba en {key} una ponderación entre 0,01 y 100,00.",
        )
    if weight != round_half_up(weight, 2):
        return Problem(
            "weight_too_precise",
            "W-01",
            f"La ponderación de {key} tiene más de dos decimales.",
            fix="Redondéela a dos decimales o reparta con «Proporcional».",
        )
    return None


def _match_problems(given: Mapping[str, Decimal], programmed: Collection[str]) -> list[Problem]:
    extra = [
        Problem(
            "weight_without_programme",
            "W-03",
            f"{key} tiene ponderación y no está programado en la vigencia.",
            fix=f"Deje vacía la ponderación de {key}.",
        )
        for key in given
        if key not in programmed
    ]
    return extra + [
        Problem(
            "weight_missing",
            "W-03",
            f"{key} está programado en la vigencia y no tiene ponderación.",
            fix=f"Escriba la ponderación de {key}.",
        )
        for key in programmed
        if key not in given
    ]


def _refuse_unusable(weights: Mapping[_Key, Decimal]) -> None:
    """Shares of any sum and any decimals can be scaled, as long as each one is a share."""
    refuse_if_any(
        Problem("weight_out_of_range", "W-03", f"La ponderación de {key} es {_found(weight)}.")
        for key, weight in weights.items()
        if not weight.is_finite() or not ZERO < weight <= HUNDRED
    )
    if not weights:
        message = "No hay ninguna ponderación que repartir."
        raise Refused([Problem("no_weights", "W-05", message, fix="Escriba al menos una.")])


def _points(value: Decimal) -> str:
    """Exact percentage points with at least two decimals: the difference is never rounded away."""
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return spanish_figures(value, max(2, places))


def _found(weight: Decimal) -> str:
    if not weight.is_finite():
        return "algo que no es un número"
    return _points(weight) if abs(weight) < 10_000 else "un número demasiado grande"
