"""Pages of the meetings of a PES: who sees and does what, the acta as a document, commitments in Mi trabajo (LC-03)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pes.edits import fingerprint
from pes.jobs import WORK, Again, run_now
from pes.meetings import commitments as verbs
from pes.meetings.commitments import Undertaking, add_commitment
from pes.meetings.convening import convene, invite
from pes.meetings.facts import Minutes, minutes_of
from pes.meetings.minutes import add_file, close_minutes, write_minutes
from pes.meetings.scheduling import schedule_meeting
from pes.meetings.tasks import MINUTES_JOB, Stored, making, request_minutes
from pes.models import Commitment, MinutesDocument, TechnicalWorkshop
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes, page_of
from tests.meeting_makers import held, programme, whole_meeting
from tests.once import once
from tests.tracking.files import pdf

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATE, SOON = date(2026, 2, 20), date(2026, 3, 20)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-03")]


def _world() -> SimpleNamespace:
    them = people.cast()
    plan = make.plan(sector=them.sector)
    coming = schedule_meeting(plan, programme(them, on=date(2026, 3, 9), topic="Por venir"), by=them.ana)
    invite(coming, [them.elena], [], by=them.ana)
    convene(coming, by=them.ana)
    open_one = held(plan, them, topic=f"Abierta {HOSTILE}", aim=HOSTILE)
    mine = add_commitment(open_one, Undertaking(f"Enviar {HOSTILE}", LATE, owner=them.diana), by=them.ana)
    theirs = add_commitment(
        open_one, Undertaking("Consolidar el inventario", SOON, owner_entity=them.head), by=them.ana
    )
    closed = whole_meeting(plan, them, topic="Cerrada")
    browsers = {name: page_of(getattr(them, name)) for name in ("ana", "elena", "diana", "olga", "oscar", "gabriel")}
    return SimpleNamespace(
        them=them, plan=plan, coming=coming, open=open_one, closed=closed, mine=mine, theirs=theirs, **browsers
    )


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    yield from once(_world, django_db_blocker, NOW)


@pytest.fixture
def world(built, db) -> Iterator[SimpleNamespace]:
    with time_machine.travel(NOW, tick=False):
        fresh = {
            name: type(row).objects.get(pk=row.pk)
            for name, row in vars(built).items()
            if isinstance(row, TechnicalWorkshop | Commitment)
        }
        yield SimpleNamespace(**vars(built) | fresh)


def _list(world) -> str:
    return reverse("pes:meetings", args=[world.plan.sector.code, world.plan.first_vigencia])


def test_who_works_in_the_sector_reads_and_only_the_office_acts(world):
    url = world.coming.get_absolute_url()

    assert world.elena.get(url).status_code == 200
    assert world.oscar.get(url).status_code == 404
    assert world.elena.get(world.coming.url("meeting-edit")).status_code == 403
    assert world.elena.post(world.coming.url("meeting-convene")).status_code == 403
    assert world.ana.get(world.coming.url("meeting-guests")).status_code == 200


def test_a_meeting_of_another_plan_is_not_there(world):
    other = make.plan(sector=world.them.sector, first=2016, last=2019)

    assert world.ana.get(reverse("pes:meeting", args=["gestion-publica", 2016, world.coming.pk])).status_code == 404
    assert other.pk != world.plan.pk


def test_the_office_schedules_through_the_form(world):
    said = {
        "what": "technical:directivos:focus_group", "topic": "Apuesta estratégica", "on": "2026-03-12", "starts": "08:00",
        "ends": "10:00", "place": "Sala 2", "entities": [world.them.head.pk], "agenda": "8:00-9:00; Apertura",
    }  # fmt: skip
    url = reverse("pes:meeting-new", args=["gestion-publica", 2020])

    answer = world.ana.post(url, said)

    made = TechnicalWorkshop.objects.get(topic="Apuesta estratégica")
    assert (made.kind, made.method, made.agenda.count()) == ("directivos", "focus_group", 1)
    assert answer.url == made.url("meeting-guests")
    assert world.ana.post(url, said | {"agenda": "a las ocho", "topic": "Otra"}).status_code == 422


def test_a_meeting_is_held_written_and_closed_through_its_pages(world):
    them = world.them
    attendance = {f"entity_{them.head.pk}": "Ana Analista; Profesional", "others": "; Veedora"}
    made = schedule_meeting(world.plan, programme(them, topic="De punta a punta"), by=them.ana)
    read = world.ana.get(made.url("meeting-attendance")).context["form"].initial["read"]
    world.ana.post(made.url("meeting-attendance"), attendance | {"read": read})
    read = world.ana.get(made.url("meeting-minutes")).context["form"].initial["read"]
    texts = {"point_1": "Se leyó.", "point_2": "Se acordó.", "decisions": "Una\nOtra", "read": read}
    world.ana.post(made.url("meeting-minutes"), texts)
    due = {"text": "Enviar el acta", "owner": f"entity:{them.head.code}", "due_on": "2026-04-01"}
    world.ana.post(made.url("meeting-commit"), due)

    world.ana.post(made.url("meeting-close"))

    made.refresh_from_db()
    assert made.status == "closed"
    assert [row.text for row in made.decisions.all()] == ["Una", "Otra"]
    assert made.commitments.get().owner_entity == them.head
    assert "De punta a punta" in world.elena.get(_list(world)).content.decode()


@pytest.mark.parametrize("name", ["coming", "open", "closed"])
def test_what_people_write_never_becomes_mark_up(world, name):
    page = world.ana.get(getattr(world, name).get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_owners_find_their_commitments_and_guests_their_meetings_in_mi_trabajo(world):
    home = reverse("pes:home")

    director, link, manager = (one.get(home).content.decode() for one in (world.diana, world.elena, world.gabriel))

    assert "Venció hace 10 días" in director
    assert "Consolidar el inventario" not in director
    assert "a cargo de SG: Consolidar el inventario" in link
    assert "Asistir: Por venir" in link
    assert "Consolidar el inventario" not in manager
    assert "Cerrar el acta: Abierta" in world.ana.get(home).content.decode()


def test_who_answers_for_a_commitment_follows_it_and_nobody_else(world, media_root):
    them = world.them
    for stranger in (them.diana, them.gabriel, them.olga, them.oscar):
        with pytest.raises(PermissionDenied):
            verbs.note(world.theirs, text="Ya casi", by=stranger)
    world.elena.post(world.theirs.url("commitment-note"), {"text": "Ya casi"})
    assert verbs.note(world.theirs, text="Ya casi", by=them.elena) == world.theirs.notes.get()

    refused = world.elena.post(world.theirs.url("commitment-fulfil"), {"text": "Hecho"})
    said = {"text": "Hecho", "file": SimpleUploadedFile("inventario.pdf", pdf())}
    done = world.elena.post(world.theirs.url("commitment-fulfil"), said)

    world.theirs.refresh_from_db()
    assert (refused.status_code, done.status_code, world.theirs.status) == (422, 302, "fulfilled")
    assert world.theirs.fulfilled_on == date(2026, 3, 2)
    proof = world.theirs.notes.get(event="fulfilled").file
    handed_over = b"".join(world.diana.get(proof.get_absolute_url()).streaming_content)
    assert handed_over.startswith(b"%PDF-")
    assert world.oscar.get(proof.get_absolute_url()).status_code == 404
    with pytest.raises(PermissionDenied):
        verbs.reopen(world.theirs, reason="No abre", by=them.elena)
    verbs.reopen(world.theirs, reason="No abre", by=them.ana)
    verbs.drop(world.theirs, reason="Ya no hace falta", by=them.jorge)
    assert world.ana.get(world.theirs.get_absolute_url()).status_code == 200
    with pytest.raises(Refused) as gone:
        verbs.note(world.theirs, text="Tarde", by=them.elena)
    assert codes(gone) == ["invalid_transition"]


def test_another_day_is_granted_and_the_minutes_keep_the_first(world):
    with pytest.raises(Refused):
        verbs.reschedule(world.mine, due_on=date(2026, 3, 1), reason="Tarde", by=world.them.ana)

    verbs.reschedule(world.mine, due_on=SOON, reason="Cambió la agenda", by=world.them.ana)

    world.mine.refresh_from_db()
    assert (world.mine.due_on, world.mine.agreed_due_on) == (SOON, LATE)


def test_a_commitment_is_removed_only_from_open_minutes_without_notes(world):
    verbs.note(world.mine, text="Va bien", by=world.them.diana)

    with pytest.raises(Refused) as refused:
        verbs.remove_commitment(world.mine, by=world.them.ana)

    assert codes(refused) == ["commitment_followed"]
    verbs.remove_commitment(world.theirs, by=world.them.ana)
    assert not Commitment.objects.filter(pk=world.theirs.pk).exists()


def test_the_board_filters_by_state_and_owner(world):
    url = reverse("pes:commitments", args=["gestion-publica", 2020])

    late = world.elena.get(url, {"estado": "vencidos"}).context["rows"]
    of_head = world.elena.get(url, {"responsable": f"entidad:{world.them.head.code}"}).context["rows"]

    assert [row["pk"] for row in late] == [world.mine.pk]
    assert [row["pk"] for row in of_head] == [world.theirs.pk]
    assert world.elena.get(url, {"estado": "nada", "mesa": "x", "responsable": "persona:"}).status_code == 200


def test_pages_ask_as_much_whatever_their_length(world, django_assert_max_num_queries):
    them, url = world.them, reverse("pes:commitments", args=["gestion-publica", 2020])
    world.elena.get(url)  # what is asked once a process
    counts = []
    for more in range(2):
        for at in range(3 * more):
            added = add_commitment(world.open, Undertaking(f"Otro {at}", SOON, owner=them.elena), by=them.ana)
            held(world.plan, them, topic=f"Más {at}")
            assert added.number > at
        for address in (url, _list(world), world.open.get_absolute_url()):
            with django_assert_max_num_queries(40) as asked:
                world.elena.get(address)
            counts.append(len(asked))
    assert counts[:3] == counts[3:]


def test_the_acta_is_a_document_that_says_what_is_not_final(world, media_root, settings):
    settings.PES_DEMO = True

    job = run_now(request_minutes(world.open, by=world.them.elena))

    made = MinutesDocument.objects.get(meeting=world.open)
    assert (job.state, made.pages >= 1) == ("done", True)
    answer = world.elena.get(world.open.url("meeting-pdf"))
    signed = SimpleUploadedFile("acta-firmada.pdf", answer.content)
    assert add_file(world.open, signed, note="Acta firmada", by=world.them.ana).file.content_type == "application/pdf"
    word = zipfile.ZipFile(io.BytesIO(world.elena.get(world.open.url("meeting-docx")).content))
    text = word.read("word/document.xml").decode()
    assert "Datos de demostración" in text
    assert "Acta sin cerrar" in text
    assert "&lt;script&gt;" in text
    assert "Corte al" not in text
    assert world.oscar.get(world.open.url("meeting-pdf")).status_code == 404


def test_a_closed_acta_stops_handing_over_what_it_said_before_it_closed(world, media_root):
    them, meeting = world.them, world.open
    _write_everything(meeting, them)
    run_now(request_minutes(meeting, by=them.elena))
    address, final = meeting.url("meeting-pdf"), {}
    assert 'filename="borrador-acta-' in world.elena.get(address)["Content-Disposition"]

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        close_minutes(meeting, by=them.ana)
        page = world.elena.get(meeting.get_absolute_url()).content.decode()
        assert page.count("Borrador, anterior al cierre") == 2
        assert "El acta cerrada se está preparando." in page
        assert 'filename="borrador-acta-' in world.elena.get(address)["Content-Disposition"]
        run_now(making(meeting))

        page = world.elena.get(meeting.get_absolute_url()).content.decode()
        for suffix in ("pdf", "docx"):
            final[suffix] = world.elena.get(meeting.url(f"meeting-{suffix}"))
            assert 'filename="acta-' in final[suffix]["Content-Disposition"]
    assert "Borrador" not in page
    assert "se está preparando" not in page
    word = zipfile.ZipFile(io.BytesIO(final["docx"].content)).read("word/document.xml").decode()
    assert "Acta sin cerrar" not in word
    assert "Acta cerrada" in word

    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        world.ana.post(meeting.url("meeting-addendum"), {"text": "Donde dice cinco, léase seis."})
        page = world.elena.get(meeting.get_absolute_url()).content.decode()
    assert page.count("Acta, sin la última adenda") == 2
    assert making(meeting).requested_by == them.ana


def test_files_that_were_being_made_when_the_acta_closed_are_not_kept(world, media_root):
    them, meeting = world.them, world.open
    _write_everything(meeting, them)
    job = request_minutes(meeting, by=them.elena)
    work = WORK[MINUTES_JOB]
    reading = work.read(job)
    close_minutes(meeting, by=them.ana)

    with pytest.raises(Again):
        work.write(job, reading, Stored("f" * 32, {"pdf": "0" * 64, "docx": "0" * 64}, 1))

    assert not MinutesDocument.objects.exists()


def _write_everything(meeting: TechnicalWorkshop, them: people.Cast) -> None:
    said = Minutes({item.number: "Se acordó." for item in meeting.agenda.all()}, ["Se adopta."], [])
    write_minutes(meeting, said, read=fingerprint(minutes_of(meeting).facts()), by=them.ana)


def test_a_meeting_has_one_act_that_comes_first(world, media_root):
    def primary(meeting: TechnicalWorkshop) -> list[str]:
        page = world.ana.get(meeting.get_absolute_url()).content.decode()
        return re.findall(r'class="btn btn-primary[^"]*"[^>]*>(?:<svg.*?</svg>)?([^<]+)', page)

    assert primary(world.coming) == ["Avisar a quienes faltan"]
    assert primary(world.open) == ["Escribir el acta"]
    _write_everything(world.open, world.them)
    assert primary(world.open) == ["Cerrar el acta"]  # inside its question
    assert primary(world.closed) == []
    making(world.closed).delete()
    assert primary(world.closed) == ["Generar acta"]
    TechnicalWorkshop.objects.filter(pk=world.coming.pk).update(on=date(2026, 2, 27))
    assert primary(world.coming) == ["Registrar asistencia"]


def test_there_is_no_acta_of_a_meeting_to_come(world):
    with pytest.raises(Refused):
        request_minutes(world.coming, by=world.them.ana)

    assert world.ana.get(world.coming.url("meeting-pdf")).status_code == 404
    assert world.elena.get(world.coming.url("meeting-calendar"))["Content-Type"].startswith("text/calendar")


@pytest.mark.rule("AZ9")
def test_the_log_names_only_fields_that_an_acta_does_not_ask_for(world, caplog):
    address = reverse("pes:meeting-minutes", args=["gestion-publica", 2020, world.open.pk])
    form = world.ana.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}

    world.ana.post(address, typed | {"decisions": "Se acordó."})
    assert "que no pide" not in caplog.text

    world.ana.post(address, typed | {"closed_by": "1"})
    assert "que no pide: ['closed_by']" in caplog.text
