"""The demonstration's quarters: reports, closes, ranking and publication, by the real verbs and their jobs.

Last year has three quarters consolidated, of which two are public and one was closed twice, and its fourth in progress;
the year before, a single plan that reported all four and is closed. A vigencia with reports already is left as it is.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from evaluation.models import QuarterClose
from evaluation.plan_facts import Place
from evaluation.quarter_closes import closes_of, consolidate
from evaluation.quarter_publications import publish_close, record_committee
from pes import jobs
from pes.calendar_co import non_working_days
from pes.models import Job, JobState, OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.calendar import is_business_day, next_business_day, quarter_end
from plans import lifecycle as plan_lifecycle
from plans.demo_data import People
from plans.demo_plans import demo_framework, demo_plans
from plans.models import PlanGestion
from plans.rules.plan_states import PlanStatus
from tracking import comments, delegations, lifecycle
from tracking.content import policy_for
from tracking.demo_reports import (
    DemoEntry,
    DemoProgress,
    DemoThread,
    content,
    entries_of,
    in_progress,
    sent_after,
    supplied_after,
    threads,
)
from tracking.demo_walk import Crew, Desk, at_work, instant
from tracking.lifecycle import PROGRESS_JOB
from tracking.models import Delegation, QuarterReport

P = Permission
LAST_YEAR = -1
TAKEN_AFTER, CLOSED_AFTER, RECEIVED_AFTER, PUBLISHED_AFTER = 4, 9, 12, 14  # days from the due date of the quarter
OPENED_AGO, CLOSED_AGO = timedelta(days=20), timedelta(days=6)  # what waits today has not waited for a year


def load(today: date | None = None, units: Collection[str] | None = None) -> None:
    """Report and close the quarters of each vigencia that has ended, once; with `units`, only those report."""
    day, people = today or timezone.localdate(), People()
    for offset in sorted({plan.vigencia_offset for plan in demo_plans() if plan.vigencia_offset < 0}):
        vigencia = day.year + offset
        if QuarterReport.objects.filter(plan__vigencia=vigencia).exists():
            continue
        with transaction.atomic():  # all of a vigencia, or nothing that would keep it from being loaded again
            _Year(offset, day, people, units).walk()
        for job in Job.objects.filter(kind=PROGRESS_JOB, payload__vigencia=vigencia, state=JobState.QUEUED):
            jobs.run_now(job)
    _delegate(day, people)


class _Year:
    """A vigencia of the demonstration, quarter after quarter as the calendar would have it."""

    def __init__(self, offset: int, day: date, people: People, units: Collection[str] | None) -> None:
        self.vigencia, self.day, self.people = day.year + offset, day, people
        self.is_last = offset == LAST_YEAR
        self.entity = OrganizationUnit.objects.get(code=demo_framework().unit)
        self.head = people.who(P.QUARTER_EXTEND, self.entity)
        self.policy = policy_for(self.vigencia)
        stored = PlanGestion.objects.filter(vigencia=self.vigencia, status=PlanStatus.PUBLISHED).select_related("unit")
        self.stored = {plan.unit.code: plan for plan in stored}
        here = [plan for plan in demo_plans() if plan.vigencia_offset == offset and plan.unit in self.stored]
        self.plans = {plan.unit: plan for plan in here if units is None or plan.unit in units}
        self.crews = {unit: Crew.of(self.stored[unit].unit, place, people) for place, unit in enumerate(self.plans)}

    def walk(self) -> None:
        """Report and close what has ended, and leave what is in progress in every state."""
        for quarter in (1, 2, 3) if self.is_last else (1, 2, 3, 4):
            missed = self._report(quarter)
            is_public = quarter < 3 or not self.is_last
            self._close(quarter, CLOSED_AFTER, is_public=is_public)
            self._close_again(quarter, missed)
        if self.is_last:
            _InProgress(self).walk(self.desks(4, self.day - OPENED_AGO))
        for unit, plan in self.plans.items():
            if plan.state == PlanStatus.CLOSED:
                plan_lifecycle.close(self.stored[unit], by=self.crews[unit].analyst)

    def desks(self, quarter: int, not_before: date = date.min) -> list[Desk]:
        """The reports of a quarter with their people, opened on the day after it or on a later one."""
        opened = max(quarter_end(self.vigencia, quarter) + timedelta(days=1), not_before)
        lifecycle.open_reports(self.vigencia, quarter, now=instant(opened, 0, 20))
        found = QuarterReport.objects.filter(plan__vigencia=self.vigencia, quarter=quarter)
        reports = {report.plan.unit.code: report for report in found.select_related("plan__unit__parent")}
        return [Desk(plan, reports[unit], self.crews[unit], self.people) for unit, plan in self.plans.items()]

    def entries(self, desk: Desk) -> tuple[list[DemoEntry], list[DemoEntry]]:
        """What the team reports, and what central areas do (PG-08)."""
        found = entries_of(desk.plan, desk.report.quarter, self.policy)
        return [one for one in found if not one.area], [one for one in found if one.area]

    def _report(self, quarter: int) -> list[Desk]:
        """Walk every report as far as the validation; return those that nobody sent before the close."""
        missed = []
        for desk in self.desks(quarter):
            own, central = self.entries(desk)
            due, after = desk.report.due_on, sent_after(*desk.where)
            desk.write(own, instant(at_work(due + timedelta(days=after - 1))), with_file=self._has_file(desk))
            desk.supply(central, lambda area, due=due: instant(due + timedelta(days=supplied_after(area, quarter)), 15))
            if after > CLOSED_AFTER:
                missed.append(desk)
            else:
                self._accept(desk, after)
        return missed

    def _has_file(self, desk: Desk) -> bool:
        """Whether a report is proved by a file too: each is looked into by a process of its own, which takes time."""
        unit, quarter = desk.where
        return quarter >= 3 or list(self.plans).index(unit) % 3 == 0

    def _accept(self, desk: Desk, after: int) -> None:
        due = desk.report.due_on
        sent = instant(at_work(due + timedelta(days=after)) if after < 0 else due + timedelta(days=after), 16, 30)
        taken = instant(due + timedelta(days=max(TAKEN_AFTER, after + 1)), 8)
        desk.accept(sent, taken, _threads(desk) if self.is_last else [])

    def _close_again(self, quarter: int, missed: list[Desk]) -> None:
        """A second run with what came late and what was corrected (REP-04)."""
        told = content("correction")
        corrected = [desk for desk in self.desks(quarter) if desk.where == (told["unit"], told["quarter"])]
        if not self.is_last or not (missed or corrected):
            return
        after = 0
        for desk in missed:
            after = max(after, sent_after(*desk.where))
            self._accept(desk, sent_after(*desk.where))
        for desk in corrected:
            after = max(after, PUBLISHED_AFTER)
            desk.correct(instant(desk.report.due_on + timedelta(days=after + 1), 11))
        levels = {self.stored[desk.plan.unit].level for desk in (*missed, *corrected)}
        self._close(quarter, after + 3, is_public=True, levels=levels, reason=told["run"], note=told["note"])

    def _close(
        self,
        quarter: int,
        after: int,
        *,
        is_public: bool,
        levels: Collection[str] = (),
        reason: str = "",
        note: str = "",
    ) -> None:
        """Consolidate each level, take its results to the Comité and make them public."""
        due = QuarterReport.objects.filter(plan__vigencia=self.vigencia, quarter=quarter)[0].legal_due_on
        on = due + timedelta(days=after)
        closed = instant(on if is_public else max(on, self.day - CLOSED_AGO))
        for level in sorted(levels or {plan.level for plan in self.stored.values()}):
            job = consolidate(self.entity, self.vigencia, quarter, level, by=self.head, reason=reason, now=closed)
            if jobs.run_now(job).state != JobState.DONE:
                raise RuntimeError(job.error)
            if is_public:
                self._publish(closes_of(Place(self.entity.pk, self.vigencia, level), quarter)[0], closed, note)

    def _publish(self, close: QuarterClose, closed: datetime, note: str) -> None:
        told, session = content("committee"), closed + timedelta(days=RECEIVED_AFTER - CLOSED_AFTER)
        act = told["record"].format(trimestre=close.quarter, corrida=close.run, nivel=close.level)
        record_committee(
            close, act=act, held_on=timezone.localdate(session),
            conclusions=told["decision"], by=self.head, now=session,
        )  # fmt: skip
        others = self.people.all_who(P.QUARTER_REVIEW, self.entity)
        by = self.people.who(P.QUARTER_PUBLISH, self.entity, but=others)
        publish_close(close, by=by, note=note, now=closed + timedelta(days=PUBLISHED_AFTER - CLOSED_AFTER))


class _InProgress:
    """The quarter whose reports are on their way when the demonstration is opened."""

    def __init__(self, year: _Year) -> None:
        self.year, self.day = year, year.day
        self.days_off = non_working_days(range(self.day.year - 1, self.day.year + 2))

    def walk(self, desks: list[Desk]) -> None:
        """Leave each report where the fixture says."""
        told = in_progress()
        for desk in desks:
            self._extend(desk, told[desk.plan.unit])
            self._walk(desk, told[desk.plan.unit])
        by_unit = {desk.plan.unit: desk for desk in desks}
        for said in content("comments"):
            if said["unit"] in by_unit:
                self._comment(by_unit[said["unit"]], said)

    def _extend(self, desk: Desk, told: DemoProgress) -> None:
        """More days, so that the term ends around today, in a business day; early in January it has not ended yet."""
        to, opened = self._business_day(told.due), timezone.localdate(desk.report.opened_at)
        if to > desk.report.due_on:
            lifecycle.extend(desk.report, to=to, reason=content("extension"), by=self.year.head, now=instant(opened, 9))

    def _business_day(self, after: int) -> date:
        """The business day some days after today, or before it: from a day off it moves away from today."""
        found = self.day + timedelta(days=after)
        if after > 0:
            return next_business_day(found, self.days_off)
        while not is_business_day(found, self.days_off):
            found -= timedelta(days=1)
        return found

    def _walk(self, desk: Desk, told: DemoProgress) -> None:
        own, central = self.year.entries(desk)
        sent = self._at(desk, told.sent, 16)
        if told.supplied:
            desk.supply(central, lambda area: self._at(desk, told.sent + 1, 15))
        if told.stage == "open":
            return
        desk.write(own[: told.filled], self._at(desk, told.sent + 2, 11), with_file=True)
        if told.stage == "filling":
            return
        lifecycle.submit(desk.report, by=desk.crew.leader, now=sent)
        if told.stage == "submitted":
            return
        lifecycle.take(desk.report, by=desk.crew.analyst, now=sent + timedelta(hours=17))
        if told.stage == "returned":
            desk.send_back(_threads(desk), sent + timedelta(hours=41))
        elif told.stage == "validated":
            lifecycle.validate(desk.report, by=desk.crew.analyst, now=sent + timedelta(hours=43))

    def _at(self, desk: Desk, days: int, hour: int) -> datetime:
        """Some days ago, but not before the report was opened."""
        opened: datetime = desk.report.opened_at
        return max(instant(self.day - timedelta(days=days), hour), opened + timedelta(hours=1))

    def _comment(self, desk: Desk, said: dict[str, str]) -> None:
        number = next(number for number, key in desk.plan.keys.items() if key == said["goal"])
        row = desk.report.entries.select_related("goal", "report__plan__unit").get(goal__number=number)
        by = User.objects.get(email=said["by"])
        comments.comment(row, said["text"], by=by, now=self._at(desk, 1, 9))


def _threads(desk: Desk) -> list[DemoThread]:
    return [thread for thread in threads() if (thread.unit, thread.quarter) == desk.where]


def _delegate(day: date, people: People) -> None:
    """A person who sends for another between two days (PG-R4), once."""
    told = content("delegation")
    unit = OrganizationUnit.objects.get(code=told["unit"])
    if not Delegation.objects.filter(membership__unit=unit).exists():
        since, until = day - timedelta(days=1), day + timedelta(days=told["days"])
        delegations.delegate(
            unit, email=told["email"], starts_on=since, ends_on=until, document=told["document"],
            by=people.who(P.QUARTER_DELEGATE, unit), now=instant(day),
        )  # fmt: skip
