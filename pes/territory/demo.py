"""The invented territory of the demonstration: a region, its municipalities, their roads and who advises them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from pes import units
from pes.edits import fingerprint
from pes.models import HitoSchedule, Membership, OrganizationUnit, TerritorialEntity, UnitKind, User
from pes.permissions import Role
from pes.roads.templates import GOVERNMENT_TO_PLAN
from pes.rules.territory import YEARS_OF_GOVERNMENT
from pes.territory.assignments import assign
from pes.territory.entities import EntityFacts, register_entity
from pes.territory.opening import open_roads
from pes.territory.schedules import create_schedule, hitos_of, month_facts, write_months
from pes.territory.segments import create_segment

FIXTURE = settings.BASE_DIR / "fixtures" / "demo_territorio.json"
A_GOVERNMENT_BEGAN = 2024
MONTHS_BEHIND, SPAN = 6, 8  # the hitos are spread over eight months, of which six have passed
SINCE = timedelta(days=200)


@cache
def told() -> Mapping[str, Any]:
    """The file of the demonstration."""
    return json.loads(FIXTURE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def load(*, now: datetime) -> None:
    """The region with everything in it, once: where it is there, what a visitor did is kept."""
    said, code = told(), told()["region"]["code"]
    head = OrganizationUnit.objects.filter(code=said["head"]).first()
    coordinator = User.objects.filter(email=said["coordinator"]).first()
    if head is None or coordinator is None or OrganizationUnit.objects.filter(code=code).exists():
        return
    administrator = User.objects.get(email=said["administrator"])
    region = units.add(by=administrator, code=code, kind=UnitKind.REGION, parent=head, name=said["region"]["name"])
    began = timezone.localdate(now) - SINCE
    regional = User.objects.get(email=said["regional_advisor"])
    if not regional.memberships.exists():
        Membership.grant(user=regional, unit=region, role=Role.ASESOR_TERRITORIAL, starts_on=began, by=administrator)
    entities = [_entity(one, region, coordinator, began, now) for one in said["entities"]]
    create_segment(region, **said["segment"], by=coordinator)
    schedules = [_schedule(region, code, coordinator, timezone.localdate(now)) for code in GOVERNMENT_TO_PLAN]
    open_roads(entities, schedules[0], by=coordinator, now=now - SINCE)


def _entity(
    one: Mapping[str, Any], region: OrganizationUnit, by: User, began: date, now: datetime
) -> TerritorialEntity:
    variables = one["variables"] or (None, None, None)
    facts = EntityFacts(
        one["code"], one["name"], "municipio", told()["department"], region, *variables, one["partner"],
        frozenset(one["ecosystems"]),
    )  # fmt: skip
    entity = register_entity(facts, by=by)
    if one["advisor"] is not None:
        advisor = User.objects.get(email=told()["advisors"][one["advisor"]])
        assign(entity, advisor=advisor, coordinator=by, starts_on=began, by=by, now=now)
    return entity


def _schedule(region: OrganizationUnit, code: str, by: User, today: date) -> HitoSchedule:
    """The months around today, within the government of today; those of phase II come after."""
    first = today.year - (today.year - A_GOVERNMENT_BEGAN) % YEARS_OF_GOVERNMENT
    schedule = create_schedule(region, template_code=code, first_year=first, by=by)
    hitos = [one.code for _, one in hitos_of(schedule)]
    ahead = 0 if code == GOVERNMENT_TO_PLAN[0] else SPAN
    months = {
        one: _month(today, ahead - MONTHS_BEHIND + place * SPAN // len(hitos), first) for place, one in enumerate(hitos)
    }
    write_months(schedule, months, read=fingerprint(month_facts(schedule)), by=by)
    return schedule


def _month(today: date, offset: int, first: int) -> date:
    """The first day of a month counted from today's, inside the period."""
    count = today.year * 12 + today.month - 1 + offset
    count = min(max(count, first * 12), (first + YEARS_OF_GOVERNMENT) * 12 - 1)
    return date(count // 12, count % 12 + 1, 1)
