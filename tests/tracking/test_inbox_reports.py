"""«Mi trabajo» from the quarterly reports: each role sees what it must do, where and since when, and nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pes import registry
from pes.models import Membership, OrganizationUnit, UnitKind, User
from pes.permissions import Role
from plans.models import PlanGestion
from tests import people, plan_makers, report_makers
from tests.answers import page_of
from tracking import corrections, lifecycle
from tracking.filling import EntryChange, supply_entries
from tracking.inbox import report_items
from tracking.models import QuarterReport
from tracking.rules.report_states import ReportStatus

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 4, 10, 17, tzinfo=UTC)
PLACE = "T1 de 2022, Planeación Institucional"


@pytest.fixture
def them(settings):
    settings.PES_DEMO = True
    with time_machine.travel(NOW, tick=False):
        yield people.cast()


@pytest.fixture
def plan(them: people.Cast) -> PlanGestion:
    return plan_makers.management_plan(unit=them.process, by=them.luis, goals=2)


def mine(user: User) -> list[tuple[str, str]]:
    """Title and detail of everything that the reports leave for a person."""
    return [(item["title"], item["detail"]) for item in report_items(user)]


def only(user: User) -> dict[str, Any]:
    found = list(report_items(user))
    assert len(found) == 1, found
    return found[0]


def test_the_team_has_its_report_to_fill_with_what_is_missing_and_the_days_left(plan, them) -> None:
    report = report_makers.report(plan)

    item = only(them.pilar)
    assert item["title"] == f"Diligenciar y enviar: reporte de {PLACE}"
    assert item["detail"] == "Faltan 8 datos; 0 de 2 metas completas."
    assert (item["due_on"], item["since"], item["url"]) == (
        date(2022, 4, 18),
        date(2022, 4, 1),
        report.get_absolute_url(),
    )
    browser = page_of(them.pilar)
    assert "Faltan 8 días" in browser.get("/").content.decode()
    assert browser.get(item["url"]).status_code == 200


def test_a_complete_report_waits_for_who_may_send_it(plan, them) -> None:
    report_makers.report(plan, status="filling")
    delegate = people.person("Dora Delegada")
    Membership.grant(user=delegate, unit=them.process, role=Role.DELEGADO, starts_on=date(2022, 4, 1), by=None)

    assert only(them.luis)["detail"] == "Está completo: falta enviarlo."
    assert only(delegate)["detail"] == "Está completo: falta enviarlo."
    assert only(them.pilar)["detail"] == "Está completo: lo envía quien responde por el plan."


def test_a_returned_report_says_how_many_observations_wait(plan, them) -> None:
    report_makers.report(plan, status="returned")

    item = only(them.luis)
    assert (item["title"], item["detail"]) == (
        f"Responder y reenviar: reporte de {PLACE}",
        "1 observación por responder.",
    )
    assert item["due_on"] is None


@pytest.mark.rule("WF19")
def test_a_correction_of_the_oap_is_shown_to_the_team(plan, them) -> None:
    report = report_makers.report(plan, status="in_review")
    entry = report.entries.order_by("pk").first()
    corrections.correct(entry, "analysis", "Se atendieron 25 solicitudes.", reason="Precisión", by=them.ana, now=NOW)

    assert mine(them.luis) == [
        (
            f"Ver qué corrigió la oficina de planeación: {PLACE}",
            "1 dato con el valor anterior, el nuevo y el motivo.",
        )
    ]


def test_the_analyst_has_the_queue_by_age_and_then_only_what_is_theirs(plan, them) -> None:
    other = people.person("Berta Analista", Role.ANALISTA_OAP, them.sector)
    report = report_makers.report(plan, status="submitted")
    assert mine(them.ana) == mine(other) == [(f"Revisar: reporte de {PLACE}", "")]

    lifecycle.take(report, by=them.ana, now=NOW)
    assert mine(them.ana) == [(f"Terminar de revisar: reporte de {PLACE}", "Lo revisa usted.")]
    assert mine(other) == []


@pytest.mark.rule("WF18")
def test_a_reopened_report_stays_before_who_reopened_it(plan, them) -> None:
    report = report_makers.report(plan, status="validated")
    assert mine(them.jorge) == mine(them.ana) == []

    lifecycle.reopen(report, reason="Cifra equivocada", by=them.jorge, now=NOW)
    assert mine(them.jorge) == [(f"Terminar de revisar: reporte de {PLACE}", "Fue reabierto. Lo revisa Ana Analista.")]


@pytest.fixture
def area(them: people.Cast) -> OrganizationUnit:
    return people.unit("OTI", UnitKind.OFFICE, them.head, "Oficina de Tecnologías")


@pytest.mark.rule("PG-08")
def test_a_central_area_has_one_table_however_many_the_plans(them, area) -> None:
    carla = people.person("Carla Central", Role.AREA_CENTRAL, area)
    goals = [{}, {"central_area": area.code}]
    plans = [
        plan_makers.management_plan(unit=unit, by=by, goals=goals)
        for unit, by in ((them.process, them.luis), (them.alcaldia, them.marta))
    ]
    reports = [report_makers.report(plan) for plan in plans]

    item = only(carla)
    assert item["title"] == "Reportar las metas de T1 de 2022 a cargo de Oficina de Tecnologías"
    assert (item["detail"], item["due_on"]) == ("0 de 2 planes con cifra y análisis.", date(2022, 4, 18))
    assert page_of(carla).get(item["url"]).status_code == 200

    change = EntryChange(2, {"achieved": report_makers.ENTRY["achieved"], "analysis": "Se atendió lo programado."})
    supply_entries(reports[0], area, [change], by=carla, now=NOW)
    assert only(carla)["detail"] == "1 de 2 planes con cifra y análisis."
    supply_entries(reports[1], area, [change], by=carla, now=NOW)
    assert mine(carla) == []


def test_who_only_reads_has_nothing_to_do(plan, them) -> None:
    report_makers.report(plan, status="submitted")

    assert mine(them.diana) == mine(them.olga) == mine(them.elena) == []


@pytest.mark.rule("AZ11", "AU6")
def test_nobody_sees_what_is_of_another_unit_or_after_their_role_ended(plan, them) -> None:
    report_makers.report(plan)
    assert mine(them.marta) == mine(them.oscar) == []

    Membership.objects.get(user=them.luis).end(on=date(2022, 4, 9), by=them.alicia, reason="Traslado")
    assert mine(them.luis) == []


@pytest.mark.rule("LD4")
def test_mi_trabajo_costs_the_same_with_more_plans_and_goals(them) -> None:
    """A team on the whole entity, and the analyst: one plan, then three with more goals."""
    team = people.person("Tulio Equipo", Role.EQUIPO, them.head)
    third = people.unit("GCO-GC", UnitKind.PROCESS, them.head, "Gestión del Conocimiento")
    units = [them.process, them.alcaldia, third]
    Membership.project_all()  # the new process is in the reach of those above it

    def cost(user: User) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert list(registry.collect("inbox", user))
        return len(queries)

    report_makers.report(plan_makers.management_plan(unit=units[0]))
    one = cost(team)
    for unit in units[1:]:
        report_makers.report(plan_makers.management_plan(unit=unit, goals=4))
    assert cost(team) == one

    def send(unit: OrganizationUnit) -> None:
        report = QuarterReport.objects.select_related("plan__unit").get(plan__unit=unit)
        for step in (ReportStatus.FILLING, ReportStatus.SUBMITTED):
            report_makers.take_step(report_makers.again(report), step, {})

    send(units[0])
    reviewing = cost(them.ana)
    send(units[1])
    send(units[2])
    assert cost(them.ana) == reviewing
