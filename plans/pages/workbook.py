"""The Excel page of a plan, and what a workbook would change before it is applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from pes.dates import long_instant
from pes.models import User
from pes.rules.text_marks import mark
from pes.workbooks import told
from pes.workbooks.items import Item
from pes.workbooks.uploads import KEPT_EACH
from plans.models import PlanGestion, PlanUpload
from plans.pages.marks import MarkedDifference, MarkedGoal
from plans.rules.differences import Difference, plan_differences
from plans.rules.fields import GOAL_FIELDS
from plans.rules.goals import GoalFacts
from plans.rules.values import spoken, value_of
from plans.workbook.apply import PlanAnswer
from plans.workbook.reading import Reading

MOST_GOALS = 100  # of each kind on the page; a workbook may bring thousands
NO_CHANGES = "El libro dice lo mismo que el plan: no hay nada que aplicar."


@dataclass(frozen=True, slots=True)
class Preview:
    """The page between sending a workbook and applying it."""

    upload: PlanUpload
    reading: Reading
    errors: tuple[Item, ...]
    warnings: tuple[Item, ...]
    applied: PlanAnswer | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, upload: PlanUpload, reading: Reading, errors: Iterable[Item], warnings: Iterable[Item]) -> Preview:
        """The preview of what was read."""
        return cls(
            upload,
            reading,
            told.in_order(errors),
            told.in_order(warnings),
            counts=reading.counts,
        )

    @property
    def reason(self) -> str:
        """Why it cannot be applied now; empty when it can."""
        if self.errors:
            return told.WITH_ERRORS
        return "" if self.counts["created"] or self.counts["updated"] else NO_CHANGES

    @property
    def identification(self) -> list[MarkedDifference]:
        """What differs in the identification."""
        return _marked(self._found.identification)

    @property
    def changed(self) -> list[MarkedGoal]:
        """Goals that change, with every difference marked."""
        shown = self._found.changed[:MOST_GOALS]
        return [MarkedGoal(f"Meta {one.number}", one.text, tuple(_marked(one.differences))) for one in shown]

    @property
    def added(self) -> list[dict[str, Any]]:
        """Goals that the plan does not have."""
        return [_new(goal) for goal in self._found.added[:MOST_GOALS]]

    @property
    def unshown(self) -> int:
        """How many goals change besides the ones shown."""
        return sum(max(0, len(goals) - MOST_GOALS) for goals in (self._found.changed, self._found.added))

    @property
    def told(self) -> tuple[told.Group, ...]:
        """Errors and warnings apart."""
        return told.groups(self.errors, self.warnings)

    @property
    def _found(self) -> Any:
        return plan_differences(self.reading.before, self.reading.after)


def last_uploads(plan: PlanGestion, user: User) -> list[dict[str, str]]:
    """The person's own last workbooks of the plan, still kept."""
    return upload_rows(plan.uploads.filter(by=user), lambda pk: plan.url("workbook-preview", pk))


def upload_rows(uploads: QuerySet[Any], url: Callable[[UUID], str]) -> list[dict[str, str]]:
    """Rows of somebody's last workbooks, without reading them."""
    return [
        {
            "name": row.name,
            "url": url(row.pk),
            "at": long_instant(row.at),
            "state": "Aplicado" if row.applied_at else "Sin aplicar",
            "tone": "ok" if row.applied_at else "neutral",
        }
        for row in uploads.defer("content").order_by("-at")[:KEPT_EACH]
    ]


def receipt_words(answer: PlanAnswer) -> str:
    """What an import did, in a sentence."""
    counts = (
        (answer.created, "meta nueva", "metas nuevas"),
        (answer.updated, "cambio", "cambios"),
        (answer.unchanged, "meta sin cambio", "metas sin cambio"),
    )
    said = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return f"{', '.join(said) or 'nada que cambiar'}."


def _marked(differences: Iterable[Difference]) -> list[MarkedDifference]:
    return [MarkedDifference(one.label, *mark(one.before_text, one.after_text)) for one in differences]


def _new(goal: GoalFacts) -> dict[str, Any]:
    text = goal.text or "Sin texto"
    return {
        "title": f"Meta {goal.number} · {text[:110]}{'…' if len(text) > 110 else ''}",
        "fields": [(column.label, spoken(column.name, value_of(goal, column.name))) for column in GOAL_FIELDS],
    }
