"""What the pages of the territory share: how an entity is found, and the tabs that every app adds to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from django.urls import reverse

from pes import registry
from pes.models import OrganizationUnit, TerritorialEntity, UnitKind
from pes.permissions import Permission

READ = Permission.TERRITORY_READ


def frame(user: Any, current: str, *trail: tuple[str, str]) -> dict[str, Any]:
    """Context of `pes/territory/frame.html`: tabs with `current` marked, and the way back.

    Tabs come from `registry.provide("territory_tabs", fn)`; fn(user) yields {"key", "label", "url", "order"}.
    """
    tabs = sorted(registry.collect("territory_tabs", user), key=lambda tab: tab["order"])
    crumbs = [{"label": "Territorio", "url": reverse("pes:territory")}]
    return {
        "tabs": [tab | {"current": tab["key"] == current} for tab in tabs],
        "crumbs": crumbs + [{"label": label, "url": url} for label, url in trail],
    }


def find_entity(user: Any, dane: str, permission: Permission = READ) -> TerritorialEntity:
    """The entity with a DANE code on whose region the person holds the power; Http404 otherwise."""
    rows = TerritorialEntity.objects.visible_to(user, permission).select_related("region")
    found = rows.filter(dane_code=dane).first()
    if found is None:
        raise Http404("No hay una entidad territorial que usted pueda ver con ese código.")
    return found


def find_region(user: Any, slug: str, permission: Permission = READ) -> OrganizationUnit:
    """A region on which the person holds the power; Http404 otherwise."""
    rows = OrganizationUnit.objects.visible_to(user, permission)
    found = rows.filter(code=slug, kind=UnitKind.REGION).first()
    if found is None:
        raise Http404("No hay una región que usted pueda ver con esa dirección.")
    return found


def entity_links(user: Any, entity: TerritorialEntity) -> Iterable[dict[str, str]]:
    """What other parts offer on the page of an entity: {"label", "url", "icon"} (`territory_entity_links`)."""
    return registry.collect("territory_entity_links", user, entity)
