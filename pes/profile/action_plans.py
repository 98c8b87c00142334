"""Action plans as they are shown: the activities of a vigencia, by entity."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from pes.dates import long_date
from pes.models import ActivityStatus, OrganizationUnit, PlannedActivity, SectorPlan
from pes.profile.kinds import activity_of
from pes.profile.resources import projects_of
from pes.profile.shown import Writer
from pes.rules.resources import pesos

TONES = {ActivityStatus.PENDING: "off", ActivityStatus.ONGOING: "course", ActivityStatus.DONE: "ok"}


@dataclass(frozen=True)
class ActivityRow:
    """An activity ready to be shown; the addresses are blank for who may not write it."""

    project: str
    number: str
    text: str
    responsible: str
    days: str
    product: str
    amount: str
    status: str
    tone: str
    edit_url: str = ""
    remove_url: str = ""


@dataclass(frozen=True)
class EntityActionPlan:
    """What an entity will do in a vigencia, and how it goes in a sentence."""

    code: str
    name: str
    summary: str
    may_edit: bool
    rows: tuple[ActivityRow, ...]


def entity_plans(plan: SectorPlan, vigencia: int, writer: Writer, today: date) -> list[EntityActionPlan]:
    """Every active entity of the sector, also those without activities; two queries."""
    found: dict[int, list[PlannedActivity]] = {}
    rows = PlannedActivity.objects.filter(project__in=projects_of(plan).values("pk"), vigencia=vigencia)
    for row in rows.select_related("project").order_by("project__code", "number"):
        found.setdefault(row.project.entity_id, []).append(row)
    return [
        _entity_plan(entity, found.get(entity.pk, []), writer, today)
        for entity in OrganizationUnit.objects.entities_of(plan.sector).filter(is_active=True)
    ]


def _entity_plan(
    entity: OrganizationUnit, rows: list[PlannedActivity], writer: Writer, today: date
) -> EntityActionPlan:
    shown = tuple(_row(row, entity.pk, writer, today) for row in rows)
    counts = Counter(row.status for row in shown)
    words = [f"{len(shown)} actividades" if len(shown) != 1 else "1 actividad"]
    words += [f"{status}: {count}" for status, count in counts.items()]
    return EntityActionPlan(entity.code, entity.name, " · ".join(words), writer.may(entity.pk), shown)


def _row(row: PlannedActivity, entity: int, writer: Writer, today: date) -> ActivityRow:
    is_late = activity_of(row).is_late(today)
    status = ActivityStatus(row.status)
    done = f"; cumplida el {long_date(row.done_on)}" if row.done_on else ""
    return ActivityRow(
        project=row.project.code,
        number=str(row.number),
        text=row.text,
        responsible=row.responsible,
        days=f"{long_date(row.starts_on)} a {long_date(row.ends_on)}{done}",
        product=row.product,
        amount=pesos(row.amount),
        status="Atrasada" if is_late else str(status.label),
        tone="risk" if is_late else TONES.get(status, "none"),
        **writer.urls(row, entity),
    )
