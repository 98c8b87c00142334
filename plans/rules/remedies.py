"""Changes that mend what does not cohere, offered only after they have been tried (PT-02…04, PT-20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from pes.rules.coherence import coherence_problems
from pes.rules.inference import infer_type
from pes.rules.numbers import ZERO, exact, format_magnitude
from pes.rules.problems import Problem, Refused
from pes.rules.programming import ProgrammingType, calculation_base, is_programmed
from plans.rules.fields import COMMON, QUARTER_NAMES
from plans.rules.goals import GoalFacts
from plans.rules.values import amended, show


class Change(NamedTuple):
    """One cell of the grid: goal number, name of a `GoalField`, and its text as a person would type it."""

    goal: int
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """Cells that, changed together, make a finding disappear; `label` is the Spanish text of the button."""

    label: str
    changes: tuple[Change, ...]


Placed = tuple[str, Problem]  # the name of a field, and what is wrong there
_Key = tuple[str, str]  # a field and the code of a problem
_Draft = tuple[str, dict[str, str]]  # a label, and texts by field


def programme_problems(goal: GoalFacts, *, discount_baseline: bool) -> list[Placed]:
    """In what a goal's programme contradicts its type or its magnitude, or lacks one of them (PT-01…04, PT-20)."""
    kind, magnitude = goal.programming_type, goal.magnitude
    found: list[Placed] = []
    if kind is None:
        fix = "Elija si los trimestres se suman, son constantes, crecen o decrecen."
        message = f"La meta {goal.number} no tiene tipo de programación."
        found.append(("programming_type", Problem("programming_type_missing", "PT-01", message, fix=fix)))
    if magnitude is None:
        fix = "Escriba lo que se espera en toda la vigencia."
        message = f"La meta {goal.number} no tiene magnitud total."
        found.append(("magnitude", Problem("magnitude_missing", "PT-02", message, fix=fix)))
    if kind is not None and magnitude is not None:
        problems = coherence_problems(
            kind, magnitude, goal.quarters, goal.baseline, discount_baseline=discount_baseline
        )
        found += [(_place(problem), problem) for problem in problems]
        found += _hints(goal, kind, incoherent=bool(problems))
    elif not any(goal.quarters):
        message = f"La meta {goal.number} no tiene nada programado en los trimestres."
        found.append(("t1", Problem("nothing_programmed", "PT-04", message, fix="Programe al menos una cantidad.")))
    return found


def programme_remedies(goal: GoalFacts, *, discount_baseline: bool) -> list[tuple[Placed, tuple[Remedy, ...]]]:
    """The programme's problems, each with what can be done about it with one click.

    Every remedy was tried: its problem disappears and nothing else is broken. None changes a common field of a shared
    goal, which belongs to the area that leads it (PG-08).
    """
    trial = _Trial(goal, programme_problems(goal, discount_baseline=discount_baseline), discount_baseline)
    return [(placed, trial.remedies(placed)) for placed in trial.problems]


@dataclass(slots=True)
class _Trial:
    """A goal on which changes are tried; each one once, however many problems it could mend."""

    goal: GoalFacts
    problems: list[Placed]
    discount_baseline: bool
    tried: dict[tuple[Change, ...], set[_Key] | None] = field(default_factory=dict)

    def remedies(self, placed: Placed) -> tuple[Remedy, ...]:
        """What mends one of the goal's problems."""
        propose = _PROPOSALS.get(placed[1].code)
        if propose is None:
            return ()
        mending: dict[tuple[Change, ...], Remedy] = {}
        for label, texts in propose(self.goal, placed[0]):
            changes = tuple(Change(self.goal.number, name, text) for name, text in texts.items())
            if changes not in self.tried:
                self.tried[changes] = None if self.goal.is_shared and COMMON & texts.keys() else self._left_by(texts)
            left = self.tried[changes]
            if left is not None and _key(placed) not in left:
                mending.setdefault(changes, Remedy(label, changes))
        return tuple(mending.values())

    def _left_by(self, texts: Mapping[str, str]) -> set[_Key] | None:
        """The problems that some texts leave; `None` when they cannot be, or bring a new one that blocks."""
        try:
            changed = amended(self.goal, texts)
        except Refused:  # the sum of the quarters may be more than a magnitude holds
            return None
        after = programme_problems(changed, discount_baseline=self.discount_baseline)
        known = {_key(placed) for placed in self.problems}
        if any(placed[1].blocking and _key(placed) not in known for placed in after):
            return None
        return {_key(placed) for placed in after}


def _key(placed: Placed) -> _Key:
    return placed[0], placed[1].code


def _place(problem: Problem) -> str:
    """The field a finding of `coherence_problems` speaks of: a quarter when its message begins with it."""
    quarter = problem.message[:2].lower()
    if quarter in QUARTER_NAMES:
        return quarter
    return {"baseline_missing": "baseline", "nothing_programmed": "t1"}.get(problem.code, "magnitude")


