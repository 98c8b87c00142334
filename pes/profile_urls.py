"""Addresses of `pes`: profile."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
