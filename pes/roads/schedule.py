"""Verb of who programmes a road: the days and the responsible people of a whole phase at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from pes import audit
from pes.access import demand, grants_in_force
from pes.edits import refuse_if_stale
from pes.models import OrganizationUnit, RoadActivity, RoadPhase, UnitKind, User
from pes.permissions import Permission
from pes.roads.reporting import closed_problems
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.roads import schedule_problems

MANAGE = Permission.ROAD_MANAGE


@dataclass(frozen=True)
class Programme:
    """What is planned of one activity: from and until which day, and who answers for it."""

    planned_from: date | None
    planned_until: date | None
    person: User | None
    entity: OrganizationUnit | None

    def facts(self) -> dict[str, Any]:
        """As the audit keeps it."""
        days = {"planned_from": self.planned_from, "planned_until": self.planned_until}
        return {name: day.isoformat() if day else None for name, day in days.items()} | {
            "person": self.person.full_name if self.person else None,
            "entity": self.entity.code if self.entity else None,
        }


@transaction.atomic
def programme_phase(phase: RoadPhase, rows: Mapping[int, Programme], *, read: str, by: User) -> int:
    """Write the programme of the activities (ids) of a phase; how many changed.

    `read` is the fingerprint of `schedule_facts` that the person was editing. Raises PermissionDenied, StaleEdit, or
    Refused: the phase is closed, a day is missing or crossed, or somebody outside the sector would answer for it.
    """
    demand(by, MANAGE, phase)
    held = RoadPhase.objects.select_for_update(no_key=True, of=("self",)).select_related("road__unit").get(pk=phase.pk)
    activities = list(schedule_of(held))
    refuse_if_stale(schedule_facts(activities), read)
    refuse_if_any(closed_problems(held))
    refuse_if_any(_problems(held, activities, rows))
    changed = [one for one in activities if one.pk in rows and rows[one.pk] != _programme(one)]
    for one in changed:
        before, wanted = _programme(one).facts(), rows[one.pk]
        one.planned_from, one.planned_until = wanted.planned_from, wanted.planned_until
        one.person, one.entity = wanted.person, wanted.entity
        one.save(update_fields=["planned_from", "planned_until", "person", "entity"])
        old, new = audit.differences(before, wanted.facts())
        audit.record("activity_programmed", one, by=by, before=old, after=new)
    return len(changed)


def schedule_of(phase: RoadPhase) -> QuerySet[RoadActivity]:
    """The lines of a phase with who answers for them."""
    return RoadActivity.objects.filter(phase=phase).select_related("person", "entity", "step").order_by("number")


def schedule_facts(activities: Iterable[RoadActivity]) -> dict[str, Any]:
    """What a person has read of a phase's programme."""
    return {one.code: _programme(one).facts() for one in activities}


def people_of(unit: OrganizationUnit) -> QuerySet[User]:
    """Who may answer for an activity: the active people who work today in the unit or below it."""
    below = OrganizationUnit.objects.below(unit)
    rows = grants_in_force().filter(permission__codename=Permission.PES_READ.value, content_object__in=below)
    found = User.objects.filter(pk__in=rows.values("user_id"), is_active=True, is_service=False)
    return found.order_by("full_name", "email")


def entities_of(unit: OrganizationUnit) -> QuerySet[OrganizationUnit]:
    """The entities of a sector, its head first; of anything else, itself."""
    if unit.kind == UnitKind.SECTOR:
        return OrganizationUnit.objects.entities_of(unit).filter(is_active=True)
    return OrganizationUnit.objects.filter(pk=unit.pk)


def _programme(one: RoadActivity) -> Programme:
    return Programme(one.planned_from, one.planned_until, one.person, one.entity)


def _problems(phase: RoadPhase, activities: Sequence[RoadActivity], rows: Mapping[int, Programme]) -> Iterable[Problem]:
    names = {one.pk: one.code for one in activities}
    for pk, row in rows.items():
        if pk not in names:
            yield Problem(
                "foreign_activity", "LC-01", "Una actividad no es de esta fase.", fix="Abra la página otra vez."
            )
            return
        yield from schedule_problems(names[pk], row.planned_from, row.planned_until)
    people = {row.person.pk: row.person for row in rows.values() if row.person}
    kept = {one.person_id for one in activities}  # who is there already may stay, even after leaving the sector
    known = set(people_of(phase.road.unit).filter(pk__in=people).values_list("pk", flat=True)) | kept
    for pk, person in people.items():
        if pk not in known:
            yield Problem("stranger", "LC-01", f"{person} no trabaja hoy en el sector.", fix="Elija a otra persona.")
    entities = {row.entity.pk for row in rows.values() if row.entity} - {one.entity_id for one in activities}
    if entities - set(entities_of(phase.road.unit).values_list("pk", flat=True)):
        yield Problem("foreign_entity", "LC-01", "Una entidad no es del sector.", fix="Elija una entidad del sector.")
