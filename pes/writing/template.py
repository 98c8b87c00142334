"""The structure that a document should have: chapters and sections of LC-07 for the entities and lines of a sector."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from pes.models import DevelopmentPlan, OrganizationUnit, SectorPlan, StrategicLine
from pes.rules.writing import SectionKind, of_entity

FILE = "fixtures/documento_pes.json"
NO_PDD = "Plan Distrital de Desarrollo"
_STRIDE = 1000  # places between two sections of the template: what is repeated goes between


@dataclass(frozen=True, slots=True)
class WantedSection:
    """A section as the template and the sector's facts ask for it."""

    chapter: str
    key: str
    title: str
    level: int
    kind: str
    order: int
    entity: OrganizationUnit | None


@dataclass(frozen=True, slots=True)
class WantedChapter:
    """A chapter with its sections; `number` is blank for the parts at the end."""

    key: str
    number: str
    title: str
    order: int
    sections: tuple[WantedSection, ...]


def wanted_chapters(plan: SectorPlan) -> list[WantedChapter]:
    """The whole structure for a PES as its sector is today; three queries."""
    entities, lines = entities_of(plan), list(StrategicLine.objects.filter(plan=plan).order_by("number"))
    pdd = DevelopmentPlan.objects.filter(plan=plan).order_by("valid_from", "pk").first()
    facts = {"sector": plan.sector.name, "pdd": pdd.name if pdd else NO_PDD}
    return [
        WantedChapter(
            chapter["key"],
            chapter["key"] if chapter["key"].isdigit() else "",
            chapter["title"].format(**facts),
            order,
            tuple(_sections(chapter, facts, entities, lines)),
        )
        for order, chapter in enumerate(_template()["chapters"], 1)
    ]


def entities_of(plan: SectorPlan) -> list[OrganizationUnit]:
    """The entities of the sector today, its head first."""
    return list(OrganizationUnit.objects.entities_of(plan.sector).filter(is_active=True))


def hint_of(key: str) -> str:
    """What a section should tell, for who writes it; blank for a section that the template no longer has."""
    return _hints().get(key.split(":")[0], "")


def _sections(
    chapter: dict[str, Any], facts: dict[str, str], entities: list[OrganizationUnit], lines: list[StrategicLine]
) -> Iterator[WantedSection]:
    for at, row in enumerate(chapter["sections"], 1):
        kind, level = row.get("kind", SectionKind.TEXT.value), row.get("level", 2)
        match row.get("each"):
            case "entity":
                repeated = [
                    (f"{row['key']}:{unit.code}", {"of_entity": of_entity(unit.name, unit.acronym)}, unit)
                    for unit in entities
                ]
            case "line":
                repeated = [(f"{row['key']}:{line.pk}", {"line": line.name}, None) for line in lines]
            case _:
                repeated = [(row["key"], {}, None)]
        for step, (key, more, entity) in enumerate(repeated):
            title = row["title"].format(**facts, **more)
            yield WantedSection(chapter["key"], key, title, level, kind, at * _STRIDE + step, entity)


@cache
def _template() -> dict[str, Any]:
    return json.loads((Path(settings.BASE_DIR) / FILE).read_text(encoding="utf-8"))


@cache
def _hints() -> dict[str, str]:
    return {row["key"]: row["hint"] for chapter in _template()["chapters"] for row in chapter["sections"]}
