"""The tab «Cascada» of the pages of a PES."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pes import registry
from pes.models import SectorPlan
from pes.plan_frame import plan_url


def tabs(user: Any, plan: SectorPlan) -> Iterator[dict[str, Any]]:
    """For whoever reads the PES."""
    yield {"key": "cascade", "label": "Cascada", "url": plan_url(plan, "evaluation:cascade"), "order": 25}


registry.provide("plan_tabs", tabs)
