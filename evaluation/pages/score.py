"""¿De dónde sale este puntaje? A unit's quarter down to its goals, their report, and the evidence with its digest.

As of a run of the close: weights, ratings and evidence are those that were frozen. Before there is one, what the
validated report says, and it is said that it may change. Nothing is computed here but the shares of a sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.urls import reverse

from evaluation.models import GoalResult, QuarterClose, UnitResult
from evaluation.pages.dashboard import short, weight_text
from evaluation.pages.explanation import ExplanationPage, Operand, Proof, Term
from evaluation.pages.reading import percent_text
from evaluation.pages.wording import RULES
from pes.dates import long_instant
from pes.models import Metodologia
from pes.rules.numbers import HUNDRED, ZERO, exact, format_magnitude, ratio_to_percent
from pes.rules.programming import ProgrammingType
from pes.rules.states import FigureState
from plans.models import Goal, PlanGestion
from plans.rules.values import is_percentage
from tracking.cards import EvidenceItem, MeasurementCard, evidence_item
from tracking.content import reading_of
from tracking.models import Evidence, GoalReport, QuarterReport, ReportVersion, TechnicalCorrection
from tracking.rules.goal_reports import ENTRY_BY_NAME
from tracking.rules.report_states import OFFICIAL, ReportStatus

QUARTER_RULES = RULES | {
    "REP-05": "El puntaje es el promedio de las calificaciones de las metas programadas y medibles, ponderado por su ponderación.",
    "PT-14": "Un resultado mayor de 100\u00a0% se muestra completo y califica hasta el tope de la metodología.",
    "PT-16": "Una meta sin demanda en el trimestre no cuenta.",
    "PT-17": "Una meta programada y sin reporte aceptado, vencido el plazo, califica según la metodología.",
    "W-05": "Si una meta no cuenta, las ponderaciones de las demás se llevan de nuevo a 100.",
}
_SENTENCE = (
    "Σ (ponderación × calificación) ÷ Σ ponderaciones de las metas que cuentan. La calificación de una meta es su "
    "resultado del trimestre hasta el tope de la metodología."
)
_OF_TYPE = {
    ProgrammingType.SUMA: "Suma: lo ejecutado en el trimestre ÷ lo programado para el trimestre.",
    ProgrammingType.CONSTANTE: "Constante: nivel del trimestre ÷ nivel programado.",
    ProgrammingType.CRECIENTE: "Creciente: nivel alcanzado ÷ nivel programado al trimestre.",
    ProgrammingType.DECRECIENTE: "Decreciente: lo que bajó desde la línea base ÷ lo que debía bajar.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A goal with its figures of the quarter: weight in percentage points, ratios 0–1, amounts in its unit."""

    goal: Goal
    state: FigureState
    weight: Decimal | None
    programmed: Decimal | None
    achieved: Decimal | None
    result: Decimal | None
    rating: Decimal | None

    @property
    def counts(self) -> bool:
        """Whether it is in the average."""
        return self.rating is not None and self.weight is not None


@dataclass(frozen=True)
class Quarter:
    """A unit's quarter as of a run of the close, or live; `report` is None when it was never opened."""

    plan: PlanGestion
    quarter: int
    close: QuarterClose | None
    unit: UnitResult | None
    report: QuarterReport | None
    lines: Sequence[Line]

    @property
    def score(self) -> Decimal | None:
        """The frozen score, or that of the lines while there is none."""
        return self.unit.score if self.unit else average(self.lines)

    @property
    def query(self) -> str:
        """What keeps the run in an address."""
        return f"?corrida={self.close.run}" if self.close else ""

    def url(self, name: str, *args: Any) -> str:
        """A page of the quarter that keeps the run."""
        place = [self.plan.unit.code, self.plan.vigencia_id, self.quarter, *args]
        return reverse(f"evaluation:{name}", args=place) + self.query

    @property
    def lead(self) -> str:
        """«T1 de 2022 · corrida 1»."""
        how = f"corrida {self.close.run}" if self.close else "preliminar, sin consolidar"
        return f"T{self.quarter} de {self.plan.vigencia_id} · {how}"


