"""The templates of roads: data beside the code, read once and refused when they do not add up."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings

from pes.rules.problems import refuse_if_any
from pes.rules.roads import RoadTemplate, read_template, template_problems

FOLDER = settings.BASE_DIR / "fixtures"
SIX_PHASES = "camino_pes"
BY_CONTRIBUTIONS = "camino_pes_aportes"  # the way a published sector built its plan (LC-09)
OF_PLANS = (SIX_PHASES, BY_CONTRIBUTIONS)
GOVERNMENT_TO_PLAN = ("camino_gobierno_al_plan_1", "camino_gobierno_al_plan_2")
CODES = (*OF_PLANS, *GOVERNMENT_TO_PLAN)


@cache
def template(code: str) -> RoadTemplate:
    """A template by its code, checked. LookupError for an unknown one; Refused when its weights do not add up."""
    if code not in CODES:
        raise LookupError(f"no road template is called {code!r}")
    read = read_template(json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8")))
    refuse_if_any(template_problems(read))
    return read
