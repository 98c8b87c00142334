"""Addresses of the quarterly reports: each area of work has its block."""

from __future__ import annotations

from django.urls import URLPattern, path

from plans.paths import PLAN
from tracking.views import (
    central,
    central_workbook,
    delegations,
    goal_evidence,
    report,
    report_acts,
    report_history,
    report_review,
    report_workbook,
)

REPORT = f"planes/{PLAN}/trimestres/<int:quarter>"
CENTRAL = "metas-centrales/<slug:area>/<year:vigencia>/<int:quarter>"

urlpatterns: list[URLPattern] = [
    # Filling in, sending, delegating
    path(f"planes/{PLAN}/trimestres/", report.reports, name="reports"),
    path(f"{REPORT}/", report.report, name="report"),
    path(f"{REPORT}/guardar/", report.save, name="report-save"),
    path(f"{REPORT}/enviar/", report.submit, name="report-submit"),
    path(f"{REPORT}/metas/<int:number>/comentar/", report.comment_add, name="comment-add"),
    path("delegaciones/", delegations.delegations, name="delegations"),
    path("delegaciones/nueva/", delegations.delegation_new, name="delegation-new"),
    path("delegaciones/<int:pk>/terminar/", delegations.delegation_end, name="delegation-end"),
    # Evidence of goals
    path(f"{REPORT}/metas/<int:number>/evidencias/", goal_evidence.goal_evidence, name="goal-evidence"),
    path("evidencias/<uuid:pk>/retirar/", goal_evidence.evidence_withdraw, name="evidence-withdraw"),
    # Review
    path("revision-trimestral/", report_review.report_queue, name="report-queue"),
    path(f"{REPORT}/revision/", report_review.report_review, name="report-review"),
    path(f"{REPORT}/prorroga/", report_review.report_extend, name="report-extend"),
    path(f"{REPORT}/historia/", report_history.report_history, name="report-history"),
    path(f"{REPORT}/revision/tomar/", report_acts.report_take, name="report-take"),
    path(f"{REPORT}/revision/devolver/", report_acts.report_send_back, name="report-send-back"),
    path(f"{REPORT}/revision/validar/", report_acts.report_validate, name="report-validate"),
    path(f"{REPORT}/revision/reabrir/", report_acts.report_reopen, name="report-reopen"),
    path(f"{REPORT}/revision/metas/<int:number>/corregir/", report_acts.entry_correct, name="entry-correct"),
    path(f"{REPORT}/revision/observaciones/nueva/", report_acts.observation_new, name="report-observation-new"),
    path(
        "observaciones-reporte/<int:pk>/responder/",
        report_acts.observation_answer,
        name="report-observation-answer",
    ),
    # Central areas and workbooks
    path("metas-centrales/", central.central_goals, name="central-goals"),
    path(f"{CENTRAL}/", central.central_table, name="central-table"),
    path(f"{CENTRAL}/guardar/", central.central_save, name="central-save"),
    path(f"{CENTRAL}/excel/", central_workbook.workbook, name="central-workbook"),
    path(f"{CENTRAL}/excel/descargar/", central_workbook.export, name="central-workbook-export"),
    path(f"{CENTRAL}/excel/cargar/", central_workbook.upload, name="central-workbook-upload"),
    path(f"{CENTRAL}/excel/<uuid:pk>/", central_workbook.workbook_preview, name="central-workbook-preview"),
    path(f"{CENTRAL}/excel/<uuid:pk>/aplicar/", central_workbook.apply, name="central-workbook-apply"),
    path(f"{CENTRAL}/excel/<uuid:pk>/anotado/", central_workbook.annotated, name="central-workbook-annotated"),
    path(f"{REPORT}/excel/", report_workbook.workbook, name="report-workbook"),
    path(f"{REPORT}/excel/descargar/", report_workbook.export, name="report-workbook-export"),
    path(f"{REPORT}/excel/cargar/", report_workbook.upload, name="report-workbook-upload"),
    path(f"{REPORT}/excel/<uuid:pk>/", report_workbook.workbook_preview, name="report-workbook-preview"),
    path(f"{REPORT}/excel/<uuid:pk>/aplicar/", report_workbook.apply, name="report-workbook-apply"),
    path(f"{REPORT}/excel/<uuid:pk>/anotado/", report_workbook.annotated, name="report-workbook-annotated"),
]
