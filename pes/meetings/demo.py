"""The invented meetings of the demonstration: each walks the real verbs, at the instants at which it would have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from pes.edits import fingerprint
from pes.meetings.commitments import Undertaking, add_commitment, fulfil, note
from pes.meetings.convening import convene, invite
from pes.meetings.facts import Minutes, Presence, Schedule, attendance_facts, minutes_of
from pes.meetings.minutes import amend_minutes, close_minutes, record_attendance, write_minutes
from pes.meetings.people import entities_of
from pes.meetings.scheduling import schedule_meeting
from pes.models import OrganizationUnit, SectorPlan, TechnicalWorkshop, User
from pes.rules.technical_workshops import AgendaPoint
from pes.rules.workshops import Attendee

LISTED = settings.BASE_DIR / "fixtures" / "demo_mesas.json"
MORNING, FRIDAY = time(10), 4
Told = Mapping[str, Any]


def load(*, now: datetime) -> None:
    """The meetings of both sectors' PES, once: a plan that has some keeps what a visitor did."""
    for listed in json.loads(LISTED.read_text(encoding="utf-8"))["sectors"]:
        plans = SectorPlan.objects.filter(sector__code=listed["sector"]).select_related("sector")
        if "first" in listed:
            plans = plans.filter(first_vigencia=listed["first"])
        plan = plans.order_by("-first_vigencia").first()
        by = User.objects.filter(email=listed["by"]).first()
        if plan is None or by is None or TechnicalWorkshop.objects.filter(plan=plan).exists():
            continue
        for told in listed["meetings"]:
            _Course(plan, told, by, now).walk()


class _Course:
    """One meeting, from its schedule as far as it got."""

    def __init__(self, plan: SectorPlan, told: Told, by: User, now: datetime) -> None:
        self.plan, self.told, self.by, self.now = plan, told, by, now
        self.units: dict[str, OrganizationUnit] = {one.code: one for one in entities_of(plan)}
        self.on = _day(told["day"], timezone.localdate(now))

    def walk(self) -> None:
        state = self.told.get("state", "closed")
        meeting = schedule_meeting(self.plan, self._schedule(), by=self.by, now=self._at(-10))
        if state == "convened":
            people = User.objects.filter(email__in=self.told["invited"])
            invite(meeting, people, [Attendee(*one) for one in self.told["guests"]], by=self.by)
            convene(meeting, by=self.by, now=self._at(-10))
            return
        there = [Presence(self.units.get(code), Attendee(name, post)) for code, name, post in self.told["attendance"]]
        record_attendance(meeting, there, read=fingerprint(attendance_facts([])), by=self.by, now=self._at(0))
        self._write(meeting)
        promised = [
            (told, add_commitment(meeting, self._undertaking(told), by=self.by)) for told in self.told["commitments"]
        ]
        if state == "closed":
            close_minutes(meeting, by=self.by, now=self._at(3))
            if "addendum" in self.told:
                amend_minutes(meeting, text=self.told["addendum"], by=self.by, now=self._at(9))
        for told, commitment in promised:
            for text in told["notes"]:
                note(commitment, text=text, by=self.by, now=self._at(5))
            if "done" in told:
                fulfil(commitment, text=told["done"], link=told["link"], by=self.by, now=self._at(told["took"]))

    def _schedule(self) -> Schedule:
        told = self.told
        purpose, kind, method = told["what"]
        event, event_name = told.get("event", ("", ""))
        starts, ends = (time.fromisoformat(hour) for hour in told["hours"])
        convened = list(self.units) if told["entities"] == "all" else told["entities"]
        return Schedule(
            purpose, kind, method, told["topic"], told["aim"], self.on, starts, ends, told["place"],
            told.get("link", ""), event, event_name, [self.units[code] for code in convened],
            [AgendaPoint(time.fromisoformat(a), time.fromisoformat(b), topic) for a, b, topic, _ in told["agenda"]],
        )  # fmt: skip

    def _write(self, meeting: TechnicalWorkshop) -> None:
        points = {number: text for number, (_, _, _, text) in enumerate(self.told["agenda"], 1)}
        observed = [(theme, text) for theme, text in self.told.get("observations", [])]
        said = Minutes(points, self.told["decisions"], observed)
        write_minutes(meeting, said, read=fingerprint(minutes_of(meeting).facts()), by=self.by)

    def _undertaking(self, told: Told) -> Undertaking:
        due_on = self.on + timedelta(days=told["days"])
        entity = self.units.get(told["owner"])
        owner = None if entity else User.objects.get(email=told["owner"])
        return Undertaking(told["text"], due_on, owner, entity)

    def _at(self, days: int) -> datetime:
        """Some days after the meeting, in the morning; never later than now."""
        instant = timezone.make_aware(datetime.combine(self.on + timedelta(days=days), MORNING))
        return min(instant, self.now)


def _day(told: str | int, today: date) -> date:
    """A day of the calendar, or some days from today; nobody meets on a weekend, so then it is the Friday before."""
    if isinstance(told, str):
        return date.fromisoformat(told)
    day = today + timedelta(days=told)
    return day - timedelta(days=max(0, day.weekday() - FRIDAY))
