"""Cut-offs of a PES, computed by jobs while open and frozen as snapshots when consolidated."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone

from evaluation import serial
from evaluation.facts import indicator_facts, objective_weights, policy_of
from evaluation.models.weights import WeightSet, WeightStatus
from evaluation.rules.compliance import sector_result
from evaluation.rules.cutoffs import TRANSITIONS, consolidation_problems, correction_problems
from evaluation.rules.results import SectorResult
from pes import audit
from pes.access import Scope, ScopedQuerySet, demand
from pes.models import Metodologia, SectorPlan, User
from pes.models.sector_plan import sector_scope
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for
from tracking.models import Measurement


class CutoffStatus(models.TextChoices):
    """Whether a cut-off still follows its measurements."""

    OPEN = "open", "En curso"
    CONSOLIDATED = "consolidated", "Consolidado"


class Cutoff(models.Model):
    """A date at which the sector is measured, with its last computed result."""

    ACCESS: ClassVar[Scope] = sector_scope("plan__sector")

    plan = models.ForeignKey(SectorPlan, on_delete=models.PROTECT, related_name="cutoffs", verbose_name="plan")
    on = models.DateField("corte")
    status = models.CharField("estado", max_length=12, choices=CutoffStatus.choices, default=CutoffStatus.OPEN)
    version = models.PositiveIntegerField("versión", default=0)
    methodology = models.CharField("metodología", max_length=20)
    result = models.JSONField("resultado")
    computed_at = models.DateTimeField("calculado")

    objects: ClassVar[ScopedQuerySet[Cutoff]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "corte"
        ordering = ("plan", "-on")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "on"], name="one_cutoff_per_plan_and_date"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} al {self.on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The dashboard at this cut-off."""
        return reverse("evaluation:dashboard", args=[self.plan.sector.code]) + f"?corte={self.on:%Y-%m-%d}"

    @property
    def is_consolidated(self) -> bool:
        """Whether its figures are official and frozen."""
        return self.status == CutoffStatus.CONSOLIDATED

    @property
    def sector_result(self) -> SectorResult:
        """The last computed result; once consolidated it equals the last snapshot's."""
        return serial.from_json(self.result)

    @transaction.atomic
    def consolidate(self, *, by: User, reason: str = "", today: date | None = None) -> Snapshot:
        """Freeze the cut-off as its next run: the first makes it official, a later one corrects it with a reason.

        Raises PermissionDenied, or Refused with the problems. The weights of the vigencia freeze with it (W-07).
        """
        step = transition_for(TRANSITIONS, "correct" if self.is_consolidated else "consolidate")
        demand(by, step.permission, self)
        SectorPlan.hold(self.plan_id)
        self._move(step.sources, step.target)
        computation = compute(self.plan, self.on, closed=True)
        problems = self._consolidation_problems(computation, by, today or timezone.localdate())
        if step.needs_reason:
            problems += correction_problems(serial.digest(computation), self.snapshots.latest("run").digest, reason)
        refuse_if_any(problems)
        snapshot = self._freeze(computation, by, reason)
        self._seal_left(by)
        audit.record(
            "cutoff_corrected" if step.needs_reason else "cutoff_consolidated",
            self,
            by=by,
            after={"run": snapshot.run, "digest": snapshot.digest},
            reason=reason,
        )
        return snapshot

    def _move(self, sources: Any, target: str) -> None:
        moved = Cutoff.objects.filter(pk=self.pk, status__in=sources).update(status=target, version=F("version") + 1)
        if moved != 1:
            message = "Otra persona consolidó este corte primero."
            raise Refused([Problem("consolidated_already", "WF2", message, fix="Vuelva a cargar la página.")])

    def _consolidation_problems(self, computation: dict[str, Any], by: User, today: date) -> list[Problem]:
        result = serial.from_json(computation["result"])
        measured = Measurement.objects.filter(indicator__plan=self.plan, on__year=self.on.year, on__lte=self.on)
        return consolidation_problems(
            on=self.on,
            today=today,
            measured=sum(objective.measured for objective in result.objectives),
            unweighted=[objective.number for objective in result.objectives if objective.unweighted],
            actor_measured=measured.filter(recorded_by=by).exists(),
            actor_weighted=WeightSet.objects.filter(
                objective__plan=self.plan, vigencia=self.on.year, status=WeightStatus.OPEN, edited_by=by
            ).exists(),
        )

    def _freeze(self, computation: dict[str, Any], by: User, reason: str) -> Snapshot:
        last = self.snapshots.aggregate(last=Max("run"))["last"] or 0
        now = timezone.now()
        Cutoff.objects.filter(pk=self.pk).update(
            result=computation["result"], methodology=computation["methodology"]["label"], computed_at=now
        )
        self.refresh_from_db()
        return Snapshot.objects.create(
            cutoff=self,
            run=last + 1,
            reason=reason,
            consolidated_by=by,
            consolidated_at=now,
            digest=serial.digest(computation),
            **computation,
        )

    def _seal_left(self, by: User) -> None:
        """Write on the left what later verbs ask: how far the plan is sealed, and that its weights are frozen."""
        SectorPlan.objects.filter(
            Q(consolidated_through__isnull=True) | Q(consolidated_through__lt=self.on), pk=self.plan_id
        ).update(consolidated_through=self.on)
        WeightSet.freeze_all(self.plan, self.on.year, act="Consolidación del corte", act_on=self.on, by=by)


class Snapshot(models.Model):
    """A consolidated cut-off: inputs, methodology and results, never recomputed, only followed by another run."""

    ACCESS: ClassVar[Scope] = sector_scope("cutoff__plan__sector")
    append_only: ClassVar[bool] = True

    cutoff = models.ForeignKey(Cutoff, on_delete=models.PROTECT, related_name="snapshots", verbose_name="corte")
    run = models.PositiveSmallIntegerField("corrida")
    methodology = models.JSONField("metodología")
    inputs = models.JSONField("datos de entrada")
    result = models.JSONField("resultado")
    digest = models.CharField("huella SHA-256", max_length=64)
    reason = models.TextField("motivo", blank=True)
    consolidated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="consolidó")
    consolidated_at = models.DateTimeField("consolidado")

    objects: ClassVar[ScopedQuerySet[Snapshot]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "corte consolidado"
        ordering = ("cutoff", "-run")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["cutoff", "run"], name="snapshot_run_once"),
            models.CheckConstraint(condition=Q(run=1) | ~Q(reason=""), name="a_later_run_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.cutoff} · corrida {self.run}"

    @property
    def is_intact(self) -> bool:
        """Whether inputs, methodology and results still give the digest."""
        said = {"methodology": self.methodology, "inputs": self.inputs, "result": self.result}
        return serial.digest(said) == self.digest


def compute(plan: SectorPlan, on: date, *, closed: bool) -> dict[str, Any]:
    """Compute a plan at a cut-off: methodology, inputs and result as JSON values, exact."""
    methodology = Metodologia.in_force(on.year)
    facts = indicator_facts(plan, on)
    objectives = objective_weights(plan, on.year)
    result = sector_result(objectives, facts, policy_of(methodology), closed=closed)
    weights = [[number, None if weight is None else str(weight)] for number, weight in objectives]
    return {
        "methodology": methodology.facts(),
        "inputs": {"facts": serial.facts_to_json(facts), "objective_weights": weights},
        "result": serial.to_json(result),
    }
