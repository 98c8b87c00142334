"""A small level to close: plans whose figures were computed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from evaluation.models import QuarterClose
from evaluation.quarter_closes import consolidate
from pes.models import JobState, Membership, OrganizationUnit, UnitKind, User, Vigencia
from pes.permissions import Permission, Role
from plans.models import Goal, PlanGestion, QuarterTarget
from plans.models.plan import LEVEL_OF_KIND
from tests import make, people
from tests.plan_makers import GOAL, holder, shares
from tests.report_makers import fill, report
from tracking import lifecycle
from tracking.models import QuarterReport

AFTER_TERM = datetime(2022, 4, 20, 17, tzinfo=UTC)  # the term of T1 2022 passed on 18 April
LEADER = "Quien lidera"
ACTS = ("opened", "submitted", "validated", "official", "published")
SHORT = {"analysis": "Se avanzó menos.", "delay_causes": "Faltó personal.", "accumulated_analysis": "Se recupera."}


def unit(cast: people.Cast, code: str, kind: UnitKind = UnitKind.PROCESS, name: str = "") -> OrganizationUnit:
    """A process or an alcaldía of the head entity; one person leads all of them."""
    made = people.unit(code, kind, cast.head, name)
    if not User.objects.filter(full_name=LEADER).exists():
        people.person(LEADER, Role.LIDER_PROCESO, cast.head)
    reaches = Membership.objects.filter(Q(user__full_name=LEADER) | Q(user__in=(cast.ana, cast.jorge, cast.diana)))
    for membership in reaches:
        membership.project()  # the unit is new to their grants
    return made


def plan(cast: people.Cast, code: str, goals: int | Sequence[Mapping[str, Any]] = 1, **about: Any) -> PlanGestion:
    """A published plan of a new unit, put where its way through SM-1 would leave it: that is proven elsewhere."""
    of, at, vigencia = unit(cast, code, **about), AFTER_TERM, Vigencia.objects.get_or_create(year=2022)[0]
    acts = {f"{act}_by": cast.ana for act in ACTS} | {f"{act}_at": at for act in ACTS}
    made = PlanGestion.objects.create(
        unit=of, vigencia=vigencia, level=LEVEL_OF_KIND[of.kind], status="published", edition=1, hola_case="HOLA-1",
        hola_on=at.date(), **acts,
    )  # fmt: skip
    given: Sequence[Mapping[str, Any]] = [{} for _ in range(goals)] if isinstance(goals, int) else goals
    for number, (share, own) in enumerate(zip(shares(len(given)), given, strict=True), 1):
        _goal(made, number, {**GOAL, "weight": share, **own})
    return made


def _goal(plan: PlanGestion, number: int, values: dict[str, Any]) -> None:
    programme = {quarter: values.pop(f"t{quarter}") for quarter in (1, 2, 3, 4)}
    values.pop("objective")
    goal = Goal.objects.create(plan=plan, number=number, position=number, **values)
    QuarterTarget.objects.bulk_create(
        QuarterTarget(goal=goal, quarter=quarter, programmed=amount) for quarter, amount in programme.items()
    )


def opened(plan: PlanGestion) -> PlanGestion:
    """The plan, with its report of T1 waiting."""
    report(plan, 1)
    return plan


def reported(plan: PlanGestion, share: int | str, status: str = "validated", quarter: int = 1) -> QuarterReport:
    """The report of a quarter in which every goal of 25 reached a share (0–100 %) of it, sent in time."""
    return report(plan, quarter, status=status, entries=_shares(plan, share))


def reported_late(plan: PlanGestion, share: int | str, now: datetime = AFTER_TERM) -> QuarterReport:
    """The report of T1, sent and validated after its term."""
    found = report(plan, 1)
    fill(found, _shares(plan, share))
    leader, analyst = (holder(power, plan.unit) for power in (Permission.QUARTER_SUBMIT, Permission.QUARTER_REVIEW))
    lifecycle.submit(found, by=leader, now=now)
    lifecycle.take(found, by=analyst, now=now)
    lifecycle.validate(found, by=analyst, now=now)
    return found


def _shares(plan: PlanGestion, share: int | str) -> dict[int, dict[str, Any]]:
    entry = {"achieved": Decimal(share) * 25 / 100} | (SHORT if Decimal(share) < 100 else {})
    return dict.fromkeys(plan.goals.values_list("number", flat=True), entry)


def closed(
    entity: OrganizationUnit,
    *,
    by: User,
    quarter: int = 1,
    level: str = "central",
    reason: str = "",
    now: datetime = AFTER_TERM,
) -> QuarterClose:
    """The run that the job makes of a request."""
    from_job = consolidate(entity, 2022, quarter, level, by=by, reason=reason, now=now)
    jobs = {job.pk: job for job in make.run_jobs()}
    assert jobs[from_job.pk].state == JobState.DONE, jobs[from_job.pk].error
    return QuarterClose.objects.get(entity=entity, quarter=quarter, level=level, run=jobs[from_job.pk].result["run"])
