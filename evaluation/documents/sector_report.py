"""Builds the context of a sector's report from stored results: it reads, it never computes compliance again.

A consolidated cut-off speaks through its last snapshot, an open one through the result its job stored. Whoever calls
`build` opens the transaction that shows one state of the data (PD6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from evaluation import serial
from evaluation.documents import lines, wording
from evaluation.documents.context import CutoffLine, IndicatorLine, ObjectiveLine, ReportContext, Shown, Verification
from evaluation.documents.obstacles import obstacles_by_key, obstacles_of
from evaluation.models.cutoff import Cutoff, Snapshot
from evaluation.pages.reading import policy_from_facts
from evaluation.rules.compliance import quadrennial_progress
from evaluation.rules.cutoffs import is_last_of_vigencia
from evaluation.rules.periods import Kind, Period
from evaluation.rules.policy import Policy
from evaluation.rules.report_lines import shortfalls
from evaluation.rules.results import SectorResult
from pes.dates import long_date
from pes.models import Indicator, IndicatorTarget, Metodologia, OrganizationUnit, SectorPlan
from pes.rules.problems import Problem, Refused
from tracking.models.measurement import MeasurementAnalysis

MOST_BOTTLENECKS = 8


class CutoffNotReady(Exception):
    """The period's last cut-off has not been computed yet; its job is on its way, try again."""


@dataclass(frozen=True, slots=True)
class Source:
    """The cut-off that a report shows, and where its figures are frozen."""

    cutoff: Cutoff
    snapshot: Snapshot | None
    result: SectorResult
    methodology: dict[str, str]

    @property
    def dated_at(self) -> datetime:
        """When the figures were computed, or consolidated."""
        return self.snapshot.consolidated_at if self.snapshot else self.cutoff.computed_at

    @property
    def policy(self) -> Policy:
        """The rules that the figures were computed with."""
        return policy_from_facts(self.methodology)


def source_of(plan: SectorPlan, on: date) -> Source:
    """The cut-off of a date with its official result, if it has one. Raises CutoffNotReady or Refused."""
    cutoff = Cutoff.objects.filter(plan=plan, on=on).first()
    if cutoff is None:
        raise CutoffNotReady(f"El corte {on:%Y-%m-%d} todavía se está calculando.")
    snapshot = cutoff.snapshots.order_by("-run").first() if cutoff.is_consolidated else None
    if snapshot is None:
        return Source(cutoff, None, cutoff.sector_result, Metodologia.in_force(on.year).facts())
    if not snapshot.is_intact:
        message = f"El corte consolidado {on:%Y-%m-%d} no corresponde a su huella."
        raise Refused([Problem("snapshot_changed", "PD4", message, fix="Avise a control interno antes de continuar.")])
    return Source(cutoff, snapshot, serial.from_json(snapshot.result), snapshot.methodology)


def build(
    plan: SectorPlan, period: Period, on: date, *, edition: int | None = None, correction: str = "",
    issued_at: datetime | None = None,
) -> ReportContext:  # fmt: skip
    """The whole report of a period at its cut-off. Without `edition` it is a draft, dated when its figures were."""
    source = source_of(plan, on)
    reading = _reading(plan, period, source)
    abouts = {
        about.key: about
        for about in Indicator.objects.filter(plan=plan).select_related("goal__objective", "goal__project", "entity")
    }
    rows = {
        one.key: lines.indicator_line(objective.number, one, abouts[one.key], reading)
        for objective in source.result.objectives
        for one in objective.indicators
    }
    held_back = obstacles_by_key(plan, period)
    rows = {key: replace(line, obstacle=held_back.get(key, "")) for key, line in rows.items()}
    if period.kind is Kind.ANNUAL:
        rows = _with_horizon(plan, source, rows, abouts, reading)
    objectives = _objectives(plan, source, rows, reading)
    sector = plan.sector
    dated_at = timezone.localtime(issued_at or source.dated_at)
    tone, _ = lines.lit(source.result.index, reading)
    every = tuple(rows.values())
    trend = _trend(plan, on)
    return ReportContext(
        kind=period.kind.value, kind_label=wording.KIND_LABELS[period.kind], period=period.code,
        period_label=period.label, title=wording.TITLES[period.kind], sector_code=sector.code, sector=sector.name,
        plan=plan.name, horizon=tuple(plan.vigencias), vigencia=period.vigencia, cutoff=on,
        cutoff_text=long_date(on), institution=settings.PES_INSTITUTION, demo=settings.PES_DEMO, edition=edition,
        correction=correction, dated_at=dated_at, dated_text=long_date(dated_at.date()),
        index=lines.percent(source.result.index), index_tone=tone,
        index_state="reported" if source.result.index is not None else "no_information",
        weighted=any(one.weight is not None for one in source.result.objectives),
        measured_text=_measured_text(source.result),
        totals=_totals(source.result), objectives=objectives,
        entities=lines.entity_blocks(every, _entity_codes(sector, every)),
        delays=tuple(line for line in every if line.delay),
        bottlenecks=tuple(lines.bottleneck(item, rows) for item in shortfalls(source.result, MOST_BOTTLENECKS)),
        trend=trend, methodology=source.methodology["label"], rules=wording.rules_in_words(source.methodology),
        verification=_verification(source), sections=wording.sections(period.kind),
        obstacles=() if period.kind is Kind.MONTHLY else obstacles_of(plan, period, on),
    )  # fmt: skip