def quarter_of(plan: PlanGestion, quarter: int, run: int | None) -> Quarter:
    """A quarter of a plan at its last run or at another; Http404 for one that has no figures at all."""
    place = {"entity": plan.unit.parent_id, "vigencia": plan.vigencia_id, "quarter": quarter, "level": plan.level}
    closes = QuarterClose.objects.filter(**place).order_by("-run").select_related("entity")
    close = (closes if run is None else closes.filter(run=run)).first()
    report = QuarterReport.objects.filter(plan=plan, quarter=quarter).select_related("plan__unit__parent").first()
    if close is None and (run is not None or report is None):
        raise Http404
    unit = UnitResult.objects.filter(close=close, plan=plan).first() if close else None
    lines = _frozen(close, plan) if close else _live(report)
    return Quarter(plan, quarter, close, unit, report, lines)


def average(lines: Iterable[Line]) -> Decimal | None:
    """Σ w × rating ÷ Σ w of the goals that count, as a ratio; `None` where none does (REP-05)."""
    with exact():
        counted = [(one.weight, one.rating) for one in lines if one.weight is not None and one.rating is not None]
        total = sum((weight for weight, _ in counted), ZERO)
        return sum((weight * rating for weight, rating in counted), ZERO) / total if total else None


def score_page(found: Quarter) -> ExplanationPage:
    """The score of the unit and its goals."""
    value = percent_text(found.score) if found.score is not None else "Sin puntaje"
    total = _total(found.lines)
    operands: tuple[Operand, ...] = ()
    if found.score is not None and total:
        with exact():
            above = total * (average(found.lines) or ZERO)
        operands = (
            Operand(format_magnitude(above, 2), "Σ ponderación × calificación"),
            Operand(format_magnitude(total, 2), "Σ ponderaciones que cuentan", "÷"),
            Operand(value, f"puntaje de T{found.quarter}", "=", True),
        )
    return ExplanationPage(
        heading=f"¿De dónde sale este {value}?" if found.score is not None else "¿Por qué no hay un puntaje?",
        value=value,
        subject=f"{found.plan.unit.name}, T{found.quarter} de {found.plan.vigencia_id}",
        sentence=_SENTENCE,
        operands=operands,
        terms_title="Metas del plan",
        terms=tuple(_term(found, line, total) for line in found.lines),
        note=_standing_words(found),
        up=(("Plan de gestión", found.plan.get_absolute_url()),),
        measurement=None,
        measurement_note="",
        subject_url=found.report.url("report") if found.report else found.plan.get_absolute_url(),
        proof=_proof(found, ("REP-05", "PT-14", "PT-16", "PT-17", "PT-18", "W-05")),
        subject_label="Ver el reporte" if found.report else "Ver el plan",
    )


def goal_page(found: Quarter, number: int) -> ExplanationPage:
    """A goal of the unit: its formula, what its team reported, and the evidence with its SHA-256."""
    line = next((one for one in found.lines if one.goal.number == number), None)
    if line is None:
        raise Http404
    goal, value = line.goal, percent_text(line.result) if line.result is not None else line.state.label
    entry = _entry(found, goal)
    return ExplanationPage(
        heading=f"¿De dónde sale este {value}?" if line.result is not None else "¿Por qué no hay un porcentaje?",
        value=value,
        subject=f"Meta {goal.number}. {goal.text}",
        sentence=_OF_TYPE[ProgrammingType(goal.programming_type)],
        operands=tuple(_operands(line, value)),
        terms_title="",
        terms=(),
        note=_goal_note(found, line),
        up=(
            ("Plan de gestión", found.plan.get_absolute_url()),
            (f"Puntaje de T{found.quarter}", found.url("score")),
        ),
        measurement=_card(found, entry, line) if entry else None,
        measurement_note=_corrections(entry) if entry else "El reporte de este trimestre no tiene esta meta.",
        subject_url=goal.get_absolute_url(),
        proof=_proof(found, ("PT-05", "PT-14", "PT-16", "PT-17", "PT-18")),
        measured_title="Reporte",
    )


