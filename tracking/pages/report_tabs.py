"""The pages of a report and the path to them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tracking.models import QuarterReport

_TABS = (
    ("report", "Reporte"),
    ("report-review", "Revisión"),
    ("report-workbook", "Excel"),
    ("report-history", "Historia"),
)


def tabs_of(report: QuarterReport, current: str, **counts: int) -> list[dict[str, Any]]:
    """The pages of a report, for the component `tabs`; `counts` by the name of the page, with underscores."""
    return [
        {
            "label": label,
            "url": report.url(name),
            "current": name == current,
            "count": counts.get(name.replace("-", "_")) or None,
        }
        for name, label in _TABS
    ]


def crumbs_of(report: QuarterReport, *rest: tuple[str, str]) -> list[dict[str, str]]:
    """The path to a page of a report."""
    plan = report.plan
    path = [
        ("Planes de gestión", reverse("plans:list")),
        (str(plan), plan.get_absolute_url()),
        ("Reportes", reverse("tracking:reports", args=[plan.unit.code, plan.vigencia_id])),
        (f"Trimestre {report.quarter}", report.get_absolute_url()),
        *rest,
    ]
    return [{"label": label, "url": url} for label, url in path]
