"""Pages of `pes`: Mi trabajo, the PES of a sector, frameworks, workshops, jobs, the demonstration's door."""

from django.urls import include, path

from pes import (
    approval_urls,
    meeting_urls,
    participation_urls,
    profile_urls,
    road_urls,
    territory_urls,
    writing_urls,
)
from pes.views import demo, files, frameworks, home, jobs, plan, projects, sectors, workshops

app_name = "pes"
urlpatterns = [
    path("", home.home, name="home"),
    path("segundo-factor/", home.second_factor, name="second-factor"),
    path("trabajos/<int:pk>/", jobs.job, name="job"),
    path("demo/", demo.door, name="demo-door"),
    path("demo/entrar/", demo.enter, name="demo-login"),
    path("sectores/", sectors.sectors, name="sectors"),
    path("sectores/<slug:slug>/pes/", plan.plan, name="plan"),
    path("sectores/<slug:slug>/proyectos/", projects.projects, name="projects"),
    path("sectores/<slug:slug>/proyectos/nuevo/", projects.project_new, name="project-new"),
    path("sectores/<slug:slug>/proyectos/<int:pk>/corregir/", projects.project_edit, name="project-edit"),
    path("entidades/<slug:code>/marco/", frameworks.framework, name="framework"),
    path("entidades/<slug:code>/marco/nuevo/", frameworks.framework_new, name="framework-new"),
    path("entidades/<slug:code>/marco/<int:pk>/corregir/", frameworks.framework_edit, name="framework-edit"),
    path(
        "entidades/<slug:code>/marco/<int:pk>/objetivos/nuevo/",
        frameworks.objective_new,
        name="framework-objective-new",
    ),
    path(
        "entidades/<slug:code>/marco/<int:pk>/objetivos/<int:number>/corregir/",
        frameworks.objective_edit,
        name="framework-objective-edit",
    ),
    path("archivos/<uuid:pk>/", files.stored_file, name="file"),
    path("mesas/", workshops.workshops, name="workshops"),
    path("mesas/nueva/", workshops.workshop_new, name="workshop-new"),
    path("mesas/<int:pk>/", workshops.workshop, name="workshop"),
    path("mesas/<int:pk>/corregir/", workshops.workshop_correct, name="workshop-correct"),
    path("", include(road_urls.urlpatterns)),
    path("", include(meeting_urls.urlpatterns)),
    path("", include(participation_urls.urlpatterns)),
    path("", include(writing_urls.urlpatterns)),
    path("", include(approval_urls.urlpatterns)),
    path("", include(profile_urls.urlpatterns)),
    path("", include(territory_urls.urlpatterns)),
]
