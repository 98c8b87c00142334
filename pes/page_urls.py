"""Pages of `pes`: Mi trabajo, the PES of a sector, jobs, the demonstration's door."""

from django.urls import path

from pes.views import demo, home, jobs

app_name = "pes"
urlpatterns = [
    path("", home.home, name="home"),
    path("segundo-factor/", home.second_factor, name="second-factor"),
    path("trabajos/<int:pk>/", jobs.job, name="job"),
    path("demo/", demo.door, name="demo-door"),
    path("demo/entrar/", demo.enter, name="demo-login"),
    # The PES of a sector: sectores/…
]
