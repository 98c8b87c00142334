"""The plans by unit and quarter on the dashboard, and the way down to the evidence and its digest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from evaluation.models import GoalResult, QuarterClose
from evaluation.plan_standing import CellState, UnitStanding, standing_of
from pes import triggers
from pes.models import Membership, OrganizationUnit
from pes.permissions import Role
from plans.models import Goal, PlanGestion
from tests import make, people, plan_makers, report_makers
from tests.answers import page_of
from tests.evaluation.quarters import AFTER_TERM, SHORT, closed, opened, plan, reported
from tests.once import once
from tracking import corrections, lifecycle
from tracking.models import Evidence, EvidenceKind, GoalReport

SECTOR = "/sectores/gestion-publica/"
TODAY = date(2022, 4, 20)
BEFORE_TERM = datetime(2022, 4, 10, 17, tzinfo=UTC)
QUIET = {"t1": None, "t2": Decimal(50), "t3": Decimal(25), "t4": Decimal(25)}


@pytest.fixture(scope="module")
def world_of_module(django_db_setup, django_db_blocker) -> Iterator[people.Cast]:
    yield from once(a_quarter, django_db_blocker, AFTER_TERM)


@pytest.fixture
def them(world_of_module, db, settings) -> Iterator[people.Cast]:
    settings.PES_DEMO = True
    with time_machine.travel(AFTER_TERM, tick=False):
        yield world_of_module


def a_quarter() -> people.Cast:
    """T1: a unit at 80 %, one that never sent, one without programme, one under review; the term has passed."""
    them = people.cast()
    make.plan(sector=them.sector)
    reported(
        plan(them, "GCO-01", [{"weight": Decimal(75)}, {"weight": Decimal(25)}], name="Gestión del Conocimiento"), 80
    )
    opened(plan(them, "GCO-02", name="Gestión Callada"))
    opened(plan(them, "GCO-03", [QUIET], name="Gestión Quieta"))
    reported(plan(them, "GCO-04", name="Gestión Lenta"), 60, status="in_review")
    make.run_jobs()
    Membership.project_all()
    return them


def of(them: people.Cast, today: date = TODAY, user: str = "diana") -> dict[str, UnitStanding]:
    units = standing_of(getattr(them, user), them.sector.pk, 2022, today)
    return {unit.code: unit for unit in units}


def states(them: people.Cast, today: date = TODAY) -> dict[str, CellState]:
    return {code: unit.cells[0].state for code, unit in of(them, today).items()}


def board(them: people.Cast) -> str:
    page = page_of(them.diana).get(f"{SECTOR}tablero/?vigencia=2022").content.decode()
    return page[page.index("<main") : page.index("</main")].replace("\xa0", " ")


@pytest.mark.rule("PT-12", "PT-17", "W-06")
def test_before_the_close_the_states_are_apart_and_results_are_preliminary(them) -> None:
    assert states(them) == {
        "GCO-01": CellState.PROVISIONAL,
        "GCO-02": CellState.MISSING,
        "GCO-03": CellState.NOT_PROGRAMMED,
        "GCO-04": CellState.SENT,
    }
    assert {unit.cells[1].state for unit in of(them).values()} == {CellState.AHEAD}

    page = board(them)
    assert "80,00 %</b><small>preliminar</small>" in page
    assert "Sin reporte" in page
    assert "No programado" in page


@pytest.mark.rule("PT-17")
def test_what_is_still_in_its_term_is_pending_and_not_missing(them) -> None:
    assert states(them, BEFORE_TERM.date())["GCO-02"] is CellState.PENDING


@pytest.mark.rule("REP-05")
def test_after_the_close_the_frozen_results_are_shown(them) -> None:
    closed(them.head, by=them.jorge)
    found = of(them)

    cell = found["GCO-01"].cells[0]
    assert (cell.state, cell.run, cell.score) == (CellState.CONSOLIDATED, 1, Decimal("0.8"))
    assert found["GCO-02"].cells[0].state is CellState.MISSING
    assert found["GCO-03"].cells[0].state is CellState.NOT_PROGRAMMED
    page = board(them)
    assert "80,00 %</b></a>" in page
    assert "preliminar</small>" not in page


def test_a_close_and_a_live_figure_change_the_version_of_the_dashboard(them) -> None:
    diana = page_of(them.diana)
    first = diana.get(f"{SECTOR}tablero/?vigencia=2022").content.decode()

    reported_again = PlanGestion.objects.get(unit__code="GCO-04").reports.get()
    lifecycle.validate(reported_again, by=them.ana, now=AFTER_TERM)
    make.run_jobs()
    second = diana.get(f"{SECTOR}tablero/?vigencia=2022").content.decode()
    closed(them.head, by=them.jorge)
    third = diana.get(f"{SECTOR}tablero/?vigencia=2022").content.decode()

    assert "60,00" not in first
    assert "60,00" in second
    assert "preliminar</small>" in second
    assert "preliminar</small>" not in third


@pytest.mark.rule("AZ11", "AZ2")
def test_who_reads_one_plan_sees_one_row_and_never_the_others(them) -> None:
    leader = people.person("Lidia Líder", Role.LIDER_PROCESO, OrganizationUnit.objects.get(code="GCO-01"))
    page_of(them.diana).get(f"{SECTOR}tablero/?vigencia=2022")  # the fragment of who sees everything is stored
    browser = page_of(leader)

    page = browser.get(f"{SECTOR}tablero/?vigencia=2022")
    assert "Gestión del Conocimiento" in page.content.decode()
    assert "Gestión Callada" not in page.content.decode()
    assert not page.has_header("ETag")
    export = load_workbook(BytesIO(browser.get(f"{SECTOR}planes-de-gestion/tabla.xlsx?vigencia=2022").content)).active
    assert {row[0] for row in export.iter_rows(values_only=True)} & {"GCO-01", "GCO-02"} == {"GCO-01"}


def test_the_page_of_its_own_has_every_unit_and_filters_by_level(them) -> None:
    diana, address = page_of(them.diana), f"{SECTOR}planes-de-gestion/?vigencia=2022"

    page = diana.get(address).content.decode()
    assert [name in page for name in ("Gestión del Conocimiento", "Gestión Callada", "Gestión Lenta")] == [True] * 3
    assert "No hay planes que mostrar" in diana.get(f"{address}&nivel=local").content.decode()


@pytest.mark.rule("AZ2")
def test_scores_of_others_are_not_found(them) -> None:
    closed(them.head, by=them.jorge)
    address = "/planes/GCO-01/2022/trimestres/1/puntaje/"
    found = {name: page_of(getattr(them, name)).get(address).status_code for name in ("diana", "olga", "oscar", "luis")}

    assert found == {"diana": 200, "olga": 200, "oscar": 404, "luis": 404}
    assert page_of(them.alicia).get(address).status_code == 403


@pytest.mark.rule("REP-05", "W-05")
def test_the_score_is_explained_by_weights_and_ratings(them) -> None:
    run = closed(them.head, by=them.jorge)
    page = page_of(them.diana).get("/planes/GCO-01/2022/trimestres/1/puntaje/?corrida=1").context["page"]

    assert page.heading.replace("\xa0", " ") == "¿De dónde sale este 80,00 %?"
    shown = [(term.code, term.weight, term.value, term.share) for term in page.terms]
    assert [tuple(text.replace("\xa0", " ") for text in row) for row in shown] == [
        ("1", "75,00 %", "80,00 %", "60,00 %"),
        ("2", "25,00 %", "80,00 %", "20,00 %"),
    ]
    assert (page.proof.digest, page.proof.verdict_word) == (run.digest, "Verificado")


@pytest.mark.rule("PT-17")
def test_a_unit_without_report_is_explained_too(them) -> None:
    closed(them.head, by=them.jorge)
    diana = page_of(them.diana)
    page = diana.get("/planes/GCO-02/2022/trimestres/1/puntaje/").context["page"]
    assert page.value.replace("\xa0", " ") == "0,00 %"
    assert "No había reporte validado" in page.note

    goal = diana.get(page.terms[0].url).context["page"]
    assert goal.operands == ()
    assert goal.note.startswith("No hay una cifra aceptada")


def test_a_score_that_its_goals_do_not_give_is_told(them) -> None:
    closed(them.head, by=them.jorge)
    triggers.lift(connection)
    GoalResult.objects.filter(goal__plan__unit__code="GCO-01").update(rating=Decimal("0.5"))
    triggers.install(connection)

    page = page_of(them.diana).get("/planes/GCO-01/2022/trimestres/1/puntaje/").context["page"]
    assert page.proof.verdict_word == "Alterado"


def test_the_way_down_ends_at_the_evidence_and_its_digest(them) -> None:
    entry = GoalReport.objects.get(goal__plan__unit__code="GCO-01", goal__number=1)
    closed(them.head, by=them.jorge)
    evidence_file(entry, them, "b" * 64)  # after the run: it is not what the run took
    diana = page_of(them.diana)

    address = diana.get("/planes/GCO-01/2022/trimestres/1/puntaje/").context["page"].terms[0].url
    page = diana.get(address).context["page"]
    assert [operand.value for operand in page.operands][:2] == ["20", "25"]
    assert [item.url for item in page.measurement.evidence] == [report_makers.LINK]
    assert page.measurement.analysis == SHORT["analysis"]


@pytest.mark.rule("W-05")
def test_a_weight_that_is_taken_to_a_hundred_again_is_shown_both_ways(them) -> None:
    page = "/planes/GCO-01/2022/trimestres/1/puntaje/1/"
    diana = page_of(them.diana)
    whole = diana.get(page).context["page"].note
    Goal.objects.filter(plan__unit__code="GCO-01", number=1).update(weight=Decimal(15))
    part = diana.get(page).context["page"].note

    assert whole.replace("\xa0", " ").endswith("con ponderación 75,00 % aporta 60,00 % al puntaje.")
    said = "con ponderación 15,00 % (37,50 % entre las que cuentan) aporta 30,00 % al puntaje."
    assert part.replace("\xa0", " ").endswith(said)


@pytest.mark.rule("WF19", "UP12")
def test_files_show_their_sha256_and_corrections_both_values(them) -> None:
    entry = GoalReport.objects.get(goal__plan__unit__code="GCO-04")
    evidence_file(entry, them, "c" * 64)
    corrections.correct(entry, "analysis", "Se precisó.", reason="Precisión", by=them.ana, now=AFTER_TERM)
    lifecycle.validate(entry.report, by=them.ana, now=AFTER_TERM)
    closed(them.head, by=them.jorge)

    answer = page_of(them.diana).get("/planes/GCO-04/2022/trimestres/1/puntaje/1/")
    assert "c" * 64 in answer.content.decode()
    assert "decía «Se avanzó menos.»" in answer.context["page"].measurement_note


@pytest.mark.parametrize(
    "address",
    ["GCO-01/2022/trimestres/1/puntaje/?corrida=7", "GCO-01/2022/trimestres/5/puntaje/", "GCO-01/2022/trimestres/2/puntaje/",
     "GCO-01/2022/trimestres/1/puntaje/99/", "GCO-01/2022/trimestres/1/puntaje/?corrida=x"],
    ids=["run", "quarter", "unopened", "goal", "words"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(them, address) -> None:
    assert page_of(them.diana).get(f"/planes/{address}").status_code == 404


@pytest.mark.rule("LD4")
def test_dashboard_and_pages_cost_the_same_with_more_plans_and_goals(them) -> None:
    diana, urls = page_of(them.diana), (f"{SECTOR}tablero/?vigencia=2022", f"{SECTOR}planes-de-gestion/?vigencia=2022")
    score = "/planes/GCO-01/2022/trimestres/1/puntaje/"
    diana.get("/")

    def cost(url: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert diana.get(url).status_code == 200
        return len(queries)

    closed(them.head, by=them.jorge)
    few = {url: cost(url) for url in urls}
    explained = cost(score)
    for number in range(5, 8):
        opened(plan(them, f"GCO-0{number}", 3))
    more = plan_makers.management_plan(unit=them.process, by=them.luis, goals=6)
    report_makers.report(more, status="validated")
    make.run_jobs()
    closed(them.head, by=them.jorge, reason="Llegó un reporte")
    assert {url: cost(url) for url in urls} == few
    assert cost("/planes/PLE-PIN/2022/trimestres/1/puntaje/") == explained
    assert QuarterClose.objects.count() == 2


def evidence_file(entry: GoalReport, them: people.Cast, sha256: str) -> Evidence:
    """A row of a file, without the file."""
    return Evidence.objects.create(
        entry=entry, kind=EvidenceKind.FILE, display_name="acta.pdf", size=10, sha256=sha256,
        content_type="application/pdf", uploaded_by=them.pilar, uploaded_at=AFTER_TERM,
    )  # fmt: skip
