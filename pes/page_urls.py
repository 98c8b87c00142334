"""Pages of `pes`: Mi trabajo, the PES of a sector, jobs, the demonstration's door."""

from django.urls import path

from pes.views import demo, home, jobs, plan, projects, sectors

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
]
