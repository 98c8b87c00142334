"""What the walk with the entities offers to the rest: its tabs, and the hitos whose month has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from pes import registry
from pes.access import can, roles_of
from pes.models import TerritorialEntity
from pes.permissions import Permission, Role
from pes.territory.reading import boards_of

SHOWN = 8  # entities named one by one; the list has the rest


def tabs(user: Any) -> Iterator[dict[str, Any]]:
    """How it goes, and what was learnt."""
    yield {"key": "progress", "label": "Avance", "url": reverse("tracking:territory-progress"), "order": 20}
    yield {"key": "lessons", "label": "Lecciones", "url": reverse("tracking:territory-lessons"), "order": 60}


def entity_links(user: Any, entity: TerritorialEntity) -> Iterator[dict[str, str]]:
    """From the page of an entity to its advisors, and to tell a lesson."""
    yield {"label": "Asesoría", "url": reverse("pes:territory-advisor", args=[entity.dane_code]), "icon": "user"}
    if can(user, Permission.HITO_REPORT, entity):
        url = reverse("tracking:territory-lesson", args=[entity.dane_code])
        yield {"label": "Contar una lección", "url": url, "icon": "plus"}


def inbox(user: Any) -> Iterator[dict[str, Any]]:
    """Entities that a person advises with hitos whose expected month passed, the most delayed first."""
    if roles_of(user).isdisjoint({Role.ASESOR_TERRITORIAL, Role.COORDINADOR_REGIONAL}):
        return
    mine = TerritorialEntity.objects.visible_to(user, Permission.HITO_REPORT)
    mine = mine.filter(assignments__advisor=user, assignments__until__isnull=True).select_related("region")
    boards = [one for one in boards_of(mine, timezone.localdate()) if one.overdue]
    boards.sort(key=lambda one: -one.months_late)
    for one in boards[:SHOWN]:
        codes = ", ".join(hito.code for hito in one.overdue)
        many = len(one.overdue)
        yield {
            "title": f"{one.entity.name}: 1 hito atrasado"
            if many == 1
            else f"{one.entity.name}: {many} hitos atrasados",
            "detail": f"Hitos {codes}: su mes esperado ya pasó",
            "url": one.entity.get_absolute_url(),
            "due_on": _last_day(min(hito.expected for hito in one.overdue if hito.expected)),
            "since": None,
            "kind": "territory",
        }


def _last_day(month: date) -> date:
    """The last day of a month, given its first."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


registry.provide("territory_tabs", tabs)
registry.provide("territory_entity_links", entity_links)
registry.provide("inbox", inbox)
