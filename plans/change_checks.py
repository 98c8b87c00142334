"""What keeps each act of SM-3 from being done now: the verbs refuse with it, the buttons say it (PG-09a…j, AZ4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.utils import timezone

from pes.models import AuditEvent, OrganizationUnit, User
from pes.rules.problems import Problem, Refused
from plans.change_facts import (
    base_facts,
    criteria_of,
    current_facts,
    elimination_weights,
    local_offices,
    readable,
    somebody_opines,
)
from plans.models import ChangeRequest, Goal, Opinion, PlanGestion
from plans.models.plan import PlanLevel
from plans.rules.change_criteria import application_problems, decision_problems, filing_problems, opinion_problems
from plans.rules.change_states import OPEN
from plans.rules.changes import ChangeKind, OpinionKind, required_opinions
from plans.rules.fields import QUARTER_NAMES
from plans.rules.goals import GoalKind, GoalStatus
from plans.rules.plan_states import PlanStatus

# Verb of SM-3 → how the audit trail calls it; its sentence is in pes/audit_sentences.py.
TRACES = {
    "file": "change_filed",
    "route": "change_routed",
    "favour": "opinion_given",
    "disfavour": "opinion_given",
    "study": "change_studied",
    "approve": "change_approved",
    "deny": "change_denied",
    "apply": "change_applied",
    "withdraw": "change_withdrawn",
}


def drafting_problems(goal: Goal) -> list[Problem]:
    """What keeps a request about a goal from being prepared: plan not in force, goal not active, another one open."""
    problems = filing_problems([], plan_published=is_published(goal.plan), open_requests=open_requests(goal))
    return [*_eliminated(goal), *problems]


def filing_checks(request: ChangeRequest, *, is_leader: bool, today: date) -> list[Problem]:
    """What keeps a draft from being filed: every criterion of policy 9, and an opinion that nobody could give."""
    proposal, unread = readable(request)
    results = criteria_of(request, proposal, today=today, is_leader=is_leader)
    goal = request.goal
    rules = filing_problems(results, plan_published=is_published(goal.plan), open_requests=open_requests(goal))
    return [*unread, *_eliminated(goal), *rules, *_weights(request), *routing_problems(request, today)]


def routing_problems(request: ChangeRequest, today: date) -> list[Problem]:
    """What keeps a request from reaching who gives its prior opinions (PG-09f, PG-09g)."""
    return [found for kind in opinions_needed(request) for found in _route(request, kind, today)]


def opinions_needed(request: ChangeRequest) -> tuple[OpinionKind, ...]:
    """Which prior opinions the goal's kind and the plan's level ask for."""
    goal = request.goal
    return required_opinions(GoalKind(goal.kind), goal.plan.level == PlanLevel.LOCAL)


def opinion_unit(request: ChangeRequest, kind: OpinionKind) -> OrganizationUnit | None:
    """Who gives an opinion: the process that leads the goal, or the local office that the request names."""
    return request.goal.leading_unit if kind is OpinionKind.TRANSVERSAL else request.local_office


def opinion_checks(
    request: ChangeRequest, opinion: Opinion, is_favourable: bool | None, *, text: str, memo: str, by: User
) -> list[Problem]:
    """What keeps a person from giving an opinion; one that was given is not given again."""
    if opinion.is_favourable is not None:
        message = f"{opinion.by} ya dio este concepto."
        return [Problem("opinion_given", "WF2", message, fix="Vuelva a cargar la página.")]
    kind = OpinionKind(opinion.kind)
    problems = opinion_problems(kind, text=text, memo=memo, actor_filed=has_asked(request, by))
    if is_favourable is None:
        message = "Falta decir si el concepto es favorable."
        problems.insert(0, Problem("opinion_missing", "SM-3", message, fix="Elija favorable o desfavorable."))
    return problems


def decision_checks(request: ChangeRequest, *, approve: bool, reason: str, by: User, today: date) -> list[Problem]:
    """What keeps a person from deciding: the criteria again today (WF6), and who had a hand in it before (AZ4)."""
    proposal, unread = readable(request)
    results = criteria_of(request, proposal, today=today, at_decision=True)
    problems = decision_problems(results, approve=approve, reason=reason, actor_filed=has_asked(request, by))
    own = _gave_an_opinion(request, by)
    if not approve:
        return [*problems, *own]
    return [*unread, *problems, *own, *_changed_since(request), *_weights(request), *_plan_in_force(request)]


def application_checks(request: ChangeRequest, *, hola_case: str, hola_on: date | None, today: date) -> list[Problem]:
    """What keeps an approved request from taking effect (PG-09j): its case, a goal that is no longer the one it was
    about, a quarter that was consolidated meanwhile (PG-09e)."""
    approved_on = timezone.localdate(request.decided_at) if request.decided_at else today
    return [
        *application_problems(hola_case, hola_on, today=today, approved_on=approved_on),
        *_plan_in_force(request),
        *_changed_since(request),
        *_consolidated(request),
        *_weights(request),
    ]


def last_act(request: ChangeRequest) -> AuditEvent | None:
    """The last transition of a request, with who took it."""
    events = AuditEvent.objects.filter(object_type="plans.changerequest", object_id=str(request.pk))
    return events.filter(verb__in=set(TRACES.values())).select_related("actor").order_by("-pk").first()


def has_asked(request: ChangeRequest, by: User) -> bool:
    """Whether a person prepared or filed the request."""
    return by.pk in {request.made_by_id, request.filed_by_id}


def is_published(plan: PlanGestion) -> bool:
    """Whether the plan is in force: published and not closed."""
    return bool(plan.status == PlanStatus.PUBLISHED)


def open_requests(goal: Goal) -> int:
    """How many requests about the goal are under way (WF24: one at most)."""
    return ChangeRequest.objects.filter(goal=goal.pk, status__in=OPEN).count()


def _eliminated(goal: Goal) -> Iterator[Problem]:
    if goal.status != GoalStatus.ACTIVE:
        message = f"La meta {goal.number} está en estado «{GoalStatus(goal.status).label}» y no cambia."
        yield Problem("goal_eliminated", "PG-09h", message, fix="Elija otra meta.")


def _route(request: ChangeRequest, kind: OpinionKind, today: date) -> Iterator[Problem]:
    unit = opinion_unit(request, kind)
    if kind is OpinionKind.LOCAL:
        offices = list(local_offices(request.goal.plan.unit.parent, today))
        if not offices:
            message = "Ninguna dependencia de la entidad tiene hoy quien dé el concepto local."
            fix = "Pida a quien administra que dé el rol «Concepto local» en la dependencia que corresponda."
            yield Problem("nobody_opines", "PG-09g", message, fix=fix)
        elif unit not in offices:
            message = "Falta la dependencia que da el concepto local."
            fix = f"Elija una: {', '.join(office.name for office in offices)}."
            yield Problem("local_office_missing", "PG-09g", message, fix=fix)
    elif unit is None:
        message = f"La meta {request.goal.number} es transversal y no dice qué proceso la lidera."
        fix = "Pida a la Oficina Asesora de Planeación que indique el área central que reporta la meta."
        yield Problem("leading_unit_missing", "PG-09f", message, fix=fix)
    elif not somebody_opines(unit, today):
        message = f"En «{unit}», que lidera la meta, nadie puede hoy dar el concepto previo."
        fix = "Pida a quien administra que dé allí el rol «Líder de meta transversal»."
        yield Problem("nobody_opines", "PG-09f", message, fix=fix)


def _gave_an_opinion(request: ChangeRequest, by: User) -> Iterator[Problem]:
    if any(opinion.by_id == by.pk for opinion in request.opinions.all()):
        message = "Usted dio un concepto previo sobre esta solicitud; quien conceptúa no decide."
        yield Problem("opinion_giver_decides", "AZ4", message, fix="Pida la decisión a otra persona.")


def _plan_in_force(request: ChangeRequest) -> Iterator[Problem]:
    plan = request.goal.plan
    if not is_published(plan):
        message = f"El plan está en estado «{PlanStatus(plan.status).label}»: sus metas ya no cambian."
        yield Problem("plan_not_published", "SM-1", message, fix="Solo cambian las metas de un plan publicado.")


def _changed_since(request: ChangeRequest) -> Iterator[Problem]:
    """The request was about a goal that said what it said: its weight may have moved with another's (PG-09h)."""
    asked, now = base_facts(request), current_facts(request.goal)
    if replace(asked, weight=None) != replace(now, weight=None):
        message = f"La meta {request.goal.number} ya no es la que se pidió cambiar."
        yield Problem("goal_changed_since", "PG-09j", message, fix="Presente otra solicitud sobre la meta vigente.")


def _consolidated(request: ChangeRequest) -> Iterator[Problem]:
    """A measured quarter is immutable, whatever was approved before it was measured (PG-09e, WF5)."""
    plan = request.goal.plan
    for name in QUARTER_NAMES[: plan.consolidated_quarter]:
        if name in request.proposed:
            message = f"El trimestre {name.upper()} ya está consolidado y su programación no cambia."
            yield Problem("quarter_consolidated", "PG-09e", message, fix="Pida a la OAP que revise el caso.")


def _weights(request: ChangeRequest) -> Iterator[Problem]:
    if request.kind != ChangeKind.ELIMINATE:
        return
    try:
        elimination_weights(request.goal)
    except Refused as refused:
        yield from refused.problems
