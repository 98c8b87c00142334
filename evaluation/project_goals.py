"""Verbs of the goals of projects where weights and cut-offs have a say: the writing is of `pes.project_goals`."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from evaluation.facts import measured_vigencias
from evaluation.weights_in_step import weights_out_of_step
from pes.models import GoalKind, Indicator, InvestmentProject, SectorGoal, SectorPlan, User
from pes.project_goals import GoalWords, NewGoal, Written, add_project_goal, change_project_goal
from pes.rules.problems import refuse_if_any
from pes.rules.programmes import Years
from tracking.models.measurement import ask_for_cutoffs


@transaction.atomic
def add_goal(project: InvestmentProject, new: NewGoal, *, by: User) -> Indicator:
    """Enter a goal; Refused too when its programme would leave weights in force out of step (W-03)."""
    written = add_project_goal(project, new, by=by)
    _settle(written, by)
    return written.indicator


@transaction.atomic
def change_goal(indicator: Indicator, words: GoalWords, programme: Years, *, read: str, by: User) -> bool:
    """Correct a goal, False when nothing changed; Refused too when weights would be left out of step (W-03)."""
    written = change_project_goal(indicator, words, programme, read=read, by=by)
    _settle(written, by)
    return written.is_changed


def linkable(plan: SectorPlan, project: InvestmentProject) -> QuerySet[SectorGoal]:
    """Goals of kind proyecto without a project whose indicators are all of the project's entity."""
    goals = SectorGoal.objects.filter(objective__plan=plan, kind=GoalKind.PROYECTO, project__isnull=True)
    others = Indicator.objects.filter(plan=plan).exclude(entity=project.entity_id)
    ours = goals.exclude(pk__in=others.values("goal"))
    return ours.select_related("objective").order_by("objective__number", "code")


def _settle(written: Written, by: User) -> None:
    """Judge the weights after the programme, and ask for the cut-offs that may give another figure."""
    if not written.is_changed:
        return
    plan = written.indicator.plan
    refuse_if_any(problem for _key, _year, problem in weights_out_of_step(plan, written.reprogrammed))
    for vigencia in measured_vigencias(plan):
        ask_for_cutoffs(plan.pk, vigencia, by=by)