def _reading(plan: SectorPlan, period: Period, source: Source) -> lines.Reading:
    on = source.cutoff.on
    texts = MeasurementAnalysis.objects.filter(
        measurement__indicator__plan=plan, measurement__on__lte=on, measurement__on__year=on.year
    )
    before = Cutoff.objects.filter(plan=plan, on__lt=period.starts_on).order_by("-on").first()
    earlier = before.sector_result.objectives if before else ()
    return lines.Reading(
        period=period,
        on=on,
        policy=source.policy,
        last_cutoff=is_last_of_vigencia(on),
        analyses={
            (key, day): text
            for key, day, text in texts.values_list("measurement__indicator__key", "measurement__on", "text")
        },
        earlier={one.key: one for objective in earlier for one in objective.indicators},
    )


def _objectives(
    plan: SectorPlan, source: Source, rows: Mapping[str, IndicatorLine], reading: lines.Reading
) -> tuple[ObjectiveLine, ...]:
    texts = dict(plan.objectives.values_list("number", "text"))
    weighted = any(one.weight is not None for one in source.result.objectives)
    return tuple(
        lines.objective_line(
            one, texts.get(one.number, ""), [rows[i.key] for i in one.indicators], reading, weighted=weighted
        )
        for one in source.result.objectives
    )


def _measured_text(result: SectorResult) -> str:
    measured, programmed = (sum(getattr(o, name) for o in result.objectives) for name in ("measured", "programmed"))
    known = sum(one.compliance is not None for one in result.objectives)
    return (
        f"{known} de {len(result.objectives)} objetivos con resultado; "
        f"{measured} de {programmed} indicadores programados con medición"
    )


def _totals(result: SectorResult) -> tuple[tuple[str, str], ...]:
    """The three figures of the summary: value and what it counts."""
    known = sum(one.compliance is not None for one in result.objectives)
    measured, programmed = (sum(getattr(o, name) for o in result.objectives) for name in ("measured", "programmed"))
    return (
        (f"{known} de {len(result.objectives)}", "objetivos con resultado"),
        (f"{measured} de {programmed}", "indicadores programados con medición"),
        (str(sum(len(o.indicators) for o in result.objectives)), "indicadores del plan"),
    )


def _entity_codes(sector: OrganizationUnit, rows: tuple[IndicatorLine, ...]) -> list[str]:
    """Codes of the responsible entities, those of the sector first and its head before all."""
    own = list(OrganizationUnit.objects.entities_of(sector).values_list("code", flat=True))
    return own + sorted({line.entity_code for line in rows} - set(own))


def _trend(plan: SectorPlan, on: date) -> tuple[CutoffLine, ...]:
    cutoffs = Cutoff.objects.filter(plan=plan, on__year=on.year, on__lte=on).order_by("on")
    return tuple(
        lines.cutoff_line(cutoff.on, cutoff.sector_result, is_official=cutoff.is_consolidated) for cutoff in cutoffs
    )


def _with_horizon(
    plan: SectorPlan,
    source: Source,
    rows: dict[str, IndicatorLine],
    abouts: Mapping[str, Indicator],
    reading: lines.Reading,
) -> dict[str, IndicatorLine]:
    """Add what was achieved in each vigencia and the progress over the whole horizon (PES-06, PES-07)."""
    achieved = _achieved_by_year(plan, source)
    targets: dict[str, dict[int, Decimal | None]] = {key: {} for key in rows}
    for key, year, programmed in IndicatorTarget.objects.filter(indicator__plan=plan).values_list(
        "indicator__key", "vigencia_id", "programmed"
    ):
        targets.setdefault(key, {})[year] = programmed
    out = {}
    for key, line in rows.items():
        about, levels = abouts[key], {year: by_key.get(key) for year, by_key in achieved.items()}
        ratio = quadrennial_progress(about.programming_type, targets[key], levels, about.baseline, reading.policy)
        shown = tuple(
            Shown(lines.magnitude(levels.get(year), "–").text, levels.get(year), _target(targets[key].get(year)))
            for year in plan.vigencias
        )
        out[key] = replace(line, horizon=shown, horizon_progress=lines.percent(ratio))
    return out


def _target(programmed: Decimal | None) -> str:
    return lines.magnitude(programmed, "NP").text


def _achieved_by_year(plan: SectorPlan, source: Source) -> dict[int, dict[str, Decimal | None]]:
    """Vigencia → key → amount at the vigencia's last cut-off up to this one."""
    found: dict[int, dict[str, Decimal | None]] = {}
    for cutoff in Cutoff.objects.filter(plan=plan, on__lt=source.cutoff.on).order_by("on"):
        found[cutoff.on.year] = _achieved(cutoff.sector_result)
    found[source.cutoff.on.year] = _achieved(source.result)
    return found


def _achieved(result: SectorResult) -> dict[str, Decimal | None]:
    return {one.key: one.achieved for objective in result.objectives for one in objective.indicators}


def _verification(source: Source) -> Verification:
    snapshot, when = source.snapshot, long_date(source.dated_at)
    if snapshot is None:
        return Verification(f"En curso, calculado el {when}: las cifras pueden cambiar", None, None, "")
    return Verification(f"Consolidado el {when}, corrida {snapshot.run}", snapshot.run, snapshot.pk, snapshot.digest)
