"""¿De dónde sale este porcentaje? One reading of a stored result, level by level, down to the measurement.

Nothing is computed here: ratings and contributions are those of the stored result, and only their words are added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404

from evaluation.models import Snapshot
from evaluation.pages.dashboard import measured_weight_text, short, weight_text
from evaluation.pages.names import IndicatorName, indicator_names, objective_texts
from evaluation.pages.reading import Reading, percent_text, read
from evaluation.pages.selection import Selection
from evaluation.pages.wording import RULES, indicator_formula, unmeasured_sentence
from evaluation.rules.results import IndicatorResult, ObjectiveResult
from pes.asked import whole_number
from pes.dates import long_date
from pes.rules.numbers import format_magnitude
from tracking.cards import MeasurementCard, measurement_cards, with_words


@dataclass(frozen=True)
class Term:
    """One term of a sum, with the way one level down."""

    code: str
    name: str
    url: str
    weight: str
    value: str
    share: str
    counts: bool


@dataclass(frozen=True)
class Operand:
    """A number of the formula, the sign before it, and what it is."""

    value: str
    label: str = ""
    sign: str = ""
    is_result: bool = False


@dataclass(frozen=True)
class Proof:
    """Which computation says so, and whether it still says the same."""

    kept_in: str
    methodology: str
    rules: tuple[tuple[str, str], ...]
    digest: str
    verdict_tone: str
    verdict_word: str
    verdict: str


@dataclass(frozen=True)
class ExplanationPage:
    """A figure, its formula with the numbers, its terms, its measurement and its proof."""

    heading: str
    value: str
    subject: str
    sentence: str
    operands: tuple[Operand, ...]
    terms_title: str
    terms: tuple[Term, ...]
    note: str
    up: tuple[tuple[str, str], ...]
    measurement: MeasurementCard | None
    measurement_note: str
    subject_url: str
    proof: Proof
    measured_title: str = "Medición"
    subject_label: str = "Ver la ficha"


def explanation_page(selection: Selection, objective: str, indicator: str) -> ExplanationPage:
    """Explain an indicator, an objective, or the index when neither is given. Http404 for an unknown one."""
    if selection.chosen is None:
        raise Http404
    reading = read(selection.chosen)
    if indicator:
        return _of_indicator(selection, reading, indicator)
    if objective:
        return _of_objective(selection, reading, objective)
    return _of_index(selection, reading)


def _of_index(selection: Selection, reading: Reading) -> ExplanationPage:
    texts, objectives = objective_texts(selection.plan), reading.result.objectives
    weighed = any(one.weight is not None for one in objectives)
    terms = tuple(
        Term(
            f"O{one.number}",
            short(texts.get(one.number, "")),
            selection.url("explanation", objetivo=one.number),
            (weight_text(one.weight) or "–") if weighed else "igual",
            percent_text(one.compliance),
            "",
            one.compliance is not None and (not weighed or one.weight is not None),
        )
        for one in objectives
    )
    counted = [term for term in terms if term.counts]
    value = percent_text(reading.result.index)
    how = "Σ (peso × cumplimiento) ÷ Σ pesos" if weighed else "Suma de cumplimientos ÷ número de objetivos"
    return ExplanationPage(
        heading=f"¿De dónde sale este {value}?" if counted else "¿Por qué el índice no tiene información?",
        value=value,
        subject=f"Índice del sector {selection.plan.sector.name}",
        sentence=f"{how}, sobre los objetivos con información. Es un índice calculado por la herramienta: la fuente no "
        "publica pesos entre objetivos ni un total del sector.",
        operands=_mean_operands(counted, value, weighed),
        terms_title="Objetivos del sector",
        terms=terms,
        note="Un objetivo sin información no cuenta como cero: no entra en el promedio.",
        up=(),
        measurement=None,
        measurement_note="",
        subject_url=selection.url("dashboard"),
        proof=_proof(reading, ("PES-10", "W-06", "PT-18")),
    )


def _mean_operands(counted: list[Term], value: str, weighed: bool) -> tuple[Operand, ...]:
    if not counted:
        return ()
    texts = [f"{term.weight} × {term.value}" if weighed else term.value for term in counted]
    if len(texts) > 1:
        texts[0], texts[-1] = f"({texts[0]}", f"{texts[-1]})"
    parts = [Operand(text, counted[at].code, "+" if at else "") for at, text in enumerate(texts)]
    divisor = Operand("Σ pesos" if weighed else str(len(counted)), "" if weighed else "objetivos con información", "÷")
    return (*parts, divisor, Operand(value, "índice", "=", True))


def _of_objective(selection: Selection, reading: Reading, number: str) -> ExplanationPage:
    asked = whole_number(number)
    result = reading.objective(asked) if asked is not None else None
    texts = objective_texts(selection.plan)
    if result is None or result.number not in texts:
        raise Http404
    terms = tuple(_terms(selection, result, indicator_names(selection.plan)))
    counted, value = [term for term in terms if term.counts], percent_text(result.compliance)
    operands = [Operand(term.share, f"aporte {term.code}", "+" if at else "") for at, term in enumerate(counted)]
    return ExplanationPage(
        heading=f"¿De dónde sale este {value}?" if counted else "¿Por qué no hay un porcentaje?",
        value=value if counted else result.state.objective_label,
        subject=f"Objetivo {result.number}. {texts[result.number]}",
        sentence="Σ (ponderación × resultado) ÷ Σ ponderaciones de los indicadores que cuentan; cada resultado entra con "
        f"el tope de la metodología. {measured_weight_text(result)}.",
        operands=(*operands, Operand(value, f"objetivo {result.number}", "=", True)) if counted else (),
        terms_title="Indicadores del objetivo",
        terms=terms,
        note="Los aportes se muestran con dos decimales y se suman con todos: la cifra final se redondea una sola vez.",
        up=(("Índice del sector", selection.url("explanation")),),
        measurement=None,
        measurement_note="",
        subject_url=selection.url("objective", result.number),
        proof=_proof(reading, ("PES-04", "PES-05", "PES-09", "W-05", "PT-17", "PT-18")),
    )


def _terms(selection: Selection, result: ObjectiveResult, names: dict[str, IndicatorName]) -> Iterable[Term]:
    for one in result.indicators:
        name = names.get(one.key)
        yield Term(
            code=name.code if name else one.key,
            name=name.name if name else "Indicador que ya no está en el plan",
            url=selection.url("explanation", indicador=one.key) if name else "",
            weight=weight_text(one.weight) or "–",
            value=percent_text(one.rating) if one.rating is not None else one.state.label,
            share=percent_text(one.contribution) if one.contribution is not None else "No cuenta",
            counts=one.contribution is not None,
        )


def _of_indicator(selection: Selection, reading: Reading, key: str) -> ExplanationPage:
    found = ((o, i) for o in reading.result.objectives for i in o.indicators if i.key == key)
    objective, result = next(found, (None, None))
    name = indicator_names(selection.plan).get(key)
    if objective is None or result is None or name is None:
        raise Http404
    value = percent_text(result.progress) if result.progress is not None else result.state.label
    card = _measurement(name, result)
    sentence, operands = indicator_formula(result, reading.policy, name.unit)
    return ExplanationPage(
        heading=f"¿De dónde sale este {value}?" if result.progress is not None else "¿Por qué no hay un porcentaje?",
        value=value,
        subject=f"Indicador {name.code}. {name.name}",
        sentence=sentence,
        operands=tuple(Operand(*operand) for operand in operands),
        terms_title="",
        terms=(),
        note=_indicator_note(objective, result),
        up=(
            ("Índice del sector", selection.url("explanation")),
            (f"Objetivo {objective.number}", selection.url("explanation", objetivo=objective.number)),
        ),
        measurement=card,
        measurement_note=_measurement_note(reading, result, card),
        subject_url=selection.url("indicator", key),
        proof=_proof(reading, ("PES-03", "PT-05", "PT-14", "PT-17", "PT-18")),
    )


def _indicator_note(objective: ObjectiveResult, result: IndicatorResult) -> str:
    if result.contribution is None:
        return f"No entra en el promedio del objetivo {objective.number}: {result.state.label.lower()}."
    return (
        f"Entra al objetivo {objective.number} con ponderación {weight_text(result.weight)} y le aporta "
        f"{percent_text(result.contribution)}."
    )


def _measurement(name: IndicatorName, result: IndicatorResult) -> MeasurementCard | None:
    if result.measured_on is None:
        return None
    cards = measurement_cards(with_words(name.pk).filter(on=result.measured_on), name.unit)
    return cards[0] if cards else None


def _measurement_note(reading: Reading, result: IndicatorResult, card: MeasurementCard | None) -> str:
    if card is None:
        return unmeasured_sentence(result, reading.is_consolidated)
    if result.achieved is not None and card.achieved != result.achieved:
        return (
            f"El corte se calculó con {format_magnitude(result.achieved)}; después se corrigió a {card.achieved_text}. "
            "La cifra del corte cambia solo con una nueva corrida."
        )
    if result.measured_on != reading.on:
        return f"Es la última medición de la vigencia hasta el corte: {long_date(result.measured_on)}."
    return ""


def _proof(reading: Reading, rules: tuple[str, ...]) -> Proof:
    snapshot = reading.snapshot
    tone, word, verdict = _verdict(snapshot)
    return Proof(
        kept_in=reading.kept_in,
        methodology=reading.methodology,
        rules=tuple((rule, RULES[rule]) for rule in rules),
        digest=snapshot.digest if snapshot else "",
        verdict_tone=tone,
        verdict_word=word,
        verdict=verdict,
    )


def _verdict(snapshot: Snapshot | None) -> tuple[str, str, str]:
    if snapshot is None:
        return "course", "En curso", "El corte está abierto: tendrá huella cuando se consolide."
    if snapshot.is_intact:
        return "ok", "Verificado", "Los datos de entrada, la metodología y el resultado guardados dan la misma huella."
    return "risk", "Alterado", "Los datos guardados no dan la huella registrada. Avise a control interno."
