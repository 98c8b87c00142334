"""Addresses of `tracking`."""

from django.urls import include, path

from tracking import assistance_urls, report_urls, territory_urls
from tracking.views import evidence, measurements

app_name = "tracking"
urlpatterns = [
    path(
        "sectores/<slug:slug>/indicadores/<str:key>/mediciones/nueva/",
        measurements.measurement_new,
        name="measurement-new",
    ),
    path("mediciones/<int:pk>/", measurements.measurement, name="measurement"),
    path("mediciones/<int:pk>/corregir/", measurements.measurement_correct, name="measurement-correct"),
    path("mediciones/<int:pk>/evidencias/", evidence.evidence_add, name="evidence-add"),
    path("evidencias/<uuid:pk>/", evidence.evidence, name="evidence"),
    path("", include(report_urls.urlpatterns)),
    path("", include(territory_urls.urlpatterns)),
    path("", include(assistance_urls.urlpatterns)),
]
