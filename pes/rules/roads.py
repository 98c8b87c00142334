"""Roads: a template of phases, activities and weights, and how progress adds up (rules LC-01, GP-01 to GP-04)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pes.rules.gates import GateCondition
from pes.rules.numbers import HUNDRED, ZERO, exact, format_magnitude
from pes.rules.problems import Problem
from pes.rules.road_states import OPEN, ActivityState, PhaseState
from pes.rules.weights import proportional

TO_COMPLETE = "por completar"
HUNDREDTH = Decimal("0.01")
FIRST_YEAR, LAST_YEAR = 1990, 2100


class ActivityKind(StrEnum):
    """What a line of a road is; products are shown beside the rest and count for no percentage."""

    ACTIVITY = "activity"
    TRANSVERSAL = "transversal"
    HITO = "hito"
    PRODUCT = "product"

    @property
    def label(self) -> str:
        """Spanish name."""
        return {
            "activity": "Actividad",
            "transversal": "Actividad transversal",
            "hito": "Hito",
            "product": "Producto esperado",
        }[self.value]


@dataclass(frozen=True, slots=True)
class ActivityTemplate:
    """A line of a template. `weight` is in percentage points of its phase, `weight_in_whole` of the whole road.

    `text` is empty where the source lost the name (GP-03); `doubt` says which words or figures are not certain.
    """

    code: str
    kind: ActivityKind
    text: str
    doubt: str = ""
    weight: Decimal | None = None
    weight_in_whole: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StepTemplate:
    """A step of a phase with its activities; `note` says how often it comes back."""

    code: str
    name: str
    note: str
    activities: tuple[ActivityTemplate, ...]


@dataclass(frozen=True, slots=True)
class PhaseTemplate:
    """A phase: what it waits for (`after`, codes of phases), its gate, its steps, and the lines that are of no step."""

    code: str
    number: int
    name: str
    purpose: str
    doubt: str
    after: tuple[str, ...]
    weight: Decimal | None
    gate: str
    conditions: tuple[GateCondition, ...]
    participants: tuple[str, ...]
    steps: tuple[StepTemplate, ...]
    lines: tuple[ActivityTemplate, ...]

    @property
    def everything(self) -> tuple[ActivityTemplate, ...]:
        """Every line of the phase, those of its steps first."""
        return tuple(one for step in self.steps for one in step.activities) + self.lines


@dataclass(frozen=True, slots=True)
class RoadTemplate:
    """A road as data: code, Spanish name, where it comes from, whether its lines carry weights, its phases."""

    code: str
    name: str
    source: str
    is_weighted: bool
    phases: tuple[PhaseTemplate, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of a line for arithmetic: its state, its progress 0–100 and its weight in the phase."""

    kind: ActivityKind
    state: ActivityState
    progress: Decimal
    weight: Decimal | None = None


def weight_in_whole(weight_in_phase: Decimal, phase_weight: Decimal) -> Decimal:
    """GP-01: percentage points of the whole that a hito is worth, unrounded."""
    with exact():
        return weight_in_phase * phase_weight / HUNDRED


def shares_of_whole(weights: Mapping[str, Decimal | None], phase_weight: Decimal | None) -> dict[str, Decimal]:
    """GP-01 to be read: code of each hito of a phase → its percentage points of the whole, with two decimals.

    The cents left over by rounding go to the largest remainders, as in the column that the source prints, so that what
    is shown adds up to the weight of the phase. Empty where the phase or its lines carry no weights.
    """
    known = {code: weight for code, weight in weights.items() if weight}
    if phase_weight is None or not known:
        return {}
    nothing = {code: ZERO for code, weight in weights.items() if weight == ZERO}
    return proportional(known, phase_weight) | nothing


