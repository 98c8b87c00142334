"""Entities, assignments, schedules, roads of a segment and graduation, by the verbs (GP-01 to GP-07)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from pes import jobs
from pes.edits import StaleEdit, fingerprint
from pes.models import AuditEvent, EntityRoad, Graduation, RoadActivity, TerritorialEntity, User
from pes.permissions import Permission
from pes.roads.templates import GOVERNMENT_TO_PLAN, template
from pes.rules.problems import Refused
from pes.territory.assignments import assign
from pes.territory.entities import change_entity, facts_of, register_entity
from pes.territory.graduation import graduate
from pes.territory.opening import ask_to_open, open_roads
from pes.territory.reading import boards_of, by_hito, mean_progress
from pes.territory.schedules import create_schedule
from pes.territory.segments import create_segment
from tests.answers import codes, page_of
from tests.territory_world import FIRST, NOW, TODAY, Territory, facts, months, territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Territory:
    return territory()


def boards(here: Territory, *codes: str):
    found = TerritorialEntity.objects.filter(pk__in=[here.entities[code].pk for code in codes])
    return boards_of(found.select_related("region"), TODAY)


@pytest.mark.rule("GP-07")
def test_a_segment_is_whoever_has_its_universes_today(here):
    segment = create_segment(here.region, name="Foco", universes="CD", by=here.coordinador)
    one = here.entities["52019"]
    wanted = replace(facts_of(one), investment=False, fiscal=True, results=False)

    change_entity(one, wanted, read=fingerprint(facts_of(one).said()), by=here.coordinador)

    assert [entity.dane_code for entity in segment.entities()] == ["52019"]
    assert segment.entities().get().universe == "D"
    assert page_of(here.coordinador).get(reverse("pes:territory-setup")).context["segments"][0]["count"] == 1
    assert create_segment(here.region, name="Foco", universes="DC", by=here.coordinador) == segment
    with pytest.raises(Refused):
        create_segment(here.region, name="Foco", universes="A", by=here.coordinador)


def test_a_stale_or_foreign_edit_of_an_entity_is_refused(here):
    one = here.entities["52019"]
    read = fingerprint(facts_of(one).said())
    change_entity(one, replace(facts_of(one), partner="ART"), read=read, by=here.coordinador)

    with pytest.raises(StaleEdit):
        change_entity(one, replace(facts_of(one), partner="DNP"), read=read, by=here.coordinador)
    with pytest.raises(PermissionDenied):
        register_entity(facts(here.region, "52999"), by=here.stranger)
    with pytest.raises(Refused):
        register_entity(facts(here.region, "52019"), by=here.coordinador)


def test_an_entity_that_moves_takes_its_road_and_leaves_its_advisor(here):
    one = here.entities["52019"]
    moved = replace(facts_of(one), region=here.foreign)

    with pytest.raises(PermissionDenied):
        change_entity(one, moved, read=fingerprint(facts_of(one).said()), by=here.coordinador)
    change_entity(one, moved, read=fingerprint(facts_of(one).said()), by=_console(here))

    assert one.roads.get().road.unit == here.foreign
    assert not TerritorialEntity.objects.all().of_advisor(here.asesora).filter(pk=one.pk).exists()


def _console(here: Territory):
    """The service identity, which manages every region."""
    return User.objects.create_user("consola@ejemplo.invalid", full_name="Consola", is_service=True)


@pytest.mark.rule("GP-05")
def test_assignments_keep_their_history_and_one_is_open(here):
    one = here.entities["52019"]

    made = assign(one, advisor=here.coordinador, starts_on=date(2025, 6, 1), by=here.coordinador, now=NOW)
    again = assign(one, advisor=here.coordinador, starts_on=date(2025, 6, 2), by=here.coordinador, now=NOW)

    assert again == made
    assert [(row.advisor, row.until) for row in one.assignments.all()] == [
        (here.coordinador, None),
        (here.asesora, date(2025, 6, 1)),
    ]
    assert one.assignments.all().on(date(2025, 5, 31)).get().advisor == here.asesora
    with pytest.raises(Refused) as refused:
        assign(one, advisor=here.stranger, starts_on=date(2025, 6, 3), by=here.coordinador, now=NOW)
    assert codes(refused) == ["stranger"]


@pytest.mark.rule("GP-01")
def test_roads_open_in_bulk_once_and_only_with_weights_that_add_up(here):
    first = template(GOVERNMENT_TO_PLAN[0])
    wrong = replace(first, phases=(replace(first.phases[0], weight=Decimal(21)), *first.phases[1:]))
    new = register_entity(facts(here.region, "52207"), by=here.coordinador)

    with pytest.raises(Refused) as refused:
        open_roads([new], here.schedule, by=here.coordinador, template=wrong)
    opened = open_roads(here.region.territorial_entities.all(), here.schedule, by=here.coordinador)

    assert "whole_weights" in codes(refused)
    assert (opened.made, opened.there) == (1, 2)
    assert RoadActivity.objects.filter(phase__road__entity_road__entity=new).count() == 22
    assert open_roads([new], here.schedule, by=here.coordinador).made == 0


@pytest.mark.rule("GP-02")
def test_the_roads_of_a_segment_are_opened_by_a_job(here):
    register_entity(facts(here.region, "52207"), by=here.coordinador)
    segment = create_segment(here.region, name="Todas", by=here.coordinador)

    job = ask_to_open(segment, here.schedule, by=here.coordinador)
    jobs.run_now(job)

    job.refresh_from_db()
    assert (job.result["made"], job.result["there"]) == (1, 2)
    told = page_of(here.coordinador).get(reverse("pes:job", args=[job.pk])).content.decode()
    assert "Abiertas: 1 · ya estaban: 2" in told
    with pytest.raises(PermissionDenied):
        ask_to_open(segment, here.schedule, by=here.stranger)


@pytest.mark.rule("GP-01")
def test_progress_of_phase_whole_entity_and_hito_is_exact(here):
    here.report("52019", "1", 100)
    here.report("52019", "10", 50)
    here.report("52110", "10", 25)

    first, second = boards(here, "52019", "52110")

    assert [phase.progress for phase in first.phases] == [5, 20, 0, 0, 0]
    assert (first.whole, second.whole) == (Decimal(7), Decimal(3))
    assert mean_progress([first, second]) == Decimal(5)
    assert [one.progress for one in by_hito([first, second])["10"]] == [50, 25]


@pytest.mark.rule("GP-02")
def test_the_delay_is_computed_from_the_schedule(here):
    months(here.schedule, here.coordinador, h1=date(2025, 3, 20), h2=date(2025, 5, 1), h5=date(2025, 8, 1))
    here.report("52019", "2", 100)

    (board,) = boards(here, "52019")

    assert [(one.code, one.late) for one in board.overdue] == [("1", 3)]
    assert next(one for one in board.hitos if one.code == "2").late == 1
    with pytest.raises(Refused):
        months(here.schedule, here.coordinador, h1=date(2030, 1, 1))


@pytest.mark.rule("GP-02")
def test_an_entity_graduates_complete_or_as_an_exception_of_its_coordinator(here):
    start, other = (here.entities[code].roads.get() for code in ("52019", "52110"))
    second = create_schedule(here.region, template_code=GOVERNMENT_TO_PLAN[1], first_year=FIRST, by=here.coordinador)
    here.complete("52019")

    made = graduate(start, second, by=here.analista, now=NOW)
    with pytest.raises(Refused):
        graduate(other, second, by=here.coordinador)
    with pytest.raises(PermissionDenied):
        graduate(other, second, reason="Plan adoptado por decreto", by=here.analista)
    excepted = graduate(other, second, reason="Plan adoptado por decreto", by=here.coordinador)

    assert (made.whole, made.reason, made.road.stage) == (100, "", 2)
    assert (excepted.whole, excepted.reason) == (0, "Plan adoptado por decreto")
    assert graduate(start, second, by=here.coordinador) == made
    assert Graduation.objects.count() == 2
    assert AuditEvent.objects.filter(verb="territory_graduated").count() == 2


@pytest.mark.rule("GP-03")
def test_phase_two_has_ten_momentos_and_keeps_its_lost_names_to_complete(here):
    second = create_schedule(here.foreign, template_code=GOVERNMENT_TO_PLAN[1], first_year=FIRST, by=here.stranger)
    open_roads([here.entities["54109"]], second, by=here.stranger)

    (board,) = boards(here, "54109")

    assert (len(board.phases), len(board.hitos)) == (10, 22)
    assert board.hitos[8].title == "Hito 9 (por completar)"


@pytest.mark.rule("GP-03")
def test_phase_two_is_not_opened_in_bulk_over_an_unfinished_phase_one(here):
    second = create_schedule(here.region, template_code=GOVERNMENT_TO_PLAN[1], first_year=FIRST, by=here.coordinador)

    opened = open_roads(here.region.territorial_entities.all(), second, by=here.coordinador)

    assert (opened.made, opened.waiting) == (0, 2)
    assert EntityRoad.objects.filter(stage=2).count() == 0


def test_boards_take_the_same_queries_whatever_their_number(here, django_assert_num_queries):
    one = TerritorialEntity.objects.filter(dane_code="52019").select_related("region")
    every = TerritorialEntity.objects.visible_to(here.coordinador, Permission.TERRITORY_READ).select_related("region")

    with django_assert_num_queries(7):
        boards_of(one, TODAY)
    with django_assert_num_queries(7):
        found = boards_of(every, TODAY)
    assert len(found) == 2
