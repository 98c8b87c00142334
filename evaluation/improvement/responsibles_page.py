"""The table of responsible people: goals and indicators by objective, each with its box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evaluation.improvement.forms import OwnersForm
from evaluation.improvement.responsibilities import candidates, facts_of, owners_of
from pes.edits import fingerprint
from pes.models import GoalKind, Indicator, SectorGoal, SectorPlan, User


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """A goal or an indicator, with the box of its responsible person, or their name."""

    label: str
    text: str
    entity: str
    is_goal: bool
    url: str
    owner: str
    box: Any


@dataclass(frozen=True, slots=True)
class ObjectiveBlock:
    """The rows of an objective."""

    title: str
    rows: tuple[OwnerRow, ...]


@dataclass(frozen=True, slots=True)
class OwnersPage:
    """The whole table."""

    blocks: tuple[ObjectiveBlock, ...]
    form: OwnersForm
    people: tuple[tuple[str, str], ...]
    summary: str


def things(plan: SectorPlan) -> tuple[list[SectorGoal], list[Indicator]]:
    """Goals and indicators of a plan, in order; two queries."""
    goals = SectorGoal.objects.filter(objective__plan=plan).select_related("objective")
    indicators = Indicator.objects.filter(plan=plan).select_related("entity", "plan__sector")
    return list(goals.order_by("objective__number", "kind", "code")), list(indicators.order_by("key"))


def owners_form(plan: SectorPlan, data: Any = None) -> OwnersForm:
    """The form with what is stored; a constant number of queries."""
    goals, indicators = things(plan)
    return _form(plan, goals, indicators, data)


def owners_page(plan: SectorPlan, *, may_edit: bool, form: OwnersForm | None = None) -> OwnersPage:
    """The page; `form` is one that came back."""
    goals, indicators = things(plan)
    names = {person.pk: str(person) for person in User.objects.filter(pk__in=set(owners_of(plan).values()))}
    stored = owners_of(plan)
    shown = form or _form(plan, goals, indicators, None)
    of_goal: dict[int, list[Indicator]] = {}
    for one in indicators:
        of_goal.setdefault(one.goal_id, []).append(one)
    blocks: dict[str, list[OwnerRow]] = {}
    for goal in goals:
        rows = blocks.setdefault(f"Objetivo {goal.objective.number}: {goal.objective.text}", [])
        rows.append(_goal_row(goal, shown, names, stored, may_edit))
        rows += [_indicator_row(one, shown, names, stored, may_edit) for one in of_goal.get(goal.pk, ())]
    total = len(goals) + len(indicators)
    return OwnersPage(
        blocks=tuple(ObjectiveBlock(title, tuple(rows)) for title, rows in blocks.items()),
        form=shown,
        people=tuple((one.email, str(one)) for one in candidates(plan)) if may_edit else (),
        summary=f"{len(stored)} de {total} con responsable",
    )


def _form(plan: SectorPlan, goals: list[SectorGoal], indicators: list[Indicator], data: Any) -> OwnersForm:
    stored = owners_of(plan)
    emails = dict(User.objects.filter(pk__in=set(stored.values())).values_list("pk", "email"))
    rows = [("goal", one.pk, f"{GoalKind(one.kind).label} {one.code}") for one in goals]
    rows += [("indicator", one.pk, str(one)) for one in indicators]
    initial = {f"{kind}-{pk}": emails.get(person, "") for (kind, pk), person in stored.items()}
    initial["read"] = fingerprint(facts_of(stored))
    return OwnersForm(data, plan=plan, rows=rows, initial=initial)


def _goal_row(goal: SectorGoal, form: OwnersForm, names: dict[int, str], stored: Any, may_edit: bool) -> OwnerRow:
    person = stored.get(("goal", goal.pk))
    return OwnerRow(
        label=f"{GoalKind(goal.kind).label} {goal.code}",
        text=goal.text,
        entity="",
        is_goal=True,
        url="",
        owner=names.get(person, ""),
        box=form[f"goal-{goal.pk}"] if may_edit else None,
    )


def _indicator_row(one: Indicator, form: OwnersForm, names: dict[int, str], stored: Any, may_edit: bool) -> OwnerRow:
    person = stored.get(("indicator", one.pk))
    return OwnerRow(
        label=str(one),
        text=one.name,
        entity=one.entity.short_name,
        is_goal=False,
        url=one.get_absolute_url(),
        owner=names.get(person, ""),
        box=form[f"indicator-{one.pk}"] if may_edit else None,
    )
