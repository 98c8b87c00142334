"""Colombian holidays and the days off by decree, as the set that the rules take (CAL-02…05)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import holidays

from pes.models import NonWorkingDay


def non_working_days(years: Iterable[int]) -> set[date]:
    """National holidays of some years plus the `NonWorkingDay` table; weekends are the rules' business."""
    wanted = sorted(set(years))
    national = set(holidays.country_holidays("CO", years=wanted, language="es"))
    decreed = NonWorkingDay.objects.filter(on__year__in=wanted).values_list("on", flat=True)
    return national | set(decreed)
