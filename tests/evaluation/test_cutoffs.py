"""Cut-offs: computed by jobs from measurements and weights, frozen by consolidation."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connections, transaction

from evaluation import serial
from evaluation.models import Cutoff, Snapshot, WeightSet, WeightStatus
from evaluation.models.cutoff import compute
from evaluation.rules.cutoffs import OPEN
from pes import jobs
from pes.models import AuditEvent, Job, JobState, SectorPlan, User
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes

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


@pytest.mark.rule("WF18")
def test_a_correction_without_reason_or_without_change_is_refused(plan, them):
    cutoff = make.cutoff(plan=plan)
    cutoff.consolidate(by=them.jorge)

    with pytest.raises(Refused) as refused:
        cutoff.consolidate(by=them.jorge)
    assert codes(refused) == ["reason_missing", "nothing_changed"]
    with pytest.raises(Refused) as refused:
        cutoff.consolidate(by=them.jorge, reason="Otra vez")
    assert codes(refused) == ["nothing_changed"]
    assert Snapshot.objects.count() == 1


@pytest.mark.rule("WF2")
def test_an_old_page_does_not_consolidate_again(plan, them):
    mine, yours = make.cutoff(plan=plan), Cutoff.objects.get(plan=plan)
    mine.consolidate(by=them.jorge)

    with pytest.raises(Refused) as refused:
        yours.consolidate(by=them.jorge)
    assert codes(refused) == ["consolidated_already"]


@pytest.mark.rule("AZ4")
def test_who_edited_weights_that_nobody_locked_does_not_consolidate(plan, them):
    make.weights(objective=plan.objectives.get(), by=them.jorge, k1="60.00", k2="40.00")
    cutoff = make.cutoff(plan=plan)
    with pytest.raises(Refused) as refused:
        cutoff.consolidate(by=them.jorge)
    assert codes(refused) == ["author_is_approver"]

    julia = people.person("Julia Jefa", people.Role.JEFE_OAP, them.sector)
    WeightSet.objects.get().lock(act="Resolución 12", act_on=None, by=julia)

    assert cutoff.consolidate(by=them.jorge).run == 1
    assert WeightSet.objects.get().act == "Resolución 12"


@pytest.mark.rule("AZ17")
def test_neither_the_console_nor_a_superuser_consolidates(plan):
    cutoff = make.cutoff(plan=plan)
    root = User.objects.create_superuser("root@ejemplo.invalid", full_name="Root")

    for who in (User.objects.console(), root):
        with pytest.raises(PermissionDenied):
            cutoff.consolidate(by=who)


@pytest.mark.rule("W-02")
def test_a_cutoff_without_all_its_weights_is_not_consolidated(plan, them):
    make.indicator(goal=plan.objectives.get().goals.get(), entity=them.head, key="3", targets={2022: 1})

    with pytest.raises(Refused) as refused:
        make.cutoff(plan=plan).consolidate(by=them.jorge)

    assert codes(refused) == ["weights_missing"]
    assert Cutoff.objects.get().status == OPEN
    assert SectorPlan.objects.get().consolidated_through is None


def test_an_earlier_cutoff_may_follow_a_later_one(plan, them):
    """What is sealed stays sealed up to the latest date."""
    make.measurement(indicator=plan.indicators.get(key="1"), by=them.elena, achieved=6, on=date(2022, 6, 30))
    make.cutoff(plan=plan, on=date(2022, 6, 30)).consolidate(by=them.jorge)
    make.cutoff(plan=plan).consolidate(by=them.jorge)

    plan.refresh_from_db()
    assert plan.consolidated_through == date(2022, 6, 30)


@pytest.mark.rule("REP-09")
def test_a_methodology_in_force_computes_the_open_cutoffs_again(plan, them):
    second = plan.indicators.get(key="2")
    make.measurement(indicator=second, by=them.elena, achieved=150, on=date(2022, 6, 30))
    make.cutoff(plan=plan).consolidate(by=them.jorge)
    june = Cutoff.objects.get(on=date(2022, 6, 30))
    assert (june.sector_result.index, june.methodology) == (Decimal("0.625"), "2022-v0")

    make.methodology(by=them.jorge, cap_percent=Decimal(150))
    make.run_jobs()

    june.refresh_from_db()
    march = Cutoff.objects.get(on=date(2022, 3, 31))
    assert (june.sector_result.index, june.methodology) == (Decimal("0.75"), "2022-v1")
    assert (march.sector_result.index, march.methodology) == (Decimal("0.425"), "2022-v0")


def test_a_result_survives_its_storage_exactly(plan):
    """Every ratio is kept whole as text: read back, it is the same on both engines."""
    third = plan.indicators.get(key="1").measurements.get()
    third.correct(achieved=Decimal("3.3333"), analysis="", expected_version=1, reason="", by=third.recorded_by)
    cutoff = make.cutoff(plan=plan)
    fresh = compute(plan, cutoff.on, closed=False)

    assert cutoff.result == fresh["result"]
    assert serial.to_json(cutoff.sector_result) == fresh["result"]
    assert cutoff.sector_result.index == Decimal("0.75") * Decimal("0.33333") + Decimal("0.25") * Decimal("0.2")


@pytest.mark.parametrize("field", ["inputs", "methodology", "result"])
def test_a_snapshot_that_was_changed_in_memory_is_not_intact(plan, them, field):
    snapshot = make.cutoff(plan=plan).consolidate(by=them.jorge)

    setattr(snapshot, field, getattr(snapshot, field) | {"x": "1"})

    assert not snapshot.is_intact


def test_the_database_refuses_a_later_run_without_reason(plan, them):
    snapshot = make.cutoff(plan=plan).consolidate(by=them.jorge)
    snapshot.pk, snapshot.run = None, 2

    with pytest.raises(IntegrityError), transaction.atomic():
        snapshot.save(force_insert=True)


@pytest.mark.rule("JB5")
def test_a_computation_that_comes_after_consolidation_changes_nothing(plan, them):
    """The job read the cut-off while it was open; meanwhile it was consolidated."""
    cutoff = make.cutoff(plan=plan)
    make.indicator(goal=plan.objectives.get().goals.get(), entity=them.head, key="3", targets={2022: 1})
    make.weights(objective=plan.objectives.get(), by=them.ana, k1="60.00", k2="20.00", k3="20.00")
    job = jobs.claim(Job.objects.get(state=JobState.QUEUED).pk)
    work = jobs.WORK[job.kind]
    context = jobs._read(work, job)
    cutoff.consolidate(by=them.jorge)

    jobs._write(work, job, context, context)

    assert Cutoff.objects.get().sector_result.index == Decimal("0.34")


@pytest.mark.rule("WF2")
@pytest.mark.django_db(transaction=True)
def test_of_many_who_consolidate_at_once_one_wins():
    """B7: without the conditional update up to twelve of twelve would win."""
    them = people.cast()
    plan = make.plan(sector=them.sector)
    goal = make.goal(objective=make.objective(plan=plan))
    indicator = make.indicator(goal=goal, entity=them.head, key="1")
    make.weights(objective=goal.objective, by=them.ana, k1="100.00")
    make.measurement(indicator=indicator, by=them.elena, achieved=50)
    make.cutoff(plan=plan)
    start = threading.Barrier(6)
    answers: list[str] = []

    def decide():
        cutoff = Cutoff.objects.get()
        start.wait()
        try:
            cutoff.consolidate(by=them.jorge)
            answers.append("consolidated")
        except Refused as refused:
            answers.append(refused.problems[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["consolidated"] + ["consolidated_already"] * 5
    assert Snapshot.objects.count() == 1


@pytest.mark.rule("JB15")
@pytest.mark.django_db(transaction=True)
def test_measuring_weighing_computing_and_consolidating_wait_for_nobody_in_a_circle():
    """Every verb takes the plan first: no deadlock, and the open cut-off ends with the last figures."""
    them = people.cast()
    plan = make.plan(sector=them.sector)
    goal = make.goal(objective=make.objective(plan=plan))
    indicator = make.indicator(goal=goal, entity=them.head, key="1")
    make.weights(objective=goal.objective, by=them.ana, k1="100.00")
    make.measurement(indicator=indicator, by=them.elena, achieved=1, on=date(2022, 1, 31))
    make.cutoff(plan=plan, on=date(2022, 1, 31))
    start = threading.Barrier(4)
    failed: list[BaseException] = []

    def beside(*steps):
        start.wait()
        try:
            for step in steps:
                step()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    def measure(day):
        return lambda: make.measurement(indicator=indicator, by=them.elena, achieved=day, on=date(2022, 2, day))

    groups = [
        [measure(day) for day in range(1, 9)],
        [measure(day) for day in range(11, 19)],
        [make.run_jobs] * 6,
        [lambda: Cutoff.objects.get(on=date(2022, 1, 31)).consolidate(by=them.jorge)],
    ]
    threads = [threading.Thread(target=beside, args=steps) for steps in groups]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    make.run_jobs()

    assert failed == []
    assert Cutoff.objects.latest("on").sector_result.index == Decimal("0.18")
    assert Cutoff.objects.count() == 17
