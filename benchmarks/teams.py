"""Teams with a published plan and the report of a quarter filled in, in bulk: for the deadline day and for the faults.

Every goal is programmed and executed at 100 %, with both analyses and a link as evidence, so that the report can be
sent as it is. What the product itself does afterwards (open, fill in, send, close) goes through its verbs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils import timezone

from pes.models import Membership, Metodologia, OrganizationUnit, UnitKind, User, Vigencia
from pes.permissions import Role
from pes.rules.programming import ProgrammingType
from plans.models import Goal, PlanGestion, QuarterTarget
from plans.rules.plan_states import PlanStatus
from tracking import lifecycle
from tracking.models import Evidence, EvidenceKind, GoalNarrative, GoalReport, QuarterReport

SINCE = date(2020, 1, 1)
EACH = Decimal(25)  # programmed and executed in a quarter
ANALYSIS = "Se atendieron las solicitudes del trimestre dentro del término, con el equipo completo. " * 4
OPENED = {1: (4, 1), 2: (7, 1), 3: (10, 1), 4: (1, 1)}  # the day after each quarter ends


@dataclass(frozen=True)
class Teams:
    """How many there are: entities of a sector, processes of each, goals of each plan; and which quarters they report."""

    code: str
    entities: int
    processes: int
    goals: int
    vigencia: int
    quarters: tuple[int, ...] = (1,)

    @property
    def count(self) -> int:
        """Plans in all."""
        return self.entities * self.processes


def build(teams: Teams, district: OrganizationUnit) -> list[QuarterReport]:
    """Units, leaders, published plans, and their reports filled in; the reports by entity, quarter and process."""
    Vigencia.objects.get_or_create(year=teams.vigencia)
    sector = _unit(teams.code, UnitKind.SECTOR, district)
    writer = User.objects.create(email=f"{teams.code}.oap@ejemplo.invalid", full_name="Jefe OAP", password="!")
    Metodologia(
        vigencia_id=teams.vigencia, version=90, memo="1", published_at=timezone.now(), published_by=writer
    ).save()
    plans = [
        _plan(_unit(f"{entity.code}-{at:03d}", UnitKind.PROCESS, entity), teams, writer)
        for entity in (_unit(f"{teams.code}-e{at:02d}", UnitKind.ENTITY, sector) for at in range(teams.entities))
        for at in range(teams.processes)
    ]
    _hold(writer, Role.JEFE_OAP, sector)  # now that there is something below
    PlanGestion.objects.bulk_create(plans)
    _add_goals(plans, teams.goals)
    for quarter in teams.quarters:
        lifecycle.open_reports(teams.vigencia, quarter, now=opened_at(teams.vigencia, quarter))
    reports = QuarterReport.objects.filter(plan__in=plans).select_related("plan__unit")
    _fill_in(reports, writer)
    return list(reports.order_by("plan__unit__parent", "quarter", "plan__unit"))


def opened_at(vigencia: int, quarter: int) -> datetime:
    """Noon in Bogotá on the day on which the report of a quarter is opened."""
    month, day = OPENED[quarter]
    return datetime(vigencia + (quarter == 4), month, day, 17, tzinfo=UTC)


def add_leader(email: str, unit: OrganizationUnit, password: str = "!") -> User:
    """Somebody who answers for every plan under a unit; the password comes encoded."""
    person = User.objects.create(email=email, full_name="Líder", password=password)
    _hold(person, Role.LIDER_PROCESO, unit)
    return person


def _unit(code: str, kind: UnitKind, parent: OrganizationUnit) -> OrganizationUnit:
    return OrganizationUnit.objects.create(code=code, name=f"Unidad {code}", kind=kind, parent=parent)


def _hold(person: User, role: Role, unit: OrganizationUnit) -> None:
    Membership.grant(user=person, unit=unit, role=role, starts_on=SINCE, by=None)


def _plan(unit: OrganizationUnit, teams: Teams, by: User) -> PlanGestion:
    now = opened_at(teams.vigencia, 1)
    steps = {f"{act}_{what}": value for act in ("opened", "submitted", "validated", "official", "published")
             for what, value in (("by", by), ("at", now))}  # fmt: skip
    return PlanGestion(
        unit=unit, vigencia_id=teams.vigencia, level="central", status=PlanStatus.PUBLISHED, edition=1,
        hola_case="HOLA-1", hola_on=SINCE, **steps,
    )  # fmt: skip


def _add_goals(plans: list[PlanGestion], count: int) -> None:
    share = (Decimal(100) / count).quantize(Decimal("0.01"))
    goals = Goal.objects.bulk_create(
        (
            Goal(
                plan=plan, number=number, position=number, text=f"Atender las solicitudes del grupo {number}",
                weight=100 - share * (count - 1) if number == count else share, magnitude=4 * EACH, unit="Solicitudes",
                indicator="Solicitudes atendidas", programming_type=ProgrammingType.SUMA, responsible="Equipo",
            )
            for plan in plans
            for number in range(1, count + 1)
        ),
        batch_size=1000,
    )  # fmt: skip
    targets = (QuarterTarget(goal=goal, quarter=quarter, programmed=EACH) for goal in goals for quarter in range(1, 5))
    QuarterTarget.objects.bulk_create(targets, batch_size=2000)


def _fill_in(reports: object, by: User) -> None:
    rows = GoalReport.objects.filter(report__in=reports)
    rows.update(achieved=EACH)
    GoalNarrative.objects.filter(entry__in=rows).update(analysis=ANALYSIS, accumulated_analysis=ANALYSIS)
    link = {"kind": EvidenceKind.LINK, "url": "https://ejemplo.invalid/soporte.pdf", "display_name": "Soporte"}
    proofs = (Evidence(entry=row, **link, uploaded_by=by, uploaded_at=timezone.now()) for row in rows)
    Evidence.objects.bulk_create(proofs, batch_size=2000)
