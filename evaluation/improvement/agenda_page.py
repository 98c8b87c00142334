"""The agenda of the evaluation as rows: what is due, what is missing, where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from evaluation.improvement.agenda_facts import made_of
from evaluation.rules.agenda import Slot, Stage, agenda
from evaluation.rules.periods import Kind
from pes.dates import long_date
from pes.models import SectorPlan
from pes.plan_frame import plan_url

TONES = {
    Stage.COMPLETE: "ok",
    Stage.SOCIALISED: "ok",
    Stage.PUBLISHED: "warn",
    Stage.ISSUED: "warn",
    Stage.DRAFT: "warn",
    Stage.MISSING: "risk",
    Stage.UNMEASURED: "risk",
    Stage.BEFORE: "neutral",
    Stage.TO_COME: "neutral",
}
NEXT = {
    Stage.MISSING: "Genere y emita el informe",
    Stage.UNMEASURED: "Registre las mediciones del periodo",
    Stage.DRAFT: "Emita el informe",
    Stage.ISSUED: "Publique el informe",
    Stage.PUBLISHED: "Socialice los resultados y cierre el acta",
}
TITLES = {
    Kind.MONTHLY: "Seguimiento mensual",
    Kind.SEMIANNUAL: "Evaluación intermedia de resultados",
    Kind.ANNUAL: "Informe anual de gestión del sector",
}


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A period as texts."""

    label: str
    due: str
    tone: str
    state: str
    days: str
    to_do: str
    to_do_url: str
    url: str


@dataclass(frozen=True, slots=True)
class AgendaBlock:
    """The periods of a kind."""

    title: str
    summary: str
    rows: tuple[SlotRow, ...]


def agenda_blocks(plan: SectorPlan, vigencia: int, today: date) -> list[AgendaBlock]:
    """The agenda of a vigencia, from the year down to the months: what is told to citizens first."""
    slots = agenda(vigencia, made_of(plan), today)
    return [_block(plan, kind, [slot for slot in slots if slot.period.kind is kind]) for kind in reversed(Kind)]


def _block(plan: SectorPlan, kind: Kind, slots: list[Slot]) -> AgendaBlock:
    return AgendaBlock(TITLES[kind], _summary(slots), tuple(_row(plan, slot) for slot in slots))


def _summary(slots: list[Slot]) -> str:
    missing = sum(slot.is_missing for slot in slots)
    if missing:
        return "1 periodo por completar" if missing == 1 else f"{missing} periodos por completar"
    is_due = any(slot.stage not in (Stage.BEFORE, Stage.TO_COME) for slot in slots)
    return "Al día" if is_due else "Sin periodos que informar"


def _row(plan: SectorPlan, slot: Slot) -> SlotRow:
    period = slot.period
    url = reverse("evaluation:report", args=[plan.sector.code, period.kind.value, period.code])
    return SlotRow(
        label=period.label.capitalize(),
        due=f"Cierra el {long_date(period.ends_on)}",
        tone=TONES[slot.stage],
        state=slot.stage.label,
        days=_days(slot),
        to_do=NEXT.get(slot.stage, ""),
        to_do_url=plan_url(plan, "pes:meetings") if slot.stage is Stage.PUBLISHED else "",
        url=url if slot.stage not in (Stage.TO_COME, Stage.BEFORE, Stage.UNMEASURED) else "",
    )


def _days(slot: Slot) -> str:
    """Since when it is public, and when a meeting told of it."""
    if slot.published_on is None:
        return ""
    told = f", socializado el {long_date(slot.socialised_on)}" if slot.socialised_on else ""
    return f"Publicado el {long_date(slot.published_on)}{told}"
