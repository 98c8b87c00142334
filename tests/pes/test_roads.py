"""The road of a PES: opened from a template, programmed, reported and closed phase by phase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from pes import registry
from pes.approval.acts import ActDraft
from pes.approval.adopting import record_earlier
from pes.edits import StaleEdit, fingerprint
from pes.models import (
    ActivityEvidence,
    ActivityReport,
    ActKind,
    AuditEvent,
    Road,
    RoadActivity,
    RoadPhase,
    SectorPlan,
    UnitKind,
    Vigencia,
)
from pes.permissions import Role
from pes.roads.figures import figures_of
from pes.roads.gate_facts import gate_facts
from pes.roads.opening import open_plan, open_road
from pes.roads.phases import close_phase
from pes.roads.reporting import attach_evidence, report_progress, resume, set_aside, withdraw_evidence
from pes.roads.schedule import Programme, programme_phase, schedule_facts, schedule_of
from pes.roads.templates import BY_CONTRIBUTIONS, SIX_PHASES, template
from pes.rules.problems import Refused
from tests.answers import codes
from tests.once import once
from tests.people import person, unit
from tests.pes.road_world import FIRST, HUNDRED, NOW, World, everything_met, met, program, world

pytestmark = pytest.mark.django_db
DAY = date(2025, 3, 10)
LINK = "https://ejemplo.invalid/acta.pdf"


@pytest.fixture(scope="module")
def world_of_module(django_db_setup, django_db_blocker) -> Iterator[World]:
    yield from once(world, django_db_blocker, NOW)


@pytest.fixture
def here(world_of_module, db) -> World:
    return world_of_module


def report(here, code: str, percentage: object, *, by=None, note: str = "", on: date = DAY) -> ActivityReport:
    made = Decimal(str(percentage))
    return report_progress(here.activity(code), made, by=by or here.cast.ana, note=note, on=on, now=NOW)


@pytest.mark.rule("LC-01", "PES-06")
def test_opening_a_pes_makes_five_vigencias_and_a_road_of_six_phases(here):
    assert (here.plan.first_vigencia, here.plan.last_vigencia) == (2024, 2028)
    assert Vigencia.objects.filter(year__range=(2024, 2028)).count() == 5
    assert list(here.road.phases.values_list("code", flat=True)) == ["F1", "F2", "F3", "F4", "F5", "F6"]
    assert here.activity("F2.T1").step is None
    assert here.activity("F2.P1.A2").step.code == "F2.P1"
    assert set(AuditEvent.objects.values_list("verb", flat=True)) >= {"sector_plan_opened", "road_opened"}


@pytest.mark.rule("WF1")
@pytest.mark.rule("LC-09")
def test_a_pes_may_be_built_from_what_each_entity_brings(here):
    plan = open_plan(
        here.cast.other_sector, name="PES por aportes", first_vigencia=2024, template_code=BY_CONTRIBUTIONS,
        by=person("Berta Analista", Role.ANALISTA_OAP, here.cast.other_sector),
    )  # fmt: skip

    guide, made = template(SIX_PHASES), template(BY_CONTRIBUTIONS)
    texts = RoadActivity.objects.filter(phase__road=plan.road, code__startswith="F2.P3").order_by("number")
    assert ["aport" in step or "entidad" in step for step in [texts[0].text.lower(), texts[1].text.lower()]] == [
        True,
        True,
    ]
    assert "Comité Sectorial de Gestión y Desempeño" in texts[2].text
    assert [phase.conditions for phase in made.phases] == [phase.conditions for phase in guide.phases]


def test_opening_twice_is_once(here):
    again = open_plan(here.cast.sector, name="PES 2024–2028", first_vigencia=FIRST, by=here.cast.ana)
    road = open_road("camino_pes", unit=here.cast.sector, plan=here.plan, name="Otro", by=here.cast.ana)

    assert (again, road) == (here.plan, here.road)
    assert (SectorPlan.objects.count(), Road.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("first", "name", "code"),
    [
        (2024, "Otro", "period_taken"),
        (2026, "Otro", "period_taken"),
        (2021, "Otro", "period_taken"),
        (2028, " ", "name_missing"),
        (1980, "Viejo", "year_not_valid"),
    ],
)
def test_a_pes_that_crosses_another_is_refused(here, first, name, code):
    with pytest.raises(Refused) as refused:
        open_plan(here.cast.sector, name=name, first_vigencia=first, by=here.cast.ana)

    assert codes(refused) == [code]


def test_a_pes_begins_in_the_vigencia_in_which_the_last_one_ends(here):
    assert open_plan(here.cast.sector, name="Siguiente", first_vigencia=2028, by=here.cast.jorge).period == "2028–2032"


def test_only_the_oap_of_the_sector_opens_its_pes(here):
    for stranger in (here.cast.elena, here.cast.diana, here.cast.oscar, here.cast.alicia):
        with pytest.raises(PermissionDenied):
            open_plan(here.cast.sector, name="Ajeno", first_vigencia=2028, by=stranger)


@pytest.mark.rule("GP-01")
def test_a_weighted_road_is_opened_in_a_region_and_adds_up(here):
    region = unit("region-caribe", UnitKind.REGION, here.cast.head, "Caribe")
    coordinator = person("Rita Región", Role.COORDINADOR_REGIONAL, region)
    road = open_road("camino_gobierno_al_plan_1", unit=region, name="Municipio", by=coordinator)
    line = {one.code: one for one in RoadActivity.objects.filter(phase__road=road)}

    report_progress(line["7"], Decimal(50), by=coordinator, now=NOW)
    report_progress(line["18"], HUNDRED, by=coordinator, now=NOW)

    figures = figures_of([road.pk])[road.pk]
    assert figures.phases["I.1"] == Decimal(15)
    assert figures.whole == Decimal("6.334")


@pytest.mark.rule("GP-01")
def test_a_road_that_does_not_add_up_is_not_opened(here):
    good = template("camino_gobierno_al_plan_2")
    wrong = replace(good, phases=good.phases[1:])

    with pytest.raises(Refused) as refused:
        open_road(wrong, unit=here.cast.sector, name="Mala", by=here.cast.ana)

    assert codes(refused) == ["whole_weights"]
    assert Road.objects.count() == 1


@pytest.mark.rule("GP-03")
def test_a_hito_without_name_says_that_it_must_be_completed(here):
    road = open_road("camino_gobierno_al_plan_2", unit=here.cast.sector, name="Fase II", by=here.cast.ana)

    assert RoadActivity.objects.get(phase__road=road, code="9").title == "Hito 9 (por completar)"


@pytest.mark.rule("GP-04")
def test_progress_is_reported_in_part_and_finished(here):
    report(here, "F1.P1.A1", "33.33", note="Una entidad de tres")
    halfway = here.activity("F1.P1.A1")
    report(here, "F1.P1.A1", 100, on=date(2025, 3, 11))
    done = here.activity("F1.P1.A1")

    assert (halfway.state, halfway.progress, halfway.started_on) == ("under_way", Decimal("33.33"), DAY)
    assert (done.state, done.done_on, done.started_on) == ("done", date(2025, 3, 11), DAY)
    assert done.reports.count() == 2


@pytest.mark.rule("WF1")
def test_the_same_report_again_is_the_first(here):
    assert report(here, "F1.P1.A1", 50) == report(here, "F1.P1.A1", 50)


@pytest.mark.rule("GP-04")
def test_lowering_the_progress_asks_why(here):
    report(here, "F1.P1.A1", 100)

    with pytest.raises(Refused) as refused:
        report(here, "F1.P1.A1", 60)
    report(here, "F1.P1.A1", 60, note="Faltaba una entidad")

    assert codes(refused) == ["reason_missing"]
    assert (here.activity("F1.P1.A1").state, here.activity("F1.P1.A1").done_on) == ("under_way", None)


@pytest.mark.rule("LC-01")
def test_a_phase_that_waits_takes_no_report(here):
    with pytest.raises(Refused) as refused:
        report(here, "F2.P1.A1", 10)

    assert codes(refused) == ["phase_waiting"]


def test_who_may_report_an_activity(here):
    program(here, "F1", entity=here.cast.head)
    report(here, "F1.P1.A1", 10, by=here.cast.elena)
    program(here, "F1", person=here.cast.pilar, days=40)
    report(here, "F1.P1.A1", 20, by=here.cast.pilar)

    for stranger in (here.cast.elena, here.cast.diana, here.cast.oscar, here.cast.olga):
        with pytest.raises(PermissionDenied):
            report(here, "F1.P1.A1", 30, by=stranger)


def test_a_file_and_a_link_prove_it_and_a_wrong_one_is_withdrawn_with_why(here):
    activity = here.activity("F1.P1.A1")
    attach_evidence(activity, links=[LINK, LINK], by=here.cast.ana, now=NOW)
    assert attach_evidence(activity, links=[LINK], by=here.cast.ana, now=NOW) == []
    proof = ActivityEvidence.objects.get()

    with pytest.raises(Refused) as refused:
        withdraw_evidence(proof, reason=" ", by=here.cast.ana)
    withdraw_evidence(proof, reason="Era de otra mesa", by=here.cast.ana)
    with pytest.raises(Refused) as insecure:
        attach_evidence(activity, links=["http://ejemplo.invalid/"], by=here.cast.ana)

    proof.refresh_from_db()
    assert codes(refused) == ["reason_missing"]
    assert (proof.reason, proof.withdrawn_by) == ("Era de otra mesa", here.cast.ana)
    assert codes(insecure) == ["link_not_accepted"]


def test_an_activity_that_does_not_apply_says_why_and_may_come_back(here):
    activity = here.activity("F1.P2.A1")
    with pytest.raises(PermissionDenied):
        set_aside(activity, reason="No", by=here.cast.elena)
    set_aside(activity, reason="Ya se hizo en 2023", by=here.cast.ana)

    with pytest.raises(Refused) as refused:
        report(here, "F1.P2.A1", 10)
    resume(activity, reason="Cambió el equipo", by=here.cast.ana)

    assert codes(refused) == ["not_applicable"]
    assert here.activity("F1.P2.A1").state == "under_way"


@pytest.mark.rule("GP-01")
def test_a_weighted_hito_always_applies(here):
    road = open_road("camino_gobierno_al_plan_1", unit=here.cast.sector, name="Fase I", by=here.cast.ana)

    with pytest.raises(Refused) as refused:
        set_aside(RoadActivity.objects.get(phase__road=road, code="3"), reason="No", by=here.cast.ana)

    assert codes(refused) == ["weighted"]


@pytest.mark.rule("WF3")
def test_a_whole_phase_is_programmed_at_once_and_a_stale_form_is_refused(here):
    phase = here.phase("F1")
    read = fingerprint(schedule_facts(schedule_of(phase)))
    assert program(here, "F1", person=here.cast.pilar) == 9
    assert program(here, "F1", person=here.cast.pilar) == 0

    with pytest.raises(StaleEdit):
        programme_phase(phase, {}, read=read, by=here.cast.ana)


def test_a_programme_with_crossed_days_or_strangers_is_refused(here):
    phase, activity = here.phase("F1"), here.activity("F1.P1.A1")
    read = fingerprint(schedule_facts(schedule_of(phase)))

    def refused(row: Programme) -> list[str]:
        with pytest.raises(Refused) as caught:
            programme_phase(phase, {activity.pk: row}, read=read, by=here.cast.ana)
        return codes(caught)

    assert refused(Programme(DAY, date(2025, 3, 1), None, None)) == ["dates_crossed"]
    assert refused(Programme(DAY, None, None, None)) == ["date_missing"]
    assert refused(Programme(None, None, here.cast.oscar, None)) == ["stranger"]
    assert refused(Programme(None, None, None, here.cast.other_entity)) == ["foreign_entity"]


@pytest.mark.rule("LC-02")
def test_a_gate_that_lacks_something_stays_shut_and_names_it(here, monkeypatch):
    met(monkeypatch, workshops_with_every_entity=True, schedule_recorded=False)

    with pytest.raises(Refused) as refused:
        close_phase(here.phase("F1"), by=here.cast.jorge)

    assert codes(refused) == ["gate_dofa_four_quadrants", "gate_methodology_presented", "gate_schedule_recorded"]
    assert refused.value.problems[-1].fix == "Falta schedule_recorded."
    assert here.phase("F1").closed_at is None


@pytest.mark.rule("LC-01", "LC-02")
def test_phases_are_closed_in_order_by_the_chief_and_the_last_three_open_together(here, monkeypatch):
    everything_met(monkeypatch, here)
    with pytest.raises(PermissionDenied):
        close_phase(here.phase("F1"), by=here.cast.ana)
    with pytest.raises(Refused) as early:
        close_phase(here.phase("F2"), by=here.cast.jorge)

    for code in ("F1", "F2", "F3", "F3"):
        close_phase(here.phase(code), by=here.cast.jorge, now=NOW)
    for code in ("F4.P1.A1", "F5.P1.A1", "F6.P1.A1"):
        report(here, code, 5)

    assert codes(early) == ["phase_waiting"]
    assert AuditEvent.objects.filter(verb="phase_closed").count() == 3


@pytest.mark.rule("LC-02", "LC-06")
def test_an_act_older_than_the_tool_answers_for_the_gates_before_the_adoption_and_no_other(here, monkeypatch):
    met(monkeypatch, programme_in_force=False)
    act = ActDraft(ActKind.RESOLUCION, "277", 2020, issuer="Secretaría", link="https://ejemplo.invalid/acto")
    record_earlier(here.plan, act, by=here.cast.jorge)

    for code in ("F1", "F2", "F3"):
        close_phase(here.phase(code), by=here.cast.jorge, now=NOW)
    with pytest.raises(Refused) as refused:
        close_phase(here.phase("F4"), by=here.cast.jorge)

    assert "gate_programme_in_force" in codes(refused)


@pytest.mark.rule("LC-02")
def test_what_was_finished_in_a_closed_phase_is_sealed_and_what_was_not_may_still_be(here, monkeypatch):
    everything_met(monkeypatch, here)
    report(here, "F1.P1.A1", 100)
    close_phase(here.phase("F1"), by=here.cast.jorge, now=NOW)

    with pytest.raises(Refused) as sealed:
        report(here, "F1.P1.A1", 20, note="Me equivoqué")
    with pytest.raises(Refused) as programmed:
        program(here, "F1")
    report(here, "F1.P2.A2", 100)

    assert codes(sealed) == codes(programmed) == ["phase_closed"]


@pytest.mark.rule("LC-02")
def test_the_road_says_whether_its_schedule_is_recorded_and_the_methodology_approved(here, monkeypatch):
    def known() -> dict[str, bool]:
        return {fact.code: fact.is_met for fact in gate_facts(here.plan)}

    before = known()
    program(here, "F1")
    program(here, "F2")
    programmed = known()
    everything_met(monkeypatch, here)
    close_phase(here.phase("F1"), by=here.cast.jorge, now=NOW)
    report(here, "F2.P1.A2", 100)
    unproven = known()
    attach_evidence(here.activity("F2.P1.A2"), links=[LINK], by=here.cast.ana)

    assert before == {"schedule_recorded": False, "methodology_approved": False}
    assert programmed == {"schedule_recorded": True, "methodology_approved": False}
    assert unproven["methodology_approved"] is False
    assert known()["methodology_approved"] is True


def test_the_database_keeps_an_activity_whole(here):
    activity = here.activity("F1.P1.A1")
    for wrong in ({"state": "done"}, {"progress": 101}, {"planned_from": DAY}, {"state": "not_applicable"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoadActivity.objects.filter(pk=activity.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoadPhase.objects.filter(pk=activity.phase_id).update(closed_at=NOW)


@pytest.mark.rule("LC-02")
def test_the_inbox_has_my_activities_and_the_gates_that_the_chief_may_close(here, monkeypatch):
    def titles(user) -> list[str]:
        rows = registry.collect("inbox", user)
        return [row["title"] for row in rows if row.get("kind") == "road"]

    program(here, "F1", person=here.cast.pilar)
    program(here, "F2", entity=here.cast.head)
    met(monkeypatch)
    assert len(titles(here.cast.pilar)) == 5
    assert titles(here.cast.elena) == titles(here.cast.jorge) == []

    everything_met(monkeypatch, here)
    assert titles(here.cast.jorge) == ["Cerrar la fase 1 del PES: la puerta G1 está lista"]
    close_phase(here.phase("F1"), by=here.cast.jorge, now=NOW)
    assert len(titles(here.cast.elena)) == 9
