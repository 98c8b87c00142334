"""Periodic reports: drafts that may be made again, issued editions that never change, and their publication."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from evaluation.facts import measured_dates
from evaluation.models.cutoff import Cutoff, CutoffStatus, Snapshot
from evaluation.rules.periods import Period, cutoff_of, draft_problems, issue_problems, parse_period
from pes import audit, jobs
from pes.access import Scope, ScopedQuerySet, demand
from pes.models import Job, JobState, SectorPlan, User
from pes.models.sector_plan import sector_scope
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any

RENDER_JOB, ISSUE_JOB = "render_report", "issue_report"
RETRY_AFTER = timedelta(days=1)


class ReportKind(models.TextChoices):
    """The periodic reports of a sector (REP-01…03)."""

    MONTHLY = "monthly", "Mensual"
    SEMIANNUAL = "semiannual", "Semestral"
    ANNUAL = "annual", "Anual"


class SectorReport(models.Model):
    """What a draft and an issued edition share: whose report, which period, and the stored files."""

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="plan")
    kind = models.CharField("clase", max_length=10, choices=ReportKind.choices)
    period = models.CharField("periodo", max_length=7)
    folder = models.CharField(max_length=40, unique=True)
    pdf_sha256 = models.CharField("SHA-256 del PDF", max_length=64)
    xlsx_sha256 = models.CharField("SHA-256 del XLSX", max_length=64)
    html_sha256 = models.CharField("SHA-256 del HTML", max_length=64, default="")
    zip_sha256 = models.CharField("SHA-256 del ZIP", max_length=64, blank=True, default="")
    context_sha256 = models.CharField("SHA-256 de los datos", max_length=64)
    pages = models.PositiveIntegerField("páginas")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"

    @property
    def slot(self) -> Period:
        """Its period, parsed."""
        return parse_period(self.kind, self.period)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The files that may be downloaded."""
        return ("pdf", "xlsx", "zip") if self.zip_sha256 else ("pdf", "xlsx")

    def get_absolute_url(self) -> str:
        """The page of its period."""
        return reverse("evaluation:report", args=[self.plan.sector.code, self.kind, self.period])

    def digest_of(self, suffix: str) -> str:
        """SHA-256 of one of its files."""
        return str(getattr(self, f"{suffix}_sha256"))

    def path(self, suffix: str) -> Path:
        """Where a file of the report lies; `suffix` is pdf, xlsx or html."""
        return Path(settings.MEDIA_ROOT) / "informes" / self.folder / f"informe.{suffix}"


