"""Mesas de trabajo: registered with attendance and minutes, corrected with a reason, found by unit and vigencia."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from pes.audit_sentences import sentence
from pes.edits import StaleEdit, fingerprint
from pes.models import AuditEvent, UnitKind, User, Workshop
from pes.permissions import Permission, Role
from pes.rules.problems import Refused
from pes.rules.workshops import Attendee
from pes.workshops import correct_workshop, register_workshop, workshop_facts
from tests import make, people
from tests.answers import codes, page_of
from tests.people import Cast
from tests.pes.corrections import correct, meeting

pytestmark = [pytest.mark.django_db, pytest.mark.rule("SM-1")]


@pytest.fixture
def them(settings) -> Cast:
    settings.PES_DEMO = True
    found = people.cast()
    make.vigencia(2022)
    return found


@pytest.fixture
def workshop(them) -> Workshop:
    return make.workshop(units=[them.process], by=them.ana)


def test_a_mesa_is_registered_with_who_was_there_and_who_wrote_it(them, workshop):
    assert workshop.registered_by == them.ana
    assert [str(person) for person in workshop.attendees.all()] == ["Pilar Promotora"]
    event = AuditEvent.objects.get(verb="workshop_registered")
    assert event.after["units"] == ["PLE-PIN"]
    assert event.after["minutes"] == "Se acordaron las metas del año."


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": timezone.localdate() + timedelta(days=2)}, "workshop_in_future"),
        ({"minutes": " "}, "minutes_missing"),
        ({"topic": " "}, "topic_missing"),
        ({"units": []}, "workshop_without_units"),
        ({"attendees": []}, "attendance_missing"),
        ({"attendees": [Attendee("Ana", "")]}, "position_missing"),
    ],
    ids=["future", "minutes", "topic", "units", "attendance", "position"],
)
def test_a_mesa_without_its_content_is_refused(them, changes, code):
    with pytest.raises(Refused) as refused:
        register_workshop(them.head, meeting(them, **changes), by=them.ana)

    assert codes(refused) == [code]
    assert not Workshop.objects.exists()


@pytest.mark.parametrize("name", ["other_alcaldia", "second_entity", "head"])
def test_only_processes_and_alcaldias_of_the_entity_take_part(them, name):
    with pytest.raises(Refused) as refused:
        register_workshop(them.head, meeting(them, units=[them.process, getattr(them, name)]), by=them.ana)

    assert codes(refused) == ["unit_of_other_entity"]


def test_an_office_of_the_entity_has_no_plan_to_prepare(them):
    office = people.unit("oficina", UnitKind.OFFICE, them.head)

    with pytest.raises(Refused) as refused:
        register_workshop(them.head, meeting(them, units=[office]), by=them.ana)

    assert codes(refused) == ["unit_of_other_entity"]


@pytest.mark.parametrize("name", ["luis", "marta", "pilar", "diana", "elena", "gabriel", "olga", "alicia", "oscar"])
def test_only_the_planning_office_registers_and_corrects(them, workshop, name):
    by = getattr(them, name)

    with pytest.raises(PermissionDenied):
        register_workshop(them.head, meeting(them, topic="Otra"), by=by)
    with pytest.raises(PermissionDenied):
        correct(workshop, meeting(them, topic="Otra"), by)


def test_the_console_registers_a_mesa(them):
    made = register_workshop(them.head, meeting(them), by=User.objects.console())

    assert str(made.registered_by) == "Consola"


@pytest.mark.rule("WF1")
def test_sent_twice_a_mesa_is_registered_once(them, workshop):
    again = register_workshop(them.head, meeting(them), by=them.ana)

    assert again == workshop
    assert AuditEvent.objects.filter(verb="workshop_registered").count() == 1


@pytest.mark.rule("WF1")
@pytest.mark.parametrize("changes", [{"minutes": "Otra acta."}, {}], ids=["other-minutes", "other-person"])
def test_another_mesa_of_that_day_and_topic_is_refused(them, workshop, changes):
    by = them.ana if changes else them.jorge

    with pytest.raises(Refused) as refused:
        register_workshop(them.head, meeting(them, **changes), by=by)

    assert codes(refused) == ["workshop_repeated"]


def test_the_database_keeps_one_mesa_of_a_day_and_topic(workshop):
    workshop.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        workshop.save(force_insert=True)


def test_a_correction_keeps_both_sides_and_why(them, workshop):
    two = [Attendee("Pilar Promotora", "Promotora de mejora"), Attendee("Luis Líder", "Líder de proceso")]

    assert correct(workshop, meeting(them, attendees=two, units=[them.alcaldia]), them.jorge) is True

    event = AuditEvent.objects.get(verb="workshop_corrected")
    assert event.reason == "Faltaba una asistente"
    assert event.before == {"units": ["PLE-PIN"], "attendees": ["Pilar Promotora; Promotora de mejora"]}
    assert event.after["units"] == ["AL-01"]
    workshop.refresh_from_db()
    assert workshop.registered_by == them.ana
    assert workshop.attendees.count() == 2


def test_correcting_nothing_leaves_no_trace(them, workshop):
    assert correct(workshop, meeting(them), them.ana) is False
    assert not AuditEvent.objects.filter(verb="workshop_corrected").exists()


def test_a_correction_obeys_the_same_rules(them, workshop):
    make.workshop(units=[them.process], by=them.ana, topic="Otra mesa")

    with pytest.raises(Refused) as same:
        correct(workshop, meeting(them, topic="Otra mesa"), them.ana)
    with pytest.raises(Refused) as empty:
        correct(workshop, meeting(them, units=[]), them.ana)

    assert codes(same) == ["workshop_repeated"]
    assert codes(empty) == ["workshop_without_units"]


@pytest.mark.rule("WF3")
def test_a_correction_of_what_somebody_changed_meanwhile_overwrites_nothing(them, workshop):
    read = fingerprint(workshop_facts(workshop))
    correct(workshop, meeting(them, minutes="La de Jorge"), them.jorge)

    with pytest.raises(StaleEdit):
        correct(workshop, meeting(them, minutes="La de Ana"), them.ana, read=read)

    workshop.refresh_from_db()
    assert workshop.minutes == "La de Jorge"


def test_the_mesas_of_a_unit_and_vigencia_are_found(them, workshop):
    make.workshop(units=[them.process, them.alcaldia], by=them.ana, topic="Dos unidades")
    make.workshop(units=[them.process], by=them.ana, year=2023, topic="Otra vigencia")
    of = Workshop.objects.of

    assert of(them.process.pk, 2022).count() == 2
    assert of(them.alcaldia.pk, 2022).count() == of(them.process.pk, 2023).count() == 1
    assert not of(them.alcaldia.pk, 2023).exists()


@pytest.mark.rule("AZ11")
@pytest.mark.parametrize(
    ("name", "topics"),
    [
        ("ana", {"Proceso", "Alcaldía", "Ambas"}),
        ("olga", {"Proceso", "Alcaldía", "Ambas", "Ajena"}),
        ("elena", {"Proceso", "Alcaldía", "Ambas"}),
        ("luis", {"Proceso", "Ambas"}),
        ("marta", {"Alcaldía", "Ambas"}),
        ("oscar", {"Ajena"}),
        ("alicia", set()),
    ],
)
def test_each_person_sees_the_mesas_of_their_units(them, name, topics):
    jefe = people.person("Otro Jefe", Role.JEFE_OAP, them.other_sector)
    make.workshop(units=[them.process], by=them.ana, topic="Proceso")
    make.workshop(units=[them.alcaldia], by=them.ana, topic="Alcaldía")
    make.workshop(units=[them.process, them.alcaldia], by=them.ana, topic="Ambas")
    make.workshop(units=[them.other_alcaldia], by=jefe, topic="Ajena")
    who = getattr(them, name)

    assert set(Workshop.objects.visible_to(who, Permission.PLAN_READ).values_list("topic", flat=True)) == topics
    if topics:
        shown = page_of(who).get("/mesas/").content.decode()
        assert {t for t in ("Proceso", "Alcaldía", "Ambas", "Ajena") if f">{t}</a>" in shown} == topics


@pytest.mark.parametrize("verb", ["registered", "corrected"])
def test_every_act_has_its_sentence(verb):
    assert "mesa de trabajo" in sentence(f"workshop_{verb}")


@pytest.mark.rule("WF2")
@pytest.mark.django_db(transaction=True)
def test_of_several_who_register_the_same_mesa_exactly_one_wins():
    them = people.cast()
    make.vigencia(2022)
    start = threading.Barrier(4)
    told: list[str] = []

    def register(number: int) -> None:
        start.wait()
        try:
            register_workshop(them.head, meeting(them, minutes=f"Acta {number}"), by=them.ana)
            told.append("registered")
        except Refused as refused:
            told.append(refused.problems[0].code)
        connections.close_all()

    threads = [threading.Thread(target=register, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["registered"] + ["workshop_repeated"] * 3
    assert Workshop.objects.get().attendees.count() == 1


@pytest.mark.rule("WF2", "WF3")
@pytest.mark.django_db(transaction=True)
def test_of_several_who_correct_the_same_mesa_exactly_one_wins():
    them = people.cast()
    workshop = make.workshop(units=[them.process], by=them.ana)
    read = fingerprint(workshop_facts(workshop))
    start = threading.Barrier(4)
    told: list[str] = []

    def change(number: int) -> None:
        start.wait()
        try:
            correct_workshop(workshop, meeting(them, minutes=f"Acta {number}"), reason="X", read=read, by=them.ana)
            told.append("corrected")
        except Refused as refused:
            told.append(refused.problems[0].code)
        connections.close_all()

    threads = [threading.Thread(target=change, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["corrected"] + ["stale_edit"] * 3
    assert Workshop.objects.get().attendees.count() == 1
