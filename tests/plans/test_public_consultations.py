"""The consultation without an account: between two days, without names of staff, with an answer to each (PG-07b, AZ12)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pes.models import AuditEvent
from plans import consultations, lifecycle
from plans.editing import CellChange, change_goals
from plans.models import Contribution
from tests import make, people, plan_makers
from tests.answers import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PG-07b")]
TERM = {"opens_on": date(2022, 2, 7), "closes_on": date(2022, 2, 18), "channel": "Página web"}
LIST, PAGE = "/publico/consultas/", "/publico/consultas/PLE-PIN/2022/"
SAID = {"text": "Más parques", "author_name": "", "website": ""}
CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7|add:7 }}{% csrf_token %}",
)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2022, 2, 10, 17, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def plan(them):
    made = make.management_plan(unit=them.process, by=them.luis, status="in_review")
    consultations.open_consultation(made, by=them.ana, **TERM)
    return made


def read(client, path=PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def test_a_citizen_reads_the_proposal_comments_and_gets_a_receipt(plan, client):
    page = read(client)
    answer = client.post(PAGE, SAID, follow=True)
    made = Contribution.objects.get()

    assert "Atender 100 solicitudes" in page
    assert "Ley 1581 de 2012" in page
    assert (made.text, made.author_name, made.recorded_by) == ("Más parques", "", None)
    assert answer.redirect_chain[0][1] == 302
    assert f"n.º {made.pk}</b>, recibido el 10 de febrero de 2022, 12:00" in answer.content.decode()
    assert "data-pes-success" in answer.content.decode()


def test_the_form_works_with_the_token_of_an_anonymous_visitor_and_not_without(plan):
    browser = Client(enforce_csrf_checks=True)
    browser.get(PAGE)
    token = browser.cookies["csrftoken"].value

    assert browser.post(PAGE, SAID).status_code == 403
    assert browser.post(PAGE, SAID | {"csrfmiddlewaretoken": token}).status_code == 302


def test_it_asks_for_no_mail_no_document_and_no_account(plan, client):
    page = read(client)

    assert [page.count(f'type="{kind}"') for kind in ("email", "password", "tel", "file")] == [0, 0, 0, 0]
    assert page.count("<textarea") == 1


@pytest.mark.parametrize(
    ("instant", "words", "form"),
    [
        (datetime(2022, 2, 7, 4, 59, 59, tzinfo=UTC), "Abre el 7 de febrero de 2022", False),
        (datetime(2022, 2, 7, 5, tzinfo=UTC), "Puede participar hasta el 18 de febrero de 2022", True),
        (datetime(2022, 2, 19, 4, 59, 59, tzinfo=UTC), "Es el último día", True),
        (datetime(2022, 2, 19, 5, tzinfo=UTC), "Estuvo abierta del 7 de febrero de 2022 al 18 de febrero", False),
    ],
    ids=["last second before", "first second", "last second", "first second after"],
)
def test_the_form_is_there_between_midnights_of_bogota_and_otherwise_it_says_when(
    plan, client, clock, instant, words, form
):
    clock.move_to(instant)
    page = read(client)

    assert words in page
    assert ("<textarea" in page) is form
    assert client.post(PAGE, SAID).status_code == (302 if form else 422)
    assert Contribution.objects.count() == form


def test_what_was_typed_too_late_is_answered_and_not_kept(plan, client, clock):
    clock.move_to(datetime(2022, 2, 19, 5, tzinfo=UTC))

    answer = client.post(PAGE, SAID)

    assert "Su aporte no se envió" in answer.content.decode()


def test_before_it_opens_the_proposal_is_not_shown(plan, client, clock):
    clock.move_to(datetime(2022, 2, 6, 17, tzinfo=UTC))

    assert "Atender 100 solicitudes" not in read(client)


@pytest.mark.rule("AZ12")
def test_what_is_shown_is_what_was_sent_and_never_the_rows_nor_the_review(them, plan, client):
    plan_makers.observed(plan, "Observación canario")
    change_goals(plan, [CellChange(1, "text", "Texto canario sin enviar")], by=them.luis)

    page = read(client)

    assert "canario" not in page
    assert "Con observaciones" not in page
    assert "Atender 100 solicitudes" in page


@pytest.mark.rule("AZ12")
def test_no_name_of_staff_reaches_a_citizen(them, plan, client):
    said = consultations.contribute(plan, author_name="", text="Más parques")
    consultations.answer(said, text="Se acoge.", by=them.ana)
    consultations.record_contribution(plan.consultation, author_name="", text="Sí", channel="Carta", by=them.luis)

    pages = read(client) + read(client, LIST)

    assert "Se acoge." in pages
    for person in vars(them).values():
        assert getattr(person, "full_name", "") == "" or person.full_name not in pages


def test_a_contribution_is_published_with_its_answer_and_not_before(them, plan, client):
    client.post(PAGE, SAID | {"author_name": "Rosa Canario"})
    made = Contribution.objects.get()
    before = read(client)
    consultations.answer(made, text="Se acoge.", by=them.ana)
    after = read(client)

    assert "Más parques" not in before
    assert "Rosa Canario" not in before
    assert "Todavía no hay aportes respondidos" in before
    assert all(words in after for words in ("Más parques", "Rosa Canario", "Se acoge.", f"Aporte n.º {made.pk}"))


def test_what_is_withheld_shows_its_answer_and_neither_words_nor_name_nor_reason(them, plan, client):
    made = consultations.contribute(plan, author_name="Rosa Canario", text="Palabras canario")
    consultations.answer(made, text="Le pedimos respeto.", by=them.ana, withheld_reason="Motivo canario")

    page = read(client)

    assert "anario" not in page
    assert "No publicamos las palabras de este aporte" in page
    assert "Le pedimos respeto." in page


@pytest.mark.parametrize("text", CORPUS)
def test_a_hostile_text_is_shown_as_a_text(them, plan, client, text):
    client.post(PAGE, SAID | {"text": text, "author_name": text[:60]})
    consultations.answer(Contribution.objects.get(), text=text, by=them.ana)

    inside = page_of(them.ana).get("/planes/PLE-PIN/2022/consulta/").content.decode()
    for page in (client.get(PAGE).content.decode(), inside):
        assert text in unescape(page)
        assert not any(tag in page for tag in ("<script>alert", "<img src=x", "<svg/onload"))


@pytest.mark.parametrize("text", ["", "  \u200b ", "x" * 3001])
def test_nothing_or_too_much_comes_back_with_what_to_do(plan, client, text):
    answer = client.post(PAGE, SAID | {"text": text, "author_name": "Rosa"})

    assert answer.status_code == 422
    assert 'value="Rosa"' in answer.content.decode()
    assert not Contribution.objects.exists()


def test_three_thousand_characters_with_the_line_breaks_of_a_browser_fit(plan, client):
    assert client.post(PAGE, SAID | {"text": "x\r\n" * 1499 + "xx"}).status_code == 302


def test_a_box_that_only_machines_fill_keeps_the_comment_out_and_a_person_may_send_again(plan, client):
    answer = client.post(PAGE, SAID | {"website": "https://spam.invalid"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "spam.invalid" not in page
    assert "Más parques" in page
    assert not Contribution.objects.exists()


@pytest.mark.rule("LD3")
def test_a_sixth_comment_within_an_hour_waits_with_its_words_kept(plan, client, clock):
    sent = [client.post(PAGE, SAID).status_code for _ in range(5)]
    refused = client.post(PAGE, SAID | {"text": "El sexto"})
    elsewhere = client.post(PAGE, SAID, REMOTE_ADDR="203.0.113.9").status_code
    clock.shift(3601)
    later = client.post(PAGE, SAID).status_code

    assert (sent, refused.status_code, elsewhere, later) == ([302] * 5, 429, 302, 302)
    assert "El sexto" in refused.content.decode()
    assert "inténtelo de nuevo en una hora" in refused.content.decode()
    assert refused["Retry-After"] == "3600"
    assert Contribution.objects.count() == 7


@pytest.mark.rule("LD3")
def test_a_household_is_one_sender_whatever_its_address(plan, client):
    sent = [client.post(PAGE, SAID, REMOTE_ADDR=f"2001:db8::{one}").status_code for one in range(1, 7)]

    assert sent == [302] * 5 + [429]


@pytest.mark.rule("LD3")
def test_ipv4_senders_are_told_apart_on_a_socket_for_both_families(plan, client):
    sent = [client.post(PAGE, SAID, REMOTE_ADDR=f"::ffff:192.0.2.{one}").status_code for one in range(1, 7)]
    sent += [client.post(PAGE, SAID, REMOTE_ADDR="192.0.2.1").status_code for _ in range(5)]

    assert sent == [302] * 10 + [429]


def test_a_comment_on_one_plan_takes_nothing_from_another(them, plan, client):
    other = make.management_plan(unit=them.alcaldia, by=them.marta, status="in_review")
    consultations.open_consultation(other, by=them.ana, **TERM)
    for _ in range(6):
        client.post(PAGE, SAID)

    assert client.post("/publico/consultas/AL-01/2022/", SAID).status_code == 302


def test_a_receipt_is_only_for_who_sent_the_comment(plan, client):
    own = client.post(PAGE, SAID)["Location"]
    signed = own.rstrip("/").rsplit("/", 1)[1]

    assert client.get(own).status_code == 200
    assert "private" in client.get(own)["Cache-Control"]
    for token in ("1", "1:x", signed[:-1], f"2{signed[1:]}", "x" * 3000):
        assert client.get(f"{PAGE}recibido/{token}/").status_code == 404


@pytest.mark.rule("AZ12")
def test_what_is_not_consulted_is_not_found(them, client):
    make.management_plan(unit=them.process, by=them.luis, status="in_review")
    waived = make.management_plan(unit=them.alcaldia, by=them.marta, status="in_review")
    consultations.open_consultation(waived, by=them.ana, **TERM)
    consultations.waive(waived, reason="Lo regula la ley", by=them.jorge)

    answers = [client.get(f"/publico/consultas/{code}/2022/") for code in ("PLE-PIN", "AL-01", "NADA")]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert answers[0].content == answers[1].content == answers[2].content
    assert client.post(PAGE, SAID).status_code == 404
    assert "PLE-PIN" not in read(client, LIST)


def test_the_list_parts_open_from_past_and_says_until_when(them, plan, client, clock):
    opened = read(client, LIST)
    clock.move_to(datetime(2022, 2, 19, 5, tzinfo=UTC))
    past = read(client, LIST)

    assert "Puede participar hasta el 18 de febrero de 2022." in opened
    assert "Hoy no hay consultas abiertas" in past
    assert PAGE in past


def test_after_the_consultation_the_page_leads_to_the_plan_that_was_published(them, plan, client, clock):
    clock.move_to(datetime(2022, 2, 20, 17, tzinfo=UTC))
    plan_makers.validated(plan, by=them.luis)
    lifecycle.make_official(plan, hola_case="HOLA-1", hola_on=date(2022, 2, 20), by=them.luis)
    plan_makers.published(plan, by=them.luis)

    assert 'href="/publico/planes/PLE-PIN/2022/"' in read(client)


@pytest.mark.rule("LD3")
def test_caches_keep_the_list_and_past_consultations_and_never_the_token_of_a_form(plan, client, clock):
    during = client.get(PAGE)
    clock.move_to(datetime(2022, 2, 19, 5, tzinfo=UTC))
    client.cookies.clear()
    after, listed = client.get(PAGE), client.get(LIST)

    assert during["Cache-Control"] == "private, no-cache"
    assert [answer["Cache-Control"] for answer in (after, listed)] == ["public, max-age=300"] * 2
    assert not after.cookies


@pytest.mark.rule("AZ16")
def test_other_methods_give_no_more(plan, client):
    head = client.head(PAGE)

    assert (head.status_code, head.content) == (200, b"")
    assert [client.generic(method, PAGE).status_code for method in ("OPTIONS", "PUT", "DELETE")] == [405] * 3
    assert client.post(LIST).status_code == 405


def test_a_name_and_words_of_a_citizen_are_in_no_trail(plan, client):
    client.post(PAGE, SAID | {"author_name": "Rosa Canario", "text": "Palabras canario"})

    trail = "".join(f"{event.after}{event.before}{event.reason}" for event in AuditEvent.objects.all())
    assert "anario" not in trail


def test_the_page_asks_as_many_questions_with_one_answer_as_with_many(them, plan):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            Client().get(PAGE)
        return len(queries)

    counts = []
    for more in (1, 9):
        for one in range(more):
            said = consultations.contribute(plan, author_name="", text=f"Aporte {one}")
            consultations.answer(said, text="Se acoge.", by=them.ana)
        counts.append(asked())

    assert counts[0] == counts[1]
