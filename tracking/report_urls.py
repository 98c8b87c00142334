"""Addresses of the quarterly reports: each area of work has its block."""

from __future__ import annotations

from django.urls import URLPattern

from plans.paths import PLAN

REPORT = f"planes/{PLAN}/trimestres/<int:quarter>"

urlpatterns: list[URLPattern] = [
    # Filling in, sending, delegating
    # Evidence of goals
    # Review
    # Central areas and workbooks
]
