"""The agenda of a meeting as text, one point a line, and what is wrong with it (LC-03)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time

from pes.rules.problems import Problem
from pes.rules.technical_workshops import RULE, AgendaPoint

MOST_POINTS, LONGEST_TOPIC = 40, 250
_EXPECTED = "Escriba «8:00-8:30; tema», un punto por línea."
_LINE = re.compile(r"\s*(\d{1,2}):(\d{2})\s*(?:-|–|a)\s*(\d{1,2}):(\d{2})\s*[;\t]\s*(.+?)\s*")


def read_agenda(text: str) -> tuple[list[AgendaPoint], list[Problem]]:
    """The points of a text with one line each, and the lines that cannot be read."""
    points, problems = [], []
    lines = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        point = _read(line)
        if point is None:
            message = f"Punto {number}: no se entiende «{line.strip()[:60]}»."
            problems.append(Problem("agenda_not_read", RULE, message, fix=_EXPECTED))
        else:
            points.append(point)
    return points, problems


def agenda_problems(points: Sequence[AgendaPoint], starts: time, ends: time) -> Iterator[Problem]:
    """What is wrong with the times of the points: in order, one after another, within the meeting."""
    if len(points) > MOST_POINTS:
        message = f"La agenda tiene {len(points)} puntos; caben {MOST_POINTS}."
        yield Problem("agenda_too_long", RULE, message, fix="Junte los que van seguidos.")
    free = starts
    for number, point in enumerate(points[:MOST_POINTS], 1):
        yield from _point_problems(number, point, free, ends)
        free = max(free, point.ends)


def _point_problems(number: int, point: AgendaPoint, free: time, ends: time) -> Iterator[Problem]:
    if point.ends <= point.starts:
        message = f"Punto {number}: termina antes de empezar."
        yield Problem("point_times_not_in_order", RULE, message, fix="Corrija sus horas.")
    if point.starts < free or point.ends > ends:
        message = f"Punto {number}: sus horas se cruzan con otro punto o salen de la reunión."
        yield Problem("point_outside_meeting", RULE, message, fix="Corrija sus horas o las de la reunión.")
    if len(point.topic) > LONGEST_TOPIC:
        message = f"Punto {number}: el tema tiene {len(point.topic)} letras; caben {LONGEST_TOPIC}."
        yield Problem("point_too_long", RULE, message, fix="Abrévielo.")


def _read(line: str) -> AgendaPoint | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    first, second, third, fourth = (int(found[place]) for place in range(1, 5))
    try:
        return AgendaPoint(time(first, second), time(third, fourth), " ".join(found[5].split()))
    except ValueError:  # 25:00 looks like a time
        return None
