"""The figures of a cut-off as they are officially: the last snapshot once consolidated, else its last result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from evaluation import serial
from evaluation.facts import policy_of
from evaluation.models import Cutoff, Snapshot
from evaluation.pages.selection import CutoffRow
from evaluation.rules.cutoffs import is_last_of_vigencia
from evaluation.rules.policy import Light, Policy, light
from evaluation.rules.results import ObjectiveResult, SectorResult
from pes.dates import long_instant
from pes.models import Metodologia
from pes.rules.numbers import format_percent, ratio_to_percent

TONE_OF_LIGHT = {
    Light.RED: "risk",
    Light.YELLOW: "warn",
    Light.GREEN: "ok",
    Light.ORANGE: "over",
    Light.NONE: "course",
}


@dataclass(frozen=True)
class Reading:
    """One stored computation of a cut-off and where it is kept."""

    on: date
    result: SectorResult
    policy: Policy
    methodology: str
    computed_at: datetime
    snapshot: Snapshot | None

    @property
    def is_consolidated(self) -> bool:
        """Whether it is official."""
        return self.snapshot is not None

    @property
    def status_text(self) -> str:
        """How it stands, in a few words."""
        return f"Consolidado · corrida {self.snapshot.run}" if self.snapshot else "En curso"

    @property
    def kept_in(self) -> str:
        """The sentence that says which computation this is."""
        if self.snapshot is None:
            return f"Corte abierto, calculado el {long_instant(self.computed_at)}. Cambia con cada medición."
        when = long_instant(self.snapshot.consolidated_at)
        return f"Corrida {self.snapshot.run}, consolidada el {when}. No cambia; una corrección es otra corrida."

    def objective(self, number: int) -> ObjectiveResult | None:
        """The result of an objective, if the computation has it."""
        return next((found for found in self.result.objectives if found.number == number), None)

    def tone(self, ratio: Decimal | None) -> str:
        """Tone of a ratio: a light only at the vigencia's last cut-off (REP-06b)."""
        return TONE_OF_LIGHT[light(ratio, self.policy, last_cutoff=is_last_of_vigencia(self.on))]

    def tone_text(self, ratio: Decimal | None) -> str:
        """Words of the tone; «En curso» before the last cut-off."""
        if ratio is None:
            return "Sin información"
        found = light(ratio, self.policy, last_cutoff=is_last_of_vigencia(self.on))
        return "En curso" if found is Light.NONE else found.label


def read(row: CutoffRow) -> Reading:
    """The official figures of a cut-off: two queries when consolidated, three while open."""
    cutoff = Cutoff.objects.get(pk=row.pk)
    snapshot = cutoff.snapshots.order_by("-run").first() if row.is_consolidated else None
    if snapshot is None:
        methodology = Metodologia.in_force(row.on.year)
        result, policy = cutoff.sector_result, policy_of(methodology)
    else:
        result, policy = serial.from_json(snapshot.result), policy_from_facts(snapshot.methodology)
    return Reading(row.on, result, policy, cutoff.methodology, cutoff.computed_at, snapshot)


def policy_from_facts(facts: Mapping[str, Any]) -> Policy:
    """The policy of the methodology that a snapshot keeps as texts."""
    values = {
        name: None if facts[name] == "None" else Metodologia._meta.get_field(name).to_python(facts[name])
        for name in Metodologia.RULE_FIELDS
    }
    return policy_of(Metodologia(**values))


def percent_text(ratio: Decimal | None) -> str:
    """A ratio as `24,15 %`; None is «Sin información»."""
    return format_percent(ratio_to_percent(ratio))
