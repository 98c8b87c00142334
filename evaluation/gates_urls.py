"""Addresses of `evaluation`: gates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
