"""What evaluation knows of the conditions of the gates of a PES (LC-02): weights, programme, cut-offs, reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from evaluation.improvement.agenda_facts import published_days, told_days
from evaluation.models import (
    Cutoff,
    IndicatorWeight,
    ReportKind,
    Responsibility,
    WeightSet,
    WeightStatus,
)
from evaluation.rules.agenda import told_on
from evaluation.rules.periods import Kind
from evaluation.vigencias import current_vigencia
from pes import registry
from pes.dates import long_date
from pes.models import Indicator, IndicatorTarget, Objective, SectorPlan
from pes.plan_frame import plan_url
from pes.rules.gates import GateFact
from pes.rules.numbers import HUNDRED, format_percent

MOST_NAMED = 6


def gate_facts(plan: SectorPlan) -> Iterator[GateFact]:
    """Six conditions of G2, G4, G5 and G6; a constant number of queries."""
    vigencia = current_vigencia(plan, timezone.localdate())
    objectives = list(Objective.objects.filter(plan=plan).order_by("number"))
    yield _weighed(plan, objectives, vigencia)
    yield _in_force(plan, objectives, vigencia)
    yield _owned(plan)
    yield _cutoff(plan)
    published = _final_day(plan)
    yield _evaluated(plan, published)
    yield _told(plan, published)


def meeting_gate_facts(plan: SectorPlan) -> Iterator[GateFact]:
    """The condition that a meeting fulfils, for the page of meetings."""
    yield _told(plan, _final_day(plan))


def _weighed(plan: SectorPlan, objectives: Sequence[Objective], vigencia: int) -> GateFact:
    """Each objective with an indicator, and its weights of the vigencia at 100,00 (W-02)."""
    measured = set(Indicator.objects.filter(plan=plan).values_list("goal__objective_id", flat=True).distinct())
    rows = IndicatorWeight.objects.filter(indicator__plan=plan, vigencia=vigencia).order_by()
    totals = dict(rows.values_list("indicator__goal__objective_id").annotate(total=Sum("weight")))
    lacking = [f"objetivo {one.number} sin indicadores" for one in objectives if one.pk not in measured]
    for one in objectives:
        total = totals.get(one.pk)
        if one.pk in measured and total != HUNDRED:
            found = "sin ponderaciones" if total is None else f"suman {format_percent(total)}"
            lacking.append(f"objetivo {one.number} {found} en {vigencia}")
    if not objectives:
        lacking = ["el PES no tiene objetivos"]
    url = reverse("evaluation:weights-home", args=[plan.sector.code])
    return _fact("objectives_have_indicators_and_weights", lacking, url)


def _in_force(plan: SectorPlan, objectives: Sequence[Objective], vigencia: int) -> GateFact:
    """What is programmed for the vigencia, with the weights that an act approved (W-07)."""
    targets = IndicatorTarget.objects.filter(indicator__plan=plan, vigencia=vigencia)
    programmed = set(targets.values_list("indicator__goal__objective_id", flat=True).distinct())
    locked = WeightSet.objects.filter(objective__plan=plan, vigencia=vigencia, status=WeightStatus.LOCKED)
    firm = set(locked.values_list("objective_id", flat=True))
    lacking = [
        f"objetivo {one.number} {'sin ponderación aprobada' if one.pk in programmed else 'sin programación'} en {vigencia}"
        for one in objectives
        if one.pk not in programmed or one.pk not in firm
    ]
    if not objectives:
        lacking = ["el PES no tiene objetivos"]
    url = reverse("evaluation:weights-home", args=[plan.sector.code])
    return _fact("programme_in_force", lacking, url)


def _owned(plan: SectorPlan) -> GateFact:
    """Each indicator with its responsible person and its source; entity and goal it has always."""
    owned = set(
        Responsibility.objects.filter(plan=plan, indicator__isnull=False).values_list("indicator_id", flat=True)
    )
    lacking = []
    for pk, key, source in Indicator.objects.filter(plan=plan).order_by("key").values_list("pk", "key", "source"):
        wanting = [word for word, has in (("responsable", pk in owned), ("fuente", bool(source))) if not has]
        if wanting:
            lacking.append(f"indicador {key} sin {' ni '.join(wanting)}")
    if not lacking and not owned:
        lacking = ["el PES no tiene indicadores"]
    return _fact("indicators_have_owner_source_project", lacking, plan_url(plan, "evaluation:responsibles"))


def _cutoff(plan: SectorPlan) -> GateFact:
    """The last cut-off consolidated: what was programmed has its figure, or is marked as not reported."""
    last = Cutoff.objects.filter(plan=plan, on__lte=timezone.localdate()).defer("result").order_by("-on").first()
    lacking = []
    if last is None:
        lacking = ["el PES no tiene cortes"]
    elif not last.is_consolidated:
        lacking = [f"el corte del {long_date(last.on)} no está consolidado"]
    return _fact("cutoff_closed", lacking, reverse("evaluation:cutoffs", args=[plan.sector.code]))


def _final_day(plan: SectorPlan) -> date | None:
    """The day on which the annual report of the last vigencia was first made public."""
    return published_days(plan).get(Kind.ANNUAL, {}).get(str(plan.last_vigencia))


def _evaluated(plan: SectorPlan, published: date | None) -> GateFact:
    """The annual report of the last vigencia, issued and published (REP-03)."""
    period = str(plan.last_vigencia)
    lacking = [] if published else [f"el informe anual de {period} no se ha emitido y publicado"]
    url = reverse("evaluation:report", args=[plan.sector.code, ReportKind.ANNUAL.value, period])
    return _fact("final_evaluation_published", lacking, url)


def _told(plan: SectorPlan, published: date | None) -> GateFact:
    """That report told of in a meeting with closed minutes, by the rule of the agenda: since it is public."""
    lacking = []
    if published is None:
        lacking = [f"se socializa el informe anual de {plan.last_vigencia}, que no se ha publicado"]
    elif told_on(published, told_days(plan)) is None:
        since = f"desde que el informe anual de {plan.last_vigencia} es público ({long_date(published)})"
        lacking = [f"falta una reunión de socialización de resultados con acta cerrada, {since}"]
    return _fact("evaluation_socialised", lacking, plan_url(plan, "pes:meetings"))


def _fact(code: str, lacking: Sequence[str], url: str) -> GateFact:
    named, left = lacking[:MOST_NAMED], len(lacking) - MOST_NAMED
    more = f"; y {left} más" if left > 0 else ""
    words = "; ".join(named)
    missing = f"{words[:1].upper()}{words[1:]}{more}." if words else ""
    return GateFact(code, not lacking, missing, url)


registry.provide("gate_facts", gate_facts)
registry.provide("meeting_gate_facts", meeting_gate_facts)
