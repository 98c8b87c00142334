"""The queue of the review: what waits, of whom, since when, and how much the system found in it (act. 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from pes.asked import whole_number
from pes.dates import long_date
from pes.models import Vigencia
from pes.permissions import Permission
from plans.models import PlanLevel
from plans.pages.queue import waited
from tracking.content import readings_of
from tracking.models import QuarterReport
from tracking.pages.report import TONES
from tracking.pages.report_checks import findings_of
from tracking.rules.report_states import ReportStatus

PER_PAGE = 25
QUARTERS = ("", "1", "2", "3", "4")
_OF_OAP = (ReportStatus.SUBMITTED, ReportStatus.IN_REVIEW)
ORDERS = {
    "espera": ("submitted_at", "pk"),
    "unidad": ("plan__unit__sort_key", "plan__unit__code", "pk"),
    "trimestre": ("plan__vigencia", "quarter", "submitted_at", "pk"),
    "analista": ("reviewer__full_name", "submitted_at", "pk"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the queue, as they came in the address."""

    whose: str
    vigencia: int | None
    quarter: int | None
    level: str
    order: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A report that waits, as it is read."""

    code: str
    unit: str
    url: str
    quarter: str
    state: str
    tone: str
    is_late: bool
    since: str
    days: str
    days_tone: str
    analyst: str
    errors: str
    warnings: str
    take_url: str


def asked(query: Mapping[str, str]) -> Asked:
    """What the address asks for; anything else is the whole queue, the oldest first."""
    whose, level, order = query.get("ver", ""), query.get("nivel", ""), query.get("orden", "espera")
    quarter = whole_number(query.get("trimestre", ""))
    return Asked(
        whose=whose if whose in _WHOSE else "",
        vigencia=whole_number(query.get("vigencia", "")),
        quarter=quarter if quarter in (1, 2, 3, 4) else None,
        level=level if level in PlanLevel.values else "",
        order=order if order.removeprefix("-") in ORDERS else "espera",
    )


class ReportQueue:
    """The page of the queue; the number of queries grows with the quarters on it, never with its reports."""

    def __init__(self, user: Any, query: Mapping[str, str]) -> None:
        self.user, self.query, self.filters = user, query, asked(query)

    @cached_property
    def waiting(self) -> QuerySet[QuarterReport]:
        """What the OAP has in its hands and the person reviews, filtered but for whose it is."""
        filters = self.filters
        found = QuarterReport.objects.visible_to(self.user, Permission.QUARTER_REVIEW).filter(status__in=_OF_OAP)
        if filters.vigencia is not None:
            found = found.filter(plan__vigencia=filters.vigencia)
        if filters.quarter is not None:
            found = found.filter(quarter=filters.quarter)
        return found.filter(plan__level=filters.level) if filters.level else found

    @cached_property
    def page(self) -> Page[QuarterReport]:
        """The reports of this page."""
        found = self.waiting.filter(_whose(self.filters.whose, self.user))
        rows = found.select_related("plan__unit__parent", "reviewer").order_by(*_order(self.filters.order))
        return Paginator(rows, PER_PAGE).get_page(self.query.get("pagina"))

    @cached_property
    def rows(self) -> list[QueueRow]:
        """Those reports as they are read."""
        today = timezone.localdate()
        counts = _counts(self.page)
        return [_row(report, counts[report.pk], today) for report in self.page]

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        """Whose reports, and how many; one query."""
        counts = self.waiting.aggregate(
            **{key or "todas": Count("pk", filter=_whose(key, self.user)) for key in _WHOSE}
        )
        others = {name: text for name, text in self.query.items() if name not in ("ver", "pagina")}
        return [
            {
                "label": label,
                "url": f"{reverse('tracking:report-queue')}?{urlencode({'ver': key, **others})}",
                "current": key == self.filters.whose,
                "count": counts[key or "todas"] or None,
            }
            for key, label in _WHOSE.items()
        ]

    @property
    def vigencias(self) -> list[tuple[Any, str]]:
        """Options of the filter."""
        return [("", "Todas"), *((year, str(year)) for year in Vigencia.objects.values_list("year", flat=True))]

    @property
    def quarters(self) -> list[tuple[str, str]]:
        """Options of the filter."""
        return [(number, f"T{number}" if number else "Todos") for number in QUARTERS]

    @property
    def levels(self) -> list[tuple[str, Any]]:
        """Options of the filter."""
        return [("", "Todos"), *PlanLevel.choices]


_WHOSE = {"": "Todas", "mias": "Mis revisiones", "sin-asignar": "Sin asignar", "otros": "De otros"}


def _whose(key: str, user: Any) -> Q:
    """Reports by their analyst; one that comes back is still its analyst's."""
    mine, nobody = Q(reviewer=user.pk), Q(reviewer=None)
    return {"mias": mine, "sin-asignar": nobody, "otros": ~mine & ~nobody}.get(key, Q())


def _order(order: str) -> list[Any]:
    """The fields of an order; a minus in front reverses it."""
    reverse_ = order.startswith("-")
    first, *others = ORDERS[order.removeprefix("-")]
    return [F(first).desc(nulls_last=True) if reverse_ else F(first).asc(nulls_first=True), *others]


def _counts(reports: Iterable[QuarterReport]) -> dict[int, tuple[int, int]]:
    """Report → how many errors and how many warnings the system finds; reports of one quarter are read together."""
    together: dict[tuple[int, int], list[QuarterReport]] = {}
    for report in reports:
        together.setdefault((report.plan.vigencia_id, report.quarter), []).append(report)
    found = {}
    for group in together.values():
        for reading, checks in findings_of(readings_of(group)):
            every = [problem.blocking for problems in checks.values() for problem in problems]
            found[reading.report.pk] = (sum(every), len(every) - sum(every))
    return found


def _row(report: QuarterReport, counts: tuple[int, int], today: date) -> QueueRow:
    assert report.submitted_at is not None  # a constraint: what was sent has its instant
    since, unit = timezone.localdate(report.submitted_at), report.plan.unit
    (words, tone), status = waited(since, today), ReportStatus(report.status)
    return QueueRow(
        code=unit.code,
        unit=unit.name,
        url=report.url("report-review"),
        quarter=f"T{report.quarter} de {report.plan.vigencia_id}",
        state=status.label,
        tone=TONES[status],
        is_late=report.is_late,
        since=long_date(since),
        days=words,
        days_tone=tone,
        analyst=str(report.reviewer) if report.reviewer else "Sin asignar",
        errors=str(counts[0]),
        warnings=str(counts[1]),
        take_url=report.url("report-take") if status is ReportStatus.SUBMITTED else "",
    )
