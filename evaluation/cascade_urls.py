"""Addresses of `evaluation`: the cascade of a PES, and the execution of its resources beside the physical one."""

from django.urls import URLPattern, path

from evaluation.views import cascade, resources

PES = "sectores/<slug:slug>/pes/<int:first>"
urlpatterns: list[URLPattern] = [
    path(f"{PES}/cascada/", cascade.cascade, name="cascade"),
    path(f"{PES}/recursos/avance/", resources.resources_progress, name="resources-progress"),
]
