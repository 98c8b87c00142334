"""The page of a consultation inside: who sees it, who acts on it, what comes back when something is wrong (PG-07b)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans import consultations
from plans.inbox_consultation import consultation_items
from plans.models import Consultation, Contribution
from tests import make, people
from tests.answers import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PG-07b")]
TERM = {"opens_on": date(2022, 2, 7), "closes_on": date(2022, 2, 18), "channel": "Página web"}
PAGE = "/planes/PLE-PIN/2022/consulta/"
DAYS = {"fechas-opens_on": "2022-02-07", "fechas-closes_on": "2022-02-18", "fechas-channel": "Página web"}
PAPER = {"nuevo-text": "Más parques", "nuevo-channel": "Carta", "nuevo-received_on": "2022-02-08"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2022, 2, 10, 17, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def plan(them):
    return make.management_plan(unit=them.process, by=them.luis, status="in_review")


def said(them, plan, count=1):
    if not Consultation.objects.filter(plan=plan).exists():
        consultations.open_consultation(plan, by=them.ana, **TERM)
    return [consultations.contribute(plan, author_name="Rosa", text=f"Aporte {one}") for one in range(count)]


def read(user, path=PAGE) -> str:
    return page_of(user).get(path).content.decode()


def test_the_days_are_set_on_the_page_and_shown_on_it(them, plan):
    browser = page_of(them.luis)

    answer = browser.post(f"{PAGE}abrir/", DAYS, follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    assert "18 de febrero de 2022" in answer.content.decode()
    assert Consultation.objects.get().opened_by == them.luis


def test_days_in_disorder_come_back_with_what_to_do(them, plan):
    answer = page_of(them.ana).post(f"{PAGE}abrir/", DAYS | {"fechas-closes_on": "2022-02-01"})

    assert answer.status_code == 422
    assert "Escriba un cierre igual o posterior a la apertura" in answer.content.decode()
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    ("who", "page", "opens", "waives"),
    [
        ("jorge", 200, 302, 302),
        ("ana", 200, 302, 403),
        ("luis", 200, 302, 403),
        ("pilar", 200, 403, 403),
        ("diana", 200, 403, 403),
        ("olga", 200, 403, 403),
        ("marta", 404, 404, 403),
        ("oscar", 404, 404, 403),
        ("alicia", 403, 403, 403),
    ],
)
def test_who_sees_the_page_and_who_acts(them, plan, who, page, opens, waives):
    browser = page_of(getattr(them, who))

    assert browser.get(PAGE).status_code == page
    assert browser.post(f"{PAGE}abrir/", DAYS).status_code == opens
    assert browser.post(f"{PAGE}eximir/", {"eximir-reason": "Lo regula la ley"}).status_code == waives


@pytest.mark.parametrize(
    ("who", "status"), [("ana", 302), ("luis", 302), ("pilar", 403), ("diana", 403), ("marta", 404), ("oscar", 404)]
)
def test_who_answers_a_contribution(them, plan, who, status):
    one = said(them, plan)[0]
    form = {f"aporte-{one.pk}-text": "Se acoge."}

    answer = page_of(getattr(them, who)).post(f"/planes/aportes/{one.pk}/responder/", form)

    one.refresh_from_db()
    assert (answer.status_code, one.answer) == (status, "Se acoge." if status == 302 else "")


@pytest.mark.parametrize("path", [f"{PAGE}{act}/" for act in ("abrir", "eximir", "aportes/nuevo")])
def test_an_act_is_only_posted(them, plan, path):
    assert page_of(them.jorge).get(path).status_code == 405


def test_who_may_not_act_reads_why_in_place_of_the_button(them, plan):
    page = read(them.pilar)

    assert "La consulta la llevan el equipo que lidera el plan" in page
    assert "Solo la jefatura de la Oficina Asesora de Planeación exime" in page
    assert f"{PAGE}abrir/" not in page


def test_a_draft_says_why_nothing_can_be_set(them):
    make.management_plan(unit=them.process, by=them.luis, status="draft")

    assert "El plan está en borrador" in read(them.jorge)


def test_what_arrived_on_paper_is_recorded_with_who_wrote_it_down(them, plan):
    consultations.open_consultation(plan, by=them.ana, **TERM)

    page_of(them.ana).post(f"{PAGE}aportes/nuevo/", PAPER)

    made = Contribution.objects.get()
    assert (made.recorded_by, made.channel) == (them.ana, "Carta")
    assert "Lo registró Ana Analista." in read(them.luis)


def test_a_record_without_words_comes_back_as_it_was(them, plan):
    consultations.open_consultation(plan, by=them.ana, **TERM)

    answer = page_of(them.ana).post(f"{PAGE}aportes/nuevo/", PAPER | {"nuevo-text": " "})

    assert answer.status_code == 422
    assert 'value="Carta"' in answer.content.decode()


def test_an_answer_given_meanwhile_is_not_overwritten_and_says_who(them, plan):
    one = said(them, plan)[0]
    consultations.answer(one, text="Se acoge.", by=them.jorge)

    answer = page_of(them.ana).post(
        f"/planes/aportes/{one.pk}/responder/", {f"aporte-{one.pk}-text": "No"}, follow=True
    )

    assert "Jorge Jefe respondió este aporte el 10 de febrero de 2022, 12:00" in answer.content.decode()
    assert Contribution.objects.get().answer == "Se acoge."


def test_an_answer_without_words_keeps_the_reason_that_was_typed(them, plan):
    one = said(them, plan)[0]
    form = {f"aporte-{one.pk}-text": "", f"aporte-{one.pk}-withheld_reason": "Insultos"}

    answer = page_of(them.ana).post(f"/planes/aportes/{one.pk}/responder/?pagina=9", form)

    assert answer.status_code == 422
    assert 'value="Insultos"' in answer.content.decode()


def test_a_contribution_that_waits_comes_before_the_answered_ones(them, plan):
    first, second = said(them, plan, 2)
    consultations.answer(first, text="Se acoge.", by=them.ana)

    page = read(them.ana)

    assert page.index(f'id="aporte-{second.pk}"') < page.index(f'id="aporte-{first.pk}"')


def test_the_page_asks_as_many_questions_with_one_contribution_as_with_many(them, plan):
    browser, counts = page_of(them.ana), []
    for more in (1, 19):
        said(them, plan, more)
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_what_waits_and_what_ends_is_in_the_inbox_of_those_who_keep_it(them, plan, clock):
    said(them, plan, 2)
    before = [item["title"] for item in consultation_items(them.ana)]
    clock.move_to(datetime(2022, 2, 15, 17, tzinfo=UTC))
    near = [(item["title"], item["due_on"]) for item in consultation_items(them.luis)]

    assert before == ["Responder 2 aportes de la ciudadanía"]
    assert near[1] == (f"La consulta ciudadana de {plan} está por terminar", date(2022, 2, 18))
    assert [list(consultation_items(getattr(them, who))) for who in ("pilar", "marta", "oscar", "diana")] == [[]] * 4


def test_an_answered_consultation_leaves_the_inbox(them, plan):
    one = said(them, plan)[0]
    consultations.answer(one, text="Se acoge.", by=them.ana)

    assert list(consultation_items(them.ana)) == []
