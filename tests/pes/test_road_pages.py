"""The pages of the road: the picture, the phase, its programme, an activity, the timeline, and the door that opens a PES."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pes.models import ActivityEvidence, Road, RoadActivity, RoadPhase, StoredFile
from pes.roads.gantt import Axis, axis_of
from pes.roads.phases import close_phase
from tests import make
from tests.answers import page_of
from tests.once import once
from tests.pes.road_world import NOW, World, everything_met, met, program, world
from tests.tracking.files import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world_of_module(django_db_setup, django_db_blocker) -> Iterator[World]:
    yield from once(world, django_db_blocker, NOW)


@pytest.fixture
def here(world_of_module, db) -> World:
    return world_of_module


@pytest.fixture
def ana(here) -> Client:
    return page_of(here.cast.ana)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.rule("LC-01", "LC-02")
def test_a_director_reads_where_the_pes_is_what_is_missing_and_whose_turn_it_is(here, monkeypatch):
    met(monkeypatch, dofa_four_quadrants=False, schedule_recorded=True)
    program(here, "F1", person=here.cast.pilar)

    shown = text(page_of(here.cast.diana).get(f"{here.address}camino/"))

    assert "Fase 1 de 6: Conocimiento del Sector" in shown
    assert "Falta dofa_four_quadrants." in shown
    assert 'href="/ir/"' in shown
    assert "A Pilar Promotora." in shown
    assert "A la vez, después de la aprobación" in shown
    assert "Cierra las fases la jefatura" in shown


def test_a_stranger_finds_no_road(here):
    stranger = page_of(here.cast.oscar)
    pk = here.activity("F1.P1.A1").pk

    for page in ("", "camino/", "cronograma/", f"camino/actividades/{pk}/", "camino/fases/F1/programar/"):
        assert stranger.get(f"{here.address}{page}").status_code in {403, 404}
    assert stranger.post(f"{here.address}camino/actividades/{pk}/reportar/", {"percentage": "5"}).status_code == 404


def test_a_reader_neither_programs_nor_closes_nor_reports(here):
    diana = page_of(here.cast.diana)
    pk = here.activity("F1.P1.A1").pk
    report = {"percentage": "5", "on": "2025-03-01"}

    assert diana.get(f"{here.address}camino/fases/F1/programar/").status_code == 403
    assert diana.post(f"{here.address}camino/fases/F1/cerrar/").status_code == 403
    assert diana.post(f"{here.address}camino/actividades/{pk}/reportar/", report).status_code == 403
    assert "Reporta quien responde" in text(diana.get(f"{here.address}camino/actividades/{pk}/"))


def test_a_pes_is_opened_on_a_screen_and_leads_to_its_road(here, ana):
    wrong = ana.post(
        "/sectores/abrir-pes/",
        {"sector": here.cast.sector.pk, "name": "Otro", "first_vigencia": "2025", "template_code": "camino_pes"},
    )
    right = {
        "sector": here.cast.sector.pk,
        "name": "PES 2028–2032",
        "first_vigencia": "2028",
        "template_code": "camino_pes",
    }
    answer = ana.post("/sectores/abrir-pes/", right)

    assert wrong.status_code == 422
    assert "ya cubre vigencias" in text(wrong)
    assert answer.url == f"/sectores/{here.cast.sector.code}/pes/2028/camino/"
    assert "Abrir un PES" in text(ana.get("/sectores/"))
    assert "Abrir un PES" not in text(page_of(here.cast.diana).get("/sectores/"))


def test_a_plan_without_road_offers_to_trace_it(here, ana):
    plan = make.plan(sector=here.cast.sector, first=2028, last=2032)
    address = f"/sectores/{here.cast.sector.code}/pes/2028/"

    assert "Trazar el camino" in text(ana.get(f"{address}camino/"))
    assert "Lo traza la oficina" in text(page_of(here.cast.diana).get(f"{address}camino/"))
    assert "aún no tiene camino" in text(ana.get(f"{address}cronograma/"))
    assert "aún no tiene camino" in text(ana.get(address))
    assert ana.post(f"{address}camino/trazar/").status_code == 302
    assert Road.objects.get(plan=plan).phases.count() == 6


def test_the_page_of_objectives_leads_to_the_road_of_its_own_period(here, ana):
    make.plan(sector=here.cast.sector, first=2028, last=2032)

    shown = text(ana.get(here.address))

    assert "Fase 1 de 6" in shown
    assert f'href="{here.address}camino/"' in shown


def schedule_form(client: Client, address: str) -> dict[str, str]:
    """What a browser would send back untouched."""
    form = client.get(address).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


@pytest.mark.rule("WF3")
def test_a_whole_phase_is_programmed_in_one_table(here, ana):
    address = f"{here.address}camino/fases/F1/programar/"
    one, other = here.activity("F1.P1.A1"), here.activity("F1.P2.A2")
    typed = schedule_form(ana, address)
    stale = dict(typed)
    typed |= {
        f"from-{one.pk}": "2025-01-10",
        f"until-{one.pk}": "2025-02-10",
        f"person-{one.pk}": str(here.cast.pilar.pk),
    }

    saved = ana.post(address, typed)
    late = ana.post(address, stale | {f"entity-{other.pk}": str(here.cast.head.pk)})
    crossed = ana.post(address, schedule_form(ana, address) | {f"until-{one.pk}": "2024-01-01"})

    stored = here.activity("F1.P1.A1")
    assert saved.status_code == 302
    assert (stored.planned_until, stored.person) == (date(2025, 2, 10), here.cast.pilar)
    assert late.status_code == 409
    assert "Lo que cambió mientras usted editaba" in text(late)
    assert crossed.status_code == 422
    assert "Termina antes de empezar." in text(crossed)


def test_an_activity_is_reported_with_its_proof(here, ana, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    address = f"{here.address}camino/actividades/{here.activity('F1.P1.A1').pk}/"
    typed = {"percentage": "62,5", "on": "2025-03-01", "note": "Dos de tres", "link": "https://ejemplo.invalid/acta"}

    assert ana.post(f"{address}reportar/", typed | {"files": upload("acta.pdf", pdf())}).status_code == 302
    bad = ana.post(f"{address}reportar/", typed | {"percentage": "120", "note": "<script>alert(1)</script>"})
    shown = text(ana.get(address))

    assert "62,50 %" in shown.replace("\u00a0", " ")
    assert "Dos de tres" in shown
    assert StoredFile.objects.get().unit == here.cast.sector
    assert bad.status_code == 422
    assert "<script>alert" not in bad.content.decode()


def test_a_bad_file_is_refused_beside_its_box(here, ana, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    address = f"{here.address}camino/actividades/{here.activity('F1.P1.A1').pk}/evidencias/"

    nothing = ana.post(address, {})
    program_file = ana.post(address, {"files": upload("acta.exe", b"MZ")})

    assert nothing.status_code == program_file.status_code == 422
    assert "no es de un formato" in text(program_file)
    assert not ActivityEvidence.objects.exists()


def test_a_proof_is_withdrawn_and_an_activity_set_aside_and_resumed(here, ana):
    address = f"{here.address}camino/actividades/{here.activity('F1.P2.A1').pk}/"
    ana.post(f"{address}evidencias/", {"link": "https://ejemplo.invalid/a"})
    proof = ActivityEvidence.objects.get()

    assert ana.post(f"{address}evidencias/{proof.pk}/retirar/", {"reason": ""}).status_code == 422
    ana.post(f"{address}evidencias/{proof.pk}/retirar/", {"reason": "Repetida"})
    ana.post(f"{address}no-aplica/", {"reason": "Ya se hizo"})
    aside = text(ana.get(address))
    ana.post(f"{address}retomar/", {"reason": "Hace falta"})

    assert "Sin evidencia todavía" in aside
    assert "Marcada como «no aplica»: Ya se hizo" in aside
    assert here.activity("F1.P2.A1").state == "under_way"


@pytest.mark.rule("LC-02")
def test_the_chief_closes_a_phase_only_with_its_gate_complete(here, monkeypatch):
    jorge = page_of(here.cast.jorge)
    close = f"{here.address}camino/fases/F1/cerrar/"
    met(monkeypatch, schedule_recorded=True)
    refused = text(jorge.post(close, follow=True))
    everything_met(monkeypatch, here)
    ready = text(jorge.get(f"{here.address}camino/"))
    closed = text(jorge.post(close, follow=True))

    assert "G1: falta que se cumpla «Taller DOFA" in refused
    assert "Quedan actividades sin terminar" in ready
    assert "Fase F1 cerrada." in closed
    assert RoadPhase.objects.get(road=here.road, code="F1").closed_by == here.cast.jorge
    assert "Fase 2 de 6" in closed


@pytest.mark.rule("LC-02")
def test_a_closed_gate_shows_what_was_met_whatever_is_known_today(here, ana, monkeypatch):
    everything_met(monkeypatch, here)
    close_phase(here.phase("F1"), by=here.cast.jorge, now=NOW)
    met(monkeypatch, dofa_four_quadrants=False)

    shown = text(ana.get(f"{here.address}camino/?fase=F1"))

    assert "Sus 4 condiciones se cumplieron: la fase se cerró el 12 de marzo de 2025." in shown
    assert "Falta dofa_four_quadrants." not in shown


def test_the_timeline_has_words_for_every_bar(here, ana):
    empty = text(ana.get(f"{here.address}cronograma/"))
    program(here, "F1")
    RoadActivity.objects.filter(pk=here.activity("F1.P1.A1").pk).update(started_on=date(2025, 1, 12), state="under_way")

    shown = text(ana.get(f"{here.address}cronograma/"))

    assert "El cronograma está vacío" in empty
    assert "Previsto del 10 de enero de 2025 al 9 de febrero de 2025; empezó el 12 de enero de 2025 y sigue" in shown
    assert "Atrasada" in shown


def test_the_axis_covers_whole_months_with_few_ticks(here):
    program(here, "F1", begins=date(2020, 1, 15), days=2000)
    axis = axis_of(RoadActivity.objects.filter(phase__road=here.road), date(2025, 3, 1))

    assert axis == Axis(date(2020, 1, 1), date(2025, 7, 31), date(2025, 3, 1))
    assert len(axis.ticks) <= 6
    assert axis_of([], date(2025, 3, 1)) is None


def test_the_pages_ask_the_same_queries_whatever_is_on_them(here, monkeypatch):
    diana = page_of(here.cast.diana)
    met(monkeypatch)

    def counted() -> list[int]:
        pages = ("", "camino/", "cronograma/")
        return [queries(diana, f"{here.address}{page}") for page in pages]

    small = counted()
    for code in ("F1", "F2", "F3"):
        program(here, code, person=here.cast.pilar, entity=here.cast.head)
    everything_met(monkeypatch, here)
    close_phase(here.phase("F1"), by=here.cast.jorge, now=NOW)

    assert counted() == small
    assert max(small) < 40
