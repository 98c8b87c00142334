"""The goals that indicators serve, and the investment projects that some goals come from (PES-01, PES-02)."""

from __future__ import annotations

from evaluation.pes_workbook.data import IndicatorRow
from evaluation.pes_workbook.ledger import Context
from pes.goals import goal_facts, rewrite_goal, write_goal
from pes.models import Indicator, InvestmentProject, Objective, OrganizationUnit, SectorGoal
from pes.rules.problems import Problem
from pes.workbooks.cells import Kind
from pes.workbooks.places import differs, read_back

Key = tuple[int, str, str]


class GoalBook:
    """Goals and projects of the plan while its indicators are read; one goal serves several of them."""

    def __init__(self, context: Context) -> None:
        self.ledger = context.ledger
        self._goals: dict[Key, SectorGoal] = {}
        for goal in SectorGoal.objects.filter(objective__plan=context.plan).select_related("project"):
            self._goals[goal.objective_id, goal.kind, read_back(Kind.KEY, goal.code)] = goal
        self._projects = list(InvestmentProject.objects.filter(entity__parent=context.sector))
        self._changed: set[int] = set()
        self._served = set(Indicator.objects.filter(plan=context.plan).values_list("goal_id", flat=True))

    def put(self, row: IndicatorRow, objective: Objective, entity: OrganizationUnit) -> SectorGoal | None:
        """The goal of a row, created or brought to what the row says; `None` when its project cannot be."""
        goal = self._goals.get((objective.pk, row.goal_kind, row.goal_code))
        project, is_given = self._project(row, goal, entity)
        if is_given and project is None and row.project_code:
            return None
        if goal is None:
            goal = write_goal(
                objective=objective,
                kind=row.goal_kind,
                code=row.goal_code,
                text=row.goal_text,
                project=project,
                by=self.ledger.by,
            )
            self._goals[objective.pk, row.goal_kind, row.goal_code] = goal
            return goal
        text = row.goal_text if differs(Kind.PROSE, goal.text, row.goal_text) else goal.text
        if rewrite_goal(goal, text=text, project=project if is_given else goal.project, by=self.ledger.by):
            self._changed.add(goal.pk)
        return goal

    def changed(self, goal: SectorGoal) -> bool:
        """Whether the goal's text or project changed: every row that repeats it is a changed row."""
        return goal.pk in self._changed

    def drop_empty(self) -> None:
        """Delete the goals that lost their last indicator because a code was corrected."""
        for goal in SectorGoal.objects.filter(pk__in=self._served, indicators__isnull=True):
            facts = goal_facts(goal)
            self.ledger.record("goal_removed", goal, facts, dict.fromkeys(facts))
            goal.delete()

    def _project(
        self, row: IndicatorRow, goal: SectorGoal | None, entity: OrganizationUnit
    ) -> tuple[InvestmentProject | None, bool]:
        """The project of a row, and whether the file says anything about projects."""
        if row.project_code is None:
            return None, False
        if not row.project_code:
            return None, True
        known = [p for p in self._projects if read_back(Kind.KEY, p.code) == row.project_code]
        current = goal.project_id if goal else None
        found = next((p for p in known if p.pk == current), None) or next(
            (p for p in known if p.entity_id == entity.pk), None
        )
        if found is None:
            return self._new_project(row, entity), True
        if row.project_name and differs(Kind.PROSE, found.name, row.project_name):
            before, found.name = {"name": found.name}, row.project_name
            found.save(update_fields=["name"])
            self.ledger.record("project_changed", found, before, {"name": found.name})
            self._changed |= {g.pk for g in self._goals.values() if g.project_id == found.pk}
        return found, True

    def _new_project(self, row: IndicatorRow, entity: OrganizationUnit) -> InvestmentProject | None:
        if not row.project_name:
            message = f"El proyecto {row.project_code} no existe y falta su nombre."
            problem = Problem("project_unknown", "REP-01", message, fix="Escriba su nombre en «nombre_proyecto».")
            self.ledger.found.add(row.place, "proyecto", problem, row.project_code)
            return None
        project = InvestmentProject.objects.create(entity=entity, code=row.project_code, name=row.project_name)
        self._projects.append(project)
        self.ledger.record("project_added", project, None, {"code": project.code, "name": project.name})
        return project
