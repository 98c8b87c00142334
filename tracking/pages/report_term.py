"""The term of a report in words: until when, how many days are left, who gave more (CAL-01, WF14, WF17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from pes.dates import long_date, long_instant
from tracking.models import DueExtension, QuarterReport
from tracking.rules.report_states import ReportStatus

NOT_SENT = (ReportStatus.OPEN, ReportStatus.FILLING)


@dataclass(frozen=True, slots=True)
class Term:
    """What is said about the term of a report: `words` with their `tone`, then one sentence for each of `notes`."""

    words: str
    tone: str
    notes: tuple[str, ...]


def term_of(report: QuarterReport, today: date) -> Term:
    """The term of a report on a day; one query."""
    return Term(*due_words(report, today), tuple(_notes(report)))


def due_words(report: QuarterReport, today: date) -> tuple[str, str]:
    """The countdown of a report that was not sent, or whether it came in time, with its tone."""
    day = long_date(report.due_on)
    if report.status not in NOT_SENT:
        return (f"Venció el {day}: se envió extemporáneo", "warn") if report.is_late else (f"Plazo: {day}", "ok")
    left = (report.due_on - today).days
    if left < 0:
        return f"Venció el {day}, hace {_days(-left)}: se envía como extemporáneo", "risk"
    if left == 0:
        return f"Vence hoy, {day}, a la medianoche", "warn"
    return f"Vence el {day}: {'falta' if left == 1 else 'faltan'} {_days(left)}", "warn" if left <= 5 else "course"


def late_words(report: QuarterReport, received: datetime, began: datetime | None = None) -> str:
    """Why a sending counts as late; when it began before the end of the term, both instants are said (WF16)."""
    ended = f"El plazo terminó el {long_date(report.due_on)} a la medianoche de Bogotá"
    came = f"la solicitud llegó completa el {long_instant(received)}"
    if began is None or timezone.localdate(began) > report.due_on:
        return f"{ended} y {came}: queda como extemporáneo."
    return f"Usted empezó a enviarlo el {long_instant(began)}, dentro del plazo, pero {came}. {ended}: queda como extemporáneo."


def _notes(report: QuarterReport) -> list[str]:
    extensions = list(DueExtension.objects.filter(report=report).select_related("by").order_by("pk"))
    if not extensions:
        return []
    given = [
        f"Prorrogado hasta el {long_date(one.to_due_on)} por {one.by}, el {long_date(one.at)}: {one.reason}"
        for one in extensions
    ]
    return [f"El vencimiento legal era el {long_date(report.legal_due_on)}.", *given]


def _days(count: int) -> str:
    return "1 día" if count == 1 else f"{count} días"
