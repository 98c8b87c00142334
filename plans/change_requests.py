"""SM-3: the verbs of a request to modify or eliminate a goal (PLE-PIN-P005 v8, policy 9; PG-09a…j).

The goals of a published plan are written here and nowhere else. Each verb asks for power, holds the plan and then the
request, asks the rules (`change_checks`), takes its edge with a conditional UPDATE and leaves its trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import can, demand
from pes.dates import long_instant
from pes.edits import fingerprint, refuse_if_stale
from pes.models import OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for
from plans.change_checks import (
    TRACES,
    application_checks,
    decision_checks,
    drafting_problems,
    filing_checks,
    last_act,
    opinion_checks,
    opinion_unit,
    opinions_needed,
)
from plans.change_facts import MODIFIABLE, current_facts, elimination_weights, opinions_of, proposal_of
from plans.content import goal_content
from plans.editing import CellChange, put_cells
from plans.lifecycle import AlreadyDone, renew
from plans.models import ChangeRequest, Goal, Opinion, PlanGestion
from plans.rules.change_states import TRANSITIONS, ChangeStatus
from plans.rules.changes import ChangeKind, Ground, OpinionKind, OpinionOutcome, elimination_effect, opinion_outcome
from plans.rules.fields import BY_NAME
from plans.rules.goals import GoalStatus
from plans.rules.values import ValueProblem, read, value_of

FILE, STUDY, DECIDE = Permission.CHANGE_FILE, Permission.CHANGE_STUDY, Permission.CHANGE_DECIDE


@transaction.atomic
def draft(goal: Goal, kind: ChangeKind, *, by: User) -> ChangeRequest:
    """Begin a request about a goal of a published plan, or go on with the one of this kind that was begun.

    Raises PermissionDenied, or Refused: plan not published, goal eliminated, another request under way (WF24).
    """
    demand(by, FILE, goal)
    goal.plan = PlanGestion.hold(goal.plan_id)
    goal.refresh_from_db(fields=["status"])
    refuse_if_any(drafting_problems(goal))
    begun = ChangeRequest.objects.filter(goal=goal, kind=kind, status=ChangeStatus.DRAFT).first()
    if begun is not None:
        return begun
    made = ChangeRequest.objects.create(goal=goal, kind=kind, made_by=by, made_at=timezone.now())
    after = {"plan": str(goal.plan), "goal": goal.number, "asked": kind.label}
    audit.record("change_drafted", made, by=by, after=after)
    return made


@transaction.atomic
def save(
    request: ChangeRequest,
    *,
    ground: Ground,
    justification: str,
    memo: str,
    proposed: Mapping[str, str],
    local_office: OrganizationUnit | None,
    by: User,
    read_print: str | None = None,
) -> bool:
    """Write a draft; False when nothing changed. `proposed` is field → text as typed, kept even if it cannot be read.

    `read_print` is the fingerprint of what the person had read. Raises PermissionDenied, StaleEdit (WF3), or Refused:
    no longer a draft, a field that a request does not change.
    """
    _hold(request, FILE, by)
    if request.status != ChangeStatus.DRAFT:
        raise Refused([request.moved_on()])
    before = draft_facts(request)
    changes = differing(request, proposed)
    request.ground, request.justification, request.memo = ground.value, justification.strip(), memo.strip()
    request.local_office, request.proposed = local_office, changes
    asked = draft_facts(request)
    if asked == before:
        return False
    if read_print is not None:
        refuse_if_stale(before, read_print)
    request.save(update_fields=["ground", "justification", "memo", "local_office", "proposed"])
    old, new = audit.differences({**dict.fromkeys(asked), **before}, {**dict.fromkeys(before), **asked})
    audit.record("change_saved", request, by=by, before=old, after=new)
    return True


@transaction.atomic
def file(request: ChangeRequest, *, by: User) -> None:
    """Address the request to the head of the OAP, and to whom its prior opinions are asked of (PG-09a, f, g).

    Raises PermissionDenied, AlreadyDone, or Refused with every criterion that is not met.
    """
    _begin(request, "file", by)
    now = timezone.now()
    is_leader = can(by, FILE, request)
    refuse_if_any(filing_checks(request, is_leader=is_leader, today=timezone.localdate(now)))
    base = goal_content(current_facts(request.goal))
    request.move("file", base=base, filed_by=by, filed_at=now)
    _trace(request, "file", by, asked=ChangeKind(request.kind).label, **request.proposed)
    needed = opinions_needed(request)
    if needed:
        asked = [Opinion(request=request, kind=kind, unit=opinion_unit(request, kind)) for kind in needed]
        Opinion.objects.bulk_create(asked)
        request.move("route")
        _trace(request, "route", by, units=[opinion.unit.code for opinion in asked])


@transaction.atomic
def give_opinion(
    request: ChangeRequest, kind: OpinionKind, *, is_favourable: bool | None, text: str, memo: str, by: User
) -> None:
    """Give a prior opinion: an unfavourable one ends the request, the last favourable one takes it to study (WF11).

    Raises PermissionDenied, AlreadyDone, or Refused: not asked for, given already, nothing said.
    """
    demand(by, Permission.OPINION_GIVE, request)
    opinion = _opinion(request, kind)
    demand(by, Permission.OPINION_GIVE, opinion.unit)
    _lock(request)
    _refuse_unless_waiting(request, by)
    opinion.refresh_from_db()
    refuse_if_any(opinion_checks(request, opinion, is_favourable, text=text, memo=memo, by=by))
    said = {"is_favourable": is_favourable, "text": text.strip(), "memo": memo.strip(), "by": by, "at": timezone.now()}
    if Opinion.objects.filter(pk=opinion.pk, is_favourable=None).update(**said) != 1:
        raise Refused([request.moved_on()])
    outcome = opinion_outcome(opinions_of(request))
    verb = "favour" if is_favourable else "disfavour"
    if outcome is not OpinionOutcome.WAITING:
        request.move("favour" if outcome is OpinionOutcome.FAVOURABLE else "disfavour")
    facts = {"asked": kind.label, "unit": opinion.unit.code, "favourable": is_favourable, "memo": memo.strip()}
    _trace(request, verb, by, reason=text.strip(), **facts)


@transaction.atomic
def study(request: ChangeRequest, *, by: User) -> None:
    """Take up a request that needs no opinion. Raises PermissionDenied, AlreadyDone or Refused."""
    _begin(request, "study", by)
    request.move("study")
    _trace(request, "study", by)


@transaction.atomic
def approve(request: ChangeRequest, *, reason: str = "", by: User) -> None:
    """Approve what was asked (PG-09i); every criterion is asked again today (PG-09e, WF6).

    Raises PermissionDenied, AlreadyDone, or Refused: a criterion no longer met, who asked or opined decides (AZ4).
    """
    _decide(request, "approve", reason, by)


@transaction.atomic
def deny(request: ChangeRequest, *, reason: str, by: User) -> None:
    """Deny what was asked, with the reason (PG-09i). Raises PermissionDenied, AlreadyDone or Refused."""
    _decide(request, "deny", reason, by)


@transaction.atomic
def apply(request: ChangeRequest, *, hola_case: str, hola_on: date | None, by: User) -> None:
    """Make the adjusted version official with its HOLA case: only now the change takes effect (PG-09j).

    The calendar is not asked again: the decision was in time. Raises PermissionDenied, AlreadyDone, or Refused: case
    missing, the goal is no longer the one that was asked about, a quarter was consolidated meanwhile.
    """
    plan = _begin(request, "apply", by)
    now = timezone.now()
    today = timezone.localdate(now)
    refuse_if_any(application_checks(request, hola_case=hola_case, hola_on=hola_on, today=today))
    before, after = _eliminate(plan, request) if request.kind == ChangeKind.ELIMINATE else _modify(plan, request)
    case = hola_case.strip()
    request.move("apply", applied_by=by, applied_at=now, hola_case=case, hola_on=hola_on)
    version = renew(plan, note=f"Solicitud {request.pk} sobre la meta {request.goal.number}, caso HOLA {case}", by=by)
    facts = {"hola_case": case, "hola_on": hola_on, "version": version.number, "goals": after}
    _trace(request, "apply", by, before={"goals": before}, **facts)


@transaction.atomic
def withdraw(request: ChangeRequest, *, by: User, reason: str = "") -> None:
    """Give up a request that is not decided yet. Raises PermissionDenied, AlreadyDone or Refused."""
    _begin(request, "withdraw", by)
    request.move("withdraw")
    _trace(request, "withdraw", by, reason=reason.strip())


def draft_facts(request: ChangeRequest) -> dict[str, Any]:
    """What a draft says, to tell whether somebody else changed it meanwhile (WF3)."""
    return {
        "ground": Ground(request.ground).label,
        "justification": request.justification,
        "memo": request.memo,
        "local_office": request.local_office.name if request.local_office else None,
        **request.proposed,
    }


def print_of(request: ChangeRequest) -> str:
    """What stands for a draft as a person has read it."""
    return fingerprint(draft_facts(request))


def differing(request: ChangeRequest, proposed: Mapping[str, str]) -> dict[str, str]:
    """What is really another value than the goal's; a text that cannot be read stays as it was typed."""
    foreign = [name for name in proposed if name not in MODIFIABLE]
    if foreign or (proposed and request.kind == ChangeKind.ELIMINATE):
        names = ", ".join(BY_NAME[name].label if name in BY_NAME else name for name in foreign or proposed)
        message = f"Esta solicitud no cambia: {names}."
        raise Refused([Problem("field_not_modifiable", "PG-09b", message, fix="Deje esos datos como están.")])
    now = current_facts(request.goal)
    return {name: text for name, text in proposed.items() if _differs(name, text, value_of(now, name))}


