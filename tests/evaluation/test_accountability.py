"""Rendición de cuentas: preparing, announcing, asking without an account, answering, promising, closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.accountability import events, questions
from evaluation.models import AccountabilityEvent, CitizenQuestion
from evaluation.phase_providers import inbox
from evaluation.rules.accountability_states import EventStatus
from pes.edits import StaleEdit, fingerprint
from pes.models import AuditEvent
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes, page_of
from tracking.demo_evidence import pdf

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def today() -> date:
    return timezone.localdate()


def draft(**changed: object) -> events.EventDraft:
    said = events.EventDraft(
        title="Rendición del semestre", held_on=today(), starts_at=None, place="Auditorio", link="",
        topics="Metas\nRecursos", invitation="Los esperamos.", questions_until=today() + timedelta(days=10),
    )  # fmt: skip
    return replace(said, **changed)


def prepared(them: people.Cast, **changed: object) -> AccountabilityEvent:
    plan = make.plan(sector=them.sector)
    return events.prepare_event(plan, draft(**changed), by=them.ana)


def announced(them: people.Cast, **changed: object) -> AccountabilityEvent:
    event = prepared(them, **changed)
    events.announce(event, by=them.ana)
    return event


def report() -> SimpleUploadedFile:
    return SimpleUploadedFile("informe.pdf", pdf("Informe", []))


def public(event: AccountabilityEvent) -> str:
    return f"/publico/rendicion/{event.pk}/"


def test_an_event_is_prepared_once_and_citizens_see_it_when_it_is_announced():
    them = people.cast()
    event = prepared(them)

    again = events.prepare_event(event.plan, draft(), by=them.ana)
    hidden = Client().get(public(event)).status_code
    events.announce(event, by=them.ana)

    assert (again.pk, hidden, event.status) == (event.pk, 404, EventStatus.ANNOUNCED)
    assert Client().get(public(event)).status_code == 200
    assert "Rendición del semestre" in Client().get("/publico/rendicion/").content.decode()
    with pytest.raises(Refused) as refused:
        events.prepare_event(event.plan, draft(topics="Otros temas"), by=them.jorge)
    assert codes(refused) == ["repeated"]


def test_an_event_moves_only_forward_and_when_each_step_has_what_it_needs():
    them = people.cast()
    event = prepared(them, place="", invitation="")

    with pytest.raises(Refused) as bare:
        events.announce(event, by=them.ana)
    assert codes(bare) == ["place_missing", "invitation_missing"]
    assert events.correct_event(event, draft(), read=fingerprint(events.facts_of(event)), by=them.ana)
    with pytest.raises(StaleEdit):
        events.correct_event(event, draft(title="Otro"), read="", by=them.ana)
    events.announce(event, by=them.ana)
    with pytest.raises(Refused) as unreported:
        events.mark_held(event, attendance=10, by=them.ana)
    assert codes(unreported) == ["report_missing"]
    events.publish_report(event, upload=report(), by=them.ana)
    events.mark_held(event, attendance=10, by=them.ana)
    with pytest.raises(Refused) as early:
        events.close(event, evaluation="", by=them.ana)
    assert codes(early) == ["questions_open", "evaluation_missing"]
    later = timezone.now() + timedelta(days=11)
    events.close(event, evaluation="Resultó bien.", by=them.ana, now=later)
    assert event.status == EventStatus.CLOSED
    with pytest.raises(Refused) as closed:
        events.publish_report(event, upload=report(), by=them.ana)
    assert codes(closed) == ["event_closed"]


def test_only_who_keeps_accountability_prepares_and_answers():
    them = people.cast()
    event = announced(them)
    asked = questions.ask(event, author_name="", text="¿Y las obras?")

    with pytest.raises(PermissionDenied):
        events.prepare_event(event.plan, draft(title="Otra"), by=them.elena)
    with pytest.raises(PermissionDenied):
        questions.answer(asked, text="Van bien.", office=them.head, by=them.diana)
    with pytest.raises(Refused) as refused:
        questions.answer(asked, text="Van bien.", office=them.other_entity, by=them.ana)

    assert codes(refused) == ["unit_foreign"]


def test_a_citizen_asks_without_account_and_reads_the_answer_with_its_office():
    them = people.cast()
    event, browser = announced(them), Client()

    sent = browser.post(public(event), {"text": HOSTILE, "author_name": HOSTILE, "website": ""})
    asked = CitizenQuestion.objects.get()
    receipt = browser.get(sent["Location"])
    before = browser.get(public(event)).content.decode()
    questions.answer(asked, text="Van al 60 %.", office=them.head, by=them.ana)
    after = browser.get(public(event)).content.decode()

    assert (sent.status_code, receipt.status_code) == (302, 200)
    assert browser.get(f"{public(event)}recibida/1/").status_code == 404
    assert "alert(1)" not in before
    assert "Secretaría General" in after
    assert "&lt;script&gt;alert(1)" in after
    assert "<img src=x" not in after
    kept = AuditEvent.objects.get(verb="question_received").after
    assert kept == {"channel": "Página web", "characters": len(HOSTILE)}


def test_a_question_with_insults_is_answered_without_publishing_its_words():
    them = people.cast()
    event = announced(them)
    asked = questions.ask(event, author_name="Alguien", text="Palabras ofensivas")

    questions.answer(asked, text="Respetuosamente.", office=them.head, by=them.ana, withheld_reason="Insultos")
    page = Client().get(public(event)).content.decode()

    assert "Palabras ofensivas" not in page
    assert "Alguien" not in page
    assert "Respetuosamente." in page
    with pytest.raises(Refused) as refused:
        questions.answer(asked, text="Otra.", office=them.head, by=them.jorge)
    assert codes(refused) == ["already_answered"]


def test_machines_and_floods_are_refused_and_nothing_typed_is_lost():
    them = people.cast()
    event, browser = announced(them), Client()
    cache.clear()

    machine = browser.post(public(event), {"text": "Compre", "website": "http://x"})
    answers = [browser.post(public(event), {"text": f"Pregunta {n}", "website": ""}) for n in range(31)]

    assert machine.status_code == 422
    assert [one.status_code for one in answers] == [302] * 30 + [429]
    assert "Pregunta 30" in answers[-1].content.decode()
    assert answers[-1]["Retry-After"] == "3600"


def test_questions_are_refused_once_their_term_has_passed():
    them = people.cast()
    event = announced(them)
    late = timezone.now() + timedelta(days=11)

    with pytest.raises(Refused) as refused:
        questions.ask(event, author_name="", text="¿Y las obras?", received_at=late)

    assert codes(refused) == ["questions_closed"]


def test_the_report_of_an_announced_event_is_served_to_everybody():
    them = people.cast()
    event = prepared(them)
    events.publish_report(event, upload=report(), by=them.ana)
    before = Client().get(f"{public(event)}informe/").status_code
    events.announce(event, by=them.ana)

    served = Client().get(f"{public(event)}informe/")

    assert (before, served.status_code) == (404, 200)
    assert b"".join(served.streaming_content).startswith(b"%PDF")
    with pytest.raises(Refused):
        events.publish_report(event, by=them.ana)


def test_commitments_are_public_and_kept_once():
    them = people.cast()
    event = announced(them)
    made = events.promise(event, text="Publicar cada mes.", unit=them.head, due_on=today(), by=them.ana)
    waiting = [item["kind"] for item in inbox(them.ana)]

    events.keep_promise(made, outcome="Se publica desde abril.", by=them.ana)
    page = Client().get(public(event)).content.decode()

    assert waiting == ["promise"]
    assert "Se publica desde abril." in page
    with pytest.raises(Refused) as refused:
        events.keep_promise(made, outcome="Otra vez.", by=them.ana)
    assert codes(refused) == ["kept_already"]
    with pytest.raises(Refused) as early:
        events.promise(event, text="Antes.", unit=them.head, due_on=date(2020, 1, 1), by=them.ana)
    assert codes(early) == ["due_before_event"]


def test_the_page_of_an_event_holds_every_act_and_tells_who_may():
    them = people.cast()
    event = announced(them)
    questions.ask(event, author_name=HOSTILE, text=HOSTILE)
    base = f"/sectores/gestion-publica/pes/2020/rendicion/{event.pk}/"
    ana, asked = page_of(them.ana), CitizenQuestion.objects.get()
    said = {f"answer-{asked.pk}-text": "Bien.", f"answer-{asked.pk}-office": them.head.pk}

    shown = ana.get(base).content.decode()
    blank = ana.post(f"{base}preguntas/{asked.pk}/responder/", {})
    noted = ana.post(
        f"{base}preguntas/",
        {"question-text": "¿Cuándo?", "question-channel": "En el evento", "question-received_on": today().isoformat()},
    )
    answered = ana.post(f"{base}preguntas/{asked.pk}/responder/", said)

    assert "<script>alert" not in shown
    assert (blank.status_code, noted.status_code, answered.status_code) == (422, 302, 302)
    assert CitizenQuestion.objects.filter(channel="En el evento").exists()
    assert page_of(them.diana).post(f"{base}convocar/").status_code == 403
    assert page_of(them.oscar).get(base).status_code == 404
    assert [item["kind"] for item in inbox(them.jorge)] == ["accountability"]


def test_pages_of_events_cost_the_same_with_many_questions():
    them = people.cast()
    event = announced(them)
    first = questions.ask(event, author_name="", text="Una")
    questions.answer(first, text="Sí.", office=them.head, by=them.ana)
    browser = page_of(them.diana)
    urls = (f"/sectores/gestion-publica/pes/2020/rendicion/{event.pk}/", public(event))

    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200
        return len(queries)

    cost(urls[0])
    few = [cost(url) for url in urls]
    for n in range(8):
        asked = questions.ask(event, author_name="", text=f"Pregunta {n}")
        questions.answer(asked, text="Sí.", office=them.head, by=them.ana)

    assert [cost(url) for url in urls] == few
