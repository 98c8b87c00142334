"""Addresses of `tracking`: territory."""

from django.urls import URLPattern, path

from tracking.views import territory, territory_hito, territory_lessons

urlpatterns: list[URLPattern] = [
    path("territorio/avance/", territory.progress, name="territory-progress"),
    path("territorio/regiones/<slug:slug>/", territory.region, name="territory-region"),
    path("territorio/entidades/<slug:dane>/", territory.entity, name="territory-entity"),
    path("territorio/entidades/<slug:dane>/hoja-de-ruta.xlsx", territory.export, name="territory-road-export"),
    path("territorio/entidades/<slug:dane>/hitos/<int:pk>/", territory_hito.hito, name="territory-hito"),
    path(
        "territorio/entidades/<slug:dane>/hitos/<int:pk>/reportar/",
        territory_hito.report,
        name="territory-hito-report",
    ),
    path(
        "territorio/entidades/<slug:dane>/hitos/<int:pk>/evidencias/<int:proof>/retirar/",
        territory_hito.withdraw,
        name="territory-evidence-withdraw",
    ),
    path("territorio/entidades/<slug:dane>/leccion/", territory_lessons.write, name="territory-lesson"),
    path("territorio/lecciones/", territory_lessons.lessons, name="territory-lessons"),
    path("territorio/lecciones/<int:pk>/publicar/", territory_lessons.publish, name="territory-lesson-publish"),
    path("territorio/lecciones/<int:pk>/retirar/", territory_lessons.withdraw, name="territory-lesson-withdraw"),
    path("publico/territorio/lecciones/", territory_lessons.public_lessons, name="public-lessons"),
    path("publico/territorio/lecciones/<int:pk>/archivo/", territory_lessons.public_file, name="public-lesson-file"),
]
