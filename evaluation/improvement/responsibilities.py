"""Who answers for each goal and indicator of a PES: one table, assigned together (S0, phase 5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from evaluation.models import Responsibility
from pes import audit
from pes.access import demand, grants_in_force
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import Indicator, OrganizationUnit, SectorGoal, SectorPlan, User
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any

EDIT = Permission.PES_EDIT
_NOUNS = {"goal": "Meta", "indicator": "Indicador"}
Owners = Mapping[tuple[str, int], int | None]  # ("goal" | "indicator", id) → person (id), None for nobody


def candidates(plan: SectorPlan) -> Any:
    """Active people with a role in the sector, or above it: those who may answer for something of its PES."""
    units = OrganizationUnit.objects.below(plan.sector)
    rows = grants_in_force().filter(permission__codename=Permission.PES_READ.value, content_object__in=units)
    people = User.objects.filter(is_active=True, is_service=False, pk__in=rows.values("user_id"))
    return people.order_by("email")


def owners_of(plan: SectorPlan) -> dict[tuple[str, int], int]:
    """Who answers for what, as stored; one query."""
    rows = Responsibility.objects.filter(plan=plan).values_list("goal_id", "indicator_id", "person_id")
    return {("goal", goal) if goal else ("indicator", indicator): person for goal, indicator, person in rows}


def facts_of(owners: Owners) -> dict[str, Any]:
    """The assignments as the audit and the fingerprint of the form name them."""
    return {f"{kind} {pk}": person for (kind, pk), person in sorted(owners.items()) if person is not None}


@once("Otra persona asignó responsables al mismo tiempo.")
def assign(plan: SectorPlan, owners: Owners, *, read: str, by: User, now: datetime | None = None) -> int:
    """Put people in charge of goals and indicators; None takes them off. Answers how many changed.

    `read` is the fingerprint of what the person was editing. Raises PermissionDenied, StaleEdit, or Refused: not of
    this plan (AZ10), or somebody without a role in the sector.
    """
    demand(by, EDIT, plan)
    SectorPlan.hold(plan.pk)
    before = owners_of(plan)
    refuse_if_stale(facts_of(before), read)
    changed = {key: person for key, person in owners.items() if before.get(key) != person}
    if not changed:
        return 0
    refuse_if_any(_problems(plan, changed))
    at = now or timezone.now()
    for (kind, pk), person in changed.items():
        _put(plan, kind, pk, person, by, at)
        about = {"kind": _NOUNS[kind], "code": pk}
        old, new = before.get((kind, pk)), person
        audit.record("responsible_assigned", plan, by=by, before={"user": old}, after=about | {"user": new})
    return len(changed)


def _put(plan: SectorPlan, kind: str, pk: int, person: int | None, by: User, at: datetime) -> None:
    place = {f"{kind}_id": pk}
    if person is None:
        Responsibility.objects.filter(**place).delete()
        return
    values = {"plan": plan, "person_id": person, "assigned_by": by, "assigned_at": at}
    Responsibility.objects.update_or_create(**place, defaults=values)


def _problems(plan: SectorPlan, changed: Owners) -> list[Problem]:
    goals = {pk for kind, pk in changed if kind == "goal"}
    indicators = {pk for kind, pk in changed if kind == "indicator"}
    known_goals = SectorGoal.objects.filter(objective__plan=plan, pk__in=goals).count()
    known_indicators = Indicator.objects.filter(plan=plan, pk__in=indicators).count()
    people = {person for person in changed.values() if person is not None}
    problems = []
    if known_goals != len(goals) or known_indicators != len(indicators):
        message = "Una meta o un indicador no es de este PES."
        problems.append(Problem("target_foreign", "AZ10", message, fix="Vuelva a cargar la página."))
    if candidates(plan).filter(pk__in=people).count() != len(people):
        problems.append(stranger_problem())
    return problems


def stranger_problem() -> Problem:
    """Somebody without a role in the sector cannot answer for its PES."""
    message = "Una de las personas no tiene un rol en este sector, o su cuenta está cerrada."
    return Problem("person_outside", "AZ10", message, fix="Elija a alguien de la lista.")
