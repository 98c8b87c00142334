"""Which vigencia of a PES a page or a condition is about when nobody chooses one."""

from __future__ import annotations

from datetime import date

from evaluation.models import IndicatorWeight
from pes.models import SectorPlan


def current_vigencia(plan: SectorPlan, today: date) -> int:
    """This year while the plan runs; else the last vigencia that was weighed, or the nearest one of the plan."""
    if today.year in plan.vigencias:
        return today.year
    nearest = plan.first_vigencia if today.year < plan.first_vigencia else plan.last_vigencia
    weighed = IndicatorWeight.objects.filter(indicator__plan=plan).order_by("-vigencia")
    return weighed.values_list("vigencia_id", flat=True).first() or nearest


def asked_vigencia(plan: SectorPlan, text: str, today: date) -> int:
    """The vigencia of an address, if the plan has it; else the current one."""
    known = {str(year): year for year in plan.vigencias}
    return known[text] if text in known else current_vigencia(plan, today)
