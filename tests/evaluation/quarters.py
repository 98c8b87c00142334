"""A small level to close: plans whose figures were computed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from evaluation.models import QuarterClose
from evaluation.quarter_closes import consolidate
from pes.models import JobState, Membership, OrganizationUnit, UnitKind, User
from pes.permissions import Role
from plans.models import PlanGestion
from tests import make, people
from tests.report_makers import report
from tracking.models import QuarterReport

AFTER_TERM = datetime(2022, 4, 20, 17, tzinfo=UTC)  # the term of T1 2022 passed on 18 April
SHORT = {"analysis": "Se avanzó menos.", "delay_causes": "Faltó personal.", "accumulated_analysis": "Se recupera."}


def unit(cast: people.Cast, code: str, kind: UnitKind = UnitKind.PROCESS, name: str = "") -> OrganizationUnit:
    """A process or an alcaldía of the head entity, with somebody who leads it."""
    made = people.unit(code, kind, cast.head, name)
    for membership in Membership.objects.filter(unit=cast.sector):
        membership.project()  # the unit is new to the grants of those who look at the whole sector
    role = Role.LIDER_PROCESO if kind == UnitKind.PROCESS else Role.ALCALDE_LOCAL
    people.person(f"Quien lidera {code}", role, made)
    return made


def plan(cast: people.Cast, code: str, goals: int | Sequence[Mapping[str, Any]] = 1, **about: Any) -> PlanGestion:
    """A published plan of a new unit."""
    return make.management_plan(unit=unit(cast, code, **about), goals=goals)


def opened(plan: PlanGestion) -> PlanGestion:
    """The plan, with its report of T1 waiting."""
    report(plan, 1)
    return plan


def reported(plan: PlanGestion, share: int | str, status: str = "validated") -> QuarterReport:
    """The report of T1 in which every goal of 25 reached a share (0–100 %) of it."""
    entry = {"achieved": Decimal(share) * 25 / 100} | (SHORT if Decimal(share) < 100 else {})
    if Decimal(share) > 125:
        entry["explanation"] = "Hubo más demanda de la prevista."
    numbers = plan.goals.values_list("number", flat=True)
    return report(plan, 1, status=status, entries=dict.fromkeys(numbers, entry))


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
