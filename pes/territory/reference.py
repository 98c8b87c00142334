"""What the source publishes: quoted figures, kept as quotes (GP-09), and the beneficiaries of phase II (GP-08)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.conf import settings

from pes.models import TerritorialEntity
from pes.rules.territory import UNIVERSES, EntityKind
from pes.workbooks.names import fold

_FILE = settings.BASE_DIR / "fixtures" / "gobierno_al_plan_referencia.json"


@cache
def reference() -> Mapping[str, Any]:
    """The file as it is."""
    return json.loads(_FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def beneficiaries() -> dict[str, list[str]]:
    """Department → municipalities of phase II, as the source writes them."""
    found: dict[str, list[str]] = reference()["beneficiaries"]["municipalities"]
    return found


def beneficiary_rows(entities: Iterable[TerritorialEntity]) -> list[dict[str, Any]]:
    """Each department with its municipalities; those that are registered lead to their page."""
    known = {(fold(one.department), fold(one.name)): one for one in entities if one.kind == EntityKind.MUNICIPIO}
    rows = []
    for department, names in beneficiaries().items():
        own = [(name, known.get((fold(department), fold(name)))) for name in names]
        registered = sum(entity is not None for _, entity in own)
        rows.append({
            "title": f"{department}: {len(names)}" + (f", {registered} aquí" if registered else ""),
            "names": [{"name": name, "url": entity.get_absolute_url() if entity else ""} for name, entity in own],
        })  # fmt: skip
    return rows


def universe_rows(entities: Iterable[TerritorialEntity]) -> list[dict[str, Any]]:
    """The eight universes with what the source counts in each and how many are registered here."""
    letters = [one.universe for one in entities]
    return [
        {
            "letter": one.letter,
            "words": one.words,
            "focus": "Sí" if one.is_focus else "No",
            "published": str(one.municipalities),
            "here": str(letters.count(one.letter)),
        }
        for one in UNIVERSES
    ]
