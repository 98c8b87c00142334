"""Verb of the assignments: who advises an entity from a day on, under which coordinator (GP-05)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from pes import audit
from pes.access import demand, people_with
from pes.models import AdvisorAssignment, OrganizationUnit, TerritorialEntity, User
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.territory import assignment_problems


@transaction.atomic
def assign(
    entity: TerritorialEntity,
    *,
    advisor: User,
    coordinator: User | None = None,
    starts_on: date,
    by: User,
    now: datetime | None = None,
) -> AdvisorAssignment:
    """Give an entity its advisor from a day on; whoever was there ends that day. The same again changes nothing (WF1).

    Raises PermissionDenied, or Refused: the advisor does not assist in the region, the coordinator does not coordinate
    it, or the day is in the future or before the assignment that is open.
    """
    demand(by, Permission.TERRITORY_MANAGE, entity)
    held = TerritorialEntity.objects.select_for_update(no_key=True, of=("self",)).select_related("region")
    entity = held.get(pk=entity.pk)
    current = AdvisorAssignment.objects.open().filter(entity=entity).select_related("advisor").first()
    if current is not None and _who(current) == (advisor.pk, coordinator.pk if coordinator else None):
        return current
    today = timezone.localdate(now)
    since = current.starts_on if current else None
    problems = assignment_problems(starts_on=starts_on, current_since=since, today=today)
    refuse_if_any([*problems, *_people_problems(entity.region, advisor, coordinator)])
    if current is not None:
        AdvisorAssignment.objects.filter(pk=current.pk).update(until=starts_on)
    made = AdvisorAssignment.objects.create(
        entity=entity, advisor=advisor, coordinator=coordinator, starts_on=starts_on, by=by, at=now or timezone.now()
    )
    before = {"user": current.advisor_id} if current else None
    after = {"user": advisor.pk, "on": starts_on.isoformat()}
    audit.record("territory_advisor_assigned", entity, by=by, before=before, after=after)
    return made


def advisors_of(region: OrganizationUnit) -> QuerySet[User]:
    """Who may advise an entity of a region: who logs assistance there today."""
    return people_with(Permission.ASSISTANCE_LOG, region.pk)


def coordinators_of(region: OrganizationUnit) -> QuerySet[User]:
    """Who coordinates a region: who both assists and rates the advisors there."""
    return advisors_of(region).filter(pk__in=people_with(Permission.ADVISOR_RATE, region.pk).order_by().values("pk"))


def _who(assignment: AdvisorAssignment) -> tuple[int, int | None]:
    return assignment.advisor_id, assignment.coordinator_id


def _people_problems(region: OrganizationUnit, advisor: User, coordinator: Any) -> Iterable[Problem]:
    if not advisors_of(region).filter(pk=advisor.pk).exists():
        message = f"{advisor} no asesora hoy en {region}."
        yield Problem("stranger", "GP-05", message, fix="Pida que le den el rol de asesor(a) territorial en la región.")
    if coordinator is not None and not coordinators_of(region).filter(pk=coordinator.pk).exists():
        message = f"{coordinator} no coordina hoy {region}."
        yield Problem("stranger", "GP-05", message, fix="Elija a quien coordina la región.")
