"""The four programming types and the ratio each one measures (rules PT-01 to PT-05 and PT-12).

A period is a quarter of a plan de gestión or a vigencia of a PES: the arithmetic is the same.
Every function that divides is called inside `numbers.exact()`.
"""

from decimal import Decimal
from enum import StrEnum

from pes.rules.numbers import ZERO, parse_number


class ProgrammingType(StrEnum):
    """How the figures of the periods make up the annual magnitude (PT-01, PLE-PIN-P005 v8 pol. 9)."""

    SUMA = "SUMA"
    CONSTANTE = "CONSTANTE"
    CRECIENTE = "CRECIENTE"
    DECRECIENTE = "DECRECIENTE"

    @property
    def label(self) -> str:
        """Spanish name for screens."""
        return self.value.capitalize()


_DECRECIENTE: str = ProgrammingType.DECRECIENTE.value
_CRECIENTE: str = ProgrammingType.CRECIENTE.value
_NOT_PROGRAMMED_TEXTS = frozenset({"", "NP", "N/A", "-"})


def calculation_base(kind: str, baseline: Decimal | None, discount: bool) -> Decimal | None:
    """Level B from which advance is counted, in the goal's unit; `None` when it is unknown.

    DECRECIENTE counts down from its línea base and has no result without one (PT-03b). CRECIENTE
    counts from 0 unless the methodology of the vigencia sets `descontar_linea_base`: a línea base
    typed for information never changes a result (PT-03).
    """
    if kind == _DECRECIENTE:
        return baseline
    if discount and baseline is not None and kind == _CRECIENTE:
        return baseline
    return ZERO


def is_programmed(kind: str, programmed: Decimal | None, base: Decimal | None) -> bool:
    """Whether a period has a programme at all: never true where PT-05 would divide by 0 (PT-04)."""
    if programmed is None or base is None:
        return False
    if kind == _DECRECIENTE:
        return programmed < base
    return programmed > base


def result_ratio(kind: str, programmed: Decimal, achieved: Decimal, base: Decimal) -> Decimal:
    """Unrounded, uncapped ratio of a programmed period (PT-05); negative if it got worse (PT-15)."""
    if kind == _DECRECIENTE:
        return (base - achieved) / (base - programmed)
    if base:
        return (achieved - base) / (programmed - base)
    return achieved / programmed


def rate(raw: Decimal, cap: Decimal) -> Decimal:
    """The part of a raw ratio that enters an average: between 0 and `cap` (PT-14, PT-15, PES-09)."""
    if raw > cap:
        return cap
    return raw if raw > ZERO else ZERO


def normalise_programmed(kind: str, value: Decimal | str | None) -> Decimal | None:
    """Programme of a period as it is stored: not programmed is `None`, never 0 (PT-12).

    Blank, `NP`, `N/A` and `-` are not programmed; neither is 0, except for DECRECIENTE, where 0 is
    a level to reach. Raises `numbers.NumberError` for a text that is not a number.
    """
    if isinstance(value, str):
        if value.strip().upper() in _NOT_PROGRAMMED_TEXTS:
            return None
        value = parse_number(value)
    return value if value or kind == _DECRECIENTE else None
