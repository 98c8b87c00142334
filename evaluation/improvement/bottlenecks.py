"""The verbs of bottlenecks: register, correct, declare solved, open again (S0, F5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluation.changes import save_changes
from evaluation.models import Bottleneck
from evaluation.rules.improvement import bottleneck_problems, span_of, text_problems
from evaluation.rules.improvement_states import BOTTLENECK_TRANSITIONS, BottleneckStatus, Severity
from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import Indicator, InvestmentProject, Objective, OrganizationUnit, SectorPlan, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for
from plans.rules.values import tidy

MANAGE = Permission.IMPROVEMENT_MANAGE
TRACES = {"solve": "bottleneck_solved", "reopen": "bottleneck_reopened"}
_TWICE = "Otra persona guardó este cuello de botella al mismo tiempo."


@dataclass(frozen=True)
class Draft:
    """What is written of a bottleneck; `unit` looks after it: an entity of the sector, or the sector itself."""

    unit: OrganizationUnit
    title: str
    cause: str
    severity: Severity
    since: date
    objective: Objective | None = None
    indicator: Indicator | None = None
    project: InvestmentProject | None = None

    def values(self) -> dict[str, Any]:
        """The columns of the row, tidied."""
        return {
            "unit": self.unit, "title": " ".join(tidy(self.title).split()), "cause": tidy(self.cause),
            "severity": self.severity.value, "since": self.since, "objective": self.objective,
            "indicator": self.indicator, "project": self.project,
        }  # fmt: skip


@once(_TWICE)
def register_bottleneck(plan: SectorPlan, draft: Draft, *, by: User, now: datetime | None = None) -> Bottleneck:
    """Write down what holds the PES back; the same words about the same unit and day are one (WF1).

    Raises PermissionDenied, or Refused: no title or cause, nothing held back, another sector's or entity's (AZ10).
    """
    demand(by, MANAGE, draft.unit)
    SectorPlan.hold(plan.pk)
    values = draft.values()
    refuse_if_any(_problems(plan, draft, now))
    same = Bottleneck.objects.filter(plan=plan, status=BottleneckStatus.OPEN, **values).first()
    if same is not None:
        return same
    made = Bottleneck.objects.create(plan=plan, registered_by=by, registered_at=now or timezone.now(), **values)
    audit.record("bottleneck_registered", made, by=by, after=facts_of(made))
    return made


@once(_TWICE)
def correct_bottleneck(bottleneck: Bottleneck, draft: Draft, *, read: str, by: User) -> bool:
    """Correct an open one; False when nothing changed. Raises like `register_bottleneck`, and StaleEdit."""
    demand(by, MANAGE, bottleneck)
    demand(by, MANAGE, draft.unit)
    held = _hold(bottleneck)
    refuse_if_stale(facts_of(held), read)
    _refuse_unless(held, BottleneckStatus.OPEN)
    refuse_if_any(_problems(held.plan, draft, None))
    return save_changes(held, draft.values(), facts_of, verb="bottleneck_corrected", by=by)


@transaction.atomic
def solve(bottleneck: Bottleneck, *, solution: str, by: User, now: datetime | None = None) -> None:
    """Say that it holds nothing back any more, and how that came. Raises PermissionDenied, or Refused."""
    said = tidy(solution)
    day = timezone.localdate(now)
    _move(bottleneck, "solve", said, {"solution": said, "solved_on": day}, by)


@transaction.atomic
def reopen(bottleneck: Bottleneck, *, reason: str, by: User) -> None:
    """Take up again what was declared solved. Raises PermissionDenied, or Refused."""
    _move(bottleneck, "reopen", tidy(reason), {"solution": "", "solved_on": None}, by)


def facts_of(bottleneck: Bottleneck) -> dict[str, Any]:
    """What the audit keeps of it, and what the form of its correction has read."""
    return {
        "unit": bottleneck.unit.code,
        "title": bottleneck.title,
        "cause": bottleneck.cause,
        "severity": Severity(bottleneck.severity).label,
        "since": bottleneck.since.isoformat(),
        "objective": bottleneck.objective.number if bottleneck.objective else None,
        "indicator": bottleneck.indicator.key if bottleneck.indicator else None,
        "project": bottleneck.project.code if bottleneck.project else None,
    }


def _move(bottleneck: Bottleneck, verb: str, reason: str, values: dict[str, Any], by: User) -> None:
    step = transition_for(BOTTLENECK_TRANSITIONS, verb)
    demand(by, MANAGE, bottleneck)
    held = _hold(bottleneck)
    refuse_if_any(text_problems(reason, "reason", "decir cómo o por qué"))
    moved = Bottleneck.objects.filter(pk=held.pk, status__in=step.sources).update(status=step.target, **values)
    if moved != 1:
        _refuse_unless(held, next(iter(step.sources)))
    bottleneck.refresh_from_db()
    audit.record(TRACES[verb], bottleneck, by=by, reason=reason)


def _hold(bottleneck: Bottleneck) -> Bottleneck:
    SectorPlan.hold(bottleneck.plan_id)
    related = ("plan__sector", "unit", "objective", "indicator", "project")
    return Bottleneck.objects.select_related(*related).get(pk=bottleneck.pk)


def _refuse_unless(held: Bottleneck, status: str) -> None:
    if held.status != status:
        message = f"Este cuello de botella está «{BottleneckStatus(held.status).label.lower()}»."
        raise Refused([Problem("wrong_state", "REP-03", message, fix="Vuelva a cargar la página.")])


def _problems(plan: SectorPlan, draft: Draft, now: datetime | None) -> Iterator[Problem]:
    values = draft.values()
    targets = [one for one in (draft.objective, draft.indicator, draft.project) if one is not None]
    today = timezone.localdate(now)
    span = span_of(plan.first_vigencia, plan.last_vigencia, today)
    yield from bottleneck_problems(
        title=values["title"], cause=values["cause"], since=draft.since, today=today, earliest=span.earliest,
        targets=len(targets),
    )  # fmt: skip
    if not _is_ours(plan, draft):
        message = "Algo de lo que eligió no es de esta entidad o de este PES."
        yield Problem("target_foreign", "AZ10", message, fix="Elija de las listas.")


def _is_ours(plan: SectorPlan, draft: Draft) -> bool:
    """Whether the unit is of the sector, and what it holds back is the unit's (anything, when it is the sector)."""
    whole = draft.unit.pk == plan.sector_id
    if not whole and draft.unit.parent_id != plan.sector_id:
        return False
    objective, indicator, project = draft.objective, draft.indicator, draft.project
    return (
        (objective is None or objective.plan_id == plan.pk)
        and (indicator is None or (indicator.plan_id == plan.pk and (whole or indicator.entity_id == draft.unit.pk)))
        and (
            project is None
            or (project.entity.parent_id == plan.sector_id and (whole or project.entity_id == draft.unit.pk))
        )
    )
