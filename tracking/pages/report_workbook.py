"""The Excel page of a report or of a central table, and what a workbook would change before it is applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pes.models import User
from pes.rules.numbers import format_magnitude
from pes.rules.text_marks import mark
from pes.workbooks import told
from pes.workbooks.answers import Answer
from pes.workbooks.items import Item
from plans.pages.marks import MarkedDifference, MarkedGoal
from plans.pages.workbook import upload_rows
from tracking.filling import Value
from tracking.models import ReportUpload
from tracking.pages.report_figures import figures_of
from tracking.pages.report_tabs import crumbs_of, tabs_of
from tracking.report_workbook.entries import EntryRow
from tracking.report_workbook.reading import Compared
from tracking.report_workbook.targets import ReportTarget, Target
from tracking.rules.goal_reports import ENTRY_BY_NAME

MOST_GOALS = 100
NO_CHANGES = "El libro dice lo mismo que el reporte: no hay nada que aplicar."
EMPTY = "vacío"


@dataclass(frozen=True, slots=True)
class Preview:
    """The page between sending a workbook and applying it."""

    compared: Compared | None
    errors: tuple[Item, ...]
    warnings: tuple[Item, ...]

    @classmethod
    def of(cls, compared: Compared | None, errors: Iterable[Item], warnings: Iterable[Item]) -> Preview:
        """The preview of what was read."""
        return cls(compared, told.in_order(errors), told.in_order(warnings))

    @property
    def counts(self) -> dict[str, int]:
        """Goals that change and that stay."""
        return self.compared.counts if self.compared else {"created": 0, "updated": 0, "unchanged": 0}

    @property
    def reason(self) -> str:
        """Why it cannot be applied now; empty when it can."""
        if self.errors:
            return told.WITH_ERRORS
        return "" if self.counts["updated"] else NO_CHANGES

    @property
    def changed(self) -> list[MarkedGoal]:
        """Goals that change, with every difference marked and the percentage before and after."""
        return [_marked(row) for row in self._rows[:MOST_GOALS]]

    @property
    def unshown(self) -> int:
        """How many goals change besides the ones shown."""
        return max(0, len(self._rows) - MOST_GOALS)

    @property
    def told(self) -> tuple[told.Group, ...]:
        """Errors and warnings apart."""
        return told.groups(self.errors, self.warnings)

    @property
    def _rows(self) -> list[EntryRow]:
        return self.compared.changed if self.compared else []


def last_uploads(target: Target, user: User) -> list[dict[str, str]]:
    """The person's own last workbooks of the report or table, still kept."""
    own = ReportUpload.objects.filter(**target.place, by=user)
    return upload_rows(own, lambda pk: target.url("workbook-preview", pk))


def receipt_words(answer: Answer) -> str:
    """What an import did, in a sentence."""
    counts = ((answer.updated, "meta cambiada", "metas cambiadas"), (answer.unchanged, "sin cambio", "sin cambio"))
    said = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return f"{', '.join(said) or 'nada que cambiar'}."


def urls_of(target: Target, upload: ReportUpload | None = None) -> dict[str, str]:
    """The acts of the page."""
    back = target.report.get_absolute_url() if isinstance(target, ReportTarget) else target.url("table")
    found = {
        "page": target.url("workbook"),
        "export": target.url("workbook-export"),
        "upload": target.url("workbook-upload"),
        "back": back,
    }
    if upload is not None:
        found |= {name: target.url(f"workbook-{name}", upload.pk) for name in ("apply", "annotated")}
    return found


def path_of(target: Target, *rest: tuple[str, str]) -> list[dict[str, str]]:
    """The path to the page."""
    if isinstance(target, ReportTarget):
        return crumbs_of(target.report, *rest)
    path = [("Metas a cargo", target.url("table")), *rest]
    return [{"label": label, "url": url} for label, url in path]


def tabs(target: Target) -> list[dict[str, Any]]:
    """The other pages of a report; a table has none."""
    return tabs_of(target.report, "report-workbook") if isinstance(target, ReportTarget) else []


def _marked(row: EntryRow) -> MarkedGoal:
    before, after = row.before, row.after
    found = [
        MarkedDifference(
            ENTRY_BY_NAME[name].label, *mark(_spoken(getattr(before.entry, name)), _spoken(getattr(after.entry, name)))
        )
        for name in row.values
    ]
    for label, name in (("Resultado del trimestre", "result"), ("Avance del año", "progress")):
        old, new = (getattr(figures_of(line.goal, line.result()), name) for line in (before, after))
        if old != new:
            found.append(MarkedDifference(f"{label} (calculado)", *mark(old, new)))
    unit = before.report.plan.unit.name
    return MarkedGoal(f"{unit} · Meta {before.goal.number}", before.goal.text, tuple(found))


def _spoken(value: Value) -> Any:
    return EMPTY if value is None or value == "" else value if isinstance(value, str) else format_magnitude(value)
