"""The plain values that the results of plans de gestión are folded from: one query per level of detail, no instances.

Plans, their reports, their goals with programme and execution, and which goals have evidence. One row a goal with its
quarters beside each other: a third less time than a row for each quarter (measured), and as fast as one aggregate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet

from evaluation.rules.plan_compliance import GoalRow, QuarterTerm
from pes.models import OrganizationUnit
from plans.models import Goal, PlanGestion
from plans.rules.goals import GoalStatus
from plans.rules.plan_states import PlanStatus
from tracking.models import Evidence, QuarterReport
from tracking.rules.report_states import OFFICIAL

IN_FORCE = (PlanStatus.PUBLISHED.value, PlanStatus.CLOSED.value)
_GOAL = ("plan_id", "pk", "programming_type", "magnitude", "baseline", "unit", "weight", "status")
_CHUNK = 2000


class Place(NamedTuple):
    """What is closed and ranked together: the plans of an entity (id), a vigencia and, if given, a level."""

    entity: int
    vigencia: int
    level: str = ""

    def where(self, path: str = "") -> dict[str, Any]:
        """Conditions for a query, given the path to the plan with its `__`."""
        found = {f"{path}unit__parent": self.entity, f"{path}vigencia": self.vigencia, f"{path}status__in": IN_FORCE}
        return found | ({f"{path}level": self.level} if self.level else {})


class PlanFact(NamedTuple):
    """A plan in force, and who it is of."""

    pk: int
    code: str
    name: str
    level: str
    revision: int


class ReportFact(NamedTuple):
    """How a plan's report of a quarter stands."""

    pk: int
    status: str
    revision: int
    due_on: date
    legal_due_on: date
    is_late: bool
    was_sent: bool

    @property
    def counts(self) -> bool:
        """Whether its figures are official."""
        return self.status in OFFICIAL

    def is_settled(self, today: date) -> bool:
        """Whether nobody awaits anything more of it: it is official, or it was never sent and its term is over."""
        return self.counts or (not self.was_sent and today > self.due_on)


@dataclass(frozen=True)
class ReportStates:
    """The plans of a place and how their reports stand on a day: what a quarter's terms and punctuality come from."""

    plans: tuple[PlanFact, ...]
    reports: Mapping[tuple[int, int], ReportFact]
    today: date

    def report(self, plan: int, quarter: int) -> ReportFact | None:
        """The report of a plan (id) and quarter; None when it was not opened."""
        return self.reports.get((plan, quarter))

    def of_quarter(self, quarter: int) -> list[tuple[PlanFact, ReportFact | None]]:
        """Every plan with its report of a quarter."""
        return [(plan, self.report(plan.pk, quarter)) for plan in self.plans]

    def terms(self, quarters: int) -> dict[int, list[QuarterTerm]]:
        """Plan id → what its reports of T1 to T`quarters` say of its figures (PT-17)."""
        return {plan.pk: [self.term(plan.pk, at) for at in range(1, quarters + 1)] for plan in self.plans}

    def in_time(self, plan: int, quarter: int) -> list[bool]:
        """Of a plan's reports due by now, up to a quarter: whether each was sent in time; never sent is not (REP-05)."""
        found = (self.report(plan, at) for at in range(1, quarter + 1))
        return [one.was_sent and not one.is_late for one in found if one is not None and self.today > one.due_on]

    def term(self, plan: int, quarter: int) -> QuarterTerm:
        """What the report of a plan (id) and quarter says; without one, it is owed from the day the others' was (PT-17)."""
        report = self.report(plan, quarter)
        if report is None:
            due_on = self.legal_due_on.get(quarter)
            return QuarterTerm(counts=False, overdue=due_on is None or self.today > due_on)
        return QuarterTerm(report.counts, self.today > report.due_on)

    @cached_property
    def legal_due_on(self) -> dict[int, date]:
        """Quarter → the due date that the calendar gave it, of those that were opened."""
        found: dict[int, date] = {}
        for (_, quarter), report in self.reports.items():
            found[quarter] = max(report.legal_due_on, found.get(quarter, report.legal_due_on))
        return found


def plans_of(place: Place) -> QuerySet[PlanGestion]:
    """The population: every published or closed plan of the place, in the order of the organisation."""
    return PlanGestion.objects.filter(**place.where()).order_by("unit__sort_key", "unit__code")


def report_states(place: Place, quarters: int, today: date) -> ReportStates:
    """The plans of a place and their reports of T1 to T`quarters`; two queries."""
    plans = plans_of(place).values_list("pk", "unit__code", "unit__name", "level", "revision")
    reports = QuarterReport.objects.filter(**place.where("plan__"), quarter__lte=quarters).order_by()
    columns = ("plan", "quarter", "pk", "status", "revision", "due_on", "legal_due_on", "is_late", "first_submitted_at")
    return ReportStates(
        plans=tuple(PlanFact(*row) for row in plans),
        reports={
            (plan, quarter): ReportFact(*row, sent is not None)
            for plan, quarter, *row, sent in reports.values_list(*columns)
        },
        today=today,
    )


def goal_rows(place: Place, quarters: int) -> Iterator[GoalRow]:
    """The goals of a place as `fold` takes them, streamed by plan; eliminated ones too, removed ones not (PG-09h)."""
    goals = Goal.objects.filter(**place.where("plan__")).exclude(status=GoalStatus.REMOVED)
    columns: list[Any] = [*_GOAL]
    for quarter in range(1, quarters + 1):
        programme, report = f"programme_{quarter}", f"report_{quarter}"
        goals = goals.annotate(
            **{
                programme: FilteredRelation("targets", condition=Q(targets__quarter=quarter)),
                report: FilteredRelation("entries", condition=Q(entries__quarter=quarter)),
            }
        )
        columns.append(F(f"{programme}__programmed"))
        columns += [F(f"{report}__{name}") for name in ("achieved", "numerator", "denominator")]
    yield from goals.order_by("plan_id", "pk").values_list(*columns).iterator(chunk_size=_CHUNK)


def goals_with_evidence(place: Place, quarters: range) -> frozenset[tuple[int, int]]:
    """(Goal id, quarter) of the goals with evidence in force."""
    found = Evidence.objects.in_force().filter(**place.where("entry__report__plan__"))
    found = found.filter(entry__quarter__gte=quarters.start, entry__quarter__lt=quarters.stop)
    return frozenset(found.order_by().values_list("entry__goal_id", "entry__quarter").distinct())


def entities_with_plans(entity: str = "") -> QuerySet[OrganizationUnit]:
    """Entities that have plans in force, or the one with a code."""
    found = OrganizationUnit.objects.filter(children__management_plans__status__in=IN_FORCE).distinct()
    return (found.filter(code__iexact=entity) if entity else found).order_by("sort_key", "code")
