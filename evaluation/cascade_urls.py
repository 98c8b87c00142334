"""Addresses of `evaluation`: cascade."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
