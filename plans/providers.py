"""What the plans app offers to the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from pes import registry
from pes.access import holds
from pes.permissions import Permission
from plans.inbox import lifecycle_items
from plans.inbox_changes import change_items
from plans.inbox_consultation import consultation_items
from plans.workbook.uploads import tidy_uploads


def menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """«Planes» for who may read any."""
    if holds(request.user, Permission.PLAN_READ):
        yield {"label": "Planes", "url": reverse("plans:list"), "order": 60}


registry.provide("menu", menu)
registry.provide("inbox", lifecycle_items)
registry.provide("inbox", change_items)
registry.provide("inbox", consultation_items)
registry.provide("planner", tidy_uploads)
