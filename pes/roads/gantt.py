"""The bars of the timeline: planned and real days of each activity on one axis, as SVG that also prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

from pes import svg
from pes.dates import long_date, month_name
from pes.models import RoadActivity

WIDTH, ROW, AXIS = 600, 34, 28
MOST_TICKS = 6
_PLANNED_AT, _REAL_AT, _THICK = 6, 18, 10


@dataclass(frozen=True)
class Axis:
    """The days that a timeline covers, from the first of a month to the last of another."""

    first: date
    last: date
    today: date

    def at(self, day: date) -> Decimal:
        """Where a day begins, in user units from the left."""
        span = (self.last - self.first).days + 1
        return Decimal((day - self.first).days * WIDTH) / span

    @property
    def ticks(self) -> list[date]:
        """First days of months: as many as fit, evenly apart."""
        months = []
        day = self.first
        while day <= self.last:
            months.append(day)
            day = _next_month(day)
        every = next(step for step in (1, 2, 3, 6, 12, 24, 48, 96, 240) if len(months) <= MOST_TICKS * step)
        return months[::every]


def axis_of(activities: Iterable[RoadActivity], today: date) -> Axis | None:
    """The months that some activities touch; None while none has a day."""
    days = [day for one in activities for day in (one.planned_from, one.planned_until, one.started_on, one.done_on)]
    known = [day for day in days if day is not None]
    if not known:
        return None
    first = min(known).replace(day=1)
    return Axis(first, _next_month(max(known)) - timedelta(days=1), today)


def axis_drawn(axis: Axis) -> SafeString:
    """The months above the bars."""
    parts = []
    for day in axis.ticks:
        x = axis.at(day)
        parts.append(_line(x, 18, AXIS, svg.GRID))
        anchor = "start" if x < WIDTH - 70 else "end"
        parts.append(svg.text(x + 3 if anchor == "start" else x - 3, 12, f"{month_name(day.month)} {day.year}",
                              size="14", fill=svg.MUTED, anchor=anchor))  # fmt: skip
    words = f"De {long_date(axis.first)} a {long_date(axis.last)}"
    return mark_safe(svg.frame("gantt", WIDTH, AXIS, words, "", parts))  # noqa: S308 - digits and month names


def bar_drawn(axis: Axis, planned: tuple[date | None, date | None], real: tuple[date | None, date | None],
              *, late: bool = False) -> SafeString:  # fmt: skip
    """Planned days above, real days below; what has begun and not ended reaches until today."""
    parts = [_line(axis.at(day), 0, ROW, svg.GRID) for day in axis.ticks]
    begins, ends = planned
    if begins and ends:
        parts.append(_bar(axis, begins, ends, _PLANNED_AT, "#b5c7e9", "planned"))
    started, done = real
    if started:
        until = done or max(axis.today, started)
        parts.append(
            _bar(axis, started, until, _REAL_AT, svg.FILL["risk" if late else "ok"], "late" if late else "real")
        )
    if axis.first <= axis.today <= axis.last:
        parts.append(_line(axis.at(axis.today), 0, ROW, svg.INK, dash=True))
    return mark_safe(svg.frame("gantt", WIDTH, ROW, spoken(planned, real), "", parts))  # noqa: S308 - only digits


def spoken(planned: tuple[date | None, date | None], real: tuple[date | None, date | None]) -> str:
    """The same bar in words."""
    begins, ends = planned
    started, done = real
    plan = f"Previsto del {long_date(begins)} al {long_date(ends)}" if begins else "Sin fechas previstas"
    if not started:
        return f"{plan}; sin empezar"
    return f"{plan}; real del {long_date(started)} al {long_date(done)}" if done else (
        f"{plan}; empezó el {long_date(started)} y sigue"
    )  # fmt: skip


def _bar(axis: Axis, begins: date, ends: date, y: int, fill: str, cls: str) -> str:
    x = max(axis.at(begins), Decimal(0))
    width = min(axis.at(ends + timedelta(days=1)), Decimal(WIDTH)) - x
    return svg.rect(f"bar g-{cls}", x, Decimal(y), max(width, Decimal(3)), Decimal(_THICK), fill, 'rx="2"')


def _line(x: Decimal, top: int, bottom: int, colour: str, *, dash: bool = False) -> str:
    broken = ' stroke-dasharray="3 2"' if dash else ""
    return (
        f'<path class="{"today" if dash else "tick"}" d="M{svg.number(x)} {top}V{bottom}" fill="none" '
        f'stroke="{colour}" stroke-width="1"{broken}/>'
    )


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
