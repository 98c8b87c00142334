"""Addresses of `pes`: participation."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
