"""What a person may do in the approval room, the act that moves things on first (LC-08)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from pes.access import can
from pes.approval.phase import Waiting
from pes.approval.versions import Standing
from pes.models import PesVersion, SectorPlan
from pes.permissions import Permission
from pes.plan_frame import plan_url
from pes.rules.approval import request_problems
from pes.rules.approval_states import OBSERVABLE, ApprovalStatus

_S = ApprovalStatus


@dataclass(frozen=True)
class Action:
    """What a person may do now: a link, or a POST; with a reason it cannot be done yet."""

    label: str
    url: str
    is_post: bool = False
    tone: str = "primary"
    icon: str = ""
    reason: str = ""


def first_actions(plan: SectorPlan) -> list[Action]:
    """Of a document that was never presented."""
    return [Action("Presentar a las entidades", plan_url(plan, "pes:approval-present"), icon="send")]


def actions_of(
    user: Any, plan: SectorPlan, state: ApprovalStatus, version: PesVersion, found: Sequence[Standing],
    open_count: int, today: date, *, waiting: Waiting | None, presents: bool, mine: Set[int],
) -> list[Action]:  # fmt: skip
    """What awaits a person in this state, the one that moves things on first; `mine`: the entities (ids) they answer for.

    While the approval is `waiting` for a gate, what would be refused is shown with that reason.
    """
    blocked = waiting.short if waiting else ""
    made = [action for one in found if one.entity.pk in mine for action in _entity_actions(plan, state, one)]
    if presents:
        made += _presenter_actions(plan, state, version, found, open_count, today, blocked)
    if state == _S.COMMITTEE and can(user, Permission.PES_ADOPT, plan):
        url = plan_url(plan, "pes:approval-adopt", version.number)
        made.insert(0, Action("Registrar el acto", url, icon="check", reason=blocked))
    return made


def _entity_actions(plan: SectorPlan, state: ApprovalStatus, one: Standing) -> Iterator[Action]:
    """What is awaited from an entity."""
    name, url = one.entity.short_name, plan_url(plan, "pes:approval-entity", one.entity.code)
    if state in OBSERVABLE and not one.stand.has_read:
        yield Action(f"Leer y observar por {name}", url, icon="edit")
    if state == _S.APPROVAL_REQUESTED and not one.stand.has_approved:
        yield Action(f"Decidir por {name}", url, icon="check")


def _presenter_actions(
    plan: SectorPlan, state: ApprovalStatus, version: PesVersion, found: Sequence[Standing], open_count: int,
    today: date, blocked: str,
) -> list[Action]:  # fmt: skip
    made = []
    if open_count:
        label = f"Responder {counted(open_count)}"
        made.append(Action(label, plan_url(plan, "pes:approval-observations"), icon="edit"))
    if state in {_S.PRESENTED, _S.UNDER_OBSERVATION}:
        problems = request_problems([one.stand for one in found], respond_by=version.respond_by, today=today)
        reason = " ".join([blocked, *(problem.message for problem in problems)]).strip()
        url = plan_url(plan, "pes:approval-request", version.number)
        made.append(Action("Pedir la aprobación", url, is_post=True, icon="send", reason=reason))
    if state == _S.APPROVED_BY_ALL:
        url = plan_url(plan, "pes:approval-session", version.number)
        made.append(Action("Registrar la sesión del Comité", url, icon="calendar", reason=blocked))
    is_next = state in {_S.ADJUSTING, _S.WITHDRAWN}
    label = "Presentar una modificación" if state in {_S.ADOPTED, _S.PUBLISHED} else "Presentar otra versión"
    url = plan_url(plan, "pes:approval-present")
    made.append(Action(label, url, tone="primary" if is_next else "", icon="file"))
    return sorted(made, key=lambda one: one.tone != "primary")


def counted(count: int) -> str:
    """«2 observaciones»."""
    return "1 observación" if count == 1 else f"{count} observaciones"
