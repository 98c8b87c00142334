"""Addresses of `evaluation`: territory."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
