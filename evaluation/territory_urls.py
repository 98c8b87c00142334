"""Addresses of `evaluation`: territory."""

from django.urls import URLPattern, path

from evaluation.views import territory

urlpatterns: list[URLPattern] = [
    path("territorio/monitoreo/", territory.monitoring, name="monitoring"),
    path("territorio/monitoreo/monitoreo.xlsx", territory.monitoring_workbook, name="monitoring-workbook"),
    path("territorio/monitoreo/pdf/", territory.monitoring_request, name="monitoring-request"),
    path("territorio/monitoreo/pdf/<int:pk>/", territory.monitoring_file, name="monitoring-file"),
    path("territorio/calificacion/", territory.rating, name="rating"),
    path("territorio/calificacion/<slug:slug>/<str:month>/", territory.rating_form, name="rating-form"),
]
