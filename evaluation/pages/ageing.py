"""The ageing board: what is stuck, with whom and since when; strings for the screen and the same rows for a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse

from evaluation.ageing import STAGE_LABELS, Stuck, everything_stuck
from pes.dates import countdown, long_date

PER_PAGE = 50
LONG, VERY_LONG = 5, 10  # days from which waiting is worth a second look, and is too much
EXPORT_HEADERS = (
    "Código", "Unidad", "Vigencia", "Etapa", "Qué espera", "De quién depende", "Desde", "Días de espera", "Vence",
    "Vencido",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they came in the address; an unknown stage is all of them."""

    etapa: str
    solo: str

    @classmethod
    def of(cls, query: Any) -> Asked:
        """What the address asks for."""
        stage, only = query.get("etapa", ""), query.get("solo", "")
        return cls(stage if stage in STAGE_LABELS else "", "vencidos" if only == "vencidos" else "")

    @property
    def query(self) -> str:
        """The same filters in an address."""
        return f"?etapa={self.etapa}&solo={self.solo}"


@dataclass(frozen=True)
class AgeingPage:
    """The board: totals of everything, then the rows that were asked for, the oldest first."""

    asked: Asked
    total: str
    overdue: str
    oldest: str | None
    oldest_note: str
    groups: tuple[dict[str, str], ...]
    rows: tuple[dict[str, str], ...]
    page: Page[Stuck]
    stages: tuple[tuple[str, str], ...]
    only: tuple[tuple[str, str], ...] = (("", "Todo"), ("vencidos", "Solo lo vencido"))

    @property
    def crumbs(self) -> list[dict[str, str]]:
        """The way here."""
        return [{"label": "Mi trabajo", "url": reverse("pes:home")}, {"label": "Tablero de espera", "url": ""}]

    @property
    def export_url(self) -> str:
        """The rows of the filter as a workbook."""
        return reverse("evaluation:ageing-export") + self.asked.query


def ageing_page(user: Any, query: Any, today: date) -> AgeingPage:
    """Everything that waits in the units of a person of the OAP; the queries are those of `everything_stuck`."""
    everything, asked = everything_stuck(user, today), Asked.of(query)
    page = Paginator(chosen(everything, asked, today), PER_PAGE).get_page(query.get("pagina"))
    first = everything[0] if everything else None
    return AgeingPage(
        asked=asked,
        total=str(len(everything)),
        overdue=str(sum(_is_overdue(one, today) for one in everything)),
        oldest=_days(first, today) if first else None,
        oldest_note=f"{first.what} · {first.unit}" if first else "",
        groups=tuple(_group(everything, stage, today) for stage in STAGE_LABELS),
        rows=tuple(_row(one, today) for one in page),
        page=page,
        stages=(("", "Todas"), *STAGE_LABELS.items()),
    )


def chosen(everything: Sequence[Stuck], asked: Asked, today: date) -> list[Stuck]:
    """The rows that the filters leave, in their order."""
    found = [one for one in everything if not asked.etapa or one.stage == asked.etapa]
    return [one for one in found if _is_overdue(one, today)] if asked.solo else found


def export_rows(user: Any, query: Any, today: date) -> list[list[Any]]:
    """The rows of the filter for a workbook: codes first, dates and numbers as such."""
    return [
        [
            one.code, one.unit, one.vigencia, STAGE_LABELS[one.stage], one.what, one.who, one.since,
            (today - one.since).days, one.due_on, "Sí" if _is_overdue(one, today) else "No",
        ]
        for one in chosen(everything_stuck(user, today), Asked.of(query), today)
    ]  # fmt: skip


def _group(everything: Sequence[Stuck], stage: str, today: date) -> dict[str, str]:
    mine = [one for one in everything if one.stage == stage]
    late = sum(_is_overdue(one, today) for one in mine)
    oldest = f"lo más antiguo, {_days(mine[0], today).lower()}" if mine else "nada espera"
    return {
        "label": STAGE_LABELS[stage],
        "url": f"{reverse('evaluation:ageing')}?etapa={stage}",
        "count": str(len(mine)),
        "note": f"{late} {'vencido' if late == 1 else 'vencidos'}; {oldest}" if late else oldest,
        "tone": "risk" if late else "ok" if not mine else "course",
    }


def _row(one: Stuck, today: date) -> dict[str, str]:
    waited = (today - one.since).days
    late = _is_overdue(one, today)
    return {
        "code": one.code,
        "unit": one.unit,
        "vigencia": str(one.vigencia),
        "stage": STAGE_LABELS[one.stage],
        "what": one.what,
        "url": one.url,
        "who": one.who,
        "since": long_date(one.since),
        "days": _days(one, today),
        "days_tone": "risk" if waited > VERY_LONG else "warn" if waited > LONG else "neutral",
        "due": countdown(one.due_on, today) if one.due_on else "",
        "due_on": long_date(one.due_on) if one.due_on else "Sin plazo",
        "due_tone": "risk" if late else "info",
    }


def _is_overdue(one: Stuck, today: date) -> bool:
    return one.due_on is not None and one.due_on < today


def _days(one: Stuck, today: date) -> str:
    days = (today - one.since).days
    return "Hoy" if days <= 0 else "1 día" if days == 1 else f"{days} días"
