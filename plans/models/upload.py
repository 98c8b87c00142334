"""A workbook on its way into a plan: kept between its preview and the decision to apply it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from pes.access import Scope, ScopedQuerySet
from pes.models import UploadedWorkbook
from plans.models.plan import PlanGestion, plan_scope


class PlanUpload(UploadedWorkbook):
    """The file that somebody previewed, and the revision of the plan that the preview compared it with (IM11)."""

    ACCESS: ClassVar[Scope] = plan_scope("plan__unit")

    plan = models.ForeignKey(PlanGestion, on_delete=models.PROTECT, related_name="uploads", verbose_name="plan")
    base_revision = models.PositiveIntegerField("revisión comparada")

    objects: ClassVar[ScopedQuerySet[PlanUpload]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]
