"""The pages of the approval: the room, the entity, the answers, the versions, and the adopted PES for everybody."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from datetime import date, timedelta
from io import BytesIO

import docx
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pes import jobs
from pes.approval.acts import ActDraft
from pes.approval.adopting import record_earlier
from pes.approval.comparison import compared
from pes.approval.files import ask_draft
from pes.approval.observing import acknowledge, answer, observe
from pes.approval.versions import digest_of
from pes.models import (
    ActKind,
    Adoption,
    EntityDecision,
    EntityObservation,
    Job,
    JobState,
    PesVersion,
    Verdict,
    VersionFiles,
)
from tests.answers import page_of
from tests.once import once
from tests.people import unit
from tests.pes.approval import worlds
from tests.pes.approval.worlds import presented, requested, write
from tests.tracking.files import pdf

NOW = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)  # of the day it is here
PES = "/sectores/gestion-publica/pes/2020"
ROOM, VERSIONS, PUBLIC = f"{PES}/aprobacion/", f"{PES}/versiones/", "/publico/pes/"
HEAD = f"{ROOM}entidades/secretaria-general/"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    yield from once(worlds.world, django_db_blocker, NOW)


@pytest.fixture(autouse=True)
def savepoint(world, db, media_root):
    return world


def text_of(answered) -> str:
    return answered.content.decode()


@pytest.mark.rule("LC-08")
def test_an_analyst_presents_an_entity_observes_and_the_answer_is_read(world):
    ana, elena = page_of(world.who.ana), page_of(world.who.elena)
    assert "El documento no se ha presentado" in text_of(ana.get(ROOM))
    term = (timezone.localdate() + timedelta(days=10)).isoformat()
    form = text_of(ana.get(f"{ROOM}presentar/"))
    assert "Secciones sin contenido" in form

    sent = ana.post(f"{ROOM}presentar/", {"respond_by": term, "note": "Para leer"}, follow=True)
    assert "Versión 1 presentada" in text_of(sent)
    refused = elena.post(f"{ROOM}1/entidades/secretaria-general/observar/", {"section": "background", "text": " "})
    assert refused.status_code == 422
    sent = elena.post(
        f"{ROOM}1/entidades/secretaria-general/observar/", {"section": "background", "text": "Falta <b>2021</b>"},
        follow=True,
    )  # fmt: skip
    assert "Falta &lt;b&gt;2021&lt;/b&gt;" in text_of(sent)

    pk = EntityObservation.objects.get().pk
    url = f"{ROOM}observaciones/{pk}/responder/"
    assert ana.post(url, {f"o{pk}-verdict": "accepted", f"o{pk}-text": "Sí"}).status_code == 422
    answered = {f"o{pk}-verdict": "declined", f"o{pk}-text": "No hay dato"}
    assert "Respondida: no acogida" in text_of(ana.post(url, answered, follow=True))
    assert "No hay dato" in text_of(elena.get(HEAD))
    elena.post(f"{ROOM}observaciones/{pk}/insistir/", {"text": "Sí lo hay"})
    assert "1 sin respuesta" in text_of(ana.get(ROOM))


@pytest.mark.rule("LC-08")
def test_the_room_leads_an_entity_to_what_is_awaited_from_it(world):
    elena, diana, name = page_of(world.who.elena), page_of(world.who.diana), world.who.head.short_name
    version = presented(world)
    reading, deciding = f"Leer y observar por {name}", f"Decidir por {name}"

    assert f'href="{HEAD}"' in elena.get(ROOM).content.decode()
    assert reading in text_of(elena.get(ROOM))
    assert reading not in text_of(diana.get(ROOM))
    acknowledge(version, world.who.head, by=world.who.elena, now=world.now)
    assert reading not in text_of(elena.get(ROOM))
    requested(world)
    assert deciding in text_of(elena.get(ROOM))
    elena.post(f"{ROOM}{version.number}/entidades/secretaria-general/aprobar/")
    assert deciding not in text_of(elena.get(ROOM))


@pytest.mark.rule("LC-08")
def test_who_approves_an_old_version_is_told_of_the_new_one_and_a_second_click_is_one(world):
    requested(world)
    elena, sara = page_of(world.who.elena), page_of(world.second_link)
    for _ in range(2):
        elena.post(f"{ROOM}1/entidades/secretaria-general/aprobar/")
    assert EntityDecision.objects.count() == 1
    write(world, "legal", "<p>Otro marco.</p>")
    presented(world)

    told = sara.post(f"{ROOM}1/entidades/dascd/aprobar/", follow=True)

    assert "se presentó la versión 2" in text_of(told)
    assert EntityDecision.objects.count() == 1


def test_each_page_answers_to_each_person_as_it_should(world):
    version = requested(world)
    reading = [ROOM, f"{ROOM}observaciones/", HEAD, VERSIONS, f"{VERSIONS}1/", f"{VERSIONS}borrador/"]
    anybody, diana, oscar = Client(), page_of(world.who.diana), page_of(world.who.oscar)
    ana, elena, jorge = (page_of(user) for user in (world.who.ana, world.who.elena, world.who.jorge))

    assert {page: diana.get(page).status_code for page in reading} == dict.fromkeys(reading, 200)
    assert {page: oscar.get(page).status_code for page in reading} == dict.fromkeys(reading, 404)
    assert {page: anybody.get(page).status_code for page in reading} == dict.fromkeys(reading, 302)
    assert elena.get(f"{ROOM}presentar/").status_code == 403
    assert ana.get(f"{ROOM}presentar/").status_code == 200
    assert ana.get(f"{ROOM}adopcion-anterior/").status_code == 403
    assert jorge.get(f"{ROOM}adopcion-anterior/").status_code == 200
    assert ana.post(f"{ROOM}1/entidades/dascd/aprobar/").status_code == 403
    assert elena.post(f"{ROOM}1/entidades/dascd/aprobar/").status_code == 403
    assert elena.post(f"{ROOM}1/entidades/sdg/aprobar/").status_code == 404
    assert diana.post(f"{ROOM}{version.number}/pedir/").status_code == 403
    assert ana.get(f"{VERSIONS}1/presentada/pdf/").status_code == 404  # not made yet
    assert ana.get(f"{VERSIONS}1/frente-a/7/").status_code == 404


@pytest.mark.rule("LC-06", "LC-08")
def test_a_citizen_reads_the_sealed_document_and_its_act_in_two_clicks(world):
    jorge, citizen = page_of(world.who.jorge), Client()
    version = worlds.endorsed(world)
    assert "Todavía no hay planes adoptados" in text_of(citizen.get(PUBLIC))
    act = {"kind": "resolucion", "number": "12", "issued_on": timezone.localdate().isoformat()}
    early = jorge.post(f"{ROOM}{version.number}/adoptar/", act)
    assert early.status_code == 422
    file = SimpleUploadedFile("acto.pdf", pdf())
    sent = jorge.post(f"{ROOM}{version.number}/adoptar/", act | {"file": file}, follow=True)
    assert "adopta la versión 1" in text_of(sent)
    assert "acta.pdf" in text_of(sent)
    assert text_of(jorge.get(f"{VERSIONS}1/")).count("Aprobó") == 2
    done = jobs.run_now(Job.objects.get(payload__adoption=Adoption.objects.get().pk))
    assert (done.state, done.error) == (JobState.DONE, "")
    write(world, "background", "<p>Se sigue escribiendo.</p>")

    home = text_of(citizen.get(PUBLIC))
    assert "/publico/pes/" in text_of(citizen.get("/publico/"))
    assert "Resolución 12 de" in home
    page = text_of(citizen.get(f"{PUBLIC}gestion-publica/2020/"))
    assert "nació para coordinar" in page
    assert "Se sigue escribiendo" not in page
    pk = Adoption.objects.get().pk
    assert b"".join(citizen.get(f"{PUBLIC}gestion-publica/2020/{pk}/acto/").streaming_content).startswith(b"%PDF")
    made = b"".join(citizen.get(f"{PUBLIC}gestion-publica/2020/{pk}/pdf/").streaming_content)
    with pikepdf.open(BytesIO(made)) as document:
        data = document.attachments["datos.json"].get_file().read_bytes()
        assert document.open_metadata()["pdfaid:part"] == "3"
    assert hashlib.sha256(data).hexdigest() == version.digest
    text = docx.Document(BytesIO(VersionFiles.objects.get(adoption=pk).path("docx").read_bytes()))
    assert any("Resolución 12" in paragraph.text for paragraph in text.paragraphs)
    assert citizen.get(f"{PUBLIC}gestion-publica/2020/{pk}/html/").status_code == 404


@pytest.mark.rule("LC-06", "AZ13")
def test_a_corrected_act_is_read_with_what_it_said_and_the_document_is_made_again(world):
    adoption = worlds.adopted_pes(world)
    jobs.run_now(Job.objects.get(payload__adoption=adoption.pk))
    jorge, citizen, url = page_of(world.who.jorge), Client(), f"{PUBLIC}gestion-publica/2020/{adoption.pk}/docx/"
    page = f"{ROOM}actos/{adoption.act_id}/corregir/"
    assert said_of(citizen.get(url)).count("Resolución 12 de") == 2
    assert page in text_of(jorge.get(ROOM))
    assert page not in text_of(page_of(world.who.ana).get(ROOM))
    read = jorge.get(page).context["form"].initial["read"]
    sent = {"kind": "resolucion", "number": "21", "year": world.day.year, "issued_on": world.day.isoformat()}
    unsaid = jorge.post(page, sent | {"read": read})
    assert (unsaid.status_code, "Por qué se corrige" in text_of(unsaid)) == (422, True)

    done = jorge.post(page, sent | {"read": read, "reason": "El número se tecleó <b>mal</b>."}, follow=True)

    assert f"Corregido: Resolución 21 de {world.day.year}. Los archivos del documento se están" in text_of(done)
    assert "por Jorge Jefe" in text_of(done)
    assert citizen.get(url).status_code == 404  # its files name the earlier act
    jobs.run_now(Job.objects.filter(payload__adoption=adoption.pk).latest("pk"))
    made = said_of(citizen.get(url))
    assert (made.count("Resolución 21 de"), made.count("Resolución 12 de")) == (2, 0)
    assert "El número se tecleó <b>mal</b>." in made
    assert VersionFiles.objects.filter(adoption=adoption).count() == 2
    shown = text_of(citizen.get(f"{PUBLIC}gestion-publica/2020/"))
    assert f"Resolución 12 de {world.day.year}" in shown  # what it said before
    assert "El número se tecleó &lt;b&gt;mal&lt;/b&gt;." in shown
    assert "Jorge" not in shown
    stale = jorge.post(page, sent | {"read": read, "number": "22", "reason": "Otra vez."})
    assert (stale.status_code, "Lo que cambió mientras usted editaba" in text_of(stale)) == (409, True)


@pytest.mark.rule("REF-01", "WF3")
def test_a_repeal_is_not_undone_by_a_page_that_was_open_before_it_and_is_registered_again(world):
    known = ActDraft(ActKind.RESOLUCION, "277", 2020, link="https://sector.invalid/277")
    adoption = record_earlier(world.plan, known, by=world.who.jorge)
    jorge, page = page_of(world.who.jorge), f"{ROOM}actos/{adoption.act_id}/corregir/"
    repealing = f"{ROOM}adopciones/{adoption.pk}/derogar/"
    read = jorge.get(page).context["form"].initial["read"]
    later = {"kind": "resolucion", "number": "630", "year": 2024, "issued_on": "2024-12-09"}
    jorge.post(repealing, later | {"link": "https://sector.invalid/630", "repealed_on": "2024-12-09"})

    sent = {"kind": "resolucion", "number": "277", "year": 2020, "link": known.link, "subject": "Adopta", "read": read}
    seen = jorge.post(page, sent | {"reason": "Faltaba el asunto."})
    assert (seen.status_code, seen.context["form"]["repealed_on"].value()) == (409, date(2024, 12, 9))
    fresh = {"read": seen.context["form"]["read"].value()}
    jorge.post(page, sent | fresh | {"reason": "No estaba derogado.", "repealed_on": ""})
    adoption.act.refresh_from_db()
    assert (adoption.act.subject, adoption.act.repealed_by) == ("Adopta", None)

    other = jorge.post(repealing, later | {"issued_on": "2024-12-10", "repealed_on": "2024-12-31"})
    assert "ya está en la herramienta, con otros datos" in text_of(other)
    again = jorge.post(repealing, later | {"repealed_on": "2024-12-31"}, follow=True)  # the act is here already

    assert "está derogado" in text_of(again)
    adoption.act.refresh_from_db()
    assert (str(adoption.act.repealed_by), adoption.act.repealed_on) == ("Resolución 630 de 2024", date(2024, 12, 31))


def test_what_may_be_replaced_is_asked_again_by_its_digest(world):
    adoption, citizen = worlds.adopted_pes(world), Client()
    url = f"{PUBLIC}gestion-publica/2020/{adoption.pk}/acto/"
    first = citizen.get(url)
    assert b"".join(first.streaming_content).startswith(b"%PDF")
    assert (first["Cache-Control"], first["ETag"]) == ("public, no-cache", f'"{adoption.act.file.sha256}"')
    same = citizen.get(url, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same["Cache-Control"]) == (304, "public, no-cache")


def said_of(answer) -> str:
    """Every paragraph of a DOCX that was handed over."""
    document = docx.Document(BytesIO(b"".join(answer.streaming_content)))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_the_draft_is_made_by_a_job_and_replaces_the_one_before(world):
    ana, elena = page_of(world.who.ana), page_of(world.who.elena)
    jobs.run_now(ask_draft(world.plan, by=world.who.ana))

    assert b"".join(elena.get(f"{VERSIONS}borrador/archivos/pdf/").streaming_content).startswith(b"%PDF")
    assert "Del " in text_of(ana.get(VERSIONS))
    assert ana.get(f"{VERSIONS}borrador/archivos/html/").status_code == 404
    assert page_of(world.who.diana).post(f"{VERSIONS}borrador/generar/").status_code == 403


@pytest.mark.rule("LC-08")
def test_two_versions_are_read_beside_each_other(world):
    presented(world)
    write(world, "background", "<p>El sector nació para coordinar y servir.</p><script>alert(1)</script>")
    presented(world)

    page = text_of(page_of(world.who.elena).get(f"{VERSIONS}?antes=2&despues=1", follow=True))

    assert '<ins><span class="vh">agregado: </span>' in page
    assert "1 sección cambiada." in page
    assert "alert(1)" not in page


TABLE = (
    "<table><caption>{0}</caption><thead><tr><th>Entidad</th><th>{1}</th></tr></thead>"
    "<tbody><tr><th>Cabeza</th><td>{2}</td></tr></tbody></table>"
)


@pytest.mark.rule("LC-08")
def test_versions_with_the_same_words_do_not_say_the_same_where_formats_links_or_names_changed(world):
    words = '<p>Vea la <a href="https://uno.invalid/">norma</a> firme.</p><h3>Retos</h3>{}'
    write(world, "background", words.format(TABLE.format("Equipo", "Metas", "Cinco")))
    presented(world)
    other = words.replace("uno", "dos").replace("firme", "<strong>firme</strong>").replace("h3", "p")
    write(world, "background", other.format(TABLE.format("Equipos", "Logros", "<em>Cinco</em>")))
    presented(world)

    page = text_of(page_of(world.who.elena).get(f"{VERSIONS}1/frente-a/2/"))

    assert "lo mismo" not in page
    for sign in ("⟨https://uno.invalid/⟩", "⟨https://dos.invalid/⟩", "**firme**", "quitado: </span>Título:", "_Cinco_"):
        assert sign in page
    assert "La tabla se llamaba «Equipo»." in page
    assert "Encabezados que cambiaron" in page
    assert "⟨…⟩ es la dirección de un enlace" in page


@pytest.mark.rule("LC-08")
def test_the_name_of_a_chapter_is_compared_and_what_cannot_be_shown_is_not_called_the_same(world):
    first = presented(world)
    chapters = deepcopy(first.content)
    chapters["chapters"][0]["title"] = "Otro nombre"
    unseen = deepcopy(first.content)
    unseen["chapters"][0]["sections"][0]["level"] += 1
    same, renamed, moved = (
        PesVersion(content=content, digest=digest_of(content)) for content in (first.content, chapters, unseen)
    )

    assert compared(first, same, None).summary == "Las dos versiones dicen lo mismo, palabra por palabra."
    assert compared(first, renamed, None).chapters[0][0] == "Documento"
    assert not compared(first, moved, None).chapters
    assert "lo mismo" not in compared(first, moved, None).summary


def test_the_room_asks_the_same_number_of_questions_however_much_is_said(world):
    ana, elena = page_of(world.who.ana), page_of(world.who.elena)
    version = presented(world)

    def queries(browser, url: str) -> int:
        browser.get(url)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    pages = [(ana, ROOM), (elena, HEAD), (ana, f"{ROOM}observaciones/"), (ana, VERSIONS)]
    observe(version, world.who.head, section="", text="Una", by=world.who.elena, now=world.now)
    few = [queries(*page) for page in pages]
    for number in range(6):
        unit(f"otra-{number}", world.who.head.kind, world.who.sector)
        row = observe(version, world.who.head, section="", text=f"Más {number}", by=world.who.elena, now=world.now)
        answer(row, verdict=Verdict.DECLINED, text="No", by=world.who.ana, now=world.now)
        row = observe(version, world.who.head, section="", text=f"Otra {number}", by=world.who.elena, now=world.now)

    assert [queries(*page) for page in pages] == few
    assert PesVersion.objects.count() == 1
