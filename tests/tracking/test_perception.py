"""The perception survey: whom it asks, who may answer, and when its results are told (GP-05)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from pes.rules.problems import Refused
from pes.territory.entities import register_entity
from tests.answers import codes, page_of
from tests.territory_world import NOW, Territory, facts, territory
from tests.tracking.assistance_makers import ALL_FIVE, HOSTILE, JULY, ONE, TWO, drawn, question
from tracking.assistance.log import Said, log_assistance, void_assistance
from tracking.assistance.perception import answer_by_link, draw_sample, link_of, read_link, record_interview
from tracking.assistance.perception_page import answers_of, results_of
from tracking.models import PerceptionResponse, SampledEntity
from tracking.rules.perception import VARIABLES, draw_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(media_root) -> Territory:
    return territory()


@pytest.mark.rule("GP-05")
def test_the_sample_is_drawn_once_among_the_assisted_and_keeps_its_seed(here):
    with pytest.raises(Refused) as nobody:
        drawn(here)
    question(here)
    question(here, TWO)
    survey = drawn(here)

    assert codes(nobody) == ["nobody_assisted"]
    assert (survey.population, survey.size, survey.seed) == (2, 2, "prueba")
    question(here, TWO, theme="Otro")
    assert drawn(here, margin=30) == survey  # it is not drawn again until somebody likes it
    assert [one.entity.dane_code for one in survey.drawn.order_by("place")] == draw_order([ONE, TWO], "prueba")


@pytest.mark.rule("GP-05")
def test_the_contact_answers_once_by_a_signed_link_without_account(here):
    question(here)
    survey = drawn(here)
    sampled = SampledEntity.objects.get(survey=survey)
    address, visitor = link_of(sampled), Client()

    assert visitor.get(address).status_code == 200
    assert visitor.get(address[:-2] + "x/").status_code == 404
    assert visitor.get(reverse("tracking:public-perception", args=[str(sampled.pk)])).status_code == 404
    assert visitor.post(address, ALL_FIVE | {"goals": "9"}).status_code == 422
    assert visitor.post(address, ALL_FIVE | {"website": "x"}).status_code == 422
    done = visitor.post(address, ALL_FIVE | {"comment": HOSTILE}, follow=True)
    assert "Gracias" in done.content.decode()
    visitor.post(address, dict.fromkeys(VARIABLES, 1))
    assert PerceptionResponse.objects.get().goals == 5
    assert "no-store" in done["Cache-Control"] or "private" in done["Cache-Control"]
    page = page_of(here.coordinador).get(survey.get_absolute_url()).content.decode()
    assert "alert(1)" not in page  # the survey is open: it would tell whose it is
    assert read_link("x:y") is None


@pytest.mark.rule("GP-05")
def test_who_runs_the_survey_sees_the_links_and_interviews_and_the_advisor_neither(here):
    question(here)
    question(here, TWO)
    survey = drawn(here)
    first, second = SampledEntity.objects.filter(survey=survey).order_by("place")
    answer_by_link(first, ALL_FIVE, now=JULY)

    coordinator, advisor = page_of(here.coordinador), page_of(here.asesora)
    shown, told = (one.get(survey.get_absolute_url()).content.decode() for one in (coordinator, advisor))
    assert link_of(second) in shown
    assert "Sin respuesta" in shown
    assert link_of(second) not in told
    assert "Sin respuesta" not in told  # nor who answered
    address = reverse("tracking:perception-interview", args=[survey.pk, second.place])
    assert advisor.post(address, ALL_FIVE).status_code == 403
    assert coordinator.post(address, ALL_FIVE).status_code == 302
    assert not record_interview(second, ALL_FIVE, by=here.coordinador, now=JULY)
    assert PerceptionResponse.objects.get(sampled=second).typed_by == here.coordinador


@pytest.mark.rule("GP-05")
def test_means_and_comments_are_told_once_the_survey_closes_with_three_answers(here):
    here.entities["52207"] = register_entity(facts(here.region, "52207"), by=here.coordinador)
    for code in (ONE, TWO, "52207"):
        question(here, code)
    is_open = drawn(here)
    may = {"margin": Decimal(10), "closes_on": date(2025, 7, 31), "by": here.coordinador, "now": JULY}
    for code in (ONE, TWO, "52207"):
        question(here, code, held_on=date(2025, 5, 10))
    closed = draw_sample(here.region, date(2025, 5, 1), **may)
    for survey in (is_open, closed):
        for sampled, score in zip(SampledEntity.objects.filter(survey=survey), (5, 4, 4), strict=True):
            answer_by_link(sampled, dict.fromkeys(VARIABLES, score), comment=HOSTILE, now=JULY)
    page = page_of(here.coordinador)

    waiting, shown = (page.get(one.get_absolute_url()) for one in (is_open, closed))
    assert (waiting.context["variables"], waiting.context["comments"]) == ([], [])
    assert "Hasta que la encuesta cierre" in waiting.context["summary"]["withheld"]
    assert waiting.context["summary"]["answered"] == "3 de 3"
    assert shown.context["variables"][0]["mean"] == "4,33"
    assert shown.context["variables"][0]["margin"] == "± 0,00"  # everybody answered
    assert len(shown.context["comments"]) == 3
    assert HOSTILE not in shown.content.decode()
    assert "alert(1)" in shown.content.decode()  # as text, for who coordinates
    assert "alert(1)" not in page_of(here.asesora).get(closed.get_absolute_url()).content.decode()
    two_of_three = results_of(closed, answers_of(closed)[:2], date(2025, 8, 1))
    assert (two_of_three.scores, two_of_three.answered) == ((), 2)


@pytest.mark.rule("GP-05")
def test_who_assisted_an_entity_neither_interviews_it_nor_sees_its_link_nor_answers_it(here):
    said = Said(date(2025, 6, 5), "question", theme="Formatos", summary="Se explicó.")
    own = log_assistance(here.entities[ONE], said, by=here.coordinador, now=NOW)
    question(here, TWO)
    survey = drawn(here)
    mine, other = (SampledEntity.objects.get(survey=survey, entity=here.entities[code]) for code in (ONE, TWO))
    page = page_of(here.coordinador)

    shown = page.get(survey.get_absolute_url()).content.decode()
    assert link_of(mine) not in shown
    assert link_of(other) in shown
    assert "lo envía otra persona" in shown
    void_assistance(own, reason="No fue.", by=here.coordinador, now=JULY + timedelta(hours=1))
    assert link_of(mine) not in page.get(survey.get_absolute_url()).content.decode()  # it was true when it was drawn
    with pytest.raises(Refused) as asked:
        record_interview(mine, ALL_FIVE, by=here.coordinador, now=JULY)
    assert codes(asked) == ["own_interview"]
    for session in (page, page_of(here.asesora)):  # who advises it, too
        assert session.post(link_of(mine), ALL_FIVE).status_code == 422
        assert "Usted asistió a esta entidad" in session.get(link_of(mine)).content.decode()
    assert page.post(link_of(other), ALL_FIVE).status_code == 422  # what they are told is an interview
    assert not PerceptionResponse.objects.exists()
    assert page_of(here.cast.pilar).post(link_of(mine), ALL_FIVE).status_code == 302
    assert Client().post(link_of(other), ALL_FIVE).status_code == 302


@pytest.mark.rule("GP-05")
def test_a_flood_of_answers_is_told_to_wait(here, monkeypatch):
    question(here)
    monkeypatch.setattr("tracking.views.perception_public.may_answer", lambda *_: False)
    answer = Client().post(link_of(SampledEntity.objects.get(survey=drawn(here))), ALL_FIVE)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
