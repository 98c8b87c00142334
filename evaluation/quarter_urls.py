"""Addresses of the results of quarterly reports."""

from __future__ import annotations

from django.urls import path

from evaluation.views import ageing, auditor, auditor_public, closes, public_results, ranking, standing
from tracking.report_urls import REPORT

CLOSE = "cierres/<slug:entity>/<year:vigencia>/<int:quarter>/<str:level>/"
AUDITOR = "auditoria/formatos/"
DOCUMENT = f"{AUDITOR}<slug:entity>/<year:vigencia>/<str:kind>/"
MANAGEMENT = "publico/informes-de-gestion/"
MANAGEMENT_ONE = f"{MANAGEMENT}<slug:entity>/<year:vigencia>/"
RESULTS = "publico/resultados/"
ONE = f"{RESULTS}<slug:entity>/<year:vigencia>/<int:quarter>/<str:level>/"

urlpatterns = [
    # Closes of quarters, ranking and their publication
    path("cierres/", closes.closes, name="closes"),
    path(CLOSE, closes.close, name="close"),
    path(f"{CLOSE}consolidar/", closes.close_consolidate, name="close-consolidate"),
    path(f"{CLOSE}publicar/", closes.close_publish, name="close-publish"),
    path(f"{CLOSE}comite/", closes.committee_record, name="committee-record"),
    path("ranking/", ranking.ranking, name="ranking"),
    path("ranking/tabla.xlsx", ranking.ranking_export, name="ranking-export"),
    path(RESULTS, public_results.results, name="public-results"),
    path(ONE, public_results.result, name="public-result"),
    path(f"{ONE}resultados.<str:suffix>", public_results.result_file, name="public-result-file"),
    path(f"{RESULTS}planes/<slug:unit>/<year:vigencia>/", public_results.unit, name="public-unit-results"),
    # Ageing board, results by unit and where each score comes from
    path("tablero-de-espera/", ageing.ageing, name="ageing"),
    path("tablero-de-espera/tabla.xlsx", ageing.ageing_export, name="ageing-export"),
    path("sectores/<slug:slug>/planes-de-gestion/", standing.standing, name="standing"),
    path("sectores/<slug:slug>/planes-de-gestion/tabla.xlsx", standing.standing_export, name="standing-export"),
    path(f"{REPORT}/puntaje/", standing.score, name="score"),
    path(f"{REPORT}/puntaje/<int:number>/", standing.score_goal, name="score-goal"),
    # Auditor and management outputs
    path(AUDITOR, auditor.reports, name="auditor-reports"),
    path(f"{AUDITOR}columnas/", auditor.columns, name="auditor-columns"),
    path(f"{AUDITOR}columnas/guardar/", auditor.columns_save, name="auditor-columns-save"),
    path(DOCUMENT, auditor.report, name="auditor-report"),
    path(f"{DOCUMENT}generar/", auditor.report_request, name="auditor-report-request"),
    path(f"{DOCUMENT}emitir/", auditor.report_issue, name="auditor-report-issue"),
    path(f"{DOCUMENT}<int:edition>/publicar/", auditor.report_publish, name="auditor-report-publish"),
    path(f"{DOCUMENT}<int:edition>/documento.<str:suffix>", auditor.report_file, name="auditor-report-file"),
    path(MANAGEMENT, auditor_public.management, name="public-management"),
    path(MANAGEMENT_ONE, auditor_public.management_report, name="public-management-report"),
    path(
        f"{MANAGEMENT_ONE}<int:edition>/informe.<str:suffix>",
        auditor_public.management_file,
        name="public-management-file",
    ),
]
