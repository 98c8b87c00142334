"""Blank pages: the tables ask thousands of them what their status is, and what they say is tested elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.template import Origin
from django.template.loaders.base import Loader


class Blank(Loader):
    """Every template there is, with nothing in it."""

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        """One source of each name."""
        yield Origin(name=template_name, template_name=template_name, loader=self)

    def get_contents(self, origin: Origin) -> str:
        """Nothing."""
        return ""


def blank(templates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The setting `TEMPLATES` with blank pages, once each."""
    loaders = [("django.template.loaders.cached.Loader", ["tests.matrix_templates.Blank"])]
    first, *others = templates
    options = {**first["OPTIONS"], "loaders": loaders, "context_processors": []}
    return [{**first, "APP_DIRS": False, "OPTIONS": options}, *others]
