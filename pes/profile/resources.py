"""Resources of the projects of a sector: the verb that writes them, and the table that every face reads (chapter 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import (
    IndicatorTarget,
    InvestmentProject,
    OrganizationUnit,
    ProjectResource,
    SectorGoal,
    SectorPlan,
    User,
)
from pes.permissions import Permission
from pes.rules.numbers import format_magnitude
from pes.rules.problems import refuse_if_any
from pes.rules.resources import Money, money_problems, total

EDIT = Permission.PROFILE_EDIT


@once("Otra persona acaba de registrar los recursos de ese proyecto.")
def record_resources(
    project: InvestmentProject, vigencia: int, said: Money, *, read: str, by: User, now: datetime | None = None
) -> bool:
    """Write what a project has in a vigencia, all of it; an empty `said` takes the row out. False when it is the same.

    `read` is the fingerprint of the facts that the person was editing. Raises PermissionDenied, or Refused: the rules
    of resources (warnings pass), or somebody changed them meanwhile.
    """
    demand(by, EDIT, project)
    InvestmentProject.objects.select_for_update(no_key=True).get(pk=project.pk)
    row = ProjectResource.objects.filter(project=project, vigencia=vigencia).first()
    before, after = money_facts(money_of(row)), money_facts(said)
    refuse_if_stale(before, read)
    if after == before:
        return False
    refuse_if_any(money_problems(said, vigencia, timezone.localdate(now)))
    old, new = audit.differences(before, after)
    about = {"project": str(project), "vigencia": vigencia}
    audit.record("resources_recorded", project, by=by, before=about | old, after=about | new)
    if said.is_empty and row is not None:
        row.delete()
        return True
    row = row or ProjectResource(project=project, vigencia_id=vigencia)
    for name in ("programmed", "committed", "paid", "cutoff_on", "source"):
        setattr(row, name, getattr(said, name))
    row.save()
    return True


def money_of(row: ProjectResource | None) -> Money:
    """A stored row as the rules read it; nothing where there is none."""
    return Money(row.programmed, row.committed, row.paid, row.cutoff_on, row.source) if row else Money()


def money_facts(money: Money) -> dict[str, Any]:
    """What the audit keeps of the resources of a project."""

    def text(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:.2f}"

    return {
        "programmed": text(money.programmed),
        "committed": text(money.committed),
        "paid": text(money.paid),
        "cutoff_on": money.cutoff_on.isoformat() if money.cutoff_on else None,
        "source": money.source or None,
    }


@dataclass(frozen=True, slots=True)
class PhysicalGoal:
    """What a goal of a project promises for the vigencia: the programmed amount of each of its indicators."""

    code: str
    text: str
    key: str
    programmed: Decimal | None
    unit: str


def physical_text(goal: PhysicalGoal) -> str:
    """«D-11 · Entregar tableros: 5 Tableros»."""
    text = goal.text.rstrip(" .")
    return f"{goal.code} · {text}: {format_magnitude(goal.programmed)} {goal.unit}".strip()


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project with its money and its physical goals in a vigencia."""

    project: InvestmentProject
    money: Money
    goals: tuple[PhysicalGoal, ...]


@dataclass(frozen=True, slots=True)
class EntityLines:
    """The projects of an entity, and the sum of what is known of them."""

    entity: OrganizationUnit
    lines: tuple[ProjectLine, ...]

    @property
    def total(self) -> Money:
        """Of the entity in the vigencia."""
        return total(line.money for line in self.lines)


def projects_of(plan: SectorPlan) -> Any:
    """Projects of the sector's entities: those with goals in this PES, and those that have goals in none yet."""
    ours = SectorGoal.objects.filter(project=OuterRef("pk"), objective__plan=plan)
    elsewhere = SectorGoal.objects.filter(project=OuterRef("pk"))
    found = InvestmentProject.objects.filter(entity__parent=plan.sector)
    found = found.filter(Q(Exists(ours)) | ~Q(Exists(elsewhere))).select_related("entity")
    return found.order_by("-entity__is_head", "entity__sort_key", "entity__code", "code")


def resources_of(plan: SectorPlan, vigencia: int) -> tuple[EntityLines, ...]:
    """Every entity of the sector that has projects, its head first; three queries whatever their number."""
    return _by_vigencia(plan, [vigencia])[vigencia]


def resources_of_all(plan: SectorPlan) -> dict[int, tuple[EntityLines, ...]]:
    """The same for every vigencia of a PES; three queries."""
    return _by_vigencia(plan, plan.vigencias)


def _by_vigencia(plan: SectorPlan, vigencias: Iterable[int]) -> dict[int, tuple[EntityLines, ...]]:
    projects, years = list(projects_of(plan)), list(vigencias)
    rows = ProjectResource.objects.filter(project__in=projects, vigencia__in=years)
    money = {(row.project_id, row.vigencia_id): money_of(row) for row in rows}
    goals = _physical_goals(projects, years)

    def line(project: InvestmentProject, year: int) -> ProjectLine:
        key = (project.pk, year)
        return ProjectLine(project, money.get(key, Money()), tuple(goals.get(key, ())))

    grouped = [(entity, list(found)) for entity, found in groupby(projects, key=lambda project: project.entity)]
    return {
        year: tuple(EntityLines(entity, tuple(line(one, year) for one in found)) for entity, found in grouped)
        for year in years
    }


def _physical_goals(projects: list[InvestmentProject], years: list[int]) -> dict[tuple[int, int], list[PhysicalGoal]]:
    found: dict[tuple[int, int], list[PhysicalGoal]] = defaultdict(list)
    targets = IndicatorTarget.objects.filter(vigencia__in=years, indicator__goal__project__in=projects)
    goal = [f"indicator__goal__{name}" for name in ("project_id", "code", "text")]
    rows = targets.order_by("indicator__goal__code", "indicator__key")
    for year, project, *said in rows.values_list("vigencia", *goal, "indicator__key", "programmed", "indicator__unit"):
        found[project, year].append(PhysicalGoal(*said))
    return found


def totals_by_vigencia(plan: SectorPlan) -> list[tuple[int, Money]]:
    """The sum of the sector's projects in each vigencia of the PES; two queries."""
    rows: dict[int, list[Money]] = defaultdict(list)
    for row in ProjectResource.objects.filter(project__in=projects_of(plan).values("pk"), vigencia__in=plan.vigencias):
        rows[row.vigencia_id].append(money_of(row))
    return [(year, total(rows.get(year, ()))) for year in plan.vigencias]
