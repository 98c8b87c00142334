"""Addresses of `tracking`: what is done with territorial entities month by month."""

from django.urls import URLPattern, path

from tracking.views import advisor_reports, assistance, perception, perception_public, products

urlpatterns: list[URLPattern] = [
    path("territorio/asistencia/", assistance.assistances, name="assistances"),
    path("territorio/asistencia/asistencias.xlsx", assistance.export, name="assistances-export"),
    path("territorio/asistencia/duda/", assistance.quick, name="assistance-quick"),
    path("territorio/asistencia/nueva/", assistance.new, name="assistance-new"),
    path("territorio/asistencia/<int:pk>/", assistance.assistance, name="assistance"),
    path("territorio/asistencia/<int:pk>/corregir/", assistance.correct, name="assistance-correct"),
    path("territorio/asistencia/<int:pk>/anular/", assistance.void, name="assistance-void"),
    path("territorio/productos/", products.products, name="products"),
    path("territorio/productos/lista/", products.write, name="checklist-write"),
    path("territorio/entidades/<slug:dane>/productos/", products.of_entity, name="entity-products"),
    path("territorio/entidades/<slug:dane>/productos/<int:pk>/", products.check, name="product-apply"),
    path("territorio/productos/<int:pk>/", products.page, name="product-check"),
    path("territorio/productos/<int:pk>/decidir/", products.review, name="product-review"),
    path("territorio/percepcion/", perception.surveys, name="perception"),
    path("territorio/percepcion/sortear/", perception.draw, name="perception-draw"),
    path("territorio/percepcion/<int:pk>/", perception.survey, name="perception-survey"),
    path("territorio/percepcion/<int:pk>/entrevista/<int:place>/", perception.interview, name="perception-interview"),
    path("publico/territorio/percepcion/<str:token>/", perception_public.answer, name="public-perception"),
    path("territorio/informes/", advisor_reports.reports, name="advisor-reports"),
    path("territorio/informes/<int:pk>/", advisor_reports.report, name="advisor-report"),
    path("territorio/informes/<int:pk>/enviar/", advisor_reports.send, name="advisor-report-send"),
    path("territorio/informes/<int:pk>/recibir/", advisor_reports.receive, name="advisor-report-receive"),
    path("territorio/informes/<int:pk>/devolver/", advisor_reports.give_back, name="advisor-report-return"),
]
