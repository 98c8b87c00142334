"""Observations of the review: threads that are only added to (PLE-PIN-P005 v8, act. 5 to 7; PG-04).

A thread is answered when its last turn is the team's; nothing said is ever changed or taken away.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from pes import audit
from pes.access import can
from pes.models import User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from plans.models import Goal, Observation, ObservationTurn, PlanGestion, Side
from plans.rules.fields import BY_NAME
from plans.rules.goals import GoalStatus
from plans.rules.plan_states import EDITABLE, PlanStatus

TEXT_LIMIT = 4000
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
    refuse_if_any([*_place_problems(held, goal, field), *_text_problems(text)])
    repeated = _repeated(held, goal, field, text.strip(), by)
    if repeated is not None:
        return repeated
    made = Observation.objects.create(plan=held, goal=goal, field=field, raised_by=by, raised_at=timezone.now())
    _add(made, Side.REVIEWER, text, by)
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
    refuse_if_any(_text_problems(text))
    last = observation.turns.order_by("pk").last()
    if last is not None and (last.by_id, last.side, last.text) == (by.pk, side, text.strip()):
        return last
    made = _add(observation, side, text, by)
    audit.record("observation_answered", observation, by=by, after={"plan": str(held), "text": made.text})
    return made


def with_last_side(observations: QuerySet[Observation]) -> QuerySet[Observation]:
    """Observations that know who spoke last."""
    last = ObservationTurn.objects.filter(observation=OuterRef("pk")).order_by("-pk").values("side")[:1]
    return observations.annotate(last_side=Subquery(last))


def awaiting_team(observations: QuerySet[Observation]) -> QuerySet[Observation]:
    """Threads in which the team owes an answer."""
    return with_last_side(observations).filter(last_side=Side.REVIEWER)


def unanswered(plan: PlanGestion) -> int:
    """How many threads of a plan await the team's answer; one query."""
    return awaiting_team(Observation.objects.filter(plan=plan)).count()


def _add(observation: Observation, side: Side, text: str, by: User) -> ObservationTurn:
    return ObservationTurn.objects.create(
        observation=observation, side=side, text=text.strip(), by=by, at=timezone.now()
    )


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
        yield Problem("field_unknown", "AZ10", "Ese campo no existe.", fix="Elija un campo de la lista.")


def _text_problems(text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem("text_missing", "SM-1", "Falta el texto.", fix="Escriba qué se observa o qué se responde.")
    elif len(text) > TEXT_LIMIT:
        message = f"El texto tiene {len(text)} caracteres y caben {TEXT_LIMIT}."
        yield Problem("text_too_long", "SM-1", message, fix="Acórtelo o divídalo en dos.")


def _repeated(plan: PlanGestion, goal: Goal | None, field: str, text: str, by: User) -> Observation | None:
    same = Observation.objects.filter(plan=plan, goal=goal, field=field, raised_by=by)
    return awaiting_team(same.filter(turns__text=text, turns__by=by)).first()
