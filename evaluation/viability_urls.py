"""Addresses of `evaluation`: viability."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
