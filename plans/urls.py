"""Addresses of `plans`."""

from django.urls import path

from plans.views import plans

app_name = "plans"
urlpatterns = [
    path("", plans.plans, name="list"),
    path("abrir/", plans.open_all, name="open-all"),
    path("abrir/mio/", plans.open_own, name="open-own"),
]
