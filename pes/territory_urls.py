"""Addresses of `pes`: territory."""

from django.urls import URLPattern, path

from pes.views import territory, territory_book, territory_entity, territory_setup

urlpatterns: list[URLPattern] = [
    path("territorio/", territory.entities, name="territory"),
    path("territorio/entidades.xlsx", territory.export, name="territory-export"),
    path("territorio/fuente/", territory.published, name="territory-reference"),
    path("territorio/libro/", territory_book.book, name="territory-book"),
    path("territorio/libro/entidades.xlsx", territory_book.form, name="territory-form"),
    path("territorio/libro/<uuid:pk>/", territory_book.book_preview, name="territory-preview"),
    path("territorio/libro/<uuid:pk>/aplicar/", territory_book.apply, name="territory-apply"),
    path("territorio/preparacion/", territory_setup.setup, name="territory-setup"),
    path("territorio/preparacion/segmentos/", territory_setup.segment, name="territory-segment"),
    path("territorio/preparacion/cronogramas/", territory_setup.schedule_open, name="territory-schedule-open"),
    path("territorio/preparacion/abrir/", territory_setup.open_roads, name="territory-open"),
    path("territorio/cronogramas/<int:pk>/", territory_setup.schedule, name="territory-schedule"),
    path("territorio/cronogramas/<int:pk>/guardar/", territory_setup.schedule_save, name="territory-schedule-save"),
    path("territorio/entidades/nueva/", territory_entity.new, name="territory-entity-new"),
    path("territorio/entidades/<slug:dane>/editar/", territory_entity.edit, name="territory-entity-edit"),
    path("territorio/entidades/<slug:dane>/asesoria/", territory_entity.advisor, name="territory-advisor"),
    path("territorio/entidades/<slug:dane>/asesoria/asignar/", territory_entity.assign, name="territory-assign"),
    path(
        "territorio/entidades/<slug:dane>/hojas/<int:pk>/graduar/", territory_entity.graduate, name="territory-graduate"
    ),
]