def template_problems(template: RoadTemplate) -> Iterator[Problem]:
    """What keeps a template from being a road; a weighted one must add up, phase by phase and in the whole (GP-01)."""
    codes = [phase.code for phase in template.phases]
    if not codes:
        yield Problem("road_without_phases", "LC-01", f"«{template.name}» no tiene fases.", fix="Agregue las fases.")
    for phase in template.phases:
        unknown = sorted(set(phase.after) - set(codes))
        if unknown:
            message = f"La fase {phase.code} espera a {', '.join(unknown)}, que no existe en el camino."
            yield Problem("phase_unknown", "LC-01", message, fix="Corrija la plantilla.")
    repeated = _repeated(one.code for phase in template.phases for one in phase.everything)
    if repeated:
        message = f"El código {repeated[0]} está dos veces en «{template.name}»."
        yield Problem("code_repeated", "LC-01", message, fix="Cada actividad o hito lleva su propio código.")
    if template.is_weighted:
        yield from _weight_problems(template)


def phase_progress(lines: Iterable[Line]) -> Decimal | None:
    """Percentage 0–100 of a phase, unrounded; None when nothing in it counts.

    Weighted lines: Σ progress × weight / 100 (GP-01). Without weights: the mean of what applies. Products count for
    neither.
    """
    counted = [line for line in lines if line.kind is not ActivityKind.PRODUCT]
    with exact():
        if any(line.weight is not None for line in counted):
            return sum((line.progress * (line.weight or ZERO) for line in counted), ZERO) / HUNDRED
        applying = [line.progress for line in counted if line.state is not ActivityState.NOT_APPLICABLE]
        return sum(applying, ZERO) / len(applying) if applying else None


