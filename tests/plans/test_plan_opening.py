"""Opening the planes de gestión of a vigencia (SM-1, act. 1)."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction

from pes.models import AuditEvent, UnitKind, User
from pes.permissions import Permission
from pes.rules.problems import Refused
from plans.models import PlanGestion, PlanLevel
from plans.rules.plan_states import PlanStatus, opening_problems
from tests import make, people

pytestmark = pytest.mark.rule("SM-1")


@pytest.fixture
def them(db):
    return people.cast()


@pytest.fixture
def methodology(them):
    return make.methodology(by=them.jorge)


@pytest.mark.parametrize(("published", "expected"), [(True, []), (False, ["methodology_missing"])])
def test_without_a_methodology_nothing_is_formulated(published, expected):
    problems = opening_problems(methodology_published=published, vigencia=2022)

    assert [problem.code for problem in problems] == expected


def test_every_process_and_alcaldia_gets_its_plan(them, methodology):
    assert PlanGestion.open_all(them.head, 2022, by=them.jorge) == 2

    plans = PlanGestion.objects.order_by("level").values_list("unit__code", "level", "status", "opened_by")
    assert list(plans) == [
        ("PLE-PIN", PlanLevel.CENTRAL, PlanStatus.DRAFT, them.jorge.pk),
        ("AL-01", PlanLevel.LOCAL, PlanStatus.DRAFT, them.jorge.pk),
    ]
    events = AuditEvent.objects.filter(verb="plan_opened").values_list("after", flat=True)
    assert sorted(event["unit"] for event in events) == ["AL-01", "PLE-PIN"]


@pytest.mark.rule("WF1")
def test_opening_again_opens_only_what_is_new(them, methodology):
    PlanGestion.open_all(them.head, 2022, by=them.jorge)
    assert PlanGestion.open_all(them.head, 2022, by=them.jorge) == 0

    people.unit("GCO", UnitKind.PROCESS, them.head)
    people.unit("VIEJO", UnitKind.PROCESS, them.head, is_active=False)
    people.unit("OFI", UnitKind.OFFICE, them.head)

    assert PlanGestion.open_all(them.head, 2022, by=them.jorge) == 1
    assert AuditEvent.objects.filter(verb="plan_opened").count() == 3


def test_each_vigencia_has_its_own_plans(them, methodology):
    PlanGestion.open_all(them.head, 2022, by=them.jorge)

    with pytest.raises(Refused) as refused:
        PlanGestion.open_all(them.head, 2023, by=them.jorge)
    assert [problem.code for problem in refused.value.problems] == ["methodology_missing"]

    make.methodology(by=them.jorge, year=2023)
    assert PlanGestion.open_all(them.head, 2023, by=them.jorge) == 2


@pytest.mark.rule("AZ1")
@pytest.mark.parametrize("name", ["ana", "luis", "marta", "pilar", "diana", "elena", "olga", "alicia", "oscar"])
def test_only_the_jefe_oap_opens(them, methodology, name):
    with pytest.raises(PermissionDenied):
        PlanGestion.open_all(them.head, 2022, by=getattr(them, name))
    assert not PlanGestion.objects.exists()


def test_nobody_opens_the_plans_of_another_sector_and_the_console_opens_none(them, methodology):
    with pytest.raises(PermissionDenied):
        PlanGestion.open_all(them.other_entity, 2022, by=them.jorge)
    with pytest.raises(PermissionDenied):
        PlanGestion.open_all(them.head, 2022, by=User.objects.console())


@pytest.mark.rule("AZ2")
@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("luis", {"PLE-PIN"}),
        ("marta", {"AL-01"}),
        ("jorge", {"PLE-PIN", "AL-01"}),
        ("olga", {"PLE-PIN", "AL-01"}),
        ("oscar", set()),
        ("alicia", set()),
    ],
)
def test_everybody_sees_the_plans_of_their_units(them, methodology, name, sees):
    PlanGestion.open_all(them.head, 2022, by=them.jorge)

    visible = PlanGestion.objects.visible_to(getattr(them, name), Permission.PLAN_READ)

    assert set(visible.values_list("unit__code", flat=True)) == sees


def test_the_database_keeps_one_plan_a_unit_and_vigencia(them, methodology):
    PlanGestion.open_all(them.head, 2022, by=them.jorge)
    plan = PlanGestion.objects.first()
    plan.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        plan.save(force_insert=True)


@pytest.mark.rule("WF2")
@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_open_each_plan_once():
    them = people.cast()
    make.methodology(by=them.jorge)
    start = threading.Barrier(4)
    opened: list[int] = []

    def open_them():
        start.wait()
        opened.append(PlanGestion.open_all(them.head, 2022, by=them.jorge))
        connections.close_all()

    threads = [threading.Thread(target=open_them) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(opened) == [0, 0, 0, 2]
    assert PlanGestion.objects.count() == 2
