"""What the log says of each advisor and month: the figures of the monthly report, three queries for any number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from tracking.models import AdvisorReport, Assistance, TerritoryReport
from tracking.rules.advisor_report import loading_alert
from tracking.rules.assistance import Kind, month_after

_Key = tuple[int, int, date]


@dataclass
class Figures:
    """Counts by kind, minutes, participants, entities (DANE code → name), hitos reported, and what to look at."""

    kinds: Counter[str] = field(default_factory=Counter)
    minutes: int = 0
    participants: int = 0
    entities: dict[str, str] = field(default_factory=dict)
    hitos: list[str] = field(default_factory=list)
    loaded: list[date] = field(default_factory=list)
    alert: str = ""

    @property
    def assistances(self) -> int:
        """How many assistances in all."""
        return self.kinds.total()

    def stored(self) -> dict[str, Any]:
        """As the report keeps them once it is sent."""
        return {
            "kinds": {kind.value: self.kinds[kind.value] for kind in Kind},
            "minutes": self.minutes,
            "participants": self.participants,
            "entities": self.entities,
            "hitos": self.hitos,
            "alert": self.alert,
        }


def figures_of(reports: Iterable[AdvisorReport]) -> dict[int, Figures]:
    """Report (id) → what the log says today of its advisor, region and month."""
    reports = list(reports)
    found: dict[_Key, Figures] = {(one.unit_id, one.advisor_id, one.month): Figures() for one in reports}
    if found:
        _add_assistances(found)
        _add_hitos(found)
    for (_, _, month), one in found.items():
        one.alert = loading_alert(one.loaded, month)
    return {one.pk: found[one.unit_id, one.advisor_id, one.month] for one in reports}


def shown_figures(report: AdvisorReport, live: Figures | None) -> Mapping[str, Any]:
    """What a report says: what it froze when it was sent, else what the log says now."""
    return report.figures if report.figures is not None and report.status in ("sent", "received") else _now(live)


def _now(live: Figures | None) -> Mapping[str, Any]:
    return (live or Figures()).stored()


def _span(found: Mapping[_Key, Figures]) -> tuple[date, date]:
    months = [month for _, _, month in found]
    return min(months), month_after(max(months))


def _add_assistances(found: Mapping[_Key, Figures]) -> None:
    begins, ends = _span(found)
    rows = Assistance.objects.in_force().filter(held_on__gte=begins, held_on__lt=ends)  # type: ignore[attr-defined]
    rows = rows.filter(advisor__in={advisor for _, advisor, _ in found}).select_related("entity")
    for row in rows.order_by("held_on", "pk"):
        one = found.get((row.entity.region_id, row.advisor_id, row.held_on.replace(day=1)))
        if one is None:
            continue
        one.kinds[row.kind] += 1
        one.minutes += row.minutes or 0
        one.participants += row.participants or 0
        one.entities[row.entity.dane_code] = row.entity.name
        one.loaded.append(timezone.localdate(row.recorded_at))


def _add_hitos(found: Mapping[_Key, Figures]) -> None:
    """Hitos that each advisor reported in the month, whatever their percentage: «10 (Albán)»."""
    begins, ends = _span(found)
    rows = TerritoryReport.objects.filter(
        report__on__gte=begins, report__on__lt=ends, report__by__in={advisor for _, advisor, _ in found}
    ).select_related("report__activity", "entity")
    for row in rows.order_by("entity", "report__activity__number"):
        one = found.get((row.entity.region_id, row.report.by_id, row.report.on.replace(day=1)))
        said = f"{row.report.activity.code} ({row.entity.name})"
        if one is not None and said not in one.hitos:
            one.hitos.append(said)