def _frozen(close: QuarterClose, plan: PlanGestion) -> list[Line]:
    rows = GoalResult.objects.filter(close=close, goal__plan=plan).order_by("goal__position", "goal__number")
    return [
        Line(row.goal, FigureState(row.state), row.weight, row.programmed, row.achieved, row.result, row.rating)
        for row in rows.select_related("goal__plan__unit")
    ]


def _live(report: QuarterReport | None) -> list[Line]:
    """The lines of a validated report; one that is not validated counts nowhere yet."""
    if report is None or report.status not in OFFICIAL:
        return []
    reading = reading_of(report)
    goals = {goal.number: goal for goal in report.plan.goals.in_force().select_related("plan__unit")}
    lines = []
    for year, results in reading.measured:
        one, weight = results[report.quarter - 1], None if year.eliminated else year.weight
        programmed = year.programmed[report.quarter - 1]
        lines.append(Line(goals[year.number], one.state, weight, programmed, one.achieved, one.result, one.rating))
    return lines


def _total(lines: Iterable[Line]) -> Decimal:
    return sum((one.weight for one in lines if one.counts and one.weight is not None), ZERO)


def _term(found: Quarter, line: Line, total: Decimal) -> Term:
    with exact():
        share = line.weight * line.rating / total if line.weight is not None and line.rating is not None else None
    return Term(
        code=str(line.goal.number),
        name=short(line.goal.text, 140),
        url=found.url("score-goal", line.goal.number),
        weight=weight_text(line.weight) or "–",
        value=percent_text(line.rating) if line.rating is not None else line.state.label,
        share=percent_text(share) if share is not None else "No cuenta",
        counts=share is not None,
    )


def _standing_words(found: Quarter) -> str:
    """What the report was when the score was made."""
    if found.unit is not None:
        if not found.unit.counted:
            return (
                "No había reporte validado al consolidar: sus metas programadas califican según la metodología (PT-17)."
            )
        late = (
            " Su reporte llegó extemporáneo; eso cuenta en la puntualidad y no en el puntaje."
            if found.unit.is_late
            else ""
        )
        return f"Los aportes se muestran con dos decimales y se suman con todos.{late}"
    if not found.lines and found.report is not None:
        state = ReportStatus(found.report.status).label
        return f"El reporte está en estado «{state}»: sus cifras cuentan cuando se validen."
    return "Preliminar: sale del reporte validado y puede cambiar hasta que el trimestre se consolide."


def _operands(line: Line, value: str) -> Iterable[Operand]:
    if line.result is None or line.programmed is None or line.achieved is None:
        return  # what was not reported is no zero in a formula
    goal, achieved = line.goal, format_magnitude(line.achieved)
    result = Operand(value, "resultado del trimestre", "=", True)
    if goal.programming_type == ProgrammingType.DECRECIENTE:
        yield Operand(f"{format_magnitude(goal.baseline)} − {achieved}", "bajó desde la línea base")
        yield Operand(f"{format_magnitude(goal.baseline)} − {format_magnitude(line.programmed)}", "debía bajar", "÷")
    else:
        yield Operand(achieved, f"ejecutado, {goal.unit}".rstrip(", "))
        yield Operand(format_magnitude(line.programmed), "programado", "÷")
    yield result


def _goal_note(found: Quarter, line: Line) -> str:
    if not line.counts:
        return f"No entra en el puntaje: {line.state.label.lower()}."
    total = _total(found.lines)
    share = _term(found, line, total).share
    weight = weight_text(line.weight)
    if total != HUNDRED and line.weight is not None:
        with exact():
            weight += f" ({percent_text(line.weight / total)} entre las que cuentan)"  # W-05
    missing = "No hay una cifra aceptada del trimestre y su plazo venció. " if line.state is FigureState.MISSING else ""
    return f"{missing}Califica {percent_text(line.rating)}; con ponderación {weight} aporta {share} al puntaje."


def _entry(found: Quarter, goal: Goal) -> GoalReport | None:
    rows = GoalReport.objects.filter(goal=goal, quarter=found.quarter)
    return rows.select_related("narrative", "changed_by", "report__plan__unit").first()


