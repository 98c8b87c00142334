"""The kinds of record that a profile is made of: what a person writes of each, whose it is, and what it must say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from pes.models import (
    ActivityStatus,
    DevelopmentPlan,
    EntityProblem,
    OrganizationUnit,
    PddProgramme,
    PlannedActivity,
    PublicPolicy,
    SectorActor,
    SectorPlan,
    SectorStatement,
    StatementKind,
    StrategicLine,
    UnitKind,
)
from pes.models.profile import Sourced
from pes.rules import profile as rules
from pes.rules.problems import Problem

ACT = ("source_act", "valid_from", "valid_until", "repealed_by")


@dataclass(frozen=True)
class Kind:
    """A kind of record. `slug` is its name in addresses, `page` the page that shows it, `key` what is unique.

    `within` narrows its rows to those of a PES; `owner` is the unit on which one needs the power to write a record;
    `problems` are those of a record on a day, before it is kept.
    """

    slug: str
    page: str
    model: type[models.Model]
    fields: tuple[str, ...]
    key: tuple[str, ...]
    within: Callable[[SectorPlan], dict[str, Any]]
    owner: Callable[[Any], OrganizationUnit]
    problems: Callable[[Any, date], Iterator[Problem]]
    note: str = ""  # a hint shown above its form

    @property
    def label(self) -> str:
        """«Línea estratégica»."""
        return str(self.model._meta.verbose_name).capitalize()

    def rows(self, plan: SectorPlan) -> Any:
        """The records of a PES, in their order."""
        return self.model._default_manager.filter(**self.within(plan))

    @property
    def is_of_the_sector(self) -> bool:
        """Whether every record of it is the sector's own, so that an entity writes none."""
        return not {"entity", "project"} & set(self.fields)

    @property
    def links(self) -> tuple[str, ...]:
        """The fields that link several objectives."""
        return tuple(name for name in self.fields if self.model._meta.get_field(name).many_to_many)


def validity_of(record: Sourced) -> rules.Validity:
    """The act behind a record, as the rules read it."""
    return rules.Validity(record.source_act, record.valid_from, record.valid_until, record.repealed_by)


def _of_plan(plan: SectorPlan) -> dict[str, Any]:
    return {"plan": plan}


def _sector(record: Any) -> OrganizationUnit:
    found: OrganizationUnit = record.plan.sector
    return found


def _entity(record: Any) -> OrganizationUnit:
    found: OrganizationUnit = record.entity or record.plan.sector
    return found


def _sourced(record: Any, today: date) -> Iterator[Problem]:
    yield from rules.validity_problems(validity_of(record))


def _statement(record: SectorStatement, today: date) -> Iterator[Problem]:
    yield from _sourced(record, today)
    if record.kind in (StatementKind.MISSION, StatementKind.VISION):
        others = SectorStatement.objects.filter(plan=record.plan, kind=record.kind).exclude(pk=record.pk)
        what = StatementKind(record.kind).label.lower()
        yield from rules.sole_problems(what, validity_of(record), [validity_of(one) for one in others])


def _ours(record: Any, today: date) -> Iterator[Problem]:
    """Its entity is one of the sector of the PES."""
    sector, entity = record.plan.sector, record.entity
    if entity is not None:
        is_ours = entity.parent_id == sector.pk and entity.kind == UnitKind.ENTITY
        yield from rules.outsider_problems(sector.name, entity.name, is_ours)


def _policy(record: PublicPolicy, today: date) -> Iterator[Problem]:
    yield from _ours(record, today)
    yield from _sourced(record, today)
    yield from rules.horizon_problems(record.first_year, record.last_year)


def _activity(record: PlannedActivity, today: date) -> Iterator[Problem]:
    yield from rules.activity_problems(activity_of(record), today)


def activity_of(record: PlannedActivity) -> rules.Activity:
    """The days of an activity, as the rules read them."""
    return rules.Activity(
        record.vigencia_id,
        record.starts_on,
        record.ends_on,
        record.status == ActivityStatus.DONE,
        record.done_on,
        record.status == ActivityStatus.CANCELLED,
        record.amount,
    )


STATEMENT = Kind(
    "marco",
    "profile",
    SectorStatement,
    ("kind", "number", "name", "text", *ACT),
    ("plan", "kind", "number"),
    _of_plan,
    _sector,
    _statement,
    "La misión y la visión son del sector, no de una entidad; cada una con el acto que la adopta.",
)
LINE = Kind(
    "lineas",
    "profile",
    StrategicLine,
    ("number", "name", "text", "objectives", *ACT),
    ("plan", "number"),
    _of_plan,
    _sector,
    _sourced,
)
PDD = Kind(
    "pdd",
    "profile",
    DevelopmentPlan,
    ("name", *ACT),
    ("plan", "name"),
    _of_plan,
    _sector,
    _sourced,
)
PROGRAMME = Kind(
    "programas",
    "profile",
    PddProgramme,
    ("development_plan", "code", "purpose", "name", "objectives"),
    ("development_plan", "code"),
    lambda plan: {"development_plan__plan": plan},
    _sector,
    lambda record, today: iter(()),
)
PROBLEM = Kind(
    "problemas",
    "profile-entities",
    EntityProblem,
    ("entity", "number", "theme", "text", "causes", "effects", "population", "objectives"),
    ("plan", "entity", "number"),
    _of_plan,
    _entity,
    _ours,
)
POLICY = Kind(
    "politicas",
    "profile-entities",
    PublicPolicy,
    ("entity", "name", "role", "first_year", "last_year", *ACT),
    ("plan", "entity", "name"),
    _of_plan,
    _entity,
    _policy,
)
ACTOR = Kind(
    "actores",
    "profile-actors",
    SectorActor,
    ("name", "kind", "entity", "role", "planning", "execution", "follow_up"),
    ("plan", "entity", "name"),
    _of_plan,
    _entity,
    _ours,
)
ACTIVITY = Kind(
    "actividades",
    "action-plan",
    PlannedActivity,
    (
        "project",
        "vigencia",
        "number",
        "text",
        "responsible",
        "starts_on",
        "ends_on",
        "product",
        "amount",
        "status",
        "done_on",
    ),
    ("project", "vigencia", "number"),
    lambda plan: {"project__entity__parent": plan.sector_id, "vigencia__in": plan.vigencias},
    lambda record: record.project.entity,
    _activity,
)
KINDS = {kind.slug: kind for kind in (STATEMENT, LINE, PDD, PROGRAMME, PROBLEM, POLICY, ACTOR, ACTIVITY)}


def kind_of(record: models.Model) -> Kind:
    """The kind of a record."""
    return next(kind for kind in KINDS.values() if kind.model is type(record))
