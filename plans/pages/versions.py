"""Frozen versions of a plan: read one, or two side by side with every difference marked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

from pes.dates import long_instant
from plans.content import digest_of, facts_from
from plans.models import PlanGestion, PlanVersion, VersionEvent
from plans.pages.marks import MarkedDifference, MarkedGoal, marked
from plans.rules.differences import PlanDifferences, plan_differences
from plans.rules.fields import GOAL_FIELDS
from plans.rules.goals import GoalFacts, GoalStatus, PlanFacts
from plans.rules.values import spoken, value_of

PER_PAGE = 20
TONES = {
    VersionEvent.SUBMITTED: "info",
    VersionEvent.OFFICIAL: "course",
    VersionEvent.PUBLISHED: "ok",
    VersionEvent.RENEWED: "over",
}


class VersionPage:
    """One version, word for word."""

    def __init__(self, version: PlanVersion, page: str | None) -> None:
        self.version, self._number = version, page
        self.facts: PlanFacts = facts_from(version.content)

    @property
    def is_intact(self) -> bool:
        """Whether the content still has the digest with which it was frozen."""
        return digest_of(self.version.content) == self.version.digest

    @property
    def instruments(self) -> str:
        """The instruments it is articulated with, in words."""
        return ", ".join(instrument.label for instrument in self.facts.instruments)

    @cached_property
    def page(self) -> Page[GoalFacts]:
        """The goals of this page."""
        return Paginator(self.facts.goals, PER_PAGE).get_page(self._number)

    @property
    def goals(self) -> list[dict[str, Any]]:
        """Those goals as they are read."""
        return [_goal(goal) for goal in self.page]


class Comparison:
    """Two versions side by side; goals a page."""

    def __init__(self, before: PlanVersion, after: PlanVersion, page: str | None) -> None:
        self.before, self.after, self._number = before, after, page
        self.found: PlanDifferences = plan_differences(facts_from(before.content), facts_from(after.content))

    @property
    def identification(self) -> tuple[MarkedDifference, ...]:
        """What differs in the identification."""
        return tuple(marked(self.found.identification))

    @cached_property
    def page(self) -> Page[Any]:
        """The changed goals of this page."""
        return Paginator(self.found.changed, PER_PAGE).get_page(self._number)

    @property
    def changed(self) -> list[MarkedGoal]:
        """Those goals, marked."""
        return [MarkedGoal(f"Meta {goal.number}", goal.text, tuple(marked(goal.differences))) for goal in self.page]

    @property
    def added(self) -> list[dict[str, Any]]:
        """Goals that only the later version has."""
        return [_goal(goal) for goal in self.found.added]

    @property
    def removed(self) -> list[dict[str, Any]]:
        """Goals that only the earlier version has."""
        return [_goal(goal) for goal in self.found.removed]

    @property
    def summary(self) -> str:
        """How much differs, in a sentence."""
        if not self.found:
            return "Las dos versiones dicen lo mismo."
        counts = (
            (len(self.found.changed), "meta cambiada", "metas cambiadas"),
            (len(self.found.added), "meta nueva", "metas nuevas"),
            (len(self.found.removed), "meta que ya no está", "metas que ya no están"),
            (len(self.found.identification), "dato de la identificación", "datos de la identificación"),
        )
        said = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
        return f"{', '.join(said)}."


def version_rows(plan: PlanGestion) -> list[dict[str, Any]]:
    """Every version, the last one first; one query, without their contents."""
    rows = list(plan.versions.defer("content").select_related("by").order_by("-number"))
    return [
        {
            "number": row.number,
            "url": plan.url("version", row.number),
            "event": row.get_event_display(),
            "tone": TONES[VersionEvent(row.event)],
            "edition": str(row.edition) if row.edition else "",
            "at": long_instant(row.at),
            "by": str(row.by),
            "note": row.note,
            "digest": f"{row.digest[:12]}…",
            "diff_url": plan.url("version-diff", row.number - 1, row.number) if row.number > 1 else "",
        }
        for row in rows
    ]


def choices(rows: Iterable[dict[str, Any]]) -> list[tuple[int, str]]:
    """Versions as options of a select."""
    return [(row["number"], f"Versión {row['number']} · {row['event']}") for row in rows]


def _goal(goal: GoalFacts) -> dict[str, Any]:
    return {
        "number": goal.number,
        "title": f"Meta {goal.number} · {goal.text[:110]}{'…' if len(goal.text) > 110 else ''}",
        "is_eliminated": goal.status is GoalStatus.ELIMINATED,
        "fields": [(field.label, spoken(field.name, value_of(goal, field.name))) for field in GOAL_FIELDS],
    }
