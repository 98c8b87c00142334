"""Addresses of `pes`: meeting."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
