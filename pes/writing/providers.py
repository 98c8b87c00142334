"""What the document offers to the rest of the site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pes import registry
from pes.models import SectorPlan
from pes.plan_frame import plan_url
from pes.writing.gate_facts import gate_facts
from pes.writing.inbox import inbox
from pes.writing.tables import document_tables


def plan_tabs(user: Any, plan: SectorPlan) -> Iterator[dict[str, Any]]:
    """The tab of the document."""
    yield {"key": "document", "label": "Documento", "url": plan_url(plan, "pes:document"), "order": 50}


registry.provide("document_tables", document_tables)
registry.provide("gate_facts", gate_facts)
registry.provide("inbox", inbox)
registry.provide("plan_tabs", plan_tabs)
