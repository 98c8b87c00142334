"""A quarterly report of the demonstration, walked through the real verbs by invented people, at instants long past."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pes.models import OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.numbers import exact, format_magnitude
from plans.demo_data import People
from plans.demo_plans import DemoPlan
from plans.models import Side
from tracking import corrections, demo_evidence, lifecycle, report_observations
from tracking.demo_reports import DemoEntry, DemoThread, content
from tracking.filling import EntryChange, supply_entries, write_entries
from tracking.goal_evidence import prove_with_file, prove_with_link
from tracking.models import GoalReport, QuarterReport

P = Permission
SHOWN_FIRST = frozenset({"PLE-PIN", "AL-01"})  # their reports have more files


@dataclass(frozen=True, slots=True)
class Crew:
    """Who takes part in the reports of a plan: nobody reviews what they write or send (AZ4)."""

    leader: User
    writer: User
    analyst: User
    head: User

    @classmethod
    def of(cls, unit: OrganizationUnit, place: int, people: People) -> Crew:
        """The people of a unit; `place` says whose turn it is among the analysts."""
        head = people.who(P.QUARTER_EXTEND, unit)
        leader = people.who(P.QUARTER_SUBMIT, unit)
        writer = next((one for one in people.all_who(P.QUARTER_FILL, unit) if one != leader), leader)
        analysts = [one for one in people.all_who(P.QUARTER_REVIEW, unit) if one not in (head, leader, writer)]
        return cls(leader, writer, analysts[place % len(analysts)], head)


@dataclass(frozen=True)
class Desk:
    """A report on the desk of its people."""

    plan: DemoPlan
    report: QuarterReport
    crew: Crew
    people: People

    @property
    def where(self) -> tuple[str, int]:
        """Which report it is: code of the unit and quarter."""
        return self.plan.unit, self.report.quarter

    def write(self, entries: Sequence[DemoEntry], at: datetime, *, with_file: bool) -> None:
        """Everything that the team reports, and what proves it."""
        if not entries:
            return
        typed = [EntryChange(one.goal, self._typed(one)) for one in entries]
        write_entries(self.report, typed, by=self.crew.writer, now=at)
        rows = self._rows()
        files = (2 if self.plan.unit in SHOWN_FIRST else 1) if with_file else 0
        for place, one in enumerate(entries):
            if place < files:
                self._prove(rows[one.goal], entries, place, at)
            else:
                self._point_to(rows[one.goal], one.goal, self.crew.writer, at)

    def supply(self, entries: Iterable[DemoEntry], at: Callable[[str], datetime]) -> None:
        """What each central area reports of the plan (PG-08), when it does."""
        for code, of_area in groupby(sorted(entries, key=attrgetter("area")), key=attrgetter("area")):
            area = OrganizationUnit.objects.get(code=code)
            changes = [EntryChange(one.goal, one.values) for one in of_area]
            by, rows = self.people.of_unit(P.GOAL_REPORT, area), self._rows()
            supply_entries(self.report, area, changes, by=by, now=at(code))
            for change in changes:
                self._point_to(rows[change.goal], change.goal, by, at(code))

    def _point_to(self, row: GoalReport, goal: int, by: User, at: datetime) -> None:
        """A link as evidence: cheap to load, and marked as what it is."""
        address = f"https://demo.invalid/{self.plan.unit}/{at.year}/t{self.report.quarter}/meta-{goal}"
        prove_with_link(row, address, by=by, name=f"Soporte de la meta {goal}", now=at)

    def accept(self, sent: datetime, taken: datetime, threads: Sequence[DemoThread]) -> None:
        """From sending to validation; what was observed goes back once and is answered."""
        lifecycle.submit(self.report, by=self.crew.leader, now=sent)
        lifecycle.take(self.report, by=self.crew.analyst, now=taken)
        if threads:
            self.send_back(threads, taken + timedelta(hours=2))
            lifecycle.submit(self.report, by=self.crew.leader, now=taken + timedelta(hours=22))
            lifecycle.take(self.report, by=self.crew.analyst, now=taken + timedelta(hours=23))
        lifecycle.validate(self.report, by=self.crew.analyst, now=taken + timedelta(days=1, hours=1))

    def send_back(self, threads: Sequence[DemoThread], at: datetime) -> None:
        """Return the report with its observations, and answer those that have an answer."""
        rows, by_key = self._rows(), {key: number for number, key in self.plan.keys.items()}
        begun = []
        for thread in threads:
            row = rows[by_key[thread.goal]]
            opening = thread.turns[0][1]
            begun.append(
                report_observations.raise_observation(
                    self.report, row, thread.field, opening, by=self.crew.analyst, now=at
                )
            )
        lifecycle.send_back(self.report, by=self.crew.analyst, now=at)
        for thread, raised in zip(threads, begun, strict=True):
            for side, text in thread.turns[1:]:
                assert side == Side.TEAM  # the demonstration's threads have one answer
                report_observations.answer(raised, text, by=self.crew.writer, now=at + timedelta(hours=18))

    def correct(self, at: datetime) -> None:
        """Reopen the report, put the figure right and validate it again (PG-R5, WF18)."""
        told = content("correction")
        number = next(number for number, key in self.plan.keys.items() if key == told["goal"])
        lifecycle.reopen(self.report, reason=told["reopening"], by=self.crew.head, now=at)
        row = self._rows()[number]
        corrections.correct(
            row, "achieved", Decimal(told["right"]), reason=told["reason"], by=self.crew.analyst,
            now=at + timedelta(hours=1),
        )  # fmt: skip
        lifecycle.validate(self.report, by=self.crew.analyst, now=at + timedelta(hours=2))

    def _typed(self, one: DemoEntry) -> dict[str, Decimal | str]:
        """What the team writes; one figure is wrong until it is corrected."""
        told = content("correction")
        is_wrong = (*self.where, one.key) == (told["unit"], told["quarter"], told["goal"])
        return one.values | ({"achieved": Decimal(told["typed"])} if is_wrong else {})

    def _rows(self) -> dict[int, GoalReport]:
        rows = GoalReport.objects.filter(report=self.report).select_related("goal", "report__plan__unit")
        return {row.goal.number: row for row in rows}

    def _prove(self, row: GoalReport, entries: Sequence[DemoEntry], place: int, at: datetime) -> None:
        """A file: a page, a table or a chart, by turns."""
        unit = self.report.plan.unit
        title = f"{unit.name}, T{self.report.quarter} de {self.report.plan.vigencia_id}"
        kind = ("pdf", "xlsx", "png")[(len(unit.name) + self.report.quarter + place) % 3]
        facts = [self._fact(one) for one in entries]
        if kind == "pdf":
            made = demo_evidence.pdf(title, facts)
        elif kind == "xlsx":
            made = demo_evidence.xlsx(title, facts, at)
        else:
            made = demo_evidence.png([self._part(one) for one in entries])
        name = f"Soporte T{self.report.quarter} meta {row.goal.number}.{kind}"
        prove_with_file(row, SimpleUploadedFile(name, made), by=self.crew.writer, now=at)

    def _fact(self, one: DemoEntry) -> demo_evidence.Fact:
        goal, entry = self.plan.facts.goals[one.goal - 1], one.entry
        done = f"{format_magnitude(entry.numerator)} de {format_magnitude(entry.denominator)}"
        if entry.achieved is not None:
            done = format_magnitude(entry.achieved)
        return demo_evidence.Fact(goal.text, format_magnitude(goal.quarters[self.report.quarter - 1]), done)

    def _part(self, one: DemoEntry) -> Decimal:
        """How long the bar of a goal is; it is a picture, not the result."""
        entry, programmed = one.entry, self.plan.facts.goals[one.goal - 1].quarters[self.report.quarter - 1]
        with exact():
            if entry.achieved is not None:
                return entry.achieved / programmed if programmed else Decimal(1)
            return (entry.numerator or Decimal(0)) / entry.denominator if entry.denominator else Decimal(0)


def instant(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """An hour of a day in Bogotá."""
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())


def at_work(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
