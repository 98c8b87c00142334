"""A year of an entity, consolidated quarter by quarter, as the documents for control offices tell it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pes.models import UnitKind
from plans.models import PlanGestion
from tests import people
from tests.evaluation.quarters import closed, plan
from tests.report_makers import opened_on, report

VIGENCIA = 2022
NOW = opened_on(VIGENCIA, 4) + timedelta(days=40)  # in February of the next year
HOSTILE = "Se atendió </main><script>alert(1)</script> =1+1."
PERCENT = {
    "text": "Responder a tiempo el 80 % de las peticiones",
    "indicator": "Peticiones respondidas a tiempo",
    "numerator": "Peticiones a tiempo",
    "denominator": "Peticiones recibidas",
    "unit": "Porcentaje",
    "programming_type": "CONSTANTE",
    "magnitude": Decimal(80),
    **{f"t{quarter}": Decimal(80) for quarter in (1, 2, 3, 4)},
}
LATE = {
    "achieved": Decimal(20), "analysis": "Se avanzó menos.", "delay_causes": "Faltó personal.",
    "accumulated_analysis": "La meta se recupera.",
}  # fmt: skip


def year(upto: int = 4) -> people.Cast:
    """An entity with a support process, a misional one with two goals and two alcaldías, one of which never reported."""
    them = people.cast()
    plans = {
        "support": plan(them, "A-01", name="Apoyo jurídico"),
        "core": plan(them, "M-01", [{}, PERCENT], name="Convivencia"),
        "local": plan(them, "AL-08", kind=UnitKind.ALCALDIA_LOCAL, name="Alcaldía Local de Kennedy"),
        "silent": plan(them, "AL-09", kind=UnitKind.ALCALDIA_LOCAL, name="Alcaldía Local de Fontibón"),
    }
    for code, kind in (("support", "apoyo"), ("core", "misional")):
        plans[code].unit.process_class = kind
        plans[code].unit.save()
    for quarter in range(1, upto + 1):
        _quarter(them, plans, quarter)
    return them


def _quarter(them: people.Cast, plans: Mapping[str, PlanGestion], quarter: int) -> None:
    for code in ("support", "core", "local"):
        report(plans[code], quarter, status="validated", entries=_entries(code, quarter))
    now = opened_on(VIGENCIA, quarter) + timedelta(days=25)
    for level in ("central", "local"):
        closed(them.head, by=them.ana, quarter=quarter, level=level, now=now)


def _entries(code: str, quarter: int) -> dict[int, dict[str, Any]]:
    if code == "core":
        terms = {"achieved": None, "numerator": Decimal(40), "denominator": Decimal(40 + 10 * quarter)}
        said = {} if quarter == 1 else {"delay_causes": "Faltó personal."}
        return {1: {"accumulated_analysis": HOSTILE}, 2: terms | said}
    return {1: LATE} if code == "local" and quarter == 2 else {}
