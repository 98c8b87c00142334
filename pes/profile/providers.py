"""What the profile offers to the rest: its tabs on the pages of a PES."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pes.models import SectorPlan
from pes.plan_frame import plan_url


def tabs(user: Any, plan: SectorPlan) -> Iterator[dict[str, Any]]:
    """«Marco» and «Recursos», for whoever reads the PES."""
    yield {"key": "profile", "label": "Marco", "url": plan_url(plan, "pes:profile"), "order": 48}
    yield {"key": "resources", "label": "Recursos", "url": plan_url(plan, "pes:resources"), "order": 65}
