"""The profile of the demonstration: an invented one for Gobierno, and what the sources publish for Gestión Pública."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from pes.edits import fingerprint
from pes.frameworks import add_objective, change_objective, objective_facts, register_framework
from pes.models import (
    ActivityStatus,
    DevelopmentPlan,
    EntityProblem,
    InvestmentProject,
    Objective,
    OrganizationUnit,
    PddProgramme,
    PlannedActivity,
    PublicPolicy,
    SectorActor,
    SectorPlan,
    SectorStatement,
    StrategicFramework,
    StrategicLine,
    StrategicObjective,
    User,
    Vigencia,
)
from pes.profile.records import add_record
from pes.profile.resources import money_facts, record_resources
from pes.project_goals import GoalWords, NewGoal, add_project_goal
from pes.projects import create_project
from pes.rules.programming import ProgrammingType
from pes.rules.resources import Money

FIXTURE = settings.BASE_DIR / "fixtures" / "demo_perfil.json"
MILLION = Decimal(1_000_000)
SOURCE = "Ejecución presupuestal (demostración)"
COMMITTED, PAID = Decimal("0.92"), Decimal("0.81")  # of the programmed, once a vigencia is over
SPENDING = Decimal("0.7")  # of the time that has passed: money goes out later than it is promised
_NOTHING = money_facts(Money())


def load(*, now: datetime) -> None:
    """Everything, through the verbs; each part looks before it acts."""
    console = User.objects.console()
    for plan in SectorPlan.objects.filter(sector__code__in=("gobierno", "gestion-publica")).select_related("sector"):
        said = _read(plan).get(plan.sector.code, {})
        if not DevelopmentPlan.objects.filter(plan=plan).exists():
            _Loader(plan, console, now).load(said)


def _read(plan: SectorPlan) -> dict[str, Any]:
    """The fixture with the years of a plan in the place of {y0} and {y4}."""
    text = FIXTURE.read_text(encoding="utf-8")
    years = (("{y0}", plan.first_vigencia), ("{y4}", plan.last_vigencia))
    for mark, year in years:
        text = text.replace(mark, str(year))
    found: dict[str, Any] = json.loads(text)
    return found


class _Loader:
    """Writes the profile of one plan as the console, which may enter data and approve nothing."""

    def __init__(self, plan: SectorPlan, by: User, now: datetime) -> None:
        self.plan, self.by, self.now = plan, by, now
        self.entities = {unit.code: unit for unit in OrganizationUnit.objects.entities_of(plan.sector)}
        self.objectives = {one.number: one for one in Objective.objects.filter(plan=plan)}

    def load(self, said: Mapping[str, Any]) -> None:
        """Sector first, then its entities, then their projects."""
        for row in said.get("marco", ()):
            self.add(SectorStatement(plan=self.plan), row)
        for row in said.get("lineas", ()):
            self.add(StrategicLine(plan=self.plan), row)
        self.development_plan(said["pdd"])
        numbers = Counter[str]()
        for row in said.get("problemas", ()):
            numbers[row["entity"]] += 1
            self.add(EntityProblem(plan=self.plan), {"number": numbers[row["entity"]]} | row)
        for row in said.get("politicas", ()):
            self.add(PublicPolicy(plan=self.plan), row)
        for row in said.get("actores", ()):
            self.add(SectorActor(plan=self.plan), row)
        self.frameworks(said.get("frameworks", ()), said.get("links", {}))
        for row in said.get("projects", ()):
            self.project(row)

    def add(self, record: Any, row: Mapping[str, Any]) -> Any:
        """One record through its verb."""
        return add_record(
            record, {name: self.value(name, value) for name, value in row.items()}, by=self.by, now=self.now
        )

    def value(self, name: str, value: Any) -> Any:
        """A value of the fixture as the verb takes it."""
        if name == "objectives":
            return [self.objectives[number] for number in value]
        if name == "entity":
            return self.entities[value] if value else None
        if name.startswith("valid_") and value:
            return date.fromisoformat(value)
        return int(value) if name.endswith("_year") and value else value

    def development_plan(self, said: Mapping[str, Any]) -> None:
        """The PDD with its programmes."""
        row = {name: value for name, value in said.items() if name != "programmes"}
        pdd = self.add(DevelopmentPlan(plan=self.plan), row)
        for programme in said["programmes"]:
            self.add(PddProgramme(), {"development_plan": pdd} | programme)

    def frameworks(self, rows: Any, links: Mapping[str, int]) -> None:
        """Frameworks of the entities that have none, and the links of the one that has it already."""
        for row in rows:
            entity = self.entities[row["entity"]]
            if StrategicFramework.objects.filter(unit=entity).exists():
                continue
            since = date.fromisoformat(row["valid_from"])
            made = register_framework(entity, act=row["act"], valid_from=since, valid_until=None, by=self.by)
            for number, (text, serves) in enumerate(row["objectives"], 1):
                add_objective(made, number=number, text=text, sector_objective=self.objectives[serves], by=self.by)
        loose = StrategicObjective.objects.filter(framework__unit__in=self.entities.values(), sector_objective=None)
        for one in loose.filter(number__in=links):
            read = fingerprint(objective_facts(one))
            serves = self.objectives[links[str(one.number)]]
            said = {"number": one.number, "text": one.text, "sector_objective": serves}
            change_objective(one, **said, read=read, by=self.by)

    def project(self, row: Mapping[str, Any]) -> None:
        """A project with its goal, its resources up to today and the activities of this vigencia."""
        entity = self.entities[row["entity"]]
        project = create_project(entity, code=row["code"], name=row["name"], by=self.by)
        year = min(max(timezone.localdate(self.now).year, self.plan.first_vigencia), self.plan.last_vigencia)
        if goal := row.get("goal"):
            self.physical_goal(project, goal, year)
        for vigencia in range(self.plan.first_vigencia, year + 1):
            said = self.money(Decimal(row["millions"]) * MILLION, vigencia)
            record_resources(project, vigencia, said, read=fingerprint(_NOTHING), by=self.by, now=self.now)
        for number, text in enumerate(row["activities"], 1):
            self.activity(project, year, number, text)

    def physical_goal(self, project: InvestmentProject, said: Mapping[str, Any], year: int) -> None:
        """What the project promises from this vigencia on."""
        words = GoalWords(said["text"], said["name"], said["unit"], "")
        years = {one: Decimal(said["amount"]) if one >= year else None for one in self.plan.vigencias}
        new = NewGoal(
            self.objectives[said["objective"]], said["key"], said["key"], words, ProgrammingType.SUMA, None, years
        )
        add_project_goal(project, new, by=self.by)

    def money(self, programmed: Decimal, vigencia: int) -> Money:
        """Pesos of a vigencia: almost all once it is over, in step with the days while it runs."""
        today = timezone.localdate(self.now)
        if today.year > vigencia:
            return Money(programmed, programmed * COMMITTED, programmed * PAID, date(vigencia, 12, 31), SOURCE)
        until = today.replace(day=1) - timedelta(days=1)
        if until.year < vigencia:
            return Money(programmed)
        share = (Decimal(until.month) / 12 * COMMITTED).quantize(Decimal("0.01"))
        committed = programmed * share
        return Money(programmed, committed, committed * SPENDING, until, SOURCE)

    def activity(self, project: InvestmentProject, year: int, number: int, text: str) -> None:
        """The first one is done, the others run until the end of the year."""
        done = number == 1 and timezone.localdate(self.now) > date(year, 6, 15)
        row = {
            "project": project,
            "vigencia": Vigencia.objects.get(pk=year),
            "number": number,
            "text": text,
            "responsible": "Oficina asesora de planeación",
            "starts_on": date(year, 2, 1) if number == 1 else date(year, 5, 1),
            "ends_on": date(year, 6, 30) if number == 1 else date(year, 12, 15),
            "product": "Informe con sus soportes",
            "amount": None,
            "status": ActivityStatus.DONE if done else ActivityStatus.ONGOING,
            "done_on": date(year, 6, 15) if done else None,
        }
        add_record(PlannedActivity(), row, by=self.by, now=self.now)
