"""Weights: Σ = 100,00 of exactly what is programmed, locked by an act, frozen with the first cut-off."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction

from evaluation.models import Cutoff, IndicatorWeight, Snapshot, WeightSet, WeightStatus
from evaluation.rules.weight_sets import LOCKED, OPEN, TRANSITIONS, lock_problems
from pes.models import AuditEvent, IndicatorTarget, Job, JobState
from pes.rules.problems import Refused
from pes.rules.transitions import reachable
from tests import make, people
from tests.answers import codes

ACT = "Resolución 12"
JUNE = date(2022, 6, 30)


@pytest.fixture
def them(db):
    return people.cast()


@pytest.fixture
def objective(them):
    return build(them)


def build(them):
    """Three indicators, of which the third is not programmed in 2022."""
    objective = make.objective(plan=make.plan(sector=them.sector))
    goal = make.goal(objective=objective)
    make.indicator(goal=goal, entity=them.head, key="1")
    make.indicator(goal=goal, entity=them.head, key="2")
    make.indicator(goal=goal, entity=them.head, key="3", targets={2023: 5})
    return objective


def change(objective, by, **weights) -> bool:
    return WeightSet.of(objective, 2022).change({k[1:]: Decimal(w) for k, w in weights.items()}, by=by)


def stored(objective) -> dict[str, str]:
    return {key: str(weight) for key, weight in WeightSet.of(objective, 2022).by_key().items()}


def verbs() -> list[str]:
    return list(AuditEvent.objects.filter(verb__startswith="weights").order_by("pk").values_list("verb", flat=True))


@pytest.mark.rule("W-01", "W-02", "W-03", "WF12")
@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"k1": "60.00", "k2": "40.00"}, []),
        ({"k1": "99.99", "k2": "0.01"}, []),
        ({"k1": "60", "k2": "39.99"}, ["weights_do_not_add_up"]),
        ({"k1": "60", "k2": "40.01"}, ["weights_do_not_add_up"]),
        ({"k1": "66.67", "k2": "33.33", "k3": "0.01"}, ["weight_without_programme", "weights_do_not_add_up"]),
        ({"k1": "100.00"}, ["weight_missing"]),
        ({"k1": "60", "k2": "30", "k3": "10"}, ["weight_without_programme"]),
        ({"k1": "60", "k2": "40", "k9": "1"}, ["weight_without_programme", "weights_do_not_add_up"]),
        ({"k1": "100", "k2": "0"}, ["weight_out_of_range"]),
        ({"k1": "110", "k2": "-10"}, ["weight_out_of_range", "weight_out_of_range"]),
        ({"k1": "NaN", "k2": "50"}, ["weight_out_of_range"]),
        ({"k1": "1e400", "k2": "50"}, ["weight_out_of_range"]),
        ({"k1": "Infinity", "k2": "50"}, ["weight_out_of_range"]),
        ({"k1": "33.335", "k2": "66.665"}, ["weight_too_precise", "weight_too_precise"]),
        ({}, ["weight_missing", "weight_missing", "weights_do_not_add_up"]),
    ],
)
def test_weights_are_of_what_is_programmed_and_add_up(them, objective, weights, expected):
    if not expected:
        assert change(objective, them.ana, **weights) is True
        return
    with pytest.raises(Refused) as refused:
        change(objective, them.ana, **weights)

    assert codes(refused) == expected
    assert stored(objective) == {}
    assert verbs() == []


def test_the_exact_difference_is_told(them, objective):
    with pytest.raises(Refused) as refused:
        change(objective, them.ana, k1="60", k2="39.99")

    assert "suman 99,99" in refused.value.problems[0].message
    assert "faltan 0,01" in refused.value.problems[0].message


@pytest.mark.rule("W-01")
def test_each_vigencia_has_its_own_weights(them, objective):
    change(objective, them.ana, k1="60", k2="40")
    WeightSet.of(objective, 2023).change({"3": Decimal(100)}, by=them.ana)

    assert stored(objective) == {"1": "60.00", "2": "40.00"}
    assert WeightSet.of(objective, 2023).by_key() == {"3": Decimal(100)}


def test_a_change_leaves_one_event_and_asks_for_the_cutoffs(them, objective):
    change(objective, them.ana, k1="60", k2="40")
    change(objective, them.jorge, k1="50", k2="50")

    event = AuditEvent.objects.filter(verb="weights_changed").latest("pk")
    assert (event.actor, event.before, event.after) == (
        them.jorge, {"1": "60.00", "2": "40.00"}, {"1": "50.00", "2": "50.00"},
    )  # fmt: skip
    assert Job.objects.get(state=JobState.QUEUED).payload == {"plan": objective.plan_id, "vigencia": 2022}


@pytest.mark.rule("WF1")
def test_the_same_weights_again_are_no_change(them, objective):
    change(objective, them.ana, k1="60.00", k2="40.00")

    assert change(objective, them.jorge, k1="60", k2="40.0") is False
    assert verbs() == ["weights_changed"]
    assert WeightSet.objects.get().edited_by == them.ana


@pytest.mark.rule("WF3")
def test_a_stale_edit_overwrites_nothing(them, objective):
    change(objective, them.ana, k1="60", k2="40")
    weight_set = WeightSet.of(objective, 2022)
    read = weight_set.fingerprint
    change(objective, them.jorge, k1="50", k2="50")

    with pytest.raises(Refused) as refused:
        weight_set.change({"1": Decimal(70), "2": Decimal(30)}, by=them.ana, read=read)

    assert codes(refused) == ["stale_edit"]
    assert stored(objective) == {"1": "50.00", "2": "50.00"}


@pytest.mark.rule("AZ1")
@pytest.mark.parametrize(
    ("name", "may_edit", "may_lock"),
    [
        ("ana", True, False),
        ("jorge", True, True),
        ("luis", False, False),
        ("marta", False, False),
        ("diana", False, False),
        ("elena", False, False),
        ("gabriel", False, False),
        ("olga", False, False),
        ("alicia", False, False),
        ("oscar", False, False),
    ],
)
def test_who_edits_and_who_locks(them, objective, name, may_edit, may_lock):
    who = getattr(them, name)
    make.weights(
        objective=objective, by=people.person("Berta", people.Role.ANALISTA_OAP, them.sector), k1="60", k2="40"
    )
    weight_set = WeightSet.of(objective, 2022)

    assert did(lambda: weight_set.lock(act=ACT, act_on=None, by=who)) is may_lock
    assert did(lambda: weight_set.reopen(act=ACT, reason="Ajuste", by=who)) is may_lock
    assert did(lambda: change(objective, who, k1="50", k2="50")) is may_edit


def did(verb) -> bool:
    try:
        verb()
    except PermissionDenied:
        return False
    return True


@pytest.mark.rule("W-02", "W-07", "AZ4")
@pytest.mark.parametrize(
    ("weights", "act", "edited", "expected"),
    [
        ({"1": "100"}, ACT, False, []),
        ({"1": "100"}, " ", False, ["act_missing"]),
        ({"1": "99.99"}, ACT, False, ["weights_do_not_add_up"]),
        ({}, ACT, False, ["weight_missing", "weights_do_not_add_up"]),
        ({"1": "100"}, ACT, True, ["author_is_approver"]),
    ],
)
def test_what_keeps_weights_from_being_locked(weights, act, edited, expected):
    decimals = {key: Decimal(weight) for key, weight in weights.items()}

    problems = lock_problems(decimals, programmed=["1"], act=act, actor_edited=edited)

    assert [problem.code for problem in problems] == expected


def test_every_state_is_reached():
    assert reachable(TRANSITIONS, OPEN) == {OPEN, LOCKED} == set(WeightStatus.values)


@pytest.mark.rule("AZ4")
def test_who_edited_the_weights_does_not_lock_them(them, objective):
    change(objective, them.jorge, k1="60", k2="40")
    weight_set = WeightSet.of(objective, 2022)

    with pytest.raises(Refused) as refused:
        weight_set.lock(act=ACT, act_on=None, by=them.jorge)
    assert codes(refused) == ["author_is_approver"]

    weight_set.lock(act=ACT, act_on=None, by=people.person("Julia", people.Role.JEFE_OAP, them.sector))
    assert weight_set.status == WeightStatus.LOCKED


@pytest.mark.rule("W-07", "WF13")
def test_locked_weights_change_only_after_an_act_reopens_them(them, objective):
    change(objective, them.ana, k1="60", k2="40")
    weight_set = WeightSet.of(objective, 2022)
    weight_set.lock(act=ACT, act_on=date(2022, 1, 20), by=them.jorge)

    with pytest.raises(Refused) as refused:
        change(objective, them.ana, k1="50", k2="50")
    assert codes(refused) == ["weights_locked"]

    weight_set.reopen(act="Resolución 13", reason="Concepto del Comité", by=them.jorge)
    change(objective, them.ana, k1="50", k2="50")

    assert stored(objective) == {"1": "50.00", "2": "50.00"}
    assert verbs() == ["weights_changed", "weights_locked", "weights_reopened", "weights_changed"]
    reopened = AuditEvent.objects.get(verb="weights_reopened")
    assert (reopened.reason, reopened.after) == ("Concepto del Comité", {"act": "Resolución 13"})
    assert reopened.before == {"act": ACT, "weights": {"1": "60.00", "2": "40.00"}}


@pytest.mark.parametrize(("act", "reason"), [("", "x"), (" ", "x"), ("x", ""), ("x", " ")])
def test_reopening_needs_an_act_and_a_reason(them, objective, act, reason):
    change(objective, them.ana, k1="60", k2="40")
    weight_set = WeightSet.of(objective, 2022)
    weight_set.lock(act=ACT, act_on=None, by=them.jorge)

    with pytest.raises(Refused) as refused:
        weight_set.reopen(act=act, reason=reason, by=them.jorge)
    assert codes(refused) == ["act_missing"]


@pytest.mark.rule("WF2", "WF4")
def test_a_state_is_left_only_once(them, objective):
    change(objective, them.ana, k1="60", k2="40")
    mine, yours = WeightSet.of(objective, 2022), WeightSet.of(objective, 2022)
    mine.lock(act=ACT, act_on=None, by=them.jorge)

    with pytest.raises(Refused) as refused:
        yours.lock(act="Otra", act_on=None, by=them.jorge)

    assert codes(refused) == ["weights_locked"]
    assert WeightSet.objects.get().act == ACT


@pytest.mark.rule("W-07", "WF13")
def test_the_first_consolidated_cutoff_freezes_every_set_of_its_vigencia(them, objective):
    """Empty sets too: whoever programmes an objective later needs an act to weigh it."""
    change(objective, them.ana, k1="60", k2="40")
    empty = make.objective(plan=objective.plan, number=2)
    make.measurement(indicator=objective.plan.indicators.get(key="1"), by=them.elena, achieved=50)

    make.cutoff(plan=objective.plan).consolidate(by=them.jorge)

    assert set(WeightSet.objects.filter(vigencia=2022).values_list("status", "act")) == {
        ("locked", "Consolidación del corte")
    }
    locked = AuditEvent.objects.filter(verb="weights_locked").order_by("pk").values_list("after", flat=True)
    assert [after["weights"] for after in locked] == [{"1": "60.00", "2": "40.00"}, {}]
    late = make.indicator(goal=make.goal(objective=empty), entity=them.head, key="9")
    with pytest.raises(Refused) as refused:
        WeightSet.of(empty, 2022).change({late.key: Decimal(100)}, by=them.ana)
    assert codes(refused) == ["weights_locked"]
    assert WeightSet.of(objective, 2023).change({"3": Decimal(100)}, by=them.ana) is True


@pytest.mark.rule("W-07", "WF13")
def test_weights_changed_by_an_act_compute_only_the_open_cutoffs(them, objective):
    change(objective, them.ana, k1="60", k2="40")
    first = objective.plan.indicators.get(key="1")
    make.measurement(indicator=first, by=them.elena, achieved=50)
    make.cutoff(plan=objective.plan).consolidate(by=them.jorge)
    make.measurement(indicator=first, by=them.elena, achieved=60, on=JUNE)
    make.measurement(indicator=objective.plan.indicators.get(key="2"), by=them.elena, achieved=10, on=JUNE)
    frozen = Snapshot.objects.get().result

    WeightSet.of(objective, 2022).reopen(act="Resolución 13", reason="Concepto", by=them.jorge)
    change(objective, them.ana, k1="50", k2="50")
    make.run_jobs()

    march, june = Cutoff.objects.get(on=date(2022, 3, 31)), Cutoff.objects.get(on=JUNE)
    assert (march.sector_result.index, june.sector_result.index) == (Decimal("0.3"), Decimal("0.35"))
    assert Snapshot.objects.get().result == frozen == march.result


@pytest.mark.rule("W-03")
def test_what_is_no_longer_programmed_needs_new_weights(them, objective):
    change(objective, them.ana, k1="60", k2="40")
    IndicatorTarget.objects.get(indicator__key="2").delete()

    with pytest.raises(Refused) as refused:
        WeightSet.of(objective, 2022).lock(act=ACT, act_on=None, by=them.jorge)

    assert codes(refused) == ["weight_without_programme"]


@pytest.mark.parametrize("weight", ["0", "-1", "100.01"])
def test_the_database_refuses_a_weight_out_of_range(them, objective, weight):
    change(objective, them.ana, k1="60", k2="40")

    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorWeight.objects.filter(indicator__key="1").update(weight=Decimal(weight))


@pytest.mark.rule("WF2", "W-07")
@pytest.mark.django_db(transaction=True)
def test_weights_never_change_between_what_is_computed_and_what_is_frozen():
    """Three editors and a consolidation at the same time: the snapshot says what the locked weights say."""
    them = people.cast()
    objective = build(them)
    change(objective, them.ana, k1="60", k2="40")
    make.measurement(indicator=objective.plan.indicators.get(key="1"), by=them.elena, achieved=50)
    cutoff = make.cutoff(plan=objective.plan)
    start = threading.Barrier(4)

    def beside(verb):
        start.wait()
        try:
            verb()
        except Refused:
            pass  # the consolidation was faster, which is an answer
        finally:
            connections.close_all()

    verbs = [lambda k=k: change(objective, them.ana, k1=str(k), k2=str(100 - k)) for k in (10, 20, 30)]
    verbs.append(lambda: cutoff.consolidate(by=them.jorge))
    threads = [threading.Thread(target=beside, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    frozen = {fact[1]: fact[3] for fact in Snapshot.objects.get().inputs["facts"] if fact[3] is not None}
    assert frozen == stored(objective)
    assert WeightSet.objects.get(vigencia=2022).status == WeightStatus.LOCKED
