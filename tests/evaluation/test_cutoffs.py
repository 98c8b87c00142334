"""Cut-offs: computed by jobs from measurements and weights, frozen by consolidation."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from evaluation.models import Cutoff, Snapshot, WeightSet, WeightStatus
from pes.models import AuditEvent, SectorPlan
from pes.rules.problems import Refused
from tests import make, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def plan(them) -> SectorPlan:
    """Two indicators, 75 and 25 of weight, measured at 50 % and 20 % by the entity's enlace."""
    plan = make.plan(sector=them.sector)
    objective = make.objective(plan=plan)
    goal = make.goal(objective=objective)
    first = make.indicator(goal=goal, entity=them.head, key="1", targets={2022: 10})
    second = make.indicator(goal=goal, entity=them.head, key="2", targets={2022: 100})
    make.weights(objective=objective, by=them.ana, k1="75.00", k2="25.00")
    make.measurement(indicator=first, by=them.elena, achieved=5)
    make.measurement(indicator=second, by=them.elena, achieved=20)
    return plan


def test_a_saved_measurement_asks_for_one_computation_of_the_cutoff(plan):
    jobs = make.run_jobs()

    assert [job.state for job in jobs] == ["done"]
    assert Cutoff.objects.get(plan=plan).sector_result.index == Decimal("0.425")


def test_an_open_cutoff_leaves_the_unmeasured_out_and_a_consolidated_one_rates_it_zero(plan, them):
    third = make.indicator(goal=plan.objectives.get().goals.get(), entity=them.head, key="3", targets={2022: 1})
    make.weights(objective=plan.objectives.get(), by=them.ana, k1="60.00", k2="20.00", k3="20.00")
    cutoff = make.cutoff(plan=plan)
    assert cutoff.sector_result.objectives[0].compliance == Decimal("0.425")

    cutoff.consolidate(by=them.jorge)

    assert cutoff.sector_result.objectives[0].compliance == Decimal("0.34")
    assert cutoff.sector_result.objectives[0].indicators[2].state == "missing"
    assert third.key == "3"


def test_consolidating_freezes_a_snapshot_that_no_statement_can_change(plan, them):
    snapshot = make.cutoff(plan=plan).consolidate(by=them.jorge)

    assert snapshot.is_intact
    with pytest.raises(DatabaseError), transaction.atomic():
        Snapshot.objects.filter(pk=snapshot.pk).update(run=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        snapshot.delete()


def test_consolidating_freezes_the_weights_and_the_measurements(plan, them):
    make.cutoff(plan=plan).consolidate(by=them.jorge)

    assert WeightSet.objects.get().status == WeightStatus.LOCKED
    with pytest.raises(Refused) as refused:
        make.measurement(indicator=plan.indicators.get(key="1"), by=them.elena, achieved=9, on=date(2022, 2, 28))
    assert refused.value.problems[0].code == "cutoff_consolidated"


def test_a_correction_after_consolidation_makes_run_two_and_keeps_run_one(plan, them):
    cutoff = make.cutoff(plan=plan)
    first = cutoff.consolidate(by=them.jorge)
    measurement = plan.indicators.get(key="1").measurements.get()
    chief = people.person("Julia Jefa", people.Role.JEFE_OAP, them.sector)
    measurement.correct(
        achieved=Decimal(10), analysis="", expected_version=1, reason="Error de digitación", by=them.jorge
    )
    make.run_jobs()
    cutoff.refresh_from_db()
    assert cutoff.sector_result.index == Decimal("0.425")

    second = cutoff.consolidate(by=chief, reason="Corrección aprobada")

    assert (first.run, second.run) == (1, 2)
    assert Snapshot.objects.get(pk=first.pk).result["index"] == "0.425"
    assert cutoff.sector_result.index == Decimal("0.8")


@pytest.mark.parametrize("name", ["ana", "diana", "elena", "olga", "alicia", "oscar"])
def test_only_the_jefe_oap_consolidates(plan, them, name):
    cutoff = make.cutoff(plan=plan)

    with pytest.raises(PermissionDenied):
        cutoff.consolidate(by=getattr(them, name))
    assert not Snapshot.objects.exists()


def test_who_measured_does_not_consolidate(plan, them):
    make.measurement(indicator=plan.indicators.get(key="1"), by=them.jorge, achieved=6, on=date(2022, 3, 30))

    with pytest.raises(Refused) as refused:
        make.cutoff(plan=plan).consolidate(by=them.jorge)
    assert refused.value.problems[0].code == "author_is_approver"


def test_every_verb_leaves_one_audit_event(plan, them):
    make.cutoff(plan=plan).consolidate(by=them.jorge)

    verbs = list(AuditEvent.objects.exclude(verb="membership_granted").order_by("pk").values_list("verb", flat=True))
    measured = ["measurement_registered"] * 2
    assert verbs == ["weights_changed", *measured, "weights_locked", "cutoff_consolidated"]
