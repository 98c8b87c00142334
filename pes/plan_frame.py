"""What the pages of one PES share: how it is found, where it is, and the tabs that every app adds to."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from pes import registry
from pes.models import SectorPlan
from pes.permissions import Permission

Item = dict[str, Any]

#: The sections of a PES, in the order in which it is made, and the pages (keys of tabs) of each.
SECTIONS = (
    ("Camino", ("road", "timeline")),
    ("Participación", ("meetings", "commitments", "dofa", "survey")),
    ("Estrategia", ("objectives", "cascade", "profile", "resources")),
    ("Documento", ("document", "versions", "approval")),
    ("Seguimiento", ("viability", "evaluation", "accountability")),
)


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
    """Context of `pes/plan_frame.html`: the plan, its sections, the tabs of the one with `current`, and the way back.

    `trail` has (label, address) of the pages between the PES and this one. A section leads to its first page.
    """
    offered = {tab["key"]: tab for tab in registry.collect("plan_tabs", user, plan)}
    sections, tabs = _navigation(offered, current)
    crumbs: list[Item] = [{"label": plan.sector.name, "url": plan.get_absolute_url()}]
    crumbs += [{"label": label, "url": url} for label, url in trail]
    return {
        "plan": plan,
        "sections": sections,
        "tabs": tabs,
        "crumbs": crumbs,
        "plan_line": f"{plan.name} · vigencias {plan.period}",
    }


def _navigation(offered: dict[str, Item], current: str) -> tuple[list[Item], list[Item]]:
    """The sections that have a page for this person, and the pages of the current one; a page alone has no second row."""
    sections, tabs = [], []
    for label, keys in SECTIONS:
        pages = [offered[key] | {"current": key == current} for key in keys if key in offered]
        if not pages:
            continue
        is_current = current in keys
        sections.append({"label": label, "url": pages[0]["url"], "current": is_current})
        if is_current and len(pages) > 1:
            tabs = pages
    return sections, tabs
