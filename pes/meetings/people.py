"""Who takes part in the meetings of a PES: the entities of its sector and the people who work in them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from pes.access import grants_in_force, people_by_unit
from pes.models import Membership, OrganizationUnit, SectorPlan, User
from pes.models.commitment import ANSWERING
from pes.permissions import Permission


def entities_of(plan: SectorPlan) -> Any:
    """The entities of the sector, its head first."""
    return OrganizationUnit.objects.entities_of(plan.sector).filter(is_active=True)


def people_of(plan: SectorPlan) -> Any:
    """Active people who work in the sector or in one of its entities today, by name."""
    units = OrganizationUnit.objects.filter(pk=plan.sector_id) | entities_of(plan).order_by()
    held = grants_in_force().filter(permission__codename=Permission.PES_READ.value, content_object__in=units)
    people = User.objects.filter(is_active=True, is_service=False, pk__in=held.values("user_id"))
    return people.order_by("full_name", "email")


def people_with_roles(plan: SectorPlan) -> Any:
    """The same people, with the memberships that they hold today at hand."""
    today = timezone.localdate()
    held = Membership.objects.in_force(today)  # type: ignore[attr-defined]
    return people_of(plan).prefetch_related(Prefetch("memberships", queryset=held))


def speakers_of(meeting: Any) -> set[int]:
    """Ids of the planning links of the entities convened: whom one would invite first."""
    found = people_by_unit(ANSWERING, [one.pk for one in meeting.entities.all()])
    return {person for people in found.values() for person in people}
