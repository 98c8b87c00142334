"""What the plans app offers to the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from pes import registry
from pes.access import holds
from pes.permissions import Permission
from plans.workbook.uploads import tidy_uploads


def menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """«Planes» for who may read any."""
    if holds(request.user, Permission.PLAN_READ):
        yield {"label": "Planes", "url": reverse("plans:list"), "order": 60}


registry.provide("menu", menu)
registry.provide("planner", tidy_uploads)
