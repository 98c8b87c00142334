"""Weights of indicators within an objective and of objectives within the sector, per vigencia."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from evaluation.rules.weight_sets import TRANSITIONS, lock_problems
from pes import audit
from pes.access import Scope, ScopedQuerySet, demand
from pes.models import Indicator, IndicatorTarget, Objective, SectorPlan, User, Vigencia
from pes.models.sector_plan import sector_scope
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.transitions import transition_for
from pes.rules.weights import weight_problems
from tracking.models.measurement import ask_for_cutoffs

STALE_EDIT = Problem(
    "stale_edit",
    "WF3",
    "Otra persona cambió estas ponderaciones mientras usted las editaba; nada se ha sobrescrito.",
    fix="Compare con las vigentes y guarde de nuevo.",
)


class WeightStatus(models.TextChoices):
    """Whether the weights of an objective in a vigencia may still be edited."""

    OPEN = "open", "En edición"
    LOCKED = "locked", "Bloqueadas"


class WeightSet(models.Model):
    """The weights of one objective in one vigencia, and the act that approved them (W-01, W-02, W-07)."""

    ACCESS: ClassVar[Scope] = sector_scope("objective__plan__sector")

    objective = models.ForeignKey(
        Objective, on_delete=models.PROTECT, related_name="weight_sets", verbose_name="objetivo"
    )
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+")
    status = models.CharField("estado", max_length=6, choices=WeightStatus.choices, default=WeightStatus.OPEN)
    act = models.CharField("acto que las aprobó", max_length=200, blank=True)
    act_on = models.DateField("fecha del acto", null=True, blank=True)
    edited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name="editó"
    )
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="bloqueó")
    locked_at = models.DateTimeField("bloqueadas", null=True)

    objects: ClassVar[ScopedQuerySet[WeightSet]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "ponderación de un objetivo"
        ordering = ("objective", "vigencia")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["objective", "vigencia"], name="one_weight_set_per_objective_and_vigencia"),
            models.CheckConstraint(
                condition=Q(status="open", locked_by__isnull=True, locked_at__isnull=True, act="")
                | (Q(status="locked", locked_by__isnull=False, locked_at__isnull=False) & ~Q(act="")),
                name="locked_weights_have_an_act",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective} {self.vigencia_id}"

    @classmethod
    def of(cls, objective: Objective, vigencia: int) -> WeightSet:
        """The set of an objective and vigencia, created empty when there is none."""
        Vigencia.objects.get_or_create(year=vigencia)
        return cls.objects.get_or_create(objective=objective, vigencia_id=vigencia)[0]

    def programmed_keys(self) -> dict[str, int]:
        """Key → id of the indicators programmed in the vigencia: exactly those that carry a weight (W-03)."""
        targets = IndicatorTarget.objects.filter(
            indicator__goal__objective_id=self.objective_id, vigencia_id=self.vigencia_id
        ).order_by("indicator__key")
        return dict(targets.values_list("indicator__key", "indicator_id"))

    def by_key(self) -> dict[str, Decimal]:
        """Key → weight in percentage points."""
        return dict(self.weights.order_by("indicator__key").values_list("indicator__key", "weight"))

    @property
    def fingerprint(self) -> str:
        """What an editor has read; it changes with any weight."""
        return fingerprint_of(self.by_key())

    @transaction.atomic
    def change(self, weights: Mapping[str, Decimal], *, by: User, read: str | None = None) -> bool:
        """Put new weights (percentage points by indicator key) in force; False when nothing changed.

        `read` is the fingerprint of what the person was editing. Raises PermissionDenied, or Refused: locked (W-07),
        changed meanwhile (WF3), Σ ≠ 100,00 (W-02), not programmed (W-03).
        """
        demand(by, Permission.WEIGHTS_EDIT, self.objective)
        self._hold()
        if self.status != WeightStatus.OPEN:
            self._refuse_state()
        ids, before = self.programmed_keys(), self.by_key()
        if read is not None and read != self.fingerprint:
            raise Refused([STALE_EDIT])
        refuse_if_any(weight_problems(weights, programmed=ids.keys()))
        if dict(weights) == before:
            return False
        self.weights.all().delete()
        IndicatorWeight.objects.bulk_create(
            IndicatorWeight(weight_set=self, indicator_id=ids[key], vigencia_id=self.vigencia_id, weight=weight)
            for key, weight in weights.items()
        )
        WeightSet.objects.filter(pk=self.pk).update(edited_by=by)
        audit.record("weights_changed", self, by=by, before=_texts(before), after=_texts(weights))
        self._ask(by)
        return True

    @transaction.atomic
    def lock(self, *, act: str, act_on: date | None, by: User) -> None:
        """Freeze the weights with the act that approved them; the open cut-offs are computed again."""
        demand(by, transition_for(TRANSITIONS, "lock").permission, self.objective)
        self._hold()
        edited = self.edited_by_id == by.pk
        programmed = self.programmed_keys().keys()
        refuse_if_any(lock_problems(self.by_key(), programmed=programmed, act=act, actor_edited=edited))
        self.freeze(act=act.strip(), act_on=act_on, by=by)
        self._ask(by)

    @classmethod
    def freeze_all(cls, plan: SectorPlan, vigencia: int, *, act: str, act_on: date, by: User) -> None:
        """Lock every set of a vigencia that is open, empty ones too: from now on a change needs an act (W-07)."""
        for objective in plan.objectives.order_by("number"):
            weight_set = cls.of(objective, vigencia)
            if weight_set.status == WeightStatus.OPEN:
                weight_set.freeze(act=act, act_on=act_on, by=by)

    def freeze(self, *, act: str, act_on: date | None, by: User) -> None:
        """Lock the weights as they are; the verb that calls has checked who may and what they add up to."""
        self._move("lock", act=act, act_on=act_on, locked_by=by, locked_at=timezone.now())
        audit.record("weights_locked", self, by=by, after={"act": act, "weights": _texts(self.by_key())})

    @transaction.atomic
    def reopen(self, *, act: str, reason: str, by: User) -> None:
        """Open locked weights by an audited act of the Jefe OAP (W-07); consolidated cut-offs stay as they are."""
        demand(by, transition_for(TRANSITIONS, "reopen").permission, self.objective)
        if not act.strip() or not reason.strip():
            message = "Reabrir ponderaciones exige el acto que lo ordena y un motivo."
            raise Refused([Problem("act_missing", "W-07", message, fix="Escriba el acto y el motivo.")])
        self._hold()
        before = {"act": self.act, "weights": _texts(self.by_key())}
        self._move("reopen", act="", act_on=None, locked_by=None, locked_at=None)
        audit.record("weights_reopened", self, by=by, before=before, after={"act": act}, reason=reason)

    def _move(self, verb: str, **values: Any) -> None:
        step = transition_for(TRANSITIONS, verb)
        moved = WeightSet.objects.filter(pk=self.pk, status__in=step.sources).update(status=step.target, **values)
        if moved != 1:
            self._refuse_state()
        self.refresh_from_db()

    def _hold(self) -> None:
        """Hold the plan for this transaction and read the set as it stands now."""
        SectorPlan.hold(self.objective.plan_id)
        self.refresh_from_db()

    def _refuse_state(self) -> None:
        message = "Otra persona cambió el estado de estas ponderaciones, o ya están bloqueadas por un acto."
        raise Refused([Problem("weights_locked", "W-07", message, fix="Vuelva a cargar la página.")])

    def _ask(self, by: User) -> None:
        ask_for_cutoffs(self.objective.plan_id, self.vigencia_id, by=by)


class IndicatorWeight(models.Model):
    """The weight of an indicator in a vigencia, in percentage points with two decimals."""

    weight_set = models.ForeignKey(WeightSet, on_delete=models.PROTECT, related_name="weights")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="weights", verbose_name="indicador")
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+")
    weight = models.DecimalField("ponderación (%)", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "ponderación"
        ordering = ("indicator", "vigencia")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "vigencia"], name="one_weight_per_indicator_and_vigencia"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="weight_between_0_and_100"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.vigencia_id}: {self.weight}"


class ObjectiveWeight(models.Model):
    """An optional weight of an objective in the sector index (PES-10); without any, objectives count the same."""

    ACCESS: ClassVar[Scope] = sector_scope("objective__plan__sector")

    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="weights", verbose_name="objetivo")
    vigencia = models.ForeignKey(Vigencia, on_delete=models.PROTECT, related_name="+")
    weight = models.DecimalField("ponderación (%)", max_digits=5, decimal_places=2)

    objects: ClassVar[ScopedQuerySet[ObjectiveWeight]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "ponderación entre objetivos"
        ordering = ("objective", "vigencia")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["objective", "vigencia"], name="one_weight_per_objective_and_vigencia"),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100), name="objective_weight_between_0_and_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective} {self.vigencia_id}: {self.weight}"


def fingerprint_of(weights: Mapping[str, Decimal]) -> str:
    """What stands for some weights (percentage points by key) in a form that edits them."""
    return hashlib.sha256(audit.canonical(_texts(weights))).hexdigest()[:16]


def _texts(weights: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: f"{weight:.2f}" for key, weight in sorted(weights.items())}