def _hints(goal: GoalFacts, kind: ProgrammingType, *, incoherent: bool) -> Iterator[Placed]:
    """PT-20: another type explains the quarters, and this one does not, or grows without growing."""
    fits = infer_type(goal.quarters, goal.magnitude)
    flat = kind is ProgrammingType.CRECIENTE and fits is ProgrammingType.CONSTANTE
    if fits is not None and fits is not kind and (incoherent or flat):
        message = f"Los trimestres son los de una meta de tipo {fits.label.lower()}, y dice {kind.label.lower()}."
        needs_baseline = fits is ProgrammingType.DECRECIENTE and goal.baseline is None
        written = " y escriba la línea base" if needs_baseline else ""
        fix = f"Cambie el tipo de programación a {fits.label}{written}, o corrija los trimestres."
        yield "programming_type", Problem("another_type_fits", "PT-20", message, blocking=False, fix=fix)


def _total(goal: GoalFacts) -> Decimal | None:
    """The magnitude that the quarters stand for: their sum, or the last level."""
    amounts = [goal.quarters[at] for at in _programmed(goal)]
    if not amounts:
        return None
    with exact():
        whole = sum((amount for amount in amounts if amount is not None), ZERO)
    return whole if goal.programming_type is ProgrammingType.SUMA else amounts[-1]


def _programmed(goal: GoalFacts) -> list[int]:
    """Places of the quarters that count, as `coherence_problems` counts them without discount."""
    kind = goal.programming_type
    if kind is None:
        return []
    base = calculation_base(kind, goal.baseline, discount=False)
    return [at for at, amount in enumerate(goal.quarters) if is_programmed(kind, amount, base)]


def _set_magnitude(goal: GoalFacts, _place: str) -> Iterator[_Draft]:
    total = _total(goal)
    if total is not None:
        yield f"Cambiar la magnitud a {format_magnitude(total)}", {"magnitude": show("magnitude", total)}


def _add_to_last(goal: GoalFacts, place: str) -> Iterator[_Draft]:
    """SUMA: what is missing goes to the last programmed quarter."""
    total = _total(goal)
    if total is None or goal.magnitude is None:
        return
    at = _programmed(goal)[-1]
    amount = goal.quarters[at] or ZERO
    with exact():
        gap = goal.magnitude - total
        amount += gap
    verb = f"Sumar {format_magnitude(gap)} a" if gap > 0 else f"Restar {format_magnitude(-gap)} de"
    yield f"{verb} T{at + 1}", {QUARTER_NAMES[at]: show("t1", amount)}
    yield from _set_magnitude(goal, place)


def _set_to_magnitude(goal: GoalFacts, place: str) -> Iterator[_Draft]:
    if goal.magnitude is not None:
        yield f"Poner {format_magnitude(goal.magnitude)} en {place.upper()}", {place: show(place, goal.magnitude)}
    yield from _set_magnitude(goal, place)


def _level_with_previous(goal: GoalFacts, place: str) -> Iterator[_Draft]:
    """A level that turns back stays at the one before; the last one goes to the magnitude."""
    at = QUARTER_NAMES.index(place)
    earlier = [index for index in _programmed(goal) if index < at]
    if goal.magnitude is not None:
        yield f"Poner {format_magnitude(goal.magnitude)} en {place.upper()}", {place: show(place, goal.magnitude)}
    if earlier:
        level = goal.quarters[earlier[-1]]
        shown, text = format_magnitude(level), show(place, level)
        yield f"Dejar {place.upper()} en {shown}", {place: text}
        yield f"Dejar {place.upper()} y la magnitud en {shown}", {place: text, "magnitude": text}


def _leave_out(goal: GoalFacts, place: str) -> Iterator[_Draft]:
    yield f"Dejar {place.upper()} sin programar", {place: "NP"}
    if goal.magnitude is not None:
        yield f"Poner {format_magnitude(goal.magnitude)} en {place.upper()}", {place: show(place, goal.magnitude)}


def _programme_something(goal: GoalFacts, _place: str) -> Iterator[_Draft]:
    if goal.magnitude is None:
        return
    shown, text = format_magnitude(goal.magnitude), show("t1", goal.magnitude)
    if goal.programming_type is ProgrammingType.CONSTANTE:
        yield f"Programar {shown} en los cuatro trimestres", dict.fromkeys(QUARTER_NAMES, text)
    else:
        yield f"Programar {shown} en T4", {"t4": text}


def _set_type(goal: GoalFacts, _place: str) -> Iterator[_Draft]:
    fits = infer_type(goal.quarters, goal.magnitude)
    if fits is not None:
        yield f"Cambiar el tipo a {fits.label}", {"programming_type": fits.label}


_PROPOSALS: dict[str, Callable[[GoalFacts, str], Iterator[_Draft]]] = {
    "programming_type_missing": _set_type,
    "another_type_fits": _set_type,
    "magnitude_missing": _set_magnitude,
    "magnitude_not_positive": _set_magnitude,
    "magnitude_not_above_baseline": _set_magnitude,
    "magnitude_not_below_baseline": _set_magnitude,
    "quarters_do_not_add_up": _add_to_last,
    "constant_differs": _set_to_magnitude,
    "last_level_differs": _set_to_magnitude,
    "level_falls": _level_with_previous,
    "level_rises": _level_with_previous,
    "behind_baseline": _leave_out,
    "negative_programme": _leave_out,
    "nothing_programmed": _programme_something,
}
