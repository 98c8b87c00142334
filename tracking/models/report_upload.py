"""A workbook on its way into a report, or into the goals of a central area: kept between preview and decision."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pes.access import Scope, ScopedQuerySet
from pes.models import OrganizationUnit, UploadedWorkbook
from pes.permissions import Permission
from tracking.models.report import QuarterReport, report_scope


class ReportUpload(UploadedWorkbook):
    """The file that somebody previewed, and the state that the preview compared it with (IM11).

    Of one report, or of a central area's goals in a quarter of a vigencia.
    """

    ACCESS: ClassVar[Scope] = report_scope("report__plan__unit") | {Permission.GOAL_REPORT: ("area",)}

    report = models.ForeignKey(QuarterReport, on_delete=models.PROTECT, null=True, related_name="uploads")
    area = models.ForeignKey(OrganizationUnit, on_delete=models.PROTECT, null=True, related_name="+")
    vigencia = models.PositiveSmallIntegerField("vigencia")
    quarter = models.PositiveSmallIntegerField("trimestre")
    base = models.CharField("huella de lo comparado", max_length=64)

    objects: ClassVar[ScopedQuerySet[ReportUpload]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(UploadedWorkbook.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(report__isnull=False, area__isnull=True) | Q(report__isnull=True, area__isnull=False),
                name="an_upload_is_of_a_report_or_an_area",
            ),
        ]
