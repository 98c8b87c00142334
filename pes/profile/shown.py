"""What the pages of a profile show: rows of strings, made from the records in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pes.dates import long_date
from pes.models import (
    ActorKind,
    DevelopmentPlan,
    EntityProblem,
    Objective,
    OrganizationUnit,
    PolicyRole,
    PublicPolicy,
    SectorActor,
    SectorPlan,
    SectorStatement,
    StatementKind,
    StrategicLine,
)
from pes.models.profile import Sourced
from pes.plan_frame import plan_url
from pes.profile.kinds import Kind, kind_of, validity_of
from pes.rules.profile import Standing, Validity

TONES = {Standing.IN_FORCE: "ok", Standing.AHEAD: "info", Standing.REPEALED: "warn"}
PAST = (Standing.ENDED, Standing.REPEALED)


@dataclass(frozen=True)
class Act:
    """The act behind something, in a sentence, and how it stands today: word and tone of a badge."""

    text: str
    standing: str
    tone: str
    is_past: bool


@dataclass(frozen=True)
class Shown:
    """A record as a page shows it; the addresses are blank for who may not write it."""

    title: str
    text: str = ""
    kind: str = ""
    act: Act | None = None
    links: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    rows: tuple[Shown, ...] = ()
    number: str = ""
    edit_url: str = ""
    remove_url: str = ""
    cells: dict[str, str] = field(default_factory=dict)


class Writer:
    """Which records of a PES a person may write, and where; asked once for a page."""

    def __init__(self, plan: SectorPlan, units: Iterable[int]) -> None:
        self.plan, self.units = plan, frozenset(units)

    def may(self, unit: int) -> bool:
        """Whether the person writes for a unit (id)."""
        return unit in self.units

    def urls(self, record: Any, unit: int) -> dict[str, str]:
        """The two addresses of a record of a unit, or nothing."""
        if not self.may(unit):
            return {}
        at = (kind_of(record).slug, record.pk)
        return {
            "edit_url": plan_url(self.plan, "pes:profile-edit", *at),
            "remove_url": plan_url(self.plan, "pes:profile-remove", *at),
        }

    def new_url(self, kind: Kind, **asked: Any) -> str:
        """Where a record of a kind is added; `asked` fills its form."""
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return plan_url(self.plan, "pes:profile-new", kind.slug) + (f"?{query}" if query else "")


def act_shown(record: Sourced, today: date) -> Act | None:
    """The act of a record; None when nothing is said of it."""
    said = validity_of(record)
    return shown(said, today) if said != Validity() else None


def shown(said: Validity, today: date) -> Act:
    """An act in words: which, since when, until when, and what repealed it (REF-01)."""
    days = [
        f"desde el {long_date(said.valid_from)}" if said.valid_from else "",
        f"hasta el {long_date(said.valid_until)}" if said.valid_until else "",
    ]
    words = [said.act, " ".join(day for day in days if day), said.repealed_by and f"derogado por {said.repealed_by}"]
    standing = said.standing(today)
    text = " · ".join(word for word in words if word)
    return Act(text, standing.label, TONES.get(standing, "neutral"), standing in PAST)


def framework_rows(plan: SectorPlan, writer: Writer, today: date) -> dict[str, list[Shown]]:
    """The sector's statements by kind, those of today first; one query."""
    found: dict[str, list[Shown]] = {kind.value: [] for kind in StatementKind}
    for row in SectorStatement.objects.filter(plan=plan).order_by("kind", "number"):
        made = Shown(
            title=row.name or StatementKind(row.kind).label,
            text=row.text,
            kind=StatementKind(row.kind).label,
            act=act_shown(row, today),
            **writer.urls(row, plan.sector_id),
        )
        found[row.kind].append(made)
    return {kind: sorted(rows, key=lambda one: bool(one.act and one.act.is_past)) for kind, rows in found.items()}


