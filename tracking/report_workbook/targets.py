"""What a quarter's workbook is of: one report, or the table of a central area. Both are read and written alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models
from django.urls import reverse

from pes.access import can, units_for
from pes.models import OrganizationUnit, User
from pes.permissions import Permission
from pes.workbooks.sheets import Cell, SheetData
from tracking.central import table_readings, table_reports
from tracking.content import Reading, reading_of
from tracking.filling import state_problems
from tracking.models import QuarterReport, ReportUpload
from tracking.report_workbook import shape
from tracking.report_workbook.entries import Powers
from tracking.report_workbook.export import (
    about_area,
    about_report,
    report_sheets,
    table_sheets,
    table_title,
    title_of,
)
from tracking.rules.report_states import EDITABLE

Identity = tuple[tuple[str, str, object], ...]  # key of the first sheet, code of the error, own value


class Target(Protocol):
    """A report or a table, as its workbook needs it."""

    quarter: int
    is_table: bool
    headers: Sequence[str]
    where: str
    only: str  # the unit's code of a workbook that is of one report

    @property
    def obj(self) -> models.Model: ...
    @property
    def title(self) -> str: ...
    @property
    def file_name(self) -> str: ...
    @property
    def identity(self) -> Identity: ...
    @property
    def about(self) -> dict[str, Cell]: ...
    @property
    def place(self) -> dict[str, Any]: ...
    def hold(self) -> None: ...
    def readings(self) -> list[Reading]: ...
    def powers(self, by: User) -> Powers: ...
    def reason(self, by: User) -> str: ...
    def sheets(self) -> list[SheetData]: ...
    def url(self, name: str, *args: Any) -> str: ...


@dataclass(frozen=True, slots=True)
class ReportTarget:
    """The workbook of one report; the report comes with its plan and unit."""

    report: QuarterReport

    is_table = False
    headers = shape.HEADERS
    where = "el reporte"

    @property
    def quarter(self) -> int:
        """The quarter that it reports."""
        return self.report.quarter

    @property
    def only(self) -> str:
        """The only unit that its rows are of."""
        return self.report.plan.unit.code

    @property
    def obj(self) -> models.Model:
        """What the audit event is about."""
        return self.report

    @property
    def title(self) -> str:
        """Its name."""
        return title_of(self.report)

    @property
    def file_name(self) -> str:
        """The name of its file, without suffix."""
        return f"reporte-{self.only}-{self.report.plan.vigencia_id}-T{self.quarter}"

    @property
    def identity(self) -> Identity:
        """What its first sheet must say, if it says it (IM9)."""
        plan = self.report.plan
        return (
            ("unidad", "unit_differs", plan.unit.code),
            ("vigencia", "vigencia_differs", plan.vigencia_id),
            ("trimestre", "quarter_differs", self.quarter),
        )

    @property
    def about(self) -> dict[str, Cell]:
        """Its first sheet."""
        return about_report(self.report)

    @property
    def place(self) -> dict[str, Any]:
        """Where its uploads are kept."""
        return {"report": self.report, "vigencia": self.report.plan.vigencia_id, "quarter": self.quarter}

    def hold(self) -> None:
        """Lock it until the transaction ends."""
        QuarterReport.hold(self.report.pk)

    def readings(self) -> list[Reading]:
        """What it says now."""
        return [reading_of(_fresh(self.report))]

    def powers(self, by: User) -> Powers:
        """What a person may write of it: as its team, or as the areas that report some of its goals."""
        areas = self.report.entries.filter(goal__central_area__in=units_for(by, Permission.GOAL_REPORT))
        found = frozenset(areas.values_list("goal__central_area", flat=True))
        return Powers(can(by, Permission.QUARTER_FILL, self.report), found)

    def reason(self, by: User) -> str:
        """Why a person cannot load a workbook; empty when nothing keeps it from being tried."""
        if not can(by, Permission.QUARTER_FILL, self.report):
            return "Lo carga el equipo del plan."
        return next((problem.message for problem in state_problems(self.report, EDITABLE)), "")

    def sheets(self) -> list[SheetData]:
        """The workbook."""
        return report_sheets(self.readings()[0])

    def url(self, name: str, *args: Any) -> str:
        """A page or act of its workbook."""
        return self.report.url(f"report-{name}", *args)


@dataclass(frozen=True, slots=True)
class TableTarget:
    """The workbook of a central area: its goals of a quarter in every plan (PG-08)."""

    area: OrganizationUnit
    vigencia: int
    quarter: int

    is_table = True
    headers = shape.CENTRAL_HEADERS
    where = "la tabla"
    only = ""

    @property
    def obj(self) -> models.Model:
        """What the audit event is about."""
        return self.area

    @property
    def title(self) -> str:
        """Its name."""
        return table_title(self.area, self.vigencia, self.quarter)

    @property
    def file_name(self) -> str:
        """The name of its file, without suffix."""
        return f"metas-a-cargo-{self.area.code}-{self.vigencia}-T{self.quarter}"

    @property
    def identity(self) -> Identity:
        """What its first sheet must say, if it says it (IM9)."""
        return (
            ("area", "unit_differs", self.area.code),
            ("vigencia", "vigencia_differs", self.vigencia),
            ("trimestre", "quarter_differs", self.quarter),
        )

    @property
    def about(self) -> dict[str, Cell]:
        """Its first sheet."""
        return about_area(self.area, self.vigencia, self.quarter)

    @property
    def place(self) -> dict[str, Any]:
        """Where its uploads are kept."""
        return {"area": self.area, "vigencia": self.vigencia, "quarter": self.quarter}

    def hold(self) -> None:
        """Lock its reports in a fixed order until the transaction ends (JB15)."""
        for pk in sorted(table_reports(self.area, self.vigencia, self.quarter).values_list("pk", flat=True)):
            QuarterReport.hold(pk)

    def readings(self) -> list[Reading]:
        """What its reports say now of its goals."""
        return table_readings(self.area, self.vigencia, self.quarter)

    def powers(self, by: User) -> Powers:
        """What a person may write of it: everything, in the name of the area."""
        may = can(by, Permission.GOAL_REPORT, self.area)
        return Powers(False, frozenset({self.area.pk}) if may else frozenset())

    def reason(self, by: User) -> str:
        """Nothing keeps who reports for the area from trying; each row says whether it is taken."""
        return ""

    def sheets(self) -> list[SheetData]:
        """The workbook."""
        return table_sheets(self.area, self.readings(), self.vigencia, self.quarter)

    def url(self, name: str, *args: Any) -> str:
        """A page or act of its workbook."""
        return reverse(f"tracking:central-{name}", args=[self.area.code, self.vigencia, self.quarter, *args])


def target_of(upload: ReportUpload) -> Target:
    """What an upload is of; it comes with its report, plan and unit, or with its area."""
    if upload.report is not None:
        return ReportTarget(upload.report)
    assert upload.area is not None  # the constraint of the table
    return TableTarget(upload.area, upload.vigencia, upload.quarter)


def _fresh(report: QuarterReport) -> QuarterReport:
    return QuarterReport.objects.select_related("plan__unit__parent").get(pk=report.pk)
