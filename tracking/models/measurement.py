"""Measurements: what an indicator had reached at a date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from pes import audit, jobs
from pes.access import Scope, ScopedQuerySet, demand
from pes.models import GoalKind, Indicator, SectorPlan, User
from pes.models.sector_plan import sector_scope
from pes.permissions import Permission
from pes.rules.problems import refuse_if_any
from tracking.rules.measurements import achieved_problems, measurement_problems, stale_edit_problem

CUTOFF_JOB = "compute_cutoffs"


class Measurement(models.Model):
    """The amount executed within the vigencia (SUMA) or the level reached (other types), at a date.

    The fact row is narrow on purpose: it is scanned by every calculation. Its text lives beside it, 1:1.
    """

    ACCESS: ClassVar[Scope] = {
        **sector_scope("indicator__plan__sector"),
        Permission.INDICATOR_MEASURE: ("indicator__entity",),
        Permission.PROJECT_MEASURE: ("indicator__entity",),
    }

    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="measurements", verbose_name="indicador"
    )
    on = models.DateField("fecha de corte")
    achieved = models.DecimalField("ejecutado", max_digits=18, decimal_places=4)
    version = models.PositiveIntegerField(default=1, editable=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="registró")
    recorded_at = models.DateTimeField("registrada")

    objects: ClassVar[ScopedQuerySet[Measurement]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "medición"
        verbose_name_plural = "mediciones"
        ordering = ("indicator", "-on")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "on"], name="one_measurement_per_indicator_and_date"),
            models.CheckConstraint(condition=Q(achieved__gte=0), name="achieved_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} al {self.on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The measurement's page, where its evidence is."""
        return reverse("tracking:measurement", args=[self.pk])

    @classmethod
    @transaction.atomic
    def register(
        cls, *, indicator: Indicator, on: date, achieved: Decimal, analysis: str, by: User, today: date | None = None
    ) -> Measurement:
        """Record what was reached at a date and ask for the cut-off to be computed.

        `achieved` is in the indicator's unit. Raises PermissionDenied, or Refused with the problems.
        """
        demand(by, measuring_permission(indicator), indicator)
        plan = SectorPlan.hold(indicator.plan_id)
        refuse_if_any(
            measurement_problems(
                on=on,
                achieved=achieved,
                vigencias=plan.vigencias,
                today=today or timezone.localdate(),
                consolidated_through=plan.consolidated_through,
                repeated=cls.objects.filter(indicator=indicator, on=on).exists(),
            )
        )
        measurement = cls.objects.create(
            indicator=indicator, on=on, achieved=achieved, recorded_by=by, recorded_at=timezone.now()
        )
        MeasurementAnalysis.objects.create(measurement=measurement, text=analysis)
        audit.record("measurement_registered", measurement, by=by, after=measurement.facts())
        measurement.ask_for_cutoffs(by)
        return measurement

    @transaction.atomic
    def correct(self, *, achieved: Decimal, analysis: str, expected_version: int, reason: str, by: User) -> None:
        """Change a figure or its analysis; both values stay in the audit trail.

        Once the cut-off is consolidated only who consolidates may correct, with a reason, and the official figure
        changes with the next run. Who changes the figure becomes its author, who changes only the analysis does not
        (AZ4). Raises Refused when the edit is stale (WF3) or the figure is none (PT-19).
        """
        consolidated = SectorPlan.hold(self.indicator.plan_id).consolidated_through
        sealed = consolidated is not None and self.on <= consolidated
        needed = Permission.CUTOFF_CONSOLIDATE if sealed else measuring_permission(self.indicator)
        demand(by, needed, self if sealed else self.indicator)
        self.refresh_from_db()
        before = self.facts()
        stale = stale_edit_problem(self.version, expected_version, reason=reason, sealed=sealed)
        refuse_if_any([*stale, *achieved_problems(achieved)])
        author = self.recorded_by_id if achieved == self.achieved else by.pk
        Measurement.objects.filter(pk=self.pk).update(
            achieved=achieved, version=F("version") + 1, recorded_by=author, recorded_at=timezone.now()
        )
        MeasurementAnalysis.objects.update_or_create(measurement=self, defaults={"text": analysis})
        self.refresh_from_db()
        audit.record("measurement_corrected", self, by=by, before=before, after=self.facts(), reason=reason)
        self.ask_for_cutoffs(by)

    def ask_for_cutoffs(self, by: User) -> jobs.Job:
        """Enqueue the computation of the vigencia's open cut-offs (latest wins)."""
        plan_id, vigencia = self.indicator.plan_id, self.on.year
        return ask_for_cutoffs(plan_id, vigencia, by=by)

    def facts(self) -> dict[str, Any]:
        """What the audit keeps."""
        analysis = MeasurementAnalysis.objects.filter(measurement=self).values_list("text", flat=True).first()
        return {
            "indicator": self.indicator_id,
            "on": self.on.isoformat(),
            "achieved": str(self.achieved),
            "analysis": analysis or "",
        }


class MeasurementAnalysis(models.Model):
    """What the figure means, in words."""

    measurement = models.OneToOneField(Measurement, on_delete=models.CASCADE, primary_key=True, related_name="analysis")
    text = models.TextField("análisis", blank=True)

    class Meta:
        verbose_name = "análisis"

    def __str__(self) -> str:
        return self.text[:80]


def measuring_permission(indicator: Indicator) -> Permission:
    """Project goals may also be measured by the project's manager (REP-01); the rest by who measures indicators."""
    is_project = indicator.goal.kind == GoalKind.PROYECTO
    return Permission.PROJECT_MEASURE if is_project else Permission.INDICATOR_MEASURE


def ask_for_cutoffs(plan_id: int, vigencia: int, *, by: User | None) -> jobs.Job:
    """Enqueue the computation of a vigencia's open cut-offs; waiting requests for the same vigencia are one."""
    key = f"{CUTOFF_JOB}:{plan_id}:{vigencia}"
    return jobs.enqueue(CUTOFF_JOB, key, {"plan": plan_id, "vigencia": vigencia}, by=by)
