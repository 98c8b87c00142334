"""Addresses of `pes`: approval."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
