"""Addresses of reports and of the public portal."""

from __future__ import annotations

from django.urls import path, register_converter

from evaluation.models.report import ReportKind
from evaluation.views import portal, reports


class KindConverter:
    """`mensual`, `semestral` or `anual` in an address; the kind's stored value in code."""

    PATHS = {kind.value: kind.label.lower() for kind in ReportKind}
    regex = "|".join(PATHS.values())

    def to_python(self, value: str) -> str:
        """The stored value."""
        return next(kind for kind, word in self.PATHS.items() if word == value)

    def to_url(self, value: str) -> str:
        """The word in the address."""
        return self.PATHS.get(value, value)


register_converter(KindConverter, "report_kind")

REPORTS = "sectores/<slug:slug>/informes/"
ONE = f"{REPORTS}<report_kind:kind>/<str:period>/"
PUBLIC = "publico/"
PUBLIC_ONE = f"{PUBLIC}<slug:slug>/<report_kind:kind>/<str:period>/"

urlpatterns = [
    path(REPORTS, reports.reports, name="reports"),
    path(ONE, reports.report, name="report"),
    path(f"{ONE}generar/", reports.report_request, name="report-request"),
    path(f"{ONE}emitir/", reports.report_issue, name="report-issue"),
    path(f"{ONE}<int:edition>/publicar/", reports.report_publish, name="report-publish"),
    path(f"{ONE}<int:edition>/informe.<str:suffix>", reports.report_file, name="report-file"),
    path(PUBLIC, portal.portal, name="portal"),
    path(PUBLIC_ONE, portal.portal_report, name="portal-report"),
    path(f"{PUBLIC_ONE}<int:edition>/informe.<str:suffix>", portal.portal_file, name="portal-file"),
]
