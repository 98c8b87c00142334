"""Observations of the review of a plan: who may say what, and when (PLE-PIN-P005 v8, act. 5 to 7; PG-04)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import can
from pes.models import User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.threads import text_problems
from plans.models import Goal, Observation, ObservationTurn, PlanGestion, Side
from plans.rules.fields import BY_NAME
from plans.rules.goals import GoalStatus
from plans.rules.plan_states import EDITABLE, PlanStatus
from plans.threads import add_turn, awaiting_team, begun_before, field_unknown, last_turn_if_same

PLAN_FIELDS = {
    "process_objective": "Objetivo del proceso",
    "scope": "Alcance",
    "leader": "Líder",
    "instruments": "Articulación con otros instrumentos",
}
UNDER_FORMULATION = frozenset({*EDITABLE, PlanStatus.IN_REVIEW})  # while PG-04 gives the leading area a voice


@transaction.atomic
def raise_observation(plan: PlanGestion, goal: Goal | None, field: str, text: str, *, by: User) -> Observation:
    """Begin a thread about the plan, a goal or one of its fields; saying the same twice begins one (WF1).

    The OAP observes what is in review; the leading area, the goals it leads while they are formulated (PG-04).
    Raises PermissionDenied, or Refused: wrong moment (SM-1), another plan's goal (AZ10), no text.
    """
    _demand_voice(plan, goal, by)
    held = PlanGestion.hold(plan.pk)
    _refuse_moment(held, by)
    refuse_if_any([*_place_problems(held, goal, field), *text_problems(text, "SM-1")])
    place = {"plan": held, "goal": goal, "field": field, "raised_by": by}
    repeated = begun_before(Observation.objects.filter(**place), text, by=by)
    if repeated is not None:
        return repeated
    now = timezone.now()
    made = Observation.objects.create(**place, raised_at=now)
    add_turn(made, Side.REVIEWER, text, by=by, now=now)
    said = {"plan": str(held), "goal": goal.number if goal else None, "field": field, "text": text.strip()}
    audit.record("observation_raised", made, by=by, after=said)
    return made


@transaction.atomic
def answer(observation: Observation, text: str, *, by: User) -> ObservationTurn:
    """Add a turn: the team answers while it has the plan, the reviewer insists while it is in review.

    Raises PermissionDenied, or Refused: not one's turn (SM-1), no text.
    """
    plan, goal = observation.plan, observation.goal
    team = can(by, Permission.PLAN_EDIT, plan)
    reviewer = _has_voice(plan, goal, by)
    if not team and not reviewer:
        raise PermissionDenied("Solo responden el equipo del plan y quien lo revisa.")
    held = PlanGestion.hold(plan.pk)
    if team and held.status in EDITABLE:
        side = Side.TEAM
    elif reviewer:
        _refuse_moment(held, by)
        side = Side.REVIEWER
    else:
        raise Refused([_not_your_turn(held)])
    refuse_if_any(text_problems(text, "SM-1"))
    repeated = last_turn_if_same(observation, side, text, by=by)
    if repeated is not None:
        return cast(ObservationTurn, repeated)
    made: ObservationTurn = add_turn(observation, side, text, by=by, now=timezone.now())
    audit.record("observation_answered", observation, by=by, after={"plan": str(held), "text": made.text})
    return made


def unanswered(plan: PlanGestion) -> int:
    """How many threads of a plan await the team's answer; one query."""
    return awaiting_team(Observation.objects.filter(plan=plan)).count()


def _has_voice(plan: PlanGestion, goal: Goal | None, by: User) -> bool:
    """Whether a person observes: the plan's reviewer, or the area that leads this goal."""
    return can(by, Permission.PLAN_REVIEW, plan) or (goal is not None and can(by, Permission.GOAL_ANNOTATE, goal))


def _demand_voice(plan: PlanGestion, goal: Goal | None, by: User) -> None:
    if not _has_voice(plan, goal, by):
        raise PermissionDenied("Observan el plan la oficina de planeación y, en sus metas, el área que las lidera.")


def _refuse_moment(held: PlanGestion, by: User) -> None:
    """The OAP speaks while the plan is in its hands; the leading area, while the plan is formulated."""
    reviews = can(by, Permission.PLAN_REVIEW, held)
    if held.status not in ({PlanStatus.IN_REVIEW} if reviews else UNDER_FORMULATION):
        label = PlanStatus(held.status).label
        message = f"El plan está en estado «{label}»: no se observa ahora."
        fix = "Se observa mientras está en revisión." if reviews else "Se observa mientras se formula."
        raise Refused([Problem("not_under_review", "SM-1", message, fix=fix)])


def _not_your_turn(held: PlanGestion) -> Problem:
    message = f"El plan está en estado «{PlanStatus(held.status).label}»: el equipo no responde ahora."
    return Problem("not_your_turn", "SM-1", message, fix="Se responde cuando la oficina de planeación lo devuelve.")


def _place_problems(plan: PlanGestion, goal: Goal | None, field: str) -> Iterator[Problem]:
    if goal is not None and (goal.plan_id != plan.pk or goal.status == GoalStatus.REMOVED):
        yield Problem("goal_unknown", "AZ10", "La meta no está en el plan.", fix="Vuelva a cargar la página.")
    if field and field not in (BY_NAME if goal is not None else PLAN_FIELDS):
        yield field_unknown()
