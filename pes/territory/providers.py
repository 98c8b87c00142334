"""What the territory offers to the rest: its menu entry, its tabs, its job, and what awaits a coordinator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse

from pes import registry
from pes.access import can, holds, roles_of
from pes.models import TerritorialEntity
from pes.permissions import Permission, Role
from pes.territory import tasks
from pes.territory.frame import READ

MANAGE = Permission.TERRITORY_MANAGE


def menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """«Territorio» for who reads it."""
    if holds(request.user, READ):
        yield {"label": "Territorio", "url": reverse("pes:territory"), "order": 70}


def tabs(user: Any) -> Iterator[dict[str, Any]]:
    """The list, the preparation, and what the source publishes."""
    yield {"key": "entities", "label": "Entidades", "url": reverse("pes:territory"), "order": 10}
    if holds(user, MANAGE):
        yield {"key": "setup", "label": "Preparación", "url": reverse("pes:territory-setup"), "order": 80}
    yield {"key": "reference", "label": "Fuente", "url": reverse("pes:territory-reference"), "order": 90}


def entity_links(user: Any, entity: TerritorialEntity) -> Iterator[dict[str, str]]:
    """From the page of an entity to what is known of it, for who manages its region."""
    if can(user, MANAGE, entity):
        yield {"label": "Editar", "url": reverse("pes:territory-entity-edit", args=[entity.dane_code]), "icon": "edit"}


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """Entities that nobody advises, one line a region, for who coordinates it."""
    if Role.COORDINADOR_REGIONAL not in roles_of(user):
        return
    rows = TerritorialEntity.objects.visible_to(user, Permission.ADVISOR_RATE)
    alone = rows.without_advisor().order_by()  # type: ignore[attr-defined]
    counted = alone.values_list("region__code", "region__name").annotate(many=Count("pk")).order_by("region__code")
    for code, name, many in counted:
        yield {
            "title": "Asignar asesor(a) a 1 entidad" if many == 1 else f"Asignar asesor(a) a {many} entidades",
            "detail": name,
            "url": f"{reverse('pes:territory')}?region={code}&asesor=sin",
            "due_on": None,
            "since": None,
            "kind": "territory",
        }


registry.provide("menu", menu)
registry.provide("territory_tabs", tabs)
registry.provide("territory_entity_links", entity_links)
registry.provide("inbox", inbox)
registry.provide("job_title", tasks.job_title)
registry.provide("job_links", tasks.job_links)