def line_rows(plan: SectorPlan, writer: Writer, today: date) -> tuple[list[Shown], list[str]]:
    """The strategic lines with their objectives, and the objectives that are under none; three queries."""
    under: set[int] = set()
    rows = []
    for row in StrategicLine.objects.filter(plan=plan).prefetch_related("objectives").order_by("number"):
        objectives = sorted(row.objectives.all(), key=lambda one: one.number)
        under |= {one.pk for one in objectives}
        made = Shown(
            title=row.name,
            number=str(row.number),
            text=row.text,
            act=act_shown(row, today),
            links=tuple(f"{one}: {one.text}" for one in objectives),
            **writer.urls(row, plan.sector_id),
        )
        rows.append(made)
    loose = Objective.objects.filter(plan=plan).exclude(pk__in=under).order_by("number")
    return rows, [f"{one}: {one.text}" for one in loose] if rows else []


def pdd_rows(plan: SectorPlan, writer: Writer, today: date) -> list[Shown]:
    """The development plans with their programmes and who serves them; three queries."""
    found = DevelopmentPlan.objects.filter(plan=plan).order_by("valid_from", "name")
    return [
        Shown(
            title=pdd.name,
            act=act_shown(pdd, today),
            rows=tuple(
                Shown(
                    title=row.name,
                    number=row.code,
                    text=row.purpose,
                    links=tuple(str(one) for one in sorted(row.objectives.all(), key=lambda one: one.number)),
                    **writer.urls(row, plan.sector_id),
                )
                for row in pdd.programmes.all()
            ),
            **writer.urls(pdd, plan.sector_id),
        )
        for pdd in found.prefetch_related("programmes__objectives")
    ]


def problem_rows(plan: SectorPlan, writer: Writer) -> dict[int, list[Shown]]:
    """Problems by entity (id); two queries."""
    found: dict[int, list[Shown]] = {}
    rows = EntityProblem.objects.filter(plan=plan).prefetch_related("objectives").order_by("number")
    for row in rows:
        answers = sorted(row.objectives.all(), key=lambda one: one.number)
        facts = (("Causas", row.causes), ("Efectos", row.effects), ("Población afectada", row.population))
        made = Shown(
            title=row.text,
            number=str(row.number),
            kind=row.theme,
            facts=facts,
            links=tuple(str(one) for one in answers),
            **writer.urls(row, row.entity_id),
        )
        found.setdefault(row.entity_id, []).append(made)
    return found


def policy_rows(plan: SectorPlan, writer: Writer, today: date) -> dict[int, list[Shown]]:
    """Public policies by entity (id); one query."""
    found: dict[int, list[Shown]] = {}
    for row in PublicPolicy.objects.filter(plan=plan).order_by("name"):
        made = Shown(
            title=row.name,
            kind=PolicyRole(row.role).label,
            text=horizon(row.first_year, row.last_year),
            act=act_shown(row, today),
            **writer.urls(row, row.entity_id),
        )
        found.setdefault(row.entity_id, []).append(made)
    return found


def horizon(first: int | None, last: int | None) -> str:
    """«2019–2030», «desde 2019», «hasta 2030» or nothing."""
    if first and last:
        return f"{first}–{last}" if first != last else str(first)
    return f"desde {first}" if first else f"hasta {last}" if last else ""


def actor_rows(plan: SectorPlan, writer: Writer) -> list[Shown]:
    """DNP's matrix: the actors of the sector, then those of each entity; one query."""
    rows = SectorActor.objects.filter(plan=plan).select_related("entity").order_by("pk")
    order = list(ActorKind)
    ordered = sorted(rows, key=lambda row: (row.entity is not None, order.index(ActorKind(row.kind)), row.pk))
    return [
        Shown(
            title=row.name,
            kind=ActorKind(row.kind).label,
            text=row.role,
            number=row.entity.short_name if row.entity else "Todo el sector",
            cells={"planning": row.planning, "execution": row.execution, "follow_up": row.follow_up},
            **writer.urls(row, row.entity_id or plan.sector_id),
        )
        for row in ordered
    ]


def platform_rows(entities: Iterable[OrganizationUnit]) -> list[Shown]:
    """The mission and vision that each entity has already, with their act; no query."""
    return [
        Shown(
            title=entity.name,
            facts=(("Misión", entity.mission), ("Visión", entity.vision), ("Acto que las adopta", entity.platform_act)),
        )
        for entity in entities
        if entity.mission or entity.vision
    ]
