"""What the pages of one PES share: how it is found, where it is, and the tabs that every app adds to."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from pes import registry
from pes.models import SectorPlan
from pes.permissions import Permission

Item = dict[str, Any]


def find_plan(user: Any, slug: str, first: int, permission: Permission = Permission.PES_READ) -> SectorPlan:
    """The PES of a sector that begins in vigencia `first`, if the person holds the power on it; Http404 otherwise."""
    rows = SectorPlan.objects.visible_to(user, permission).select_related("sector")
    found = rows.filter(sector__code=slug, first_vigencia=first).first()
    if found is None:
        raise Http404("No hay un PES que usted pueda ver con esa dirección.")
    return found


def plan_url(plan: SectorPlan, name: str, *args: Any) -> str:
    """The address of a page of a PES, whichever app it is of: `plan_url(plan, "pes:road")`."""
    return reverse(name, args=[plan.sector.code, plan.first_vigencia, *args])


def frame(user: Any, plan: SectorPlan, current: str, *trail: tuple[str, str]) -> dict[str, Any]:
    """Context of `pes/plan_frame.html`: the plan, its tabs with `current` marked, and the way back to this page.

    `trail` has (label, address) of the pages between the PES and this one.
    """
    tabs = sorted(registry.collect("plan_tabs", user, plan), key=lambda tab: tab["order"])
    crumbs: list[Item] = [{"label": plan.sector.name, "url": plan.get_absolute_url()}]
    crumbs += [{"label": label, "url": url} for label, url in trail]
    return {
        "plan": plan,
        "tabs": [tab | {"current": tab["key"] == current} for tab in tabs],
        "crumbs": crumbs,
        "plan_line": f"{plan.name} · vigencias {plan.period}",
    }
