"""Addresses of `pes`: writing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
