"""Addresses of `evaluation`."""

from django.urls import include, path

from evaluation.views import (
    cutoffs,
    dashboard,
    explanation,
    indicator,
    objective,
    objective_weights,
    project_goals,
    projects,
    weights,
)

WEIGHTS = "sectores/<slug:slug>/ponderacion/<int:vigencia>/"
PROJECT = "sectores/<slug:slug>/proyectos/<int:pk>/"
EDITOR = f"{WEIGHTS}<int:number>/"

app_name = "evaluation"
urlpatterns = [
    path("sectores/<slug:slug>/tablero/", dashboard.dashboard, name="dashboard"),
    path("sectores/<slug:slug>/objetivos/<int:number>/", objective.objective, name="objective"),
    path("sectores/<slug:slug>/objetivos/<int:number>/tabla.xlsx", objective.objective_export, name="objective-export"),
    path("sectores/<slug:slug>/indicadores/<str:key>/", indicator.indicator, name="indicator"),
    path(
        "sectores/<slug:slug>/indicadores/<str:key>/mediciones.xlsx",
        indicator.measurements_export,
        name="measurements-export",
    ),
    path("sectores/<slug:slug>/origen/", explanation.explanation, name="explanation"),
    path("sectores/<slug:slug>/ponderacion/", weights.weights_home, name="weights-home"),
    path(WEIGHTS, objective_weights.objective_weights, name="objective-weights"),
    path(f"{WEIGHTS}vista-previa/", objective_weights.objective_weights_preview, name="objective-weights-preview"),
    path(f"{WEIGHTS}guardar/", objective_weights.objective_weights_save, name="objective-weights-save"),
    path(EDITOR, weights.weights, name="weights"),
    path(f"{EDITOR}vista-previa/", weights.weights_preview, name="weights-preview"),
    path(f"{EDITOR}guardar/", weights.weights_save, name="weights-save"),
    path(f"{EDITOR}bloquear/", weights.weights_lock, name="weights-lock"),
    path(f"{EDITOR}reabrir/", weights.weights_reopen, name="weights-reopen"),
    path("sectores/<slug:slug>/cortes/", cutoffs.cutoffs, name="cutoffs"),
    path("sectores/<slug:slug>/cortes/<str:on>/consolidar/", cutoffs.cutoff_consolidate, name="cutoff-consolidate"),
    path(PROJECT, projects.project, name="project"),
    path(f"{PROJECT}metas/nueva/", project_goals.goal_new, name="project-goal-new"),
    path(f"{PROJECT}metas/vincular/", project_goals.goal_link, name="project-goal-link"),
    path(f"{PROJECT}metas/<str:key>/corregir/", project_goals.goal_edit, name="project-goal-edit"),
    path("sectores/<slug:slug>/pes.xlsx", projects.plan_export, name="plan-export"),
    path("", include("evaluation.quarter_urls")),
    path("", include("evaluation.report_urls")),
    path("", include("evaluation.viability_urls")),
    path("", include("evaluation.improvement_urls")),
    path("", include("evaluation.accountability_urls")),
    path("", include("evaluation.cascade_urls")),
    path("", include("evaluation.territory_urls")),
]
