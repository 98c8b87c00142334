"""Addresses of `tracking`: territory."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
