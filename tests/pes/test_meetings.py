"""Meetings of a PES: scheduled, convened, held, minuted, closed (LC-03), and what the gates read of them (LC-02)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from pes import registry
from pes.edits import StaleEdit, fingerprint
from pes.jobs import run_now
from pes.meetings.convening import convene, invite
from pes.meetings.facts import Minutes, attendance_facts, minutes_of, presences_of, schedule_of
from pes.meetings.gate_facts import gate_facts
from pes.meetings.icalendar import icalendar_of
from pes.meetings.minutes import add_file, amend_minutes, close_minutes, record_attendance, write_minutes
from pes.meetings.pages import gate_rows
from pes.meetings.scheduling import cancel_meeting, change_meeting, schedule_meeting
from pes.models import (
    AdministrativeAct,
    Adoption,
    AuditEvent,
    Job,
    MinuteAddendum,
    SectorPlan,
    TechnicalWorkshop,
)
from pes.rules.gates import GateFact
from pes.rules.problems import Refused
from pes.rules.technical_workshops import MeetingPurpose
from pes.rules.workshops import Attendee
from tests import make, people
from tests.answers import codes
from tests.meeting_makers import held, presence, programme, whole_meeting
from tests.once import once
from tests.tracking.files import pdf

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TODAY, NEXT_WEEK = date(2026, 3, 2), date(2026, 3, 9)
pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-03")]


def _world() -> SimpleNamespace:
    them = people.cast()
    plan = make.plan(sector=them.sector)
    return SimpleNamespace(
        them=them, plan=plan, meeting=schedule_meeting(plan, programme(them, on=NEXT_WEEK), by=them.ana)
    )


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    yield from once(_world, django_db_blocker, NOW)


@pytest.fixture
def world(built, db) -> Iterator[SimpleNamespace]:
    with time_machine.travel(NOW, tick=False):
        yield SimpleNamespace(**vars(built) | {"meeting": TechnicalWorkshop.objects.get(pk=built.meeting.pk)})


def test_only_the_planning_office_of_the_sector_schedules(world):
    for name in ("luis", "diana", "elena", "olga", "oscar"):
        with pytest.raises(PermissionDenied):
            schedule_meeting(world.plan, programme(world.them, topic="Otra"), by=getattr(world.them, name))


@pytest.mark.rule("WF1")
def test_sent_twice_a_meeting_is_scheduled_once(world):
    again = schedule_meeting(world.plan, programme(world.them, on=NEXT_WEEK), by=world.them.ana)

    assert again == world.meeting
    with pytest.raises(Refused) as refused:
        schedule_meeting(world.plan, programme(world.them, on=NEXT_WEEK, aim="Otro"), by=world.them.ana)
    assert codes(refused) == ["meeting_repeated"]


def test_a_method_of_another_kind_and_an_entity_of_another_sector_are_refused(world):
    wrong = programme(
        world.them, topic="Otra", kind="directivos", method="working_table", entities=[world.them.other_entity]
    )

    with pytest.raises(Refused) as refused:
        schedule_meeting(world.plan, wrong, by=world.them.ana)

    assert codes(refused) == ["method_not_of_kind", "entity_of_other_sector"]


@pytest.mark.rule("WF3")
def test_a_stale_change_overwrites_nothing(world):
    with pytest.raises(StaleEdit):
        change_meeting(world.meeting, programme(world.them, topic="Otra"), read="0" * 16, by=world.them.ana)


def test_who_is_convened_hears_of_it_once_and_again_when_the_day_changes(world, settings):
    settings.PES_BASE_URL = "https://pes.ejemplo.invalid"
    them, meeting = world.them, world.meeting
    invite(meeting, [them.elena, them.diana], [Attendee("", "Veeduría ciudadana")], by=them.ana)

    assert convene(meeting, by=them.ana) == 2
    run_now(Job.objects.get(kind="mail_meeting"))
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([them.elena.email, them.diana.email])
    assert "Marco estratégico" in mail.outbox[0].body
    assert "https://pes.ejemplo.invalid/sectores/" in mail.outbox[0].body
    assert mail.outbox[0].attachments[0].filename == "invitacion.ics"
    assert convene(meeting, by=them.ana) == 0
    read = fingerprint(schedule_of(meeting).facts())
    change_meeting(meeting, programme(them, on=date(2026, 3, 10)), read=read, by=them.ana)
    assert convene(meeting, by=them.ana) == 2


def test_who_was_told_hears_that_a_meeting_is_cancelled(world):
    them, meeting = world.them, world.meeting
    invite(meeting, [them.elena], [], by=them.ana)
    convene(meeting, by=them.ana)
    run_now(Job.objects.get(kind="mail_meeting"))
    invite(meeting, [them.elena, them.diana], [], by=them.ana)
    mail.outbox.clear()

    cancel_meeting(meeting, reason="No hubo sala.", by=them.ana)
    run_now(Job.objects.get(kind="mail_meeting", payload__status="cancelled"))

    assert [letter.to for letter in mail.outbox] == [[them.elena.email]]
    assert "Motivo: No hubo sala." in mail.outbox[0].body
    assert "STATUS:CANCELLED" in mail.outbox[0].attachments[0].content


def test_a_letter_that_does_not_go_out_waits(world, settings):
    invite(world.meeting, [world.them.elena], [], by=world.them.ana)
    convene(world.meeting, by=world.them.ana)
    settings.EMAIL_BACKEND = "tests.no_such_backend.EmailBackend"

    job = run_now(Job.objects.get(kind="mail_meeting"))

    assert job.state == "queued"
    assert world.meeting.invitations.get().mailed_at is None


def test_nobody_convenes_the_past_or_without_guests_and_agenda(world):
    bare = schedule_meeting(
        world.plan,
        programme(world.them, topic="Sin nada", on=date(2026, 2, 2), agenda=[], entities=[]),
        by=world.them.ana,
    )

    with pytest.raises(Refused) as refused:
        convene(bare, by=world.them.ana)

    assert codes(refused) == ["meeting_in_past", "agenda_missing", "entities_missing", "nobody_invited"]


def test_a_stranger_to_the_sector_is_invited_only_as_a_guest(world):
    with pytest.raises(Refused) as refused:
        invite(world.meeting, [world.them.oscar], [], by=world.them.ana)

    assert codes(refused) == ["person_of_other_sector"]


def test_a_cancelled_meeting_says_why_and_is_over(world):
    with pytest.raises(Refused):
        cancel_meeting(world.meeting, reason=" ", by=world.them.ana)

    cancel_meeting(world.meeting, reason="No hubo sala.", by=world.them.ana)

    with pytest.raises(Refused) as refused:
        convene(world.meeting, by=world.them.ana)
    assert codes(refused) == ["invalid_transition"]


def test_a_meeting_is_not_held_before_its_day_nor_by_strangers(world):
    them = world.them
    with pytest.raises(Refused) as refused:
        record_attendance(
            world.meeting, [presence(None, "", ""), presence(them.other_entity)],
            read=fingerprint(attendance_facts([])), by=them.ana,
        )  # fmt: skip

    assert codes(refused) == ["meeting_in_future", "position_missing", "entity_of_other_sector"]


def test_minutes_close_when_every_point_has_its_text_and_then_only_addenda_change_them(world):
    them, meeting = world.them, held(world.plan, world.them)
    with pytest.raises(Refused) as refused:
        close_minutes(meeting, by=them.ana)
    assert codes(refused) == ["minutes_missing"]
    read = fingerprint(minutes_of(meeting).facts())
    write_minutes(meeting, Minutes({1: "Se revisó.", 2: "Se acordó."}, ["Cinco objetivos"], []), read=read, by=them.ana)

    digest = close_minutes(meeting, by=them.ana)

    meeting.refresh_from_db()
    assert len(digest) == 64
    assert meeting.digest == digest
    with pytest.raises(Refused):
        write_minutes(meeting, Minutes({1: "Otra cosa"}, [], []), read=read, by=them.ana)
    with pytest.raises(Refused):
        record_attendance(
            meeting, [presence(them.head)], read=fingerprint(attendance_facts(presences_of(meeting))), by=them.ana
        )
    first = amend_minutes(meeting, text="Donde dice cinco, léase seis.", by=them.ana)
    assert amend_minutes(meeting, text="Donde dice cinco, léase seis.", by=them.ana) == first
    with pytest.raises(DatabaseError), transaction.atomic():
        MinuteAddendum.objects.update(text="Otra")


def test_open_minutes_have_no_addenda(world):
    with pytest.raises(Refused):
        amend_minutes(held(world.plan, world.them), text="Tarde", by=world.them.ana)


def test_a_field_validation_is_not_closed_without_what_was_observed(world):
    them = world.them
    seen = held(world.plan, them, purpose="field", kind="comunidad", method="field_validation", agenda=[],
                event="dialogue", event_name="Diálogo de la localidad", topic="En campo")  # fmt: skip
    with pytest.raises(Refused) as refused:
        close_minutes(seen, by=them.ana)
    assert codes(refused) == ["observations_missing"]

    read = fingerprint(minutes_of(seen).facts())
    write_minutes(seen, Minutes({}, [], [("Espacio público", "Piden más luz.")]), read=read, by=them.ana)

    assert close_minutes(seen, by=them.ana)


def test_a_file_is_kept_with_what_it_is(world, media_root):
    upload = SimpleUploadedFile("lista.pdf", pdf())
    with pytest.raises(Refused) as refused:
        add_file(world.meeting, upload, note=" ", by=world.them.ana)
    assert codes(refused) == ["note_missing"]

    with pytest.raises(PermissionDenied):
        add_file(world.meeting, upload, note="Lista", by=world.them.elena)

    made = add_file(world.meeting, upload, note="Lista firmada", by=world.them.ana)

    assert (made.file.display_name, made.file.unit) == ("lista.pdf", world.them.sector)
    assert made.file.path.is_file()


def test_a_link_that_is_no_address_is_refused(world):
    with pytest.raises(Refused) as refused:
        schedule_meeting(world.plan, programme(world.them, topic="Otra", link="javascript:alert(1)"), by=world.them.ana)

    assert codes(refused) == ["link_not_accepted"]


@pytest.mark.rule("LC-02")
def test_the_gates_name_the_entities_and_kinds_that_are_missing(world, monkeypatch):
    monkeypatch.setitem(registry._PROVIDERS, "community_validation", [])
    them, plan = world.them, world.plan
    facts = {fact.code: fact for fact in gate_facts(plan)}
    assert not any(fact.is_met for fact in facts.values())
    assert "SG, DASCD" in facts["workshops_with_every_entity"].missing
    assert "directivos, equipo técnico, comunidad" in facts["workshops_of_each_kind"].missing

    whole_meeting(plan, them, topic="Una", came=[them.head])
    whole_meeting(
        plan, them, topic="Metodología", purpose="methodology", kind="", method="", came=[them.head, them.second_entity]
    )
    whole_meeting(plan, them, topic="Directivos", kind="directivos", method="interview", came=[them.head])

    facts = {fact.code: fact for fact in gate_facts(plan)}
    assert facts["workshops_with_every_entity"].is_met
    assert facts["methodology_presented"].is_met
    assert facts["workshops_of_each_kind"].missing.startswith("Falta una mesa técnica con acta cerrada de: comunidad.")
    assert not facts["socialised"].is_met


@pytest.mark.rule("LC-02")
def test_a_closed_survey_stands_for_the_mesa_with_the_community(world, monkeypatch):
    them, plan = world.them, world.plan
    whole_meeting(plan, them, topic="Equipo", came=[them.head])
    whole_meeting(plan, them, topic="Directivos", kind="directivos", method="focus_group", came=[them.head])
    for answer in (False, True):
        monkeypatch.setitem(registry._PROVIDERS, "community_validation", [lambda plan, answer=answer: [answer]])
        facts = {fact.code: fact.is_met for fact in gate_facts(plan)}
        assert facts["workshops_of_each_kind"] is answer


@pytest.mark.rule("LC-02")
def test_a_socialisation_counts_once_the_pes_is_adopted_and_its_minutes_are_closed(world):
    told = {"purpose": MeetingPurpose.SOCIALISATION, "kind": "", "method": ""}
    whole_meeting(world.plan, world.them, topic="Antes", on=date(2026, 2, 9), **told)
    assert "falta registrar el acto" in socialised(world.plan).missing
    assert "falta registrar el acto" in gate_rows(world.plan)[3]["words"]

    act = adopted(world, issued_on=date(2026, 2, 10))
    held(world.plan, world.them, topic="Abierta", on=date(2026, 2, 11), **told)
    assert "10 de febrero de 2026" in socialised(world.plan).missing

    whole_meeting(world.plan, world.them, topic="Cerrada", on=act.issued_on, **told)
    assert socialised(world.plan).is_met
    assert gate_rows(world.plan)[3]["words"] == "Cumplido"


@pytest.mark.rule("LC-02")
def test_of_an_old_act_the_year_decides(world):
    told = {"purpose": MeetingPurpose.SOCIALISATION, "kind": "", "method": ""}
    adopted(world, issued_on=None)
    whole_meeting(world.plan, world.them, topic="El año anterior", on=date(2025, 12, 30), **told)
    assert not socialised(world.plan).is_met

    whole_meeting(world.plan, world.them, topic="Ese año", on=date(2026, 1, 14), **told)
    assert socialised(world.plan).is_met


def adopted(world: SimpleNamespace, *, issued_on: date | None) -> AdministrativeAct:
    """The act of 2026 that adopts the PES."""
    said = {"by": world.them.jorge, "at": NOW}
    act = AdministrativeAct.objects.create(
        unit=world.plan.sector, kind="resolucion", number="12", year=2026, issued_on=issued_on,
        registered_by=said["by"], registered_at=NOW,
    )  # fmt: skip
    Adoption.objects.create(plan=world.plan, act=act, is_earlier=True, **said)
    return act


def socialised(plan: SectorPlan) -> GateFact:
    """What the meetings say of the socialisation of a PES."""
    return next(fact for fact in gate_facts(plan) if fact.code == "socialised")


def test_the_calendar_file_escapes_and_folds(world):
    read = fingerprint(schedule_of(world.meeting).facts())
    topic = "Marco; misión, visión ñ" * 9
    change_meeting(world.meeting, programme(world.them, on=NEXT_WEEK, topic=topic), read=read, by=world.them.ana)
    world.meeting.refresh_from_db()

    lines = icalendar_of(world.meeting).decode().split("\r\n")

    assert all(len(line.encode()) <= 75 for line in lines)
    joined = "\n".join(lines).replace("\n ", "")
    assert "SUMMARY:Marco\\; misión\\, visión ñ" in joined
    assert "DTSTART:20260309T130000Z" in joined  # 8:00 in Bogotá


def test_every_act_leaves_its_trace(world):
    meeting = whole_meeting(world.plan, world.them, topic="Con huella")

    told = AuditEvent.objects.filter(object_type="pes.technicalworkshop", object_id=str(meeting.pk))

    assert [event.verb for event in told.order_by("pk")] == [
        "meeting_scheduled",
        "meeting_held",
        "minutes_written",
        "minutes_closed",
    ]


def test_hours_are_those_of_the_meeting(world):
    early = programme(world.them, topic="Otra", starts=time(9), ends=time(8, 30))

    with pytest.raises(Refused) as refused:
        schedule_meeting(world.plan, early, by=world.them.ana)

    assert codes(refused)[0] == "times_not_in_order"
