"""Addresses of `evaluation`: viability."""

from django.urls import path

from evaluation.views import viability

VIABILITY = "sectores/<slug:slug>/pes/<int:first>/viabilidad/"

urlpatterns = [
    path(VIABILITY, viability.viability, name="viability"),
    path(f"{VIABILITY}guardar/", viability.viability_run, name="viability-run"),
    path(f"{VIABILITY}<str:code>/responder/", viability.viability_answer, name="viability-answer"),
    path(f"{VIABILITY}revisiones/<int:run>/", viability.viability_check, name="viability-check"),
]
