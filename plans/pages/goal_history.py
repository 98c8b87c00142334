"""The whole history of a goal: every version that changed it and every request about it, the oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pes.access import can
from pes.dates import long_instant
from pes.permissions import Permission
from plans.change_checks import drafting_problems
from plans.content import goal_from
from plans.models import ChangeRequest, Goal, VersionEvent
from plans.pages.change_events import events_of
from plans.pages.changes import requests_of
from plans.rules.change_states import ChangeStatus
from plans.rules.changes import ChangeKind
from plans.rules.differences import Difference, goal_differences
from plans.rules.goals import GoalFacts

NO_FILING = "Solicita cambios quien lidera el proceso o la alcaldía."


@dataclass(frozen=True, slots=True)
class Entry:
    """One moment of a goal: what happened, when, who, why, and every field that it changed."""

    at: datetime
    title: str
    tone: str
    who: str
    why: str
    url: str
    thing: str  # what the address leads to: `la versión 4`
    differences: tuple[Difference, ...] = ()

    @property
    def when(self) -> str:
        """The instant, in words."""
        return long_instant(self.at)


def history_of(goal: Goal, user: Any) -> list[Entry]:
    """Every version that changed the goal and every act on its requests, with links where the person may go."""
    return sorted([*_versions(goal, user), *_requests(goal, user)], key=lambda entry: entry.at)


def change_door(goal: Goal, user: Any) -> dict[str, str]:
    """The way to ask for a change of the goal, or why there is none now."""
    url = goal.plan.url("request-new", goal.number)
    if not can(user, Permission.CHANGE_FILE, goal):
        return {"url": url, "reason": NO_FILING}
    problems = drafting_problems(goal)
    return {"url": url, "reason": " ".join(f"{found.message} {found.fix}".strip() for found in problems)}


def _versions(goal: Goal, user: Any) -> Iterator[Entry]:
    before: GoalFacts | None = None
    reads = can(user, Permission.PLAN_READ, goal.plan)
    for version in goal.plan.versions.select_related("by").order_by("number"):
        found = next((one for one in version.content["goals"] if one["number"] == goal.number), None)
        now = goal_from(found) if found else None
        if now == before:
            continue
        changed = tuple(goal_differences(before, now)) if before and now else ()
        event = VersionEvent(version.event).label
        title = f"Versión {version.number}: {event.lower()}"
        if now is None:
            title += ", ya sin la meta"
        url = goal.plan.url("version", version.number) if reads else ""
        thing = f"la versión {version.number}"
        yield Entry(version.at, title, "course", str(version.by), version.note, url, thing, changed)
        before = now


def _requests(goal: Goal, user: Any) -> Iterator[Entry]:
    rows = ChangeRequest.objects.filter(goal=goal).exclude(status=ChangeStatus.DRAFT)
    found = {request.pk: request for request in rows}
    seen = set(requests_of(user).filter(goal=goal).values_list("pk", flat=True))
    for event in events_of(found):
        if event.verb == "change_drafted":
            continue  # nobody else's business until it is filed
        request = found[event.request]
        title = f"Solicitud {request.pk}, {ChangeKind(request.kind).label.lower()}: {event.title[0].lower()}{event.title[1:]}"
        url = request.get_absolute_url() if request.pk in seen else ""
        yield Entry(event.at, title, event.tone, event.who, event.why, url, f"la solicitud {request.pk}")
