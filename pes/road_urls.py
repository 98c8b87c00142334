"""Addresses of `pes`: road."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
