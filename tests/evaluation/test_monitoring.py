"""Monitoreo 360 on one page and the rating of advisory teams, by role (GP-05, GP-06)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import MonitoringFiles, TeamAssessment
from evaluation.rules.advisor_rating import WORDS
from evaluation.territory.monitoring import levels_of
from evaluation.territory.rating import assess_team, facts_of, last_of
from evaluation.territory.tasks import KIND
from pes import jobs
from pes.edits import StaleEdit, fingerprint
from pes.models import Job
from pes.permissions import Role
from pes.roads.templates import GOVERNMENT_TO_PLAN
from pes.rules.numbers import format_percent
from pes.rules.problems import Refused
from pes.territory.entities import register_entity
from pes.territory.graduation import graduate
from pes.territory.schedules import create_schedule
from tests.answers import codes, page_of
from tests.people import person
from tests.territory_world import FIRST, NOW, TODAY, Territory, facts, territory
from tracking.assistance.checks import check_product, review_check, write_checklist
from tracking.assistance.log import Said, log_assistance
from tracking.assistance.perception import answer_by_link, draw_sample
from tracking.assistance.reports import open_reports, send_report
from tracking.models import AdvisorReport, SampledEntity
from tracking.rules.perception import VARIABLES

pytestmark = pytest.mark.django_db
ONE, TWO, JUNE, AUGUST = "52019", "52110", date(2025, 6, 1), date(2025, 8, 1)
JULY = datetime(2025, 7, 2, 15, tzinfo=UTC)
SCALES = {"communication": 5, "training": 4, "punctuality": 3}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def here(media_root) -> Territory:
    return territory()


def rate(here: Territory, score: int = 4, **other: object) -> TeamAssessment:
    said = {"scales": SCALES, "words": {}, "by": here.coordinador, "now": JULY} | other
    read = fingerprint(facts_of(last_of(here.region, JUNE)))
    said.setdefault("read", read)
    said.setdefault("scores", {here.asesora.pk: score})
    return assess_team(here.region, JUNE, **said)  # type: ignore[arg-type]


def a_month(here: Territory) -> None:
    """June with everything in it."""
    here.entities["52207"] = register_entity(facts(here.region, "52207"), by=here.coordinador)
    for code in (ONE, TWO, "52207"):
        said = Said(date(2025, 6, 10), "question", theme="Formatos", summary="Se explicó.")
        log_assistance(here.entities[code], said, by=here.asesora, now=NOW)
    here.report(ONE, "3", 40, on=date(2025, 6, 5))
    survey = draw_sample(
        here.region, JUNE, margin=Decimal(10), closes_on=date(2025, 7, 31), by=here.coordinador, now=JULY
    )
    for sampled, score in zip(SampledEntity.objects.filter(survey=survey), (5, 5, 4), strict=True):
        answer_by_link(sampled, dict.fromkeys(VARIABLES, score), now=JULY)
    said = {"template_code": GOVERNMENT_TO_PLAN[0], "code": "10", "product": "Plan", "items": "Uno\nDos"}
    checklist = write_checklist(here.region, **said, by=here.coordinador, now=NOW)
    told = {"quality": "Bueno.", "link": "https://ejemplo.invalid/plan", "by": here.asesora, "now": NOW}
    made = check_product(here.entities[ONE], here.hito(ONE, "10"), checklist, {1: "met", 2: "not_met"}, **told)
    review_check(made, decision="accepted", by=here.coordinador)
    open_reports(JUNE, now=JULY)
    send_report(AdvisorReport.objects.get(), narrative="Hecho.", by=here.asesora, now=JULY)
    rate(here)


def shown(levels) -> dict[str, str]:
    return {one.label: one.value for level in levels for one in level.figures}


@pytest.mark.rule("GP-05")
def test_the_four_levels_come_in_the_order_of_the_chain_and_a_missing_figure_is_no_zero(here):
    levels = levels_of([here.foreign], JUNE, TODAY, rated=[here.foreign.pk])

    assert [one.name for one in levels] == ["Resultados", "Productos", "Procesos", "Actividades"]
    assert all(one.is_missing and one.value == "Sin información" for level in levels for one in level.figures)


@pytest.mark.rule("GP-05")
def test_the_figures_are_those_of_the_month_and_lead_to_where_they_come_from(here):
    a_month(here)
    levels = levels_of([here.region], JUNE, AUGUST, rated=[here.region.pk])
    found = shown(levels)

    wanted = {
        "Calificación general": "4,67 de 5", "Productos revisados": "1", "Aceptados": "1", "Asistencias registradas": "3",
        "Entidades asistidas": "3", "Duda rápida": "3", "Informes enviados": "1 de 1",
        "Reportes de hitos, primera quincena": "1", "Reportes de hitos, segunda quincena": "0",
        "Calificación media de asesores": "4,00 de 5", "Puntualidad": "3,00 de 5",
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    assert found["Criterios cumplidos"].startswith("50,00")
    assert [part.title for part in levels[2].breakdowns] == [
        "Por fase",
        "Por entidad nacional",
        "Por asesor(a)",
        "Por entidad territorial",
    ]
    page = page_of(here.coordinador)
    for address in {one.url for level in levels for one in level.figures}:
        assert page.get(address).status_code == 200, address
    empty = shown(levels_of([here.region], date(2025, 5, 1), TODAY))
    assert empty["Calificación general"] == empty["Asistencias registradas"] == "Sin información"


@pytest.mark.rule("GP-05")
def test_the_means_of_a_survey_are_told_here_when_its_own_page_tells_them(here):
    a_month(here)
    waiting = levels_of([here.region], JUNE, date(2025, 7, 31))[0].figures
    said = Said(date(2025, 6, 10), "question", theme="Formatos", summary="Se explicó.")
    log_assistance(here.entities["54109"], said, by=here.stranger, now=NOW)
    other = draw_sample(here.foreign, JUNE, margin=Decimal(10), closes_on=date(2025, 7, 31), by=here.stranger, now=JULY)
    answer_by_link(other.drawn.get(), dict.fromkeys(VARIABLES, 1), now=JULY)
    together = levels_of([here.region, here.foreign], JUNE, AUGUST)[0].figures

    assert [one.label for one in waiting] == ["Calificación general", "Tasa de respuesta"]
    assert (waiting[0].is_missing, "cierre" in waiting[0].note) == (True, True)
    assert (together[0].value, together[-1].note) == (
        "4,67 de 5",
        "4 de 4 entidades",
    )  # without the region of one answer
    assert "menos de 3 respuestas" in together[0].note


@pytest.mark.rule("GP-02", "GP-05")
def test_the_stages_of_a_road_are_never_averaged_together(here):
    second = create_schedule(here.region, template_code=GOVERNMENT_TO_PLAN[1], first_year=FIRST, by=here.coordinador)
    here.complete(ONE)
    graduate(here.entities[ONE].roads.get(), second, by=here.coordinador, now=NOW)

    broken = {part.title: part.rows for part in levels_of([here.region], JUNE, TODAY)[2].breakdowns}

    assert "Por momento" not in broken
    assert len(broken["Por fase"]) == 5
    assert len(broken["Por interruptor"]) == 10  # each stage names what its roads are made of (GP-03)
    name = str(here.asesora)
    assert broken["Por asesor(a)"] == (
        (f"Fase I, {name}", format_percent(Decimal(50)), "2"),
        (f"Fase II, {name}", format_percent(Decimal(0)), "1"),
    )
    assert [row[0] for row in broken["Por entidad territorial"]] == [
        f"Fase I, {here.entities[ONE]}",
        f"Fase I, {here.entities[TWO]}",
        f"Fase II, {here.entities[ONE]}",
    ]


@pytest.mark.rule("GP-05")
def test_the_page_the_workbook_and_the_pdf_say_the_same(here):
    a_month(here)
    page = page_of(here.coordinador)
    query = f"?region={here.region.code}&mes=2025-06"
    told = page.get(reverse("evaluation:monitoring") + query)
    book = openpyxl.load_workbook(BytesIO(page.get(reverse("evaluation:monitoring-workbook") + query).content))
    asked = page.post(reverse("evaluation:monitoring-request") + query)
    jobs.run_now(Job.objects.get(kind=KIND))
    made = MonitoringFiles.objects.get()
    address = reverse("evaluation:monitoring-file", args=[made.pk])

    assert "4,67 de 5" in told.content.decode()
    written = {row[2]: row[3:6] for row in book["Monitoreo 360"].iter_rows(values_only=True)}
    assert written["Calificación general"] == (4.67, 5, None)
    assert written["Criterios cumplidos"] == (50, None, "%")
    assert written["Informes enviados"] == (1, 1, None)
    assert [name for name, (value, *_) in written.items() if isinstance(value, str)] == [
        "Cifra",
        "Avance medio, fase II",
    ]
    assert asked.status_code == 302
    assert b"".join(page.get(address)).startswith(b"%PDF")
    assert page_of(here.asesora).get(address).status_code == 404


@pytest.mark.rule("GP-06")
def test_each_one_reads_only_the_ratings_of_their_role(here):
    rate(here)
    boss = person("Jacinta Jefa", Role.JEFE_OAP, here.cast.district)
    colleague = person("Berta Colega", Role.ASESOR_TERRITORIAL, here.region)
    address = f"{reverse('evaluation:rating')}?mes=2025-06"

    told = {
        who.full_name: page_of(who).get(address).context for who in (here.asesora, colleague, here.coordinador, boss)
    }
    assert [len(one["own"]) for one in told.values()] == [1, 0, 0, 0]
    assert [len(one["teams"]) for one in told.values()] == [0, 0, 1, 1]
    stranger = page_of(here.stranger)
    assert stranger.get(address).context["teams"] == []
    form = reverse("evaluation:rating-form", args=[here.region.code, "2025-06"])
    assert stranger.get(form).status_code == 404
    levels = page_of(person("Dora Directiva", Role.DIRECTIVO, here.cast.head)).get(
        reverse("evaluation:monitoring") + "?mes=2025-06"
    )
    assert "Calificación media de asesores" not in levels.content.decode()
    assert page_of(here.cast.pilar).get(reverse("evaluation:monitoring")).status_code == 403


@pytest.mark.rule("GP-06")
def test_a_rating_is_corrected_by_another_edition_that_says_why(here):
    first = rate(here)
    assert rate(here) == first
    with pytest.raises(Refused) as silent:
        rate(here, 5)
    with pytest.raises(StaleEdit):
        rate(here, 5, reason="Se revisó.", read=fingerprint({}))
    second = rate(here, 5, reason="Se revisó el informe.")

    assert (codes(silent), second.edition, TeamAssessment.objects.count()) == (["reason_missing"], 2, 2)
    context = page_of(here.asesora).get(f"{reverse('evaluation:rating')}?mes=2025-06").context
    assert [score for *_, score in context["own"]] == [5]
    for somebody in (here.asesora, here.stranger, here.cast.diana):
        with pytest.raises(PermissionDenied):
            rate(here, by=somebody)


@pytest.mark.rule("GP-06")
def test_the_ten_questions_on_the_page(here):
    form = reverse("evaluation:rating-form", args=[here.region.code, "2025-06"])
    page = page_of(here.coordinador)
    typed = SCALES | {f"score_{here.asesora.pk}": 4, "read": fingerprint({})} | dict.fromkeys(WORDS, HOSTILE)

    assert "4. Aurora Asesora" in page.get(form).content.decode()
    assert page.post(form, typed | {"training": "6"}).status_code == 422
    assert page.post(form, typed).status_code == 302
    told = page.get(f"{reverse('evaluation:rating')}?mes=2025-06").content.decode()
    assert HOSTILE not in told
    assert "alert(1)" in told
    assert page.get(reverse("evaluation:rating-form", args=[here.region.code, "nunca"])).status_code == 404
    assert page_of(here.asesora).get(form).status_code == 403


def test_the_page_takes_as_many_queries_for_any_number_of_entities(here):
    page, address = page_of(here.coordinador), f"{reverse('evaluation:monitoring')}?mes=2025-06"
    counted = []
    for code in (ONE, TWO):
        said = Said(date(2025, 6, 10), "question", theme="Formatos", summary="Se explicó.")
        log_assistance(here.entities[code], said, by=here.asesora, now=NOW)
        here.report(code, "3", 40, on=date(2025, 6, 5))
        page.get(address)
        with CaptureQueriesContext(connection) as queries:
            page.get(address)
        counted.append(len(queries))
    assert counted[0] == counted[1]
