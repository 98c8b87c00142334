"""The tab «Cascada» of the pages of a PES, and the cascade as a table of its document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils import timezone

from evaluation.cascade import cascade_of, last_planned
from evaluation.pages.cascade import cascade_page
from pes import registry
from pes.documents.blocks import Block, Grid
from pes.models import SectorPlan
from pes.plan_frame import plan_url
from pes.writing.live import LiveTable


def tabs(user: Any, plan: SectorPlan) -> Iterator[dict[str, Any]]:
    """For whoever reads the PES."""
    yield {"key": "cascade", "label": "Cascada", "url": plan_url(plan, "evaluation:cascade"), "order": 25}


def document_tables(plan: SectorPlan) -> Iterator[LiveTable]:
    """Provider of `document_tables`: the cascade, for whichever section places it."""
    missing = "Aparecerá cuando el plan tenga objetivos."
    yield LiveTable("cascada", "Cascada de la planeación", "", partial(_cascade, plan), missing)


def _cascade(plan: SectorPlan) -> tuple[Block, ...]:
    year = timezone.localdate().year
    vigencia = last_planned(plan, year) or min(max(year, plan.first_vigencia), plan.last_vigencia)
    rows = cascade_page(cascade_of(plan, vigencia), plan.sector.code).rows
    headers = ("Programa del PDD", "Objetivo del sector", "Entidad", "Objetivo de la entidad", "Metas")
    caption = f"Cascada de la planeación, con las metas de los planes de gestión de {vigencia}"
    return (Grid(caption, headers, rows, frozenset({4})),) if rows else ()


registry.provide("plan_tabs", tabs)
registry.provide("document_tables", document_tables)
