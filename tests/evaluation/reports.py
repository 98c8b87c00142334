"""What the tests of reports share: a small plan measured in March 2022, and its reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evaluation.models import Cutoff, IssuedReport, ReportDraft
from evaluation.rules.periods import Period, parse_period
from pes import jobs
from pes.models import Job, SectorPlan
from tests import make, people

MARCH = parse_period("monthly", "2022-03")
HALF = parse_period("semiannual", "2022-S1")
YEAR = parse_period("annual", "2022")
ON = date(2022, 3, 31)
ANALYSIS = "Se avanzó en señalización, año niño: más ñandúes."


@dataclass
class Case:
    """Two objectives (50,24 % and 24,15 %, the third without indicators) measured by the entity's enlace."""

    them: people.Cast
    plan: SectorPlan

    @property
    def cutoff(self) -> Cutoff:
        """The computed cut-off."""
        return make.cutoff(plan=self.plan)

    def draft(self, period: Period = MARCH) -> ReportDraft:
        """A draft, made as the product makes it."""
        job = jobs.run_now(ReportDraft.ask(self.plan, period, by=self.them.ana))
        assert job.state == "done", job.error
        return ReportDraft.objects.get(plan=self.plan, kind=period.kind.value, period=period.code)

    def issue(self, period: Period = MARCH, reason: str = "") -> IssuedReport:
        """The next edition, of a consolidated cut-off."""
        if not self.cutoff.is_consolidated:
            self.cutoff.consolidate(by=self.them.jorge)
        job: Job = jobs.run_now(IssuedReport.ask(self.plan, period, reason=reason, by=self.them.jorge))
        assert job.state == "done", job.error
        return IssuedReport.of(self.plan, period)[0]


def case(analysis: str = ANALYSIS) -> Case:
    """The case, with its cut-off computed."""
    them = people.cast()
    plan = make.plan(sector=them.sector, name="PES de Gestión Pública")
    peace = make.objective(plan=plan, number=2, text="Construcción de la paz")
    open_government = make.objective(plan=plan, number=3, text="Gobierno abierto")
    make.objective(plan=plan, number=4, text="Transformación digital")
    goal = make.goal(objective=peace, code="301")
    first = make.indicator(
        goal=goal, entity=them.head, key="321", type="CRECIENTE", targets={2021: 20, 2022: 55, 2023: 90}
    )
    project = make.goal(objective=peace, code="4", kind="proyecto")
    second = make.indicator(goal=project, entity=them.head, key="P4", type="CRECIENTE", targets={2022: 55})
    third = make.indicator(
        goal=make.goal(objective=open_government, code="431"),
        entity=them.second_entity,
        key="644",
        targets={2022: 10000},
    )
    make.weights(objective=peace, by=them.ana, k321="89.35", kP4="10.65")
    make.weights(objective=open_government, by=them.ana, k644="100.00")
    make.measurement(indicator=first, by=them.elena, achieved="27.5", analysis=analysis)
    make.measurement(indicator=second, by=them.elena, achieved="28.75")
    make.measurement(indicator=third, by=them.ana, achieved="2415")
    make.run_jobs()
    return Case(them, plan)
