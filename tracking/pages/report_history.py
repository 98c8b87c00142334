"""The history of a report: one line of time, its frozen versions, and two of them field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator

from pes.asked import whole_number
from pes.dates import long_instant
from plans.content import digest_of
from plans.pages.marks import MarkedGoal, marked
from plans.rules.differences import ChangedGoal
from tracking.models import QuarterReport, ReportVersion
from tracking.pages.report import TONES
from tracking.pages.report_events import KINDS, Happening, happenings_of
from tracking.pages.report_tabs import tabs_of
from tracking.rules.report_differences import NOTHING, report_differences
from tracking.rules.report_states import ReportStatus

PER_PAGE = 50
GOALS_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A frozen version in the list."""

    number: int
    event: str
    tone: str
    when: str
    who: str
    digest: str
    url: str
    diff_url: str


class ReportHistory:
    """The page of the history; a constant number of queries whatever happened."""

    def __init__(self, report: QuarterReport, query: Mapping[str, str]) -> None:
        self.report, self._query = report, query
        self.kind = query.get("ver", "") if query.get("ver", "") in dict(KINDS) else ""
        self.status = ReportStatus(report.status)
        self.tone = TONES[self.status]

    @cached_property
    def versions(self) -> list[VersionRow]:
        """Every version, the last one first, without their contents."""
        here = self.report.url("report-history")
        rows = self.report.versions.defer("content").select_related("by").order_by("-number")
        return [
            VersionRow(
                number=row.number,
                event=row.get_event_display(),
                tone="ok" if row.event == ReportVersion.Event.VALIDATED else "info",
                when=long_instant(row.at),
                who=str(row.by),
                digest=f"{row.digest[:12]}…",
                url=f"{here}?version={row.number}#version",
                diff_url=f"{here}?antes={row.number - 1}&despues={row.number}#version" if row.number > 1 else "",
            )
            for row in rows
        ]

    @property
    def choices(self) -> list[tuple[int, str]]:
        """Versions as options of a select."""
        return [(row.number, f"Versión {row.number} · {row.event}") for row in self.versions]

    @cached_property
    def opened(self) -> VersionPage | None:
        """The version that was asked for, or two side by side; None for neither."""
        before, after = (whole_number(self._query.get(name, "")) for name in ("antes", "despues"))
        one = whole_number(self._query.get("version", ""))
        found = {row.number: row for row in self.report.versions.filter(number__in=[before or 0, after or 0, one or 0])}
        if before in found and after in found and before != after:
            return VersionPage(found[after], found[before], self._query.get("metas"))
        return VersionPage(found[one], None, self._query.get("metas")) if one in found else None

    @cached_property
    def page(self) -> Page[Happening]:
        """What happened, this page of it."""
        found = [one for one in happenings_of(self.report) if self.kind in ("", one.kind)]
        return Paginator(found, PER_PAGE).get_page(self._query.get("pagina"))

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The pages of the report."""
        return tabs_of(self.report, "report-history")


class VersionPage:
    """A frozen version word for word, or what differs in it from another."""

    def __init__(self, version: ReportVersion, before: ReportVersion | None, page: str | None) -> None:
        self.version, self.before, self._number = version, before, page

    @property
    def title(self) -> str:
        """Which version, or which two."""
        if self.before is None:
            return f"Versión {self.version.number}, palabra por palabra"
        return f"De la versión {self.before.number} a la {self.version.number}"

    @property
    def digest(self) -> str:
        """The digest with which it was frozen."""
        return self.version.digest

    @property
    def is_intact(self) -> bool:
        """Whether the content still has it."""
        return digest_of(self.version.content) == self.version.digest

    @property
    def columns(self) -> tuple[dict[str, str], ...]:
        """The two versions, as columns."""
        number = self.before.number if self.before else 0
        return {"label": f"Versión {number}"}, {"label": f"Versión {self.version.number}"}

    @cached_property
    def found(self) -> list[ChangedGoal]:
        """Every goal that says something, or something else."""
        return report_differences(self.before.content if self.before else NOTHING, self.version.content)

    @property
    def previous_url(self) -> str:
        """The goals before these."""
        return self._url(self.page.previous_page_number())

    @property
    def next_url(self) -> str:
        """The goals after these."""
        return self._url(self.page.next_page_number())

    def _url(self, page: int) -> str:
        asked = {"version": self.version.number}
        if self.before is not None:
            asked = {"antes": self.before.number, "despues": self.version.number}
        return f"?{urlencode(asked | {'metas': page})}#version"

    @cached_property
    def page(self) -> Page[ChangedGoal]:
        """The goals of this page."""
        return Paginator(self.found, GOALS_PER_PAGE).get_page(self._number)

    @property
    def goals(self) -> list[MarkedGoal]:
        """Those goals, their words marked."""
        return [MarkedGoal(f"Meta {goal.number}", goal.text, marked(goal.differences)) for goal in self.page]

    @property
    def said(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Those goals with everything they say, for one version alone."""
        return [
            (f"Meta {goal.number} · {goal.text}", [(one.label, one.after_text) for one in goal.differences[1:]])
            for goal in self.page
        ]
