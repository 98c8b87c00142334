"""The cut-offs of a plan: how they stand, what keeps them from being consolidated, and their runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from evaluation.forms import RunForm
from evaluation.models import Cutoff, Snapshot, WeightSet, WeightStatus
from evaluation.pages.reading import percent_text
from evaluation.pages.selection import Selection
from evaluation.rules.cutoffs import consolidation_problems
from evaluation.rules.results import SectorResult
from pes.access import can
from pes.dates import long_date, long_instant
from pes.models import SectorPlan
from pes.permissions import Permission
from pes.rules.problems import Problem
from tracking.models import Measurement

NO_POWER = "Consolida la jefatura de la oficina asesora de planeación."


@dataclass(frozen=True)
class Run:
    """A consolidated run of a cut-off."""

    number: str
    when: str
    who: str
    reason: str
    methodology: str
    digest: str
    tone: str
    verdict: str


@dataclass(frozen=True)
class CutoffLine:
    """A cut-off in the list."""

    iso: str
    label: str
    url: str
    tone: str
    status: str
    measured: str
    index: str
    methodology: str
    run: str
    digest: str
    act_url: str
    is_consolidated: bool
    reason: str
    runs: tuple[Run, ...]
    form: RunForm


def cutoff_lines(selection: Selection, user: Any, today: date) -> list[CutoffLine]:
    """Every cut-off of the plan, the latest first; a constant number of queries."""
    cutoffs = list(Cutoff.objects.filter(plan=selection.plan).select_related("plan__sector").order_by("-on"))
    runs = _runs(cutoffs)
    may = can(user, Permission.CUTOFF_CONSOLIDATE, selection.plan)
    mine = Authorship.of(selection.plan, user)
    return [_line(selection, cutoff, runs.get(cutoff.pk, []), _reason(cutoff, may, mine, today)) for cutoff in cutoffs]


def _runs(cutoffs: Iterable[Cutoff]) -> dict[int, list[Snapshot]]:
    found: dict[int, list[Snapshot]] = {}
    for snapshot in Snapshot.objects.filter(cutoff__in=cutoffs).select_related("consolidated_by").order_by("-run"):
        found.setdefault(snapshot.cutoff_id, []).append(snapshot)
    return found


@dataclass(frozen=True)
class Authorship:
    """What a person wrote of a plan: who writes a figure does not approve it (AZ4)."""

    measured_on: frozenset[date]
    weighed_vigencias: frozenset[int]

    @classmethod
    def of(cls, plan: SectorPlan, user: Any) -> Authorship:
        """Two queries."""
        measured = Measurement.objects.filter(indicator__plan=plan, recorded_by=user).values_list("on", flat=True)
        weighed = WeightSet.objects.filter(objective__plan=plan, status=WeightStatus.OPEN, edited_by=user)
        return cls(frozenset(measured), frozenset(weighed.values_list("vigencia_id", flat=True)))

    def problems(self, cutoff: Cutoff, today: date) -> list[Problem]:
        """What keeps this person from consolidating a cut-off, by its stored result."""
        result = cutoff.sector_result
        return consolidation_problems(
            on=cutoff.on,
            today=today,
            measured=_count(result),
            unweighted=[objective.number for objective in result.objectives if objective.unweighted],
            actor_measured=any(day.year == cutoff.on.year and day <= cutoff.on for day in self.measured_on),
            actor_weighted=cutoff.on.year in self.weighed_vigencias,
        )


def _reason(cutoff: Cutoff, may: bool, mine: Authorship, today: date) -> str:
    """Why a person may not consolidate or correct a cut-off; empty when they may."""
    if not may:
        return NO_POWER
    problems = mine.problems(cutoff, today)
    return " ".join(f"{problem.message} {problem.fix}".strip() for problem in problems if problem.blocking)


def _count(result: SectorResult) -> int:
    return sum(objective.measured for objective in result.objectives)


def _line(selection: Selection, cutoff: Cutoff, snapshots: list[Snapshot], reason: str) -> CutoffLine:
    result, last = cutoff.sector_result, snapshots[0] if snapshots else None
    programmed = sum(objective.programmed for objective in result.objectives)
    iso = f"{cutoff.on:%Y-%m-%d}"
    return CutoffLine(
        iso=iso,
        label=long_date(cutoff.on),
        url=reverse("evaluation:dashboard", args=[selection.slug]) + f"?corte={iso}",
        tone="ok" if cutoff.is_consolidated else "course",
        status=cutoff.get_status_display(),
        measured=f"{_count(result)} de {programmed}",
        index=percent_text(result.index),
        methodology=cutoff.methodology,
        run=f"Corrida {last.run}" if last else "–",
        digest=last.digest if last else "",
        act_url=reverse("evaluation:cutoff-consolidate", args=[selection.slug, iso]),
        is_consolidated=cutoff.is_consolidated,
        reason=reason,
        runs=tuple(_run(snapshot) for snapshot in snapshots),
        form=RunForm(auto_id=f"corte-{iso}-%s"),
    )


def _run(snapshot: Snapshot) -> Run:
    intact = snapshot.is_intact
    return Run(
        number=f"Corrida {snapshot.run}",
        when=long_instant(snapshot.consolidated_at),
        who=str(snapshot.consolidated_by),
        reason=snapshot.reason,
        methodology=str(snapshot.methodology.get("label", "")),
        digest=snapshot.digest,
        tone="ok" if intact else "risk",
        verdict="Íntegra" if intact else "No da su huella",
    )
