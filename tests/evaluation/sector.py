"""A sector like the published one, small: what the tests of its pages stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evaluation.models import Cutoff
from pes.models import Objective, SectorPlan
from tests import make, people

ON = date(2022, 3, 31)


@dataclass(frozen=True)
class Sector:
    """A plan with two objectives, the first with two indicators measured at 50 % and 20 %, the second empty."""

    them: people.Cast
    plan: SectorPlan
    objective: Objective

    @property
    def cutoff(self) -> Cutoff:
        """Its only cut-off, as it stands."""
        return Cutoff.objects.get(plan=self.plan, on=ON)

    def url(self, rest: str) -> str:
        """Address of a page of the sector."""
        return f"/sectores/{self.plan.sector.code}/{rest}"


def sector(*, indicators: int = 2, measured: int | None = None) -> Sector:
    """Indicators of equal weight but the first, which takes the rest; the first `measured` of them at 50 %, 20 %, 20 %…"""
    them = people.cast()
    plan = make.plan(sector=them.sector)
    objective = make.objective(plan=plan, text="Construir la paz y la reconciliación")
    make.objective(plan=plan, number=2, text="Fortalecer el servicio a la ciudadanía")
    goal = make.goal(objective=objective)
    made = [
        make.indicator(goal=goal, entity=them.head, key=str(n), targets={2022: 100, 2023: 100})
        for n in range(1, indicators + 1)
    ]
    others = {f"k{n}": f"{25 / (indicators - 1):.2f}" for n in range(2, indicators + 1)}
    make.weights(objective=objective, by=them.ana, k1="75.00", **others)
    for at, indicator in enumerate(made[: indicators if measured is None else measured]):
        make.measurement(
            indicator=indicator, by=them.elena, achieved=20 if at else 50, analysis="Se firmó el convenio."
        )
    make.run_jobs()
    return Sector(them, plan, objective)
