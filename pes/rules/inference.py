"""Which programming type a published series must have (rule PT-20)."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from pes.rules.numbers import exact
from pes.rules.programming import ProgrammingType


def infer_type(series: Sequence[Decimal | None], total: Decimal | None) -> ProgrammingType | None:
    """The only type that explains `series` and its `total`, or `None` when a person must choose.

    Sources write 0 for a period without programme (PT-12), so zeros count only as the levels of a
    DECRECIENTE. Equal periods are CONSTANTE and not CRECIENTE, which the letter of PT-20 would
    also allow: without one increase nothing grows.
    """
    if total is None:
        return None
    levels = [value for value in series if value is not None]
    programmed = [value for value in levels if value]
    with exact():
        adds_up = sum(programmed) == total
    if adds_up and programmed and programmed[-1] != total:
        return ProgrammingType.SUMA
    if len(programmed) > 1 and programmed[-1] == total and not adds_up:
        if set(programmed) == {total}:
            return ProgrammingType.CONSTANTE
        if all(before <= after for before, after in pairwise(programmed)):
            return ProgrammingType.CRECIENTE
    if _falls_to(total, levels):
        return ProgrammingType.DECRECIENTE
    return None


def _falls_to(total: Decimal, levels: Sequence[Decimal]) -> bool:
    return (
        len(levels) > 1
        and levels[-1] == total
        and levels[0] > levels[-1]
        and all(before >= after for before, after in pairwise(levels))
    )
