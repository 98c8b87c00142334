"""The records of a sector's profile: who may write them, what they must say, what is kept of them (LC-07, REF-01)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from pes.duplicates import once
from pes.edits import StaleEdit, fingerprint
from pes.models import (
    AuditEvent,
    DevelopmentPlan,
    EntityProblem,
    InvestmentProject,
    PddProgramme,
    PlannedActivity,
    PublicPolicy,
    SectorActor,
    SectorStatement,
    StrategicLine,
    Vigencia,
)
from pes.profile.records import add_record, change_record, facts_of, remove_record
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes

pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-07")]
NOW = datetime(2022, 6, 1, 15, tzinfo=UTC)


@pytest.fixture
def ours() -> SimpleNamespace:
    them = people.cast()
    plan = make.plan(sector=them.sector)
    return SimpleNamespace(them=them, plan=plan, objective=make.objective(plan=plan))


def problem(ours, **said) -> dict:
    first = {"entity": ours.them.head, "number": 1, "text": "Los trámites tardan", "objectives": [ours.objective]}
    return first | said


def add_problem(ours, by, **said) -> EntityProblem:
    return add_record(EntityProblem(plan=ours.plan), problem(ours, **said), by=by, now=NOW)


def mission(ours, **said) -> SectorStatement:
    row = {"kind": "mission", "number": 1, "text": "Servir", "source_act": "Resolución 277 de 2020"} | said
    return add_record(SectorStatement(plan=ours.plan), row, by=ours.them.ana, now=NOW)


def test_the_link_of_an_entity_writes_its_problems_and_the_audit_keeps_them(ours):
    made = add_problem(ours, ours.them.elena, text="  Los trámites\r\ntardan ")

    event = AuditEvent.objects.get(verb="profile_record_added")
    assert made.text == "Los trámites\ntardan"
    assert [one.pk for one in made.objectives.all()] == [ours.objective.pk]
    assert event.after["record"] == "Problema de una entidad"
    assert (event.after["entity"], event.after["objectives"]) == ("secretaria-general", ["Objetivo 1"])


@pytest.mark.rule("AZ1")
def test_who_has_no_power_on_the_entity_writes_nothing_of_it(ours):
    them = ours.them
    with pytest.raises(PermissionDenied):
        add_problem(ours, them.elena, entity=them.second_entity)
    for who in (them.diana, them.gabriel, them.luis, them.olga, them.oscar):
        with pytest.raises(PermissionDenied):
            add_problem(ours, who)
    with pytest.raises(PermissionDenied):
        add_record(StrategicLine(plan=ours.plan), {"number": 1, "name": "Línea"}, by=them.elena)

    assert not EntityProblem.objects.exists()


@pytest.mark.rule("AZ1")
def test_moving_a_record_needs_the_power_on_both_entities(ours):
    made = add_problem(ours, ours.them.elena)

    said = problem(ours, entity=ours.them.second_entity)
    with pytest.raises(PermissionDenied):
        change_record(made, said, read=fingerprint(facts_of(made)), by=ours.them.elena)


@pytest.mark.rule("WF1")
def test_the_same_record_sent_twice_is_one_and_another_with_its_number_is_refused(ours):
    first, again = (add_problem(ours, ours.them.elena) for _time in range(2))
    with pytest.raises(Refused) as refused:
        add_problem(ours, ours.them.elena, text="Otro")

    assert first == again
    assert codes(refused) == ["record_repeated"]


@pytest.mark.rule("WF3")
def test_a_correction_never_overwrites_what_was_not_read(ours):
    made = add_problem(ours, ours.them.elena)
    read = fingerprint(facts_of(made))
    said = problem(ours, theme="Servicio", objectives=[])

    assert change_record(made, said, read=read, by=ours.them.ana)
    with pytest.raises(StaleEdit):
        change_record(made, problem(ours, text="Otro"), read=read, by=ours.them.elena)
    assert not change_record(made, said, read=fingerprint(facts_of(made.__class__.objects.get())), by=ours.them.ana)

    event = AuditEvent.objects.get(verb="profile_record_changed")
    assert event.before == {"theme": None, "objectives": ["Objetivo 1"]}
    assert EntityProblem.objects.get().theme == "Servicio"


def test_what_is_linked_is_of_the_same_plan_and_the_entity_of_its_sector(ours):
    elsewhere = make.objective(plan=make.plan(sector=ours.them.sector, first=2016, last=2020))
    with pytest.raises(Refused) as linked:
        add_problem(ours, ours.them.ana, objectives=[elsewhere])
    with pytest.raises(Refused) as entity:
        add_problem(ours, ours.them.ana, entity=ours.them.process)

    assert codes(linked) == ["linked_elsewhere"]
    assert codes(entity) == ["outsider"]


@pytest.mark.rule("REF-01")
def test_a_sector_has_one_mission_at_a_time_and_the_next_one_follows_it(ours):
    mission(ours, valid_from=date(2020, 5, 1), valid_until=date(2024, 12, 8), repealed_by="Resolución 630 de 2024")
    with pytest.raises(Refused) as refused:
        mission(ours, number=2, valid_from=date(2024, 12, 1), source_act="Resolución 630 de 2024")

    mission(ours, number=2, valid_from=date(2024, 12, 9), source_act="Resolución 630 de 2024")

    assert codes(refused) == ["statement_not_alone"]
    assert SectorStatement.objects.filter(kind="mission").count() == 2


@pytest.mark.rule("REF-01")
def test_days_without_their_act_are_refused(ours):
    row = {"entity": ours.them.head, "name": "Política", "role": "lead", "valid_from": date(2020, 1, 1)}
    with pytest.raises(Refused) as refused:
        add_record(PublicPolicy(plan=ours.plan), row, by=ours.them.elena)

    assert codes(refused) == ["act_missing"]


def test_an_actor_of_the_whole_sector_is_written_by_the_sector(ours):
    row = {"name": "Ciudadanía", "kind": "society", "planning": "Propone"}
    with pytest.raises(PermissionDenied):
        add_record(SectorActor(plan=ours.plan), row, by=ours.them.elena)

    made = add_record(SectorActor(plan=ours.plan), row, by=ours.them.ana)
    own = add_record(SectorActor(plan=ours.plan), row | {"entity": ours.them.head}, by=ours.them.elena)

    assert (made.entity, own.entity) == (None, ours.them.head)


def test_a_pdd_with_programmes_is_not_taken_out_and_what_is_keeps_its_reason(ours):
    pdd = add_record(DevelopmentPlan(plan=ours.plan), {"name": "PDD"}, by=ours.them.ana)
    row = {"development_plan": pdd, "code": "42", "name": "Programa", "objectives": [ours.objective]}
    programme = add_record(PddProgramme(), row, by=ours.them.ana)

    with pytest.raises(Refused) as refused:
        remove_record(pdd, reason="Error", by=ours.them.ana)
    remove_record(programme, reason="Era de otro plan", by=ours.them.ana)
    remove_record(pdd, reason="Error", by=ours.them.ana)

    assert codes(refused) == ["others_hang_on_it"]
    events = AuditEvent.objects.filter(verb="profile_record_removed").order_by("pk")
    assert [(one.reason, one.before["name"]) for one in events] == [("Era de otro plan", "Programa"), ("Error", "PDD")]
    with pytest.raises(Refused) as gone:
        remove_record(pdd, reason="Otra vez", by=ours.them.ana)
    assert codes(gone) == ["removed_already"]


def activity(ours, **said) -> dict:
    project, _is_new = InvestmentProject.objects.get_or_create(entity=ours.them.head, code="7868", name="Proyecto")
    row = {
        "project": project,
        "vigencia": Vigencia.objects.get(pk=2022),
        "number": 1,
        "text": "Contratar",
        "responsible": "Oficina",
        "starts_on": date(2022, 2, 1),
        "ends_on": date(2022, 5, 1),
        "product": "Contrato",
        "status": "pending",
    }
    return row | said


@pytest.mark.rule("LC-01")
def test_an_activity_belongs_to_its_vigencia_and_is_done_on_a_day(ours):
    row = activity(ours, status="done")
    with pytest.raises(Refused) as refused:
        add_record(PlannedActivity(), row, by=ours.them.elena, now=NOW)

    made = add_record(PlannedActivity(), row | {"done_on": date(2022, 4, 30)}, by=ours.them.elena, now=NOW)

    assert codes(refused) == ["done_without_day"]
    assert facts_of(made)["status"] == "Cumplida"


@pytest.mark.rule("WF1")
def test_an_activity_with_its_pesos_sent_twice_is_one_and_saved_as_it_was_is_not_a_correction(ours):
    row = activity(ours, amount=Decimal("1000000"))
    first, again = (add_record(PlannedActivity(), row, by=ours.them.elena, now=NOW) for _time in range(2))
    stored = PlannedActivity.objects.get()

    assert first == again == stored
    assert not change_record(stored, row, read=fingerprint(facts_of(stored)), by=ours.them.elena, now=NOW)
    assert not AuditEvent.objects.filter(verb="profile_record_changed").exists()


def test_negative_pesos_are_refused_as_such(ours):
    with pytest.raises(Refused) as refused:
        add_record(PlannedActivity(), activity(ours, amount=Decimal(-5)), by=ours.them.elena, now=NOW)

    assert codes(refused) == ["amount_negative"]


@pytest.mark.rule("WF1")
def test_only_what_is_unique_is_told_as_repeated(ours):
    row = activity(ours, status="pending") | {"vigencia_id": 2022}
    row.pop("vigencia")
    write = once("Ya está.")(PlannedActivity.objects.create)
    write(**row)

    with pytest.raises(Refused) as refused:
        write(**row)
    with pytest.raises(IntegrityError):
        write(**row | {"number": 2, "amount": Decimal(-5)})

    assert codes(refused) == ["repeated"]
