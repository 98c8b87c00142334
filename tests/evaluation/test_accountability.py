"""Rendición de cuentas: preparing, announcing, asking without an account, answering, promising, closing."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.accountability import events, questions
from evaluation.models import AccountabilityCorrection, AccountabilityEvent, CitizenQuestion
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


def report(title: str = "Informe") -> SimpleUploadedFile:
    return SimpleUploadedFile("informe.pdf", pdf(title, []))


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


@pytest.mark.rule("WF1")
def test_a_second_click_makes_no_second_question():
    them = people.cast()
    event, browser = announced(them), Client()
    token = re.search(r'name="token" value="([^"]+)"', browser.get(public(event)).content.decode())[1]
    other = re.search(r'name="token" value="([^"]+)"', browser.get(public(event)).content.decode())[1]
    typed = {"text": "¿Y las obras?", "author_name": "Vecina", "website": ""}

    sent = [browser.post(public(event), typed | {"token": one})["Location"] for one in (token, token, other)]
    browser.post(public(event), typed | {"token": token, "text": "¿Y la plaza?"})
    browser.post(public(event), typed)
    browser.post(public(event), typed)

    assert sent[0] == sent[1] != sent[2]
    texts = list(CitizenQuestion.objects.order_by("pk").values_list("text", flat=True))
    assert texts == ["¿Y las obras?", "¿Y las obras?", "¿Y la plaza?", "¿Y las obras?", "¿Y las obras?"]
    assert AuditEvent.objects.filter(verb="question_received").count() == 5


@pytest.mark.rule("WF1")
def test_a_question_noted_twice_from_one_form_is_one():
    them = people.cast()
    event, browser = announced(them), page_of(them.ana)
    base = f"/sectores/gestion-publica/pes/2020/rendicion/{event.pk}/"
    token = re.search(r'name="question-token" value="([^"]+)"', browser.get(base).content.decode())[1]
    typed = {"question-text": "¿Cuándo?", "question-channel": "Carta", "question-received_on": today().isoformat()}

    answers = [browser.post(f"{base}preguntas/", typed | {"question-token": token}).status_code for _ in range(2)]

    assert (answers, CitizenQuestion.objects.count()) == ([302, 302], 1)


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


@pytest.mark.rule("AZ13")
def test_a_report_that_citizens_read_is_replaced_with_a_reason_and_stays_labelled(media_root):
    them = people.cast()
    event = prepared(them)
    events.publish_report(event, upload=report(), by=them.ana)
    events.publish_report(event, upload=report("Borrador corregido"), by=them.ana)
    events.announce(event, by=them.ana)
    events.mark_held(event, attendance=3, by=them.ana)

    same = events.publish_report(event, upload=report("Borrador corregido"), by=them.ana)
    with pytest.raises(Refused) as silent:
        events.publish_report(event, upload=report("Otras cifras"), by=them.ana)
    before = event.report_file
    events.publish_report(event, upload=report("Otras cifras"), reason=f"Una cifra mal. {HOSTILE}", by=them.ana)

    assert (same, codes(silent)) == (False, ["reason_missing"])
    correction = event.corrections.get()  # none of what changed before anybody could read it
    assert (correction.report_file, correction.made_by) == (before, them.ana)
    page = Client().get(public(event)).content.decode()
    replaced = f"{public(event)}informe/{correction.pk}/"
    assert replaced in page
    assert "Informe reemplazado el" in page
    assert "Reemplaza un informe anterior" in page
    assert "Una cifra mal. &lt;script&gt;" in page
    assert "Ana" not in page
    served = Client().get(replaced)
    assert hashlib.sha256(b"".join(served.streaming_content)).hexdigest() == before.sha256
    told = AuditEvent.objects.get(verb="accountability_report_replaced")
    assert (told.before["sha256"], told.reason) == (before.sha256, correction.reason)
    with pytest.raises(DatabaseError), transaction.atomic():
        AccountabilityCorrection.objects.filter(pk=correction.pk).update(reason="Otro")


@pytest.mark.rule("AZ13")
def test_a_replaced_file_with_personal_data_is_told_of_and_not_handed_over(media_root):
    them = people.cast()
    event = announced(them)
    events.publish_report(event, upload=report(), by=them.ana)
    url = f"/sectores/gestion-publica/pes/2020/rendicion/{event.pk}/"
    browser = page_of(them.ana)

    form = browser.get(url).content.decode()
    sent = {"report-file": report("Sin cédulas"), "report-withhold": "on"}
    silent = browser.post(f"{url}informe/", sent)
    sent["report-file"] = report("Sin cédulas")
    done = browser.post(f"{url}informe/", sent | {"report-reason": "Traía cédulas."})

    assert "Reemplazar el informe" in form
    assert (silent.status_code, done.status_code) == (422, 302)
    page, correction = Client().get(public(event)).content.decode(), event.corrections.get()
    assert "Traía cédulas." in page
    assert "porque tenía datos personales" in page
    assert f"informe/{correction.pk}/" not in page
    assert Client().get(f"{public(event)}informe/{correction.pk}/").status_code == 404
    assert str(correction.report_file_id) in browser.get(url).content.decode()


@pytest.mark.rule("AZ13")
def test_what_changes_of_a_held_event_says_why_and_what_it_said_before(media_root):
    them = people.cast()
    event = announced(them, held_on=today())
    read = fingerprint(events.facts_of(event))
    assert events.correct_event(event, draft(place="Plaza"), read=read, by=them.ana)
    assert not event.corrections.exists()
    events.publish_report(event, upload=report(), by=them.ana)
    events.mark_held(event, attendance=3, by=them.ana)
    url = f"/sectores/gestion-publica/pes/2020/rendicion/{event.pk}/corregir/"
    browser, said = page_of(them.ana), draft(place="Plaza", topics="Metas")
    typed = {name: value or "" for name, value in events.facts_of(AccountabilityEvent(**said.values())).items()}
    typed["read"] = fingerprint(events.facts_of(event))

    silent = browser.post(url, typed)
    with pytest.raises(Refused) as refused:
        events.correct_event(event, said, read=typed["read"], by=them.ana)
    unchanged = events.correct_event(event, draft(place="Plaza"), read=typed["read"], by=them.ana)
    done = browser.post(url, typed | {"reason": "No se trataron los recursos."})

    assert (silent.status_code, codes(refused), unchanged, done.status_code) == (422, ["reason_missing"], False, 302)
    assert event.corrections.get().before == {"topics": "Metas\nRecursos"}
    page = Client().get(public(event)).content.decode()
    assert "No se trataron los recursos." in page
    assert "Metas\nRecursos" in page
    assert (
        AuditEvent.objects.filter(verb="accountability_changed").latest("pk").reason == "No se trataron los recursos."
    )


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
