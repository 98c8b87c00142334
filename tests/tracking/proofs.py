"""Evidence of goals as tests make it: through the verbs, on a report of two goals."""

from __future__ import annotations

from pathlib import Path

from pes.models import User
from pes.permissions import Role
from plans.rules.goals import GoalKind
from tests import people, plan_makers, report_makers
from tests.tracking import files
from tracking import goal_evidence
from tracking.models import Evidence, GoalReport, QuarterReport

SITE = "https://ejemplo.invalid/acta"


def two_goals(them: people.Cast, **more: object) -> QuarterReport:
    """The open report of a plan with two goals."""
    plan = plan_makers.management_plan(unit=them.process, by=them.luis, goals=2)
    return report_makers.report(plan, **more)


def with_central_goal(them: people.Cast) -> tuple[QuarterReport, User]:
    """A report whose second goal is a central area's, and a person of that area."""
    area = people.unit("talento", them.process.kind, them.head, "Talento Humano")
    carla = people.person("Carla Central", Role.AREA_CENTRAL, area)
    goals = [{}, {"kind": GoalKind.TRANSVERSAL, "central_area": area.code}]
    return report_makers.report(plan_makers.management_plan(unit=them.process, by=them.luis, goals=goals)), carla


def entry_of(report: QuarterReport, number: int = 1) -> GoalReport:
    """What a goal reports."""
    return report.entries.select_related("goal", "report").get(goal__number=number)


def png(side: int = 8) -> bytes:
    """Pictures of different sizes are different bytes."""
    return files.image(size=(side, side))


def prove(
    what: QuarterReport | GoalReport,
    by: User,
    content: bytes = b"",
    *,
    name: str = "foto.png",
    number: int = 1,
    **more: object,
) -> Evidence:
    """A file that proves what a goal reports, or the goal of a number of a report; a small picture if nothing is said."""
    entry = what if isinstance(what, GoalReport) else entry_of(what, number)
    return goal_evidence.prove_with_file(entry, files.upload(name, content or png()), by=by, **more)


def on_disk(root: Path) -> list[Path]:
    """Every file below a folder."""
    return [path for path in root.rglob("*") if path.is_file()]