def whole_progress(phases: Iterable[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """Percentage 0–100 of a weighted road, unrounded, from (progress, weight) of its phases (GP-01).

    None where the phases carry no weights: nobody said how much of a PES each of its six phases is.
    """
    rows = list(phases)
    if not rows or any(weight is None for _, weight in rows):
        return None
    with exact():
        return sum(((progress or ZERO) * (weight or ZERO) for progress, weight in rows), ZERO) / HUNDRED


def phase_state(*, is_closed: bool, after: Iterable[str], closed: Collection[str]) -> PhaseState:
    """LC-01: a phase opens when those it waits for are closed; `closed` has the codes of the closed phases."""
    if is_closed:
        return PhaseState.CLOSED
    return PhaseState.OPEN if all(code in closed for code in after) else PhaseState.WAITING


def waiting_problems(phase: str, state: PhaseState, after: Iterable[str]) -> Iterator[Problem]:
    """LC-01: nothing is reported or closed in a phase that has not opened yet."""
    if state is PhaseState.WAITING:
        names = ", ".join(after)
        message = f"La fase {phase} no se ha abierto: se abre cuando se cierre {names}."
        yield Problem(
            "phase_waiting", "LC-01", message, fix=f"Cierre antes {names}; las fechas sí se pueden programar."
        )


def progress_problems(progress: Decimal, *, was: Decimal, note: str) -> Iterator[Problem]:
    """GP-04: progress goes from 0 to 100 with two decimals; to lower it asks why."""
    if not ZERO <= progress <= HUNDRED or progress != round(progress, 2):
        message = f"«{format_magnitude(progress)}» no es un avance."
        yield Problem("progress_not_valid", "GP-04", message, fix="Escriba de 0 a 100, con dos decimales como máximo.")
    elif progress < was and not note.strip():
        message = f"El avance bajaría de {format_magnitude(was)} a {format_magnitude(progress)}."
        yield Problem("reason_missing", "GP-04", message, fix="Escriba en la nota por qué se corrige.")


def day_problems(on: date, today: date, *, earliest: date | None = None) -> Iterator[Problem]:
    """What is reported has happened already, and not before its road: `earliest` is the first day it may be of."""
    if not _is_plausible(on):
        yield _odd_year(on)
    elif on > today:
        yield Problem("date_in_future", "LC-02", "La fecha está en el futuro.", fix="Escriba hoy o un día anterior.")
    elif earliest is not None and on < earliest:
        message = f"El {on:%d/%m/%Y} es anterior al período de este camino."
        yield Problem("date_too_early", "LC-02", message, fix=f"Escriba un día desde el {earliest:%d/%m/%Y}.")


def first_day(opened_on: date, first_year: int | None) -> date | None:
    """The first day of which a road may tell: its period begins on 1 January of `first_year`.

    A road opened before its period (the next PES is prepared under this one) tells from its opening. None where nobody
    said its period.
    """
    return min(date(first_year, 1, 1), opened_on) if first_year is not None else None


def goes_back(on: date, progress: Decimal, *, last_on: date | None, done_on: date | None) -> bool:
    """Whether a report contradicts what was said before: it is dated before the last one, or moves the day of the end."""
    if last_on is not None and on < last_on:
        return True
    return done_on is not None and progress == HUNDRED and on != done_on


def order_problems(
    on: date, progress: Decimal, *, last_on: date | None, done_on: date | None, note: str
) -> Iterator[Problem]:
    """GP-04: reports come one after another; one that goes back corrects what was said and says why."""
    if note.strip() or not goes_back(on, progress, last_on=last_on, done_on=done_on):
        return
    fix = "Escriba en la nota por qué se corrige, o cambie la fecha."
    if last_on is not None and on < last_on:
        message = f"La fecha es anterior a la del último reporte, que es del {last_on:%d/%m/%Y}."
    else:
        message = f"Ya estaba terminado el {done_on:%d/%m/%Y}; así quedaría terminado otro día."
    yield Problem("reason_missing", "GP-04", message, fix=fix)


def schedule_problems(name: str, begins: date | None, ends: date | None) -> Iterator[Problem]:
    """A planned activity has both days, in order and of a year that somebody may have meant."""
    odd = [day for day in (begins, ends) if day is not None and not _is_plausible(day)]
    if odd:
        yield _odd_year(odd[0], f"{name}: ")
    elif (begins is None) != (ends is None):
        message = f"{name}: falta una de las dos fechas."
        yield Problem("date_missing", "LC-02", message, fix="Escriba las dos, o ninguna si aún no se programa.")
    elif begins and ends and ends < begins:
        message = f"{name}: termina antes de empezar."
        yield Problem("dates_crossed", "LC-02", message, fix="La fecha final debe ser igual o posterior a la inicial.")


def _is_plausible(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _odd_year(day: date, where: str = "") -> Problem:
    message = f"{where}el año {day.year} no puede ser."
    fix = f"Escriba un año de {FIRST_YEAR} a {LAST_YEAR}."
    return Problem("year_not_valid", "LC-02", message[0].upper() + message[1:], fix=fix)


def is_late(state: ActivityState, planned_until: date | None, today: date) -> bool:
    """Whether an open line has passed the day on which it was to end."""
    return state in OPEN and planned_until is not None and planned_until < today


def read_template(raw: Mapping[str, object]) -> RoadTemplate:
    """A template from its JSON (see fixtures/camino_pes.json). Raises KeyError or ValueError when it is malformed."""
    return RoadTemplate(
        code=str(raw["code"]),
        name=str(raw["name"]),
        source=str(raw["source"]),
        is_weighted=bool(raw["is_weighted"]),
        phases=tuple(_phase(one) for one in _objects(raw["phases"])),
    )


def _phase(raw: Mapping[str, object]) -> PhaseTemplate:
    gate = raw.get("gate")
    gate = gate if isinstance(gate, Mapping) else {}
    steps = (_step(one) for one in _objects(raw.get("steps", ())))
    return PhaseTemplate(
        code=str(raw["code"]),
        number=int(str(raw["number"])),
        name=str(raw["name"]),
        purpose=str(raw.get("purpose", "")),
        doubt=str(raw.get("doubt", "")),
        after=tuple(_words(raw.get("after", ()))),
        weight=_points(raw.get("weight")),
        gate=str(gate.get("code", "")),
        conditions=tuple(
            GateCondition(str(one["code"]), str(one["text"])) for one in _objects(gate.get("conditions", ()))
        ),
        participants=tuple(_words(raw.get("participants", ()))),
        steps=tuple(steps),
        lines=tuple(
            _line(one, kind)
            for name, kind in (
                ("transversals", ActivityKind.TRANSVERSAL),
                ("hitos", ActivityKind.HITO),
                ("products", ActivityKind.PRODUCT),
            )
            for one in _objects(raw.get(name, ()))
        ),
    )


def _step(raw: Mapping[str, object]) -> StepTemplate:
    lines = tuple(_line(one, ActivityKind.ACTIVITY) for one in _objects(raw["activities"]))
    return StepTemplate(str(raw["code"]), str(raw["name"]), str(raw.get("note", "")), lines)


def _line(raw: Mapping[str, object], kind: ActivityKind) -> ActivityTemplate:
    weight, whole = _points(raw.get("weight")), _points(raw.get("weight_in_whole"))
    return ActivityTemplate(str(raw["code"]), kind, str(raw["text"]), str(raw.get("doubt", "")), weight, whole)


def _objects(raw: object) -> Sequence[Mapping[str, object]]:
    if not isinstance(raw, Sequence) or not all(isinstance(one, Mapping) for one in raw):
        raise ValueError("expected a list of objects")
    return raw


def _words(raw: object) -> Iterator[str]:
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise ValueError("expected a list of texts")
    yield from (str(one) for one in raw)


def _points(raw: object) -> Decimal | None:
    """Percentage points written as text, so that no float ever stands between the file and the rule."""
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise ValueError(f"a weight must be written as text, not {raw!r}")
    return Decimal(raw)


def _weight_problems(template: RoadTemplate) -> Iterator[Problem]:
    whole = sum((phase.weight or ZERO for phase in template.phases), ZERO)
    if whole != HUNDRED:
        message = f"Los pesos de las fases de «{template.name}» suman {format_magnitude(whole, 2)}, no 100,00."
        yield Problem("whole_weights", "GP-01", message, fix="Corrija los pesos de las fases.")
    for phase in template.phases:
        hitos = [one for one in phase.everything if one.kind is not ActivityKind.PRODUCT]
        total = sum((one.weight or ZERO for one in hitos), ZERO)
        if total != HUNDRED:
            message = (
                f"Los pesos de la fase {phase.code}, «{phase.name}», suman {format_magnitude(total, 2)}, no 100,00."
            )
            yield Problem("phase_weights", "GP-01", message, fix="Corrija los pesos de los hitos de esa fase.")
        yield from _worth_problems(phase, hitos)


def _worth_problems(phase: PhaseTemplate, hitos: Sequence[ActivityTemplate]) -> Iterator[Problem]:
    """The points of the whole that a source prints are those of GP-01, but for how its column was rounded to add up."""
    fix = "Es el peso en la fase por el de la fase, entre 100."
    for one in hitos:
        worth = weight_in_whole(one.weight or ZERO, phase.weight or ZERO)
        if one.weight_in_whole is not None and abs(worth - one.weight_in_whole) >= HUNDREDTH:
            said = f"{format_magnitude(worth)} y la plantilla dice {format_magnitude(one.weight_in_whole)}"
            yield Problem("weight_in_whole", "GP-01", f"El hito {one.code} vale {said} del camino.", fix=fix)
    printed = [one.weight_in_whole for one in hitos if one.weight_in_whole is not None]
    if len(printed) == len(hitos) and sum(printed, ZERO) != phase.weight:
        said = f"{format_magnitude(sum(printed, ZERO), 2)}, no {format_magnitude(phase.weight, 2)}"
        message = f"Lo que valen del camino los hitos de la fase {phase.code}, «{phase.name}», suma {said}."
        yield Problem("phase_weight_in_whole", "GP-01", message, fix=fix)


def _repeated(codes: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [code for code in codes if code in seen or seen.add(code)]  # type: ignore[func-returns-value]
