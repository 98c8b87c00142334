"""Addresses of `evaluation`: improvement."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
