"""The marco estratégico of an entity: what the goals of its plans serve."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction

from pes.audit_sentences import sentence
from pes.edits import StaleEdit, fingerprint
from pes.frameworks import (
    add_objective,
    change_framework,
    change_objective,
    entities_read_by,
    framework_facts,
    objective_facts,
    register_framework,
)
from pes.models import AuditEvent, StrategicFramework, StrategicObjective, UnitKind, User
from pes.permissions import Role
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes
from tests.evaluation.sector import Sector, sector
from tests.pes.corrections import change

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PG-02")]


@pytest.fixture
def ours(settings) -> Sector:
    settings.PES_DEMO = True
    return sector()


@pytest.fixture
def framework(ours) -> StrategicFramework:
    return make.framework(entity=ours.them.head, by=ours.them.ana)


@pytest.fixture
def objective(ours, framework) -> StrategicObjective:
    return make.strategic_objective(framework=framework, by=ours.them.ana, sector_objective=ours.objective)


def test_the_next_framework_ends_the_one_before_on_the_day_before(ours, framework):
    second = make.framework(entity=ours.them.head, by=ours.them.ana, act="Resolución 9", since=date(2024, 7, 1))

    framework.refresh_from_db()
    assert framework.valid_until == date(2024, 6, 30)
    assert second.valid_until is None
    event = AuditEvent.objects.get(verb="framework_ended")
    assert (event.before, event.after) == ({"valid_until": None}, {"valid_until": "2024-06-30"})


def test_a_framework_that_ended_already_is_left_as_it_is(ours):
    first = make.framework(entity=ours.them.head, by=ours.them.ana, until=date(2023, 12, 31))

    make.framework(entity=ours.them.head, by=ours.them.ana, act="Resolución 9", since=date(2024, 7, 1))

    first.refresh_from_db()
    assert first.valid_until == date(2023, 12, 31)
    assert not AuditEvent.objects.filter(verb="framework_ended").exists()


@pytest.mark.rule("REF-01")
@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (date(2020, 1, 1), None, "framework_repeated"),
        (date(2018, 1, 1), None, "framework_overlaps"),
        (date(2018, 1, 1), date(2020, 1, 1), "framework_overlaps"),
        (date(2022, 1, 1), date(2021, 12, 31), "framework_ends_before"),
    ],
)
def test_two_frameworks_are_never_in_force_on_one_day(ours, framework, since, until, code):
    with pytest.raises(Refused) as refused:
        make.framework(entity=ours.them.head, by=ours.them.ana, act="Otra", since=since, until=until)

    assert codes(refused) == [code]
    framework.refresh_from_db()
    assert framework.valid_until is None


@pytest.mark.rule("REF-01")
def test_an_older_framework_may_be_entered_afterwards(ours, framework):
    older = make.framework(
        entity=ours.them.head, by=ours.them.ana, act="Vieja", since=date(2016, 1, 1), until=date(2019, 12, 31)
    )

    found = StrategicFramework.objects
    assert found.in_force(ours.them.head.pk, 2019) == older
    assert found.in_force(ours.them.head.pk, 2022) == framework
    assert found.in_force(ours.them.second_entity.pk, 2022) is None


def test_a_framework_belongs_to_an_entity(ours):
    with pytest.raises(Refused) as refused:
        make.framework(entity=ours.them.process, by=ours.them.ana)

    assert codes(refused) == ["framework_of_no_entity"]


def test_correcting_a_framework_keeps_both_sides(ours, framework):
    assert change(framework, ours.them.ana, act="Resolución 2 de 2020") is True

    event = AuditEvent.objects.get(verb="framework_changed")
    assert event.before == {"act": "Resolución 1 de 2020"}
    assert event.after == {"act": "Resolución 2 de 2020"}


def test_correcting_nothing_leaves_no_trace(ours, framework):
    assert change(framework, ours.them.ana) is False
    assert not AuditEvent.objects.filter(verb="framework_changed").exists()


def test_a_correction_ends_no_other_framework(ours, framework):
    second = make.framework(entity=ours.them.head, by=ours.them.ana, act="Resolución 9", since=date(2024, 7, 1))

    with pytest.raises(Refused) as behind:
        change(second, ours.them.ana, valid_from=date(2024, 6, 1))
    with pytest.raises(Refused) as ahead:
        change(framework, ours.them.ana, valid_until=None)

    assert codes(behind) == codes(ahead) == ["framework_overlaps"]


@pytest.mark.rule("WF3")
def test_a_correction_of_what_somebody_changed_meanwhile_overwrites_nothing(ours, framework):
    read = fingerprint(framework_facts(framework))
    change(framework, ours.them.jorge, act="La de Jorge")

    with pytest.raises(StaleEdit):
        change_framework(
            framework, act="La de Ana", valid_from=date(2020, 1, 1), valid_until=None, read=read, by=ours.them.ana
        )

    framework.refresh_from_db()
    assert framework.act == "La de Jorge"


def test_a_number_is_used_once_in_a_framework(ours, framework, objective):
    second = make.strategic_objective(framework=framework, by=ours.them.ana, number=2)

    with pytest.raises(Refused) as added:
        make.strategic_objective(framework=framework, by=ours.them.ana, number=1)
    with pytest.raises(Refused) as changed:
        change_objective(
            second,
            number=1,
            text=second.text,
            sector_objective=None,
            read=fingerprint(objective_facts(second)),
            by=ours.them.ana,
        )

    assert codes(added) == codes(changed) == ["objective_repeated"]


def test_the_database_keeps_a_number_once(framework, objective):
    with pytest.raises(IntegrityError), transaction.atomic():
        StrategicObjective.objects.create(framework=framework, number=objective.number, text="Otro")


def test_an_objective_feeds_only_its_own_sector(ours, framework):
    theirs = make.objective(plan=make.plan(sector=ours.them.other_sector))

    with pytest.raises(Refused) as refused:
        make.strategic_objective(framework=framework, by=ours.them.ana, sector_objective=theirs)

    assert codes(refused) == ["objective_of_other_sector"]


def test_correcting_an_objective_keeps_both_sides(ours, objective):
    read = fingerprint(objective_facts(objective))

    change_objective(objective, number=1, text="Nuevo texto", sector_objective=None, read=read, by=ours.them.ana)

    event = AuditEvent.objects.get(verb="framework_objective_changed")
    assert event.before == {"text": "Fortalecer la convivencia", "sector_objective": "Objetivo 1 (2020–2024)"}
    assert event.after == {"text": "Nuevo texto", "sector_objective": None}


@pytest.mark.rule("WF3")
def test_a_correction_of_an_objective_that_changed_meanwhile_overwrites_nothing(ours, objective):
    read = fingerprint(objective_facts(objective))
    change_objective(objective, number=1, text="El de Jorge", sector_objective=None, read=read, by=ours.them.jorge)

    with pytest.raises(StaleEdit):
        change_objective(objective, number=1, text="El de Ana", sector_objective=None, read=read, by=ours.them.ana)

    objective.refresh_from_db()
    assert objective.text == "El de Jorge"


@pytest.mark.parametrize("name", ["diana", "elena", "gabriel", "luis", "marta", "olga", "alicia", "oscar"])
def test_only_who_edits_the_pes_of_the_entity_writes(ours, framework, objective, name):
    """AZ2: the verb asks again for the object."""
    by = getattr(ours.them, name)
    read = fingerprint(framework_facts(framework))

    with pytest.raises(PermissionDenied):
        register_framework(ours.them.head, act="X", valid_from=date(2030, 1, 1), valid_until=None, by=by)
    with pytest.raises(PermissionDenied):
        change_framework(framework, act="X", valid_from=date(2020, 1, 1), valid_until=None, read=read, by=by)
    with pytest.raises(PermissionDenied):
        add_objective(framework, number=9, text="X", sector_objective=None, by=by)
    with pytest.raises(PermissionDenied):
        change_objective(objective, number=1, text="X", sector_objective=None, read="", by=by)


def test_the_console_enters_a_framework(ours):
    console = User.objects.console()

    made = make.framework(entity=ours.them.head, by=console)

    assert AuditEvent.objects.get(verb="framework_registered").actor == console
    assert make.strategic_objective(framework=made, by=console).number == 1


@pytest.mark.parametrize("verb", ["registered", "changed", "ended", "objective_added", "objective_changed"])
def test_every_act_has_its_sentence(verb):
    assert "marco estratégico" in sentence(f"framework_{verb}")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("diana", {"secretaria-general", "dascd"}),
        ("luis", {"secretaria-general"}),
        ("elena", {"secretaria-general"}),
        ("oscar", {"sdg"}),
        ("olga", {"secretaria-general", "dascd", "sdg"}),
        ("alicia", set()),
    ],
)
def test_each_person_reads_the_framework_of_their_entities(ours, name, codes):
    """AZ11."""
    assert set(entities_read_by(getattr(ours.them, name)).values_list("code", flat=True)) == codes


def test_an_office_inside_an_office_reads_the_framework_of_its_entity(ours):
    above = people.unit("oficina", UnitKind.OFFICE, ours.them.head)
    office = people.unit("grupo", UnitKind.OFFICE, above)
    who = people.person("Quien Asesora", Role.ASESOR_TERRITORIAL, office)

    assert list(entities_read_by(who)) == [ours.them.head]


@pytest.mark.rule("WF2")
@pytest.mark.django_db(transaction=True)
def test_of_several_who_register_from_one_day_exactly_one_wins():
    them = people.cast()
    start = threading.Barrier(4)
    told: list[str] = []

    def register(number: int) -> None:
        start.wait()
        try:
            make.framework(entity=them.head, by=them.ana, act=f"Acto {number}")
            told.append("registered")
        except Refused as refused:
            told.append(refused.problems[0].code)
        connections.close_all()

    threads = [threading.Thread(target=register, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["framework_repeated"] * 3 + ["registered"]
    assert StrategicFramework.objects.count() == 1
