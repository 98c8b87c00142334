"""What people do with the PES of a sector, step by step, as the journeys tell it."""

from __future__ import annotations

from tests.journeys.plan_steps import TODAY

# The demonstration has the PES of the government under which last year was; the one of Gestión Pública is the first.
_LAST, _KNOWN, _YEARS = TODAY.year - 1, 2020, 4
FIRST = _LAST - (_LAST - _KNOWN) % _YEARS
PERIOD = f"{FIRST}–{FIRST + _YEARS}"


def pes_path(sector: str, rest: str = "") -> str:
    """Address of the PES of a sector, or of a page of it."""
    return f"/sectores/{sector}/pes/{FIRST}/{rest}"
