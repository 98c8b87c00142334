"""Addresses of `pes`: the profile of a sector in one PES: framework, diagnosis, actors, resources, action plan."""

from django.urls import URLPattern, path

from pes.views import action_plan, profile, profile_actors, profile_records, resources, resources_book

PES = "sectores/<slug:slug>/pes/<int:first>"
urlpatterns: list[URLPattern] = [
    path(f"{PES}/marco/", profile.profile, name="profile"),
    path(f"{PES}/marco/entidades/", profile.entities, name="profile-entities"),
    path(f"{PES}/marco/actores/", profile_actors.actors, name="profile-actors"),
    path(f"{PES}/marco/actores/matriz/", profile_actors.actors_edit, name="profile-actors-edit"),
    path(f"{PES}/marco/<slug:kind>/nuevo/", profile_records.record_new, name="profile-new"),
    path(f"{PES}/marco/<slug:kind>/<int:pk>/corregir/", profile_records.record_edit, name="profile-edit"),
    path(f"{PES}/marco/<slug:kind>/<int:pk>/retirar/", profile_records.record_remove, name="profile-remove"),
    path(f"{PES}/recursos/", resources.resources, name="resources"),
    path(f"{PES}/recursos/plan-de-accion/", action_plan.action_plan, name="action-plan"),
    path(f"{PES}/recursos/<int:vigencia>/editar/", resources.resources_edit, name="resources-edit"),
    path(f"{PES}/recursos/<int:vigencia>/libro.xlsx", resources_book.export, name="resources-export"),
    path(f"{PES}/recursos/<int:vigencia>/libro/", resources_book.book, name="resources-book"),
    path(f"{PES}/recursos/<int:vigencia>/libro/<uuid:pk>/", resources_book.book_preview, name="resources-preview"),
    path(f"{PES}/recursos/<int:vigencia>/libro/<uuid:pk>/aplicar/", resources_book.apply, name="resources-apply"),
]
