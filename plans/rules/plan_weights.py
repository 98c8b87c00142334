"""The weights of a plan: what is wrong with their sum, and who takes those of a goal that goes (W-02, W-05, PG-09h)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pes.rules.numbers import HUNDRED, ZERO, exact, round_half_up, spanish_figures
from pes.rules.problems import Problem, Refused
from pes.rules.weights import CENT, proportional, sum_problem
from plans.rules.goals import GoalFacts, GoalKind, GoalStatus
from plans.rules.remedies import Change, Remedy
from plans.rules.values import show


@dataclass(frozen=True, slots=True)
class WeightGroup:
    """Goals whose weights add up to `target` percentage points, the eliminated ones included (W-02b)."""

    code: str
    label: str
    target: Decimal
    goals: tuple[GoalFacts, ...]

    @property
    def active(self) -> tuple[GoalFacts, ...]:
        """The goals whose weight may still change."""
        return tuple(goal for goal in self.goals if goal.status is GoalStatus.ACTIVE)

    @property
    def total(self) -> Decimal:
        """What they add up to; a goal without weight adds nothing."""
        with exact():
            return sum((goal.weight for goal in self.goals if goal.weight is not None), ZERO)

    @property
    def left_to_active(self) -> Decimal:
        """What the eliminated goals leave of the target to the others."""
        with exact():
            gone = sum((goal.weight or ZERO for goal in self.goals if goal.status is not GoalStatus.ACTIVE), ZERO)
            return self.target - gone


def weight_groups(goals: Sequence[GoalFacts], technical_weight: Decimal | None) -> list[WeightGroup]:
    """The groups of a plan: everything to 100, or the técnicas to their weight and the others to the rest (REP-09)."""
    present = tuple(goal for goal in goals if goal.status is not GoalStatus.REMOVED)
    if technical_weight is None:
        return [WeightGroup("weights", "Las ponderaciones", HUNDRED, present)]
    technical = tuple(goal for goal in present if goal.kind is GoalKind.TECNICA)
    others = tuple(goal for goal in present if goal.kind is not GoalKind.TECNICA)
    return [
        WeightGroup("technical_weights", "Las metas técnicas", technical_weight, technical),
        WeightGroup("other_weights", "Las metas transversales y locales", HUNDRED - technical_weight, others),
    ]


def weight_sum_problems(
    goals: Sequence[GoalFacts], technical_weight: Decimal | None
) -> list[tuple[Problem, tuple[Remedy, ...]]]:
    """Each group that misses its sum, with what would mend it (W-02)."""
    if any(goal.weight is not None and not _is_share(goal.weight) for goal in goals):
        return []  # a weight out of any scale would only make the difference unreadable
    groups = weight_groups(goals, technical_weight)
    return [(problem, tuple(_remedies(group))) for group in groups if (problem := _sum_problem(group))]


def weights_after_removal(
    goals: Sequence[GoalFacts], number: int, *, technical_weight: Decimal | None
) -> dict[int, Decimal]:
    """New weights, by goal number, of those that take the weight of a removed one (PG-09h, W-05).

    They are the other active goals of its group, in proportion; eliminated ones keep theirs (W-02b). Raises `Refused`
    when there is nobody to take it, `LookupError` for a goal that is not active in the plan.
    """
    for group in weight_groups(goals, technical_weight):
        if number in (goal.number for goal in group.active):
            break
    else:
        raise LookupError(f"goal {number} is not active")
    heirs = {goal.number: goal.weight for goal in group.active if goal.number != number and goal.weight is not None}
    if not heirs:
        where = "en el plan" if technical_weight is None else "en su grupo"
        message = f"La meta {number} es la única activa {where}: ninguna otra puede recibir su ponderación."
        raise Refused(
            [Problem("nobody_takes_the_weight", "W-05", message, fix="Pida modificarla en vez de eliminarla.")]
        )
    return proportional(heirs, sum((goal.weight or ZERO for goal in group.active), ZERO))


def _sum_problem(group: WeightGroup) -> Problem | None:
    if group.code == "weights":
        return sum_problem(goal.weight for goal in group.goals if goal.weight is not None)
    missing = group.target - group.total
    if not missing:
        return None
    gap, target = _points(abs(missing)), _points(group.target)
    code = f"{group.code}_do_not_add_up"
    if not group.goals:
        message = f"{group.label} deben sumar {target} y el plan no tiene ninguna."
        return Problem(code, "W-02", message, fix="Agregue una, o consulte los grupos de la metodología con la OAP.")
    return Problem(
        code,
        "W-02",
        f"{group.label} suman {_points(group.total)} y deben sumar {target}: "
        f"{'faltan' if missing > 0 else 'sobran'} {gap}.",
        fix=f"{'Agregue' if missing > 0 else 'Quite'} {gap} puntos porcentuales.",
    )


def _remedies(group: WeightGroup) -> Iterator[Remedy]:
    """What brings a group to its target: the goals without weight take the gap; else the heaviest one, or all."""
    gap = group.target - group.total
    unweighted = [goal.number for goal in group.active if goal.weight is None]
    weights = {goal.number: goal.weight for goal in group.active if goal.weight is not None}
    if unweighted:
        if gap > 0:
            several = f"Repartir {_points(gap)} entre las {len(unweighted)} metas sin ponderación"
            label = several if len(unweighted) > 1 else f"Poner {_points(gap)} a la meta {unweighted[0]}"
            yield from _remedy(label, group, dict.fromkeys(unweighted, CENT), gap)
        else:
            everyone = dict.fromkeys([goal.number for goal in group.active], CENT)
            yield from _remedy("Poner la misma ponderación a todas", group, everyone, group.left_to_active)
    elif weights:
        heaviest = max(weights, key=lambda number: (weights[number], -number))
        verb = f"Sumar {_points(gap)} a" if gap > 0 else f"Restar {_points(-gap)} de"
        label = f"{verb} la meta {heaviest}, la de mayor peso"
        yield from _remedy(label, group, {heaviest: CENT}, weights[heaviest] + gap)
        if len(weights) > 1:
            yield from _remedy("Repartir proporcionalmente", group, weights, group.left_to_active)


def _remedy(label: str, group: WeightGroup, weights: Mapping[int, Decimal], total: Decimal) -> Iterator[Remedy]:
    """The remedy that shares `total` among goals in proportion to `weights`, if each one gets a legal share."""
    if total <= 0:
        return
    now = {goal.number: goal.weight for goal in group.active}
    shares = proportional(weights, total)
    if all(_is_share(share) for share in shares.values()):
        changes = (Change(number, "weight", show("weight", to)) for number, to in shares.items() if to != now[number])
        yield Remedy(label, tuple(changes))


def _is_share(weight: Decimal) -> bool:
    return weight.is_finite() and ZERO < weight <= HUNDRED and weight == round_half_up(weight, 2)


def _points(value: Decimal) -> str:
    return spanish_figures(round_half_up(value, 2), 2)
