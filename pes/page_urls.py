"""Pages of `pes`: Mi trabajo, the PES of a sector, jobs, the demonstration's door."""

from django.urls import URLPattern

app_name = "pes"
urlpatterns: list[URLPattern] = []
