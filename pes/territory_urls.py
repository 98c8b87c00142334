"""Addresses of `pes`: territory."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
