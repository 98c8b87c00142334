"""The reports of a plan: its four quarters, which are open, which are due, which are still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from pes.dates import long_date, long_instant
from pes.rules.calendar import quarter_end
from plans.models import PlanGestion
from plans.pages.grid import crumbs_of
from plans.rules.plan_states import PlanStatus
from tracking.pages.report import QUARTERS, TONES
from tracking.pages.report_term import due_words
from tracking.rules.report_states import ReportStatus


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """A quarter of a plan as the list shows it; without `url` there is no report yet."""

    name: str
    url: str
    state: str
    tone: str
    term: str
    term_tone: str
    sent: str


class ReportsPage:
    """The reports of one plan."""

    def __init__(self, plan: PlanGestion, user: Any) -> None:
        self.plan, self.user = plan, user
        self.today = timezone.localdate()

    @cached_property
    def rows(self) -> list[QuarterRow]:
        """Its four quarters; one query."""
        found = {one.quarter: one for one in self.plan.reports.select_related("submitted_by", "plan__unit")}
        return [self._row(quarter, found.get(quarter)) for quarter in (1, 2, 3, 4)]

    @property
    def crumbs(self) -> list[dict[str, str]]:
        """The path to the list."""
        return crumbs_of(self.plan, ("Reportes", ""))

    def _row(self, quarter: int, report: Any) -> QuarterRow:
        name = QUARTERS[quarter - 1]
        if report is None:
            return QuarterRow(name, "", "Sin abrir", "off", self._awaits(quarter), "neutral", "")
        words, tone = due_words(report, self.today)
        status = ReportStatus(report.status)
        sent = f"{long_instant(report.submitted_at)}, {report.submitted_by}" if report.submitted_by else ""
        return QuarterRow(name, report.get_absolute_url(), status.label, TONES[status], words, tone, sent)

    def _awaits(self, quarter: int) -> str:
        """When its report opens, or why it will not."""
        opens = quarter_end(self.plan.vigencia_id, quarter) + timedelta(days=1)
        if self.plan.status == PlanStatus.CLOSED:
            return "El plan se cerró sin este reporte."
        if self.plan.status != PlanStatus.PUBLISHED:
            return "Se abre al terminar el trimestre, si el plan está publicado."
        return f"Se abre el {long_date(opens)}." if opens > self.today else "Se abre en las próximas horas."
