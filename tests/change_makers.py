"""Requests made the way the product does: every step is a verb of SM-3, taken by somebody who may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pes.models import OrganizationUnit, UnitKind, User
from pes.permissions import Role
from plans import change_requests
from plans.change_facts import local_offices
from plans.models import ChangeRequest, Goal, PlanGestion
from plans.rules.change_states import ChangeStatus
from plans.rules.changes import ChangeKind, Ground, OpinionKind
from plans.rules.goals import GoalKind
from tests import make, people

BOGOTA = ZoneInfo("America/Bogota")
MAY = datetime(2022, 5, 10, 9, 0, tzinfo=BOGOTA)  # T1 has ended, T2 has not, and 30 June is to come
AFTER_T1 = {"t3": "20", "t4": "30"}
HOLA = {"hola_case": "HOLA-2022-077", "hola_on": date(2022, 5, 10)}
WHY, MEMO = "Cambió la demanda que se había estimado.", "20225300012345"
_WAY = {
    ChangeStatus.DRAFT: (),
    ChangeStatus.FILED: ("file",),
    ChangeStatus.AWAITING_OPINION: ("file",),
    ChangeStatus.NOT_FEASIBLE: ("file", "disfavour"),
    ChangeStatus.UNDER_STUDY: ("file", "reach"),
    ChangeStatus.APPROVED: ("file", "reach", "approve"),
    ChangeStatus.DENIED: ("file", "reach", "deny"),
    ChangeStatus.APPLIED: ("file", "reach", "approve", "apply"),
    ChangeStatus.WITHDRAWN: ("file", "withdraw"),
}


@dataclass(frozen=True)
class World:
    """The cast with what requests need besides: who leads a transversal goal, and who gives the local opinion."""

    them: people.Cast
    leading: OrganizationUnit
    office: OrganizationUnit
    teresa: User  # leads the transversal goal
    lola: User  # gives the local opinion

    def plan(self, *, local: bool = False, goals: Any = 2, **kinds: Any) -> PlanGestion:
        """A published plan of the process, or of the alcaldía."""
        unit, leader = self.home(local)
        return make.management_plan(unit=unit, by=leader, goals=goals, **kinds)

    def home(self, local: bool = False) -> tuple[OrganizationUnit, User]:
        """The unit of the plan and who leads it."""
        return (self.them.alcaldia, self.them.marta) if local else (self.them.process, self.them.luis)

    def goal(self, *, local: bool = False, transversal: bool = False, goals: int = 2) -> Goal:
        """The first goal of a published plan; a transversal one is led by another process."""
        shared = {"kind": GoalKind.TRANSVERSAL, "central_area": self.leading.code} if transversal else {}
        plan = self.plan(local=local, goals=[shared, *({} for _ in range(goals - 1))])
        return plan.goals.get(number=1)


def world() -> World:
    """The cast and the two who opine."""
    them = people.cast()
    leading = people.unit("GLJ", UnitKind.PROCESS, them.head, "Gestión Jurídica")
    office = people.unit("SGL", UnitKind.OFFICE, them.head, "Subsecretaría de Gestión Local")
    return World(
        them,
        leading,
        office,
        teresa=people.person("Teresa Transversal", Role.LIDER_TRANSVERSAL, leading),
        lola=people.person("Lola Local", Role.CONCEPTO_LOCAL, office),
    )


def written(request: ChangeRequest, *, by: User, **changes: Any) -> ChangeRequest:
    """A draft with everything that filing asks for, and `changes` over it."""
    local = request.goal.plan.level == "local"
    office = local_offices(request.goal.plan.unit.parent, MAY.date()).first() if local else None
    proposed = {} if request.kind == ChangeKind.ELIMINATE else AFTER_T1
    given = {
        "ground": Ground.ORDINARY,
        "justification": WHY,
        "memo": MEMO,
        "proposed": proposed,
        "local_office": office,
    }
    change_requests.save(request, **{**given, **changes}, by=by)
    return request


def drafted(
    goal: Goal,
    *,
    by: User,
    kind: ChangeKind = ChangeKind.MODIFY,
    proposed: Mapping[str, str] | None = None,
    **more: Any,
) -> ChangeRequest:
    """A draft, ready to be filed."""
    request = change_requests.draft(goal, kind, by=by)
    changes = more if proposed is None else {"proposed": proposed, **more}
    return written(request, by=by, **changes)


def request_at(
    status: str,
    goal: Goal,
    *,
    by: User,
    world: World,
    kind: ChangeKind = ChangeKind.MODIFY,
    proposed: Mapping[str, str] | None = None,
    **more: Any,
) -> ChangeRequest:
    """A request that walked SM-3 to a state; `more` are other fields of its draft."""
    request = drafted(goal, by=by, kind=kind, proposed=proposed, **more)
    for step in _WAY[ChangeStatus(status)]:
        take(step, request, by=by, world=world)
    return request


def take(step: str, request: ChangeRequest, *, by: User, world: World) -> None:
    """One step of the way, by whoever takes it."""
    if step == "reach":
        reach_study(request, world)
    elif step == "disfavour":
        opine(request, world, is_favourable=False)
    elif step == "apply":
        change_requests.apply(request, **HOLA, by=by)
    elif step in {"approve", "deny"}:
        getattr(change_requests, step)(request, reason="Revisado por la OAP.", by=world.them.jorge)
    else:
        getattr(change_requests, step)(request, by=by)


def reach_study(request: ChangeRequest, world: World) -> None:
    """To study: with its opinions, or taken up by the analyst when it needs none."""
    if request.status == ChangeStatus.AWAITING_OPINION:
        opine(request, world, is_favourable=True)
    else:
        change_requests.study(request, by=world.them.ana)


def opine(request: ChangeRequest, world: World, *, is_favourable: bool) -> None:
    """Every opinion that is asked for; an unfavourable one ends it."""
    for kind in list(request.opinions.values_list("kind", flat=True)):
        who = world.teresa if kind == OpinionKind.TRANSVERSAL else world.lola
        said = {"is_favourable": is_favourable, "text": "Visto el caso.", "memo": MEMO}
        change_requests.give_opinion(request, OpinionKind(kind), **said, by=who)
        if not is_favourable:
            return