def _lock(request: ChangeRequest) -> PlanGestion:
    """Hold the plan, then the request: one order of locks for every verb (JB15)."""
    plan = PlanGestion.hold(request.goal.plan_id)
    request.hold()
    request.goal.plan = plan
    return plan


def _hold(request: ChangeRequest, permission: Permission, by: User) -> PlanGestion:
    demand(by, permission, request)
    return _lock(request)


def _begin(request: ChangeRequest, verb: str, by: User) -> PlanGestion:
    """The plan, held, if the person may and the edge begins where the request stands (WF4)."""
    step = transition_for(TRANSITIONS, verb)
    if step.permission is None:
        raise LookupError(f"{verb!r} is the system's own")
    plan = _hold(request, step.permission, by)
    if request.status not in step.sources:
        _refuse_state(request, verb, by)
    return plan


def _refuse_state(request: ChangeRequest, verb: str, by: User) -> NoReturn:
    """Tell where the request stands and who took it there (WF2); the same person hears that it is done (WF1)."""
    last = last_act(request)
    problem = request.moved_on()
    if last is None or last.actor is None:
        raise Refused([problem])
    when = long_instant(last.at)
    if last.verb == TRACES[verb] and last.actor_id == by.pk:
        label = ChangeStatus(request.status).label
        message = f"Usted ya lo hizo el {when}: la solicitud está en estado «{label}»."
        raise AlreadyDone([Problem("already_done", "WF1", message, fix="No hace falta repetirlo.")])
    message = f"{problem.message} La llevó ahí {last.actor} el {when}."
    raise Refused([Problem(problem.code, problem.rule, message, fix=problem.fix)])