class ReportDraft(SectorReport):
    """The latest draft of a period, marked «Borrador»; asking again replaces it."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("generado")

    objects: ClassVar[ScopedQuerySet[ReportDraft]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "borrador de informe"
        ordering = ("plan", "kind", "-period")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "kind", "period"], name="one_draft_per_period"),
        ]

    @classmethod
    @transaction.atomic
    def ask(cls, plan: SectorPlan, period: Period, *, by: User | None) -> Job:
        """Ask for the draft of a period; waiting requests for the same one are one job, and the latest draft stays.

        `by` is None for the planner. Raises PermissionDenied, or Refused with the problems.
        """
        if by is not None:
            demand(by, Permission.REPORT_REQUEST, plan)
        refuse_if_any(draft_problems(period, measured_dates(plan), plan.vigencias))
        audit.record("report_requested", plan, by=by, after={"kind": period.kind.value, "period": period.code})
        return jobs.enqueue(RENDER_JOB, _key(RENDER_JOB, plan, period), _payload(plan, period), by=by)

    @classmethod
    def jobs_of(cls, plan: SectorPlan, period: Period) -> QuerySet[Job]:
        """The jobs that were asked to make the draft of a period, the newest first."""
        return Job.objects.filter(kind=RENDER_JOB, key=_key(RENDER_JOB, plan, period)).order_by("-pk")

    @classmethod
    def was_tried(cls, plan: SectorPlan, period: Period) -> bool:
        """Whether its draft is being made, or failed less than a day ago: then the planner waits."""
        busy = Q(state__in=(JobState.QUEUED, JobState.RUNNING))
        failed = Q(state=JobState.FAILED, finished_at__gt=timezone.now() - RETRY_AFTER)
        return cls.jobs_of(plan, period).filter(busy | failed).exists()


class IssuedReport(SectorReport):
    """An issued edition: stored files with digest and snapshot, never recomputed; a correction is edition 2."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")
    append_only: ClassVar[bool] = True

    edition = models.PositiveSmallIntegerField("edición")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="reports")
    reason = models.TextField("motivo de la corrección", blank=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="emitió")
    issued_at = models.DateTimeField("emitido")

    objects: ClassVar[ScopedQuerySet[IssuedReport]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "informe emitido"
        ordering = ("plan", "kind", "-period", "-edition")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "kind", "period", "edition"], name="edition_once_per_period"),
            models.CheckConstraint(condition=Q(edition=1) | ~Q(reason=""), name="a_correction_has_a_reason"),
        ]

    @classmethod
    @transaction.atomic
    def ask(cls, plan: SectorPlan, period: Period, *, reason: str, by: User, today: date | None = None) -> Job:
        """Ask for the next edition of a period: a job renders it once, without «Borrador», and it never changes.

        Edition 1 needs a consolidated cut-off; from edition 2 on also the reason of the correction, which is public.
        Raises PermissionDenied, or Refused with the problems.
        """
        demand(by, Permission.REPORT_ISSUE, plan)
        editions = cls.of(plan, period).count()
        refuse_if_any(issuing_problems(plan, period, editions, reason, today or timezone.localdate()))
        audit.record(
            "report_issue_requested", plan, by=by, reason=reason,
            after={"kind": period.kind.value, "period": period.code, "edition": editions + 1},
        )  # fmt: skip
        payload = _payload(plan, period) | {"edition": editions + 1, "reason": reason.strip()}
        return jobs.enqueue(ISSUE_JOB, _key(ISSUE_JOB, plan, period), payload, by=by)

    @classmethod
    def of(cls, plan: SectorPlan, period: Period) -> ScopedQuerySet[IssuedReport]:
        """The editions of a period, the newest first."""
        return cls.objects.filter(plan=plan, kind=period.kind.value, period=period.code).order_by("-edition")

    @transaction.atomic
    def publish(self, *, by: User) -> ReportPublication:
        """Make the edition public; the newest public one is what citizens see, older ones stay, labelled (AZ13).

        Raises PermissionDenied, or Refused if it is public already.
        """
        demand(by, Permission.REPORT_PUBLISH, self)
        if ReportPublication.objects.filter(report=self).exists():
            message = f"La edición {self.edition} ya está publicada."
            raise Refused([Problem("published_already", "AZ13", message, fix="Vuelva a cargar la página.")])
        publication = ReportPublication.objects.create(report=self, published_by=by, published_at=timezone.now())
        audit.record("report_published", self, by=by, after={"edition": self.edition, "pdf": self.pdf_sha256})
        return publication


def issuing_problems(plan: SectorPlan, period: Period, editions: int, reason: str, today: date) -> list[Problem]:
    """Why the next edition of a period cannot be issued now."""
    dates = measured_dates(plan)
    on = cutoff_of(period, dates)
    consolidated = Cutoff.objects.filter(plan=plan, on=on, status=CutoffStatus.CONSOLIDATED).exists()
    return draft_problems(period, dates, plan.vigencias) + issue_problems(
        period, today=today, consolidated=consolidated, editions=editions, reason=reason
    )


class ReportPublication(models.Model):
    """An issued edition was made public."""

    ACCESS: ClassVar[Scope] = sector_scope("report__plan__sector")
    append_only: ClassVar[bool] = True

    report = models.OneToOneField(IssuedReport, on_delete=models.PROTECT, related_name="publication")
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="publicó")
    published_at = models.DateTimeField("publicado")

    objects: ClassVar[ScopedQuerySet[ReportPublication]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "publicación"
        ordering = ("-published_at",)

    def __str__(self) -> str:
        return str(self.report)


def _key(kind: str, plan: SectorPlan, period: Period) -> str:
    return f"{kind}:{plan.pk}:{period.kind.value}:{period.code}"


def _payload(plan: SectorPlan, period: Period) -> dict[str, Any]:
    """Ids and the version of this shape (JB11)."""
    return {"version": 1, "plan": plan.pk, "kind": period.kind.value, "period": period.code}
