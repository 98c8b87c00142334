"""The quarterly report of a plan de gestión, its way through SM-2, and the term that the OAP gave it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models import User
from pes.permissions import Permission
from pes.rules.calendar import quarter_end
from pes.rules.problems import Problem, Refused
from pes.rules.transitions import transition_for
from plans.models import PlanGestion
from tracking.rules.report_states import EDITABLE, TRANSITIONS, ReportStatus

ON_ITS_UNIT = (
    Permission.PLAN_READ,
    Permission.QUARTER_FILL,
    Permission.QUARTER_SUBMIT,
    Permission.QUARTER_DELEGATE,
    Permission.QUARTER_REVIEW,
    Permission.QUARTER_EXTEND,
    Permission.QUARTER_CONSOLIDATE,
    Permission.QUARTER_REOPEN,
    Permission.QUARTER_PUBLISH,
)


def report_scope(unit: str) -> Scope:
    """Paths of what belongs to a report, given the path to its plan's unit."""
    return dict.fromkeys(ON_ITS_UNIT, (unit,))


class ReportQuerySet(ScopedQuerySet["QuarterReport"]):
    """Questions about reports."""

    def waiting_for_team(self) -> ReportQuerySet:
        """Those that the team still has in its hands."""
        return self.filter(status__in=EDITABLE)


class QuarterReport(models.Model):
    """What a plan reports of a quarter (PLE-PIN-P005 v8, act. 8 to 13).

    `legal_due_on` is the day that CAL-01 gave when it was opened; `due_on` moves with extensions. `is_late` is said of
    its first submission and stays (WF14).
    """

    ACCESS: ClassVar[Scope] = report_scope("plan__unit") | {
        Permission.PLAN_READ: ("plan__unit", "entries__goal__central_area"),
        Permission.GOAL_REPORT: ("entries__goal__central_area",),
    }

    plan = models.ForeignKey(PlanGestion, on_delete=models.PROTECT, related_name="reports", verbose_name="plan")
    quarter = models.PositiveSmallIntegerField("trimestre", validators=[MinValueValidator(1), MaxValueValidator(4)])
    status = models.CharField(
        "estado",
        max_length=12,
        choices=[(status.value, status.label) for status in ReportStatus],
        default=ReportStatus.OPEN.value,
    )
    revision = models.PositiveIntegerField("revisión", default=0, editable=False)  # grows with every change
    legal_due_on = models.DateField("vencimiento legal")
    due_on = models.DateField("vence")
    opened_at = models.DateTimeField("abierto")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="envió")
    submitted_at = models.DateTimeField("enviado", null=True)
    first_submitted_at = models.DateTimeField("enviado por primera vez", null=True)
    is_late = models.BooleanField("extemporáneo", default=False)
    reviewer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="analista asignado"
    )
    taken_at = models.DateTimeField("en revisión desde", null=True)
    returned_at = models.DateTimeField("devuelto", null=True)
    validated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="validó")
    validated_at = models.DateTimeField("validado", null=True)
    consolidated_at = models.DateTimeField("consolidado", null=True)
    published_at = models.DateTimeField("socializado", null=True)

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "reporte trimestral"
        verbose_name_plural = "reportes trimestrales"
        ordering = ("-plan__vigencia", "-quarter", "plan__unit__sort_key", "plan__unit__code")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "quarter"], name="one_report_per_plan_and_quarter"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="report_quarter_between_1_and_4"),
            models.CheckConstraint(condition=Q(due_on__gte=F("legal_due_on")), name="a_term_is_only_extended"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "filling"])
                | Q(submitted_by__isnull=False, submitted_at__isnull=False, first_submitted_at__isnull=False),
                name="sent_report_has_a_sender",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["validated", "consolidated", "published"])
                | Q(validated_by__isnull=False, validated_at__isnull=False),
                name="validated_report_has_a_validator",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["status", "due_on"], name="reports_by_state")]

    def __str__(self) -> str:
        return f"{self.plan} T{self.quarter}"

    def get_absolute_url(self) -> str:
        """The report's page."""
        return self.url("report")

    def url(self, name: str, *args: Any) -> str:
        """A page or an act of the report, by the name of its address."""
        return reverse(f"tracking:{name}", args=[self.plan.unit.code, self.plan.vigencia_id, self.quarter, *args])

    @property
    def is_editable(self) -> bool:
        """Whether the team may write it (SM-2)."""
        return self.status in EDITABLE

    @property
    def ended_on(self) -> date:
        """The last day of its quarter."""
        return quarter_end(self.plan.vigencia_id, self.quarter)

    @classmethod
    def hold(cls, pk: int) -> QuarterReport:
        """The report with its row locked until the transaction ends; the plan's row, if needed, is held first (JB15)."""
        reports = cls.objects.select_related("plan__unit").select_for_update(of=("self",), no_key=True)
        return reports.get(pk=pk)

    def touch(self) -> None:
        """Say that something of the report, which is held, changed."""
        QuarterReport.objects.filter(pk=self.pk).update(revision=F("revision") + 1)
        self.revision += 1

    def move(self, verb: str, **values: Any) -> None:
        """Take one edge of SM-2, if the report is still where it starts; the verb has asked for power and rules.

        The report is held, so what was written is what the database has: it is not read again, its plan stays loaded.
        """
        step = transition_for(TRANSITIONS, verb)
        moved = QuarterReport.objects.filter(pk=self.pk, status__in=step.sources).update(
            status=step.target, revision=F("revision") + 1, **values
        )
        if moved != 1:
            self.refresh_from_db(fields=["status"])
            label = ReportStatus(self.status).label
            message = f"El reporte está en estado «{label}» y desde ahí no se puede hacer esto."
            raise Refused([Problem("invalid_transition", "SM-2", message, fix="Vuelva a cargar la página.")])
        for name, value in ({"status": step.target, "revision": self.revision + 1} | values).items():
            setattr(self, name, value)


class DueExtension(models.Model):
    """More days for one report, given by the Jefe OAP with a reason; what was due before stays written."""

    append_only: ClassVar[bool] = True

    report = models.ForeignKey(QuarterReport, on_delete=models.PROTECT, related_name="extensions")
    from_due_on = models.DateField("vencía")
    to_due_on = models.DateField("vence")
    reason = models.TextField("motivo")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="prorrogó")
    at = models.DateTimeField("instante")

    class Meta:
        verbose_name = "prórroga"
        verbose_name_plural = "prórrogas"
        ordering = ("report", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(to_due_on__gt=F("from_due_on")) & ~Q(reason=""), name="an_extension_gives_days_and_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: hasta {self.to_due_on:%Y-%m-%d}"