def _refuse_unless_waiting(request: ChangeRequest, by: User) -> None:
    if request.status != ChangeStatus.AWAITING_OPINION:
        _refuse_state(request, "favour", by)


def _opinion(request: ChangeRequest, kind: OpinionKind) -> Opinion:
    found = request.opinions.select_related("unit").filter(kind=kind).first()
    if found is None:
        message = "A nadie se le pidió este concepto."
        raise Refused([Problem("opinion_not_asked", "SM-3", message, fix="Vuelva a cargar la página.")])
    return found


def _decide(request: ChangeRequest, verb: str, reason: str, by: User) -> None:
    _begin(request, verb, by)
    now = timezone.now()
    today = timezone.localdate(now)
    refuse_if_any(decision_checks(request, approve=verb == "approve", reason=reason, by=by, today=today))
    request.move(verb, decided_by=by, decided_at=now, decision_reason=reason.strip())
    _trace(request, verb, by, reason=reason.strip())


def _differs(name: str, text: str, value: Any) -> bool:
    try:
        return bool(read(name, text) != value)
    except ValueProblem:
        return True


def _modify(plan: PlanGestion, request: ChangeRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the proposed values, of the leading area's fields too: its opinion was favourable (PG-09f)."""
    asked, number = proposal_of(request).proposed, request.goal.number
    changes = [CellChange(number, name, value_of(asked, name)) for name in request.proposed]
    return put_cells(plan, changes, by_request=True)


def _eliminate(plan: PlanGestion, request: ChangeRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Mark the goal, or take it out and share its weight among the others (PG-09h, W-02)."""
    goal = request.goal
    weights = elimination_weights(goal)
    effect = elimination_effect(goal.first_reported_at is not None)
    Goal.objects.filter(pk=goal.pk, status=GoalStatus.ACTIVE).update(status=effect)
    changes = [CellChange(number, "weight", weight) for number, weight in weights.items() if number != goal.number]
    before, after = put_cells(plan, changes)
    before[str(goal.number)], after[str(goal.number)] = {"status": goal.status}, {"status": effect.value}
    return before, after


def _trace(
    request: ChangeRequest, verb: str, by: User, *, reason: str = "", before: dict[str, Any] | None = None, **facts: Any
) -> None:
    """What the audit keeps of a transition: where the request arrived, and what was said."""
    goal = request.goal
    state = ChangeStatus(request.status).label
    after = {"plan": str(goal.plan), "goal": goal.number, "state": state, **facts}
    audit.record(TRACES[verb], request, by=by, before=before, after=after, reason=reason)
