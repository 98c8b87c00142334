"""What the pes app offers to the rest: its menu entries, and the sections of the administration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from pes import accounts, registry
from pes.access import holds, holds_any
from pes.permissions import Permission
from pes.profile import document_tables as profile_tables
from pes.profile import providers as profile_providers

_SECTIONS = (
    (
        Permission.PEOPLE_MANAGE,
        "Personas",
        "administration:people",
        "user",
        "Invitar, dar y terminar roles, cerrar cuentas.",
    ),
    (
        Permission.UNITS_MANAGE,
        "Unidades",
        "administration:units",
        "inbox",
        "Sectores, entidades, procesos y alcaldías locales.",
    ),
    (
        Permission.CALENDAR_MANAGE,
        "Calendario",
        "administration:calendar",
        "calendar",
        "Días no hábiles y vencimientos.",
    ),
    (
        Permission.METHODOLOGY_MANAGE,
        "Metodología",
        "administration:methodology",
        "edit",
        "Vigencias y reglas con que se califican.",
    ),
    (Permission.AUDIT_READ, "Bitácora", "administration:audit", "shield", "Quién hizo qué, cuándo y por qué."),
)
MANAGING = tuple(permission for permission, *_ in _SECTIONS if permission != Permission.AUDIT_READ)


def menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """«Mi trabajo» for everybody, «Administración» for who administers something, the trail for who only reads it."""
    yield {"label": "Mi trabajo", "url": reverse("pes:home"), "order": 0}
    if holds_any(request.user, MANAGING):
        yield {"label": "Administración", "url": reverse("administration:index"), "order": 90}
    elif holds_any(request.user, (Permission.AUDIT_READ,)):
        yield {"label": "Bitácora", "url": reverse("administration:audit"), "order": 90}


def administration_sections(user: Any) -> list[dict[str, str]]:
    """The sections that a person may open."""
    return [
        {"title": title, "url": reverse(name), "icon": icon, "detail": detail}
        for permission, title, name, icon, detail in _SECTIONS
        if holds(user, permission)
    ]


registry.provide("menu", menu)
registry.provide("plan_tabs", profile_providers.tabs)
registry.provide("document_tables", profile_tables.document_tables)
accounts.listen()
