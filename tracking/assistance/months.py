"""Months in addresses and in words: «2025-06» and «junio de 2025»."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from pes.dates import long_date
from tracking.rules.assistance import month_before

_WRITTEN = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def read_month(text: str) -> date | None:
    """The first day of a month written «2025-06»; None for anything else."""
    found = _WRITTEN.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def written(month: date) -> str:
    """«2025-06»."""
    return f"{month:%Y-%m}"


def words(month: date) -> str:
    """«junio de 2025»."""
    return long_date(month).partition(" de ")[2]


def last_months(today: date, many: int = 13) -> list[date]:
    """The first days of this month and those before it, the latest first."""
    found = [today.replace(day=1)]
    while len(found) < many:
        found.append(month_before(found[-1]))
    return found


def month_options(months: Iterable[date]) -> list[tuple[str, str]]:
    """Choices of a filter by month."""
    return [(written(one), words(one)) for one in months]
