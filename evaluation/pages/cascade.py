"""The cascade as a picture and as a table: lanes of strings, one for each objective of the sector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from evaluation.cascade import Cascade, EntityObjectiveFact, PlanGoalFact, SectorObjectiveFact
from evaluation.pages.dashboard import short

LONGEST = 150  # characters of a text inside a box


@dataclass(frozen=True)
class UnitGoals:
    """Goals of a plan de gestión, each with its number and text."""

    unit: str
    goals: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Box:
    """One box of the picture; `gap` says what is missing under it, in a few words."""

    label: str
    text: str
    url: str = ""
    gap: str = ""
    count: str = ""
    units: tuple[UnitGoals, ...] = ()


@dataclass(frozen=True)
class Lane:
    """An objective of the sector between the programmes that it serves and the objectives that serve it.

    `missing` says what the objective itself lacks, in a few words.
    """

    objective: Box
    programmes: tuple[Box, ...]
    entities: tuple[Box, ...]
    goals: str
    missing: str
    is_broken: bool


@dataclass(frozen=True)
class Gap:
    """A kind of break in the cascade with the things that have it."""

    title: str
    fix: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class CascadePage:
    """Everything that the page shows."""

    counts: tuple[tuple[str, str, str], ...]  # name, figure, note
    lanes: tuple[Lane, ...]
    gaps: tuple[Gap, ...]
    rows: tuple[tuple[str, str, str, str, str], ...]


def cascade_page(found: Cascade, slug: str) -> CascadePage:
    """The picture of a cascade; asks the database nothing."""
    entities = {one.pk: one.short_name for one in found.entities}
    lanes = tuple(_lane(one, found, entities, slug) for one in found.objectives)
    return CascadePage(tuple(_counts(found)), lanes, tuple(_gaps(found, entities)), tuple(_rows(found, entities)))


def _lane(one: SectorObjectiveFact, found: Cascade, entities: dict[int, str], slug: str) -> Lane:
    programmes = {row.pk: row for row in found.programmes}
    url = reverse("evaluation:objective", args=[slug, one.number])
    gap = "" if one.served_by else "Ninguna entidad le sirve"
    count = _plural(len(one.goals), "meta del PES", "metas del PES")
    boxes = tuple(
        Box(programmes[pk].code, short(programmes[pk].name, LONGEST)) for pk in one.programmes if pk in programmes
    )
    return Lane(
        objective=Box(f"Objetivo {one.number}", short(one.text, LONGEST), url, gap, count),
        programmes=boxes,
        entities=tuple(_entity_box(served, entities) for served in one.served_by),
        goals=_plural(len(one.plan_goals), "meta de planes de gestión", "metas de planes de gestión"),
        missing="" if one.goals else "Sin metas del PES",
        is_broken=not (one.plan_goals and one.goals),
    )


def _entity_box(one: EntityObjectiveFact, entities: dict[int, str]) -> Box:
    label = f"{entities[one.entity]} · Objetivo {one.number}"
    gap = "" if one.goals else "Sin metas en planes publicados"
    count = _plural(len(one.goals), "meta", "metas") if one.goals else ""
    return Box(label, short(one.text, LONGEST), "", gap, count, tuple(_units(one.goals)))


def _units(goals: Iterable[PlanGoalFact]) -> Iterator[UnitGoals]:
    for name, rows in groupby(goals, key=lambda goal: goal.unit_name):
        yield UnitGoals(name, tuple((str(goal.number), short(goal.text)) for goal in rows))


def _counts(found: Cascade) -> Iterator[tuple[str, str, str]]:
    objectives = [one for entity in found.entities for one in entity.objectives]
    goals = sum(len(one.goals) for one in objectives) + len(found.stray)
    served = len(found.objectives) - len(found.unserved)
    used = len(found.programmes) - len(found.unserved_programmes)
    noted = f"{used} con objetivos que les sirven" if found.development_plans else "Sin PDD registrado"
    yield "Programas del PDD", str(len(found.programmes)), noted
    yield "Objetivos del sector", str(len(found.objectives)), f"{served} con entidades que les sirven"
    yield "Objetivos de entidades", str(len(objectives)), f"{len(objectives) - len(found.adrift)} enlazados al PES"
    yield "Metas de planes de gestión", str(goals), f"Vigencia {found.vigencia}, planes publicados"


def _gaps(found: Cascade, entities: dict[int, str]) -> Iterator[Gap]:
    def of_entity(one: EntityObjectiveFact) -> str:
        return f"{entities[one.entity]} · Objetivo {one.number}: {short(one.text)}"

    def of_sector(rows: Iterable[SectorObjectiveFact]) -> tuple[str, ...]:
        return tuple(f"Objetivo {one.number}: {short(one.text)}" for one in rows)

    programmes = _PDD if found.programmes else _NO_PDD
    strays = Counter(goal.unit_name for goal in found.stray)
    kinds = (
        ("Objetivos del sector sin metas del PES", _GOALS, of_sector(found.without_sector_goals)),
        ("Objetivos del sector a los que nadie sirve", _LINK, of_sector(found.unserved)),
        ("Objetivos del sector sin metas de planes de gestión", _PLANS, of_sector(found.without_goals)),
        ("Objetivos del sector sin programa del PDD", programmes, of_sector(found.without_programme)),
        ("Programas del PDD a los que nadie sirve", _PDD, tuple(f"{p.code} · {p.name}" for p in found.unserved_programmes)),
        ("Objetivos de entidades que no sirven al PES", _LINK, tuple(of_entity(one) for one in found.adrift)),
        ("Entidades sin marco estratégico en la vigencia", _FRAMEWORK, tuple(one.name for one in found.without_framework)),
        ("Metas que no sirven a un objetivo en vigor", _PLANS, tuple(f"{name}: {n}" for name, n in strays.items())),
    )  # fmt: skip
    for title, fix, items in kinds:
        if items:
            yield Gap(title, fix, items)


_LINK = "Enlace los objetivos en el marco estratégico de cada entidad."
_PLANS = "Revíselo con las unidades al formular sus planes de gestión."
_GOALS = "Cárguelas con el libro del PES."
_NO_PDD = "Registre en «Marco» los programas del PDD y enlácelos."
_PDD = "Enlace programas y objetivos en «Marco»."
_FRAMEWORK = "Registre el acto que adopta su marco estratégico."


def _rows(found: Cascade, entities: dict[int, str]) -> Iterator[tuple[str, str, str, str, str]]:
    """The same facts as a table: PDD, sector objective, entity, its objective, goals."""
    programmes = {one.pk: f"{one.code} · {one.name}" for one in found.programmes}
    for one in found.objectives:
        served = "; ".join(programmes[pk] for pk in one.programmes) or "Ninguno"
        sector = f"{one.number}. {short(one.text)}"
        for row in one.served_by:
            yield served, sector, entities[row.entity], f"{row.number}. {short(row.text)}", str(len(row.goals))
        if not one.served_by:
            yield served, sector, "Ninguna", "–", "0"


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
