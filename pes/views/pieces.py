"""Small pieces that the administration's pages share."""

from __future__ import annotations

from django.urls import reverse

_SECTIONS = {
    "Personas": "administration:people",
    "Unidades": "administration:units",
    "Calendario": "administration:calendar",
    "Metodología": "administration:methodology",
    "Bitácora": "administration:audit",
}


def crumbs(section: str, *rest: str) -> list[dict[str, str]]:
    """The path from Administración to a page; `rest` are the steps below its section."""
    path = [{"label": "Administración", "url": reverse("administration:index")}]
    path.append({"label": section, "url": reverse(_SECTIONS[section])})
    return path + [{"label": label, "url": ""} for label in rest]