def _card(found: Quarter, entry: GoalReport, line: Line) -> MeasurementCard:
    """What the team reported: the words and the evidence of the version that the run took, if there is one."""
    said = _version(found, line.goal.number)
    words = said["analysis"] if said else entry.narrative.analysis
    achieved = line.achieved if line.achieved is not None else entry.achieved
    who = f"{entry.changed_by}, {long_instant(entry.changed_at)}" if entry.changed_by else "nadie todavía"
    return MeasurementCard(
        pk=entry.pk,
        on=entry.report.ended_on,
        date_text=f"T{found.quarter} de {found.plan.vigencia_id}",
        achieved=achieved if achieved is not None else ZERO,
        achieved_text=_amount(entry, achieved, line.goal.unit),
        analysis=words,
        recorded=who,
        url=f"{entry.report.url('report')}#meta-{line.goal.number}",
        version=entry.revision,
        evidence=tuple(_evidence(entry, said)),
    )


def _amount(entry: GoalReport, achieved: Decimal | None, unit: str) -> str:
    if achieved is None:
        return "Sin cifra"
    as_percent = is_percentage(unit)
    amount = f"{format_magnitude(achieved)}\u00a0%" if as_percent else f"{format_magnitude(achieved)} {unit}".strip()
    if entry.numerator is None or entry.denominator is None:
        return amount
    times = " × 100" if as_percent else ""
    return f"{format_magnitude(entry.numerator)} ÷ {format_magnitude(entry.denominator)}{times} = {amount}"


def _version(found: Quarter, number: int) -> dict[str, Any] | None:
    """What the last validated version that a run could take says of a goal."""
    if found.close is None or found.report is None:
        return None
    versions = ReportVersion.objects.filter(report=found.report, event=ReportVersion.Event.VALIDATED)
    taken = versions.filter(at__lte=found.close.closed_at).order_by("-number").first()
    goals: list[dict[str, Any]] = taken.content["goals"] if taken else []
    return next((goal for goal in goals if goal["number"] == number), None)


def _evidence(entry: GoalReport, said: dict[str, Any] | None) -> Iterable[EvidenceItem]:
    """The evidence in force, or that of the frozen version, also where another has replaced it since."""
    rows = Evidence.objects.filter(entry=entry).select_related("uploaded_by").order_by("uploaded_at")
    if said is None:
        return [evidence_item(row) for row in rows.in_force()]
    kept = {(one["sha256"], one["url"]) for one in said["evidence"]}
    return [evidence_item(row) for row in rows if (row.sha256, row.url) in kept]


def _corrections(entry: GoalReport) -> str:
    """What the OAP corrected, both values (WF19)."""
    rows = TechnicalCorrection.objects.filter(entry=entry).select_related("by").order_by("pk")
    return " ".join(
        f"La oficina de planeación corrigió «{ENTRY_BY_NAME[one.field].label}»: decía «{one.before or 'nada'}» y dice "
        f"«{one.after or 'nada'}». Motivo: {one.reason}"
        for one in rows
    )


def _proof(found: Quarter, rules: tuple[str, ...]) -> Proof:
    close, methodology = found.close, Metodologia.in_force(found.plan.vigencia_id).label
    if close is None:
        tone, word, verdict = (
            "course",
            "Preliminar",
            "El trimestre no está consolidado: tendrá huella cuando se cierre.",
        )
        kept = "Cifras del reporte validado, al día."
    else:
        tone, word, verdict = _verdict(found)
        kept = f"Corrida {close.run}, consolidada el {long_instant(close.closed_at)}. No cambia; una corrección es otra corrida."
        methodology = close.methodology.get("label", methodology)
    return Proof(
        kept_in=kept,
        methodology=methodology,
        rules=tuple((rule, QUARTER_RULES[rule]) for rule in rules),
        digest=close.digest if close else "",
        verdict_tone=tone,
        verdict_word=word,
        verdict=verdict,
    )


def _verdict(found: Quarter) -> tuple[str, str, str]:
    """Whether the frozen goals still give the frozen score; the digest of the whole run is proved on its own page."""
    if ratio_to_percent(average(found.lines)) == ratio_to_percent(found.score):
        return "ok", "Verificado", "Las ponderaciones y calificaciones guardadas dan el mismo puntaje."
    return "risk", "Alterado", "Las metas guardadas no dan el puntaje registrado. Avise a control interno."
