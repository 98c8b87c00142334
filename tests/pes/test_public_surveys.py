"""The survey without an account: an office behind one address may answer, a flood may not (LC-05, done means 3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from pes.models import Survey, SurveyResponse, SurveyText
from pes.participation.pacing import PACE, Network
from pes.participation.survey_results import results_of, term_said
from pes.participation.surveys import close_expired, close_survey, moderate, prepare_survey, publish_survey
from tests import make
from tests.people import Cast, cast
from tests.pes.survey_makers import CLOSES, Citizen, asked, survey, ticket_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-05")]
NOON = "2022-03-10T17:00:00Z"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as moving:
        yield moving


@pytest.fixture
def them() -> Cast:
    return cast()


@pytest.fixture
def asking(clock, them: Cast) -> Survey:
    return survey(make.plan(sector=them.sector), them.ana)


def answered(asking: Survey) -> int:
    return SurveyResponse.objects.filter(survey=asking).count()


def test_two_hundred_browsers_behind_one_address_answer_in_a_few_minutes(asking: Survey, clock) -> None:
    people = [Citizen(asking) for _ in range(200)]
    statuses = []
    for group in range(0, 200, 50):  # fifty open it in a minute, read it for half of it, and answer
        forms = [
            (person, person.form(f"{group}-{place}") if place % 5 else ticket_of(person.look()))
            for place, person in enumerate(people[group : group + 50])
        ]
        clock.shift(timedelta(seconds=30))
        statuses += [person.send(ticket, 1).status_code for person, ticket in forms]
        clock.shift(timedelta(seconds=30))

    assert statuses == [302] * 200
    assert answered(asking) == 200


def test_a_script_that_did_not_fetch_the_form_is_refused(asking: Survey) -> None:
    script = Citizen(asking)

    assert [script.send(ticket, 1).status_code for ticket in ("", "x.y.z", "a" * 4000)] == [422] * 3
    assert answered(asking) == 0


def test_a_form_is_good_for_one_browser_once(asking: Survey, clock) -> None:
    honest, thief = Citizen(asking), Citizen(asking)
    ticket = ticket_of(honest.look())
    thief.look()
    clock.shift(timedelta(seconds=10))

    assert thief.send(ticket, 2).status_code == 422
    assert honest.send(ticket, 1).status_code == 302
    again = honest.send(ticket, 2)
    honest.client.cookies.clear()
    renamed = honest.send(ticket, 2)
    assert (again.status_code, renamed.status_code, answered(asking)) == (302, 422, 1)
    assert results_of(asking).options[0].online == 1


def test_a_form_of_another_survey_or_of_yesterday_is_refused(asking: Survey, them: Cast, clock) -> None:
    other = survey(asking.plan, them.ana, title="Otra")
    person = Citizen(asking)
    foreign = ticket_of(person.client.get(other.public_url))
    own = ticket_of(person.look())
    clock.shift(timedelta(seconds=10))
    assert person.send(foreign, 1).status_code == 422

    clock.shift(timedelta(hours=25))
    answer = person.send(own, 1)
    assert answer.status_code == 422
    clock.shift(timedelta(seconds=10))
    assert person.send(ticket_of(answer), 1).status_code == 302


def test_an_answer_faster_than_anybody_reads_waits_and_is_kept(asking: Survey, clock) -> None:
    person = Citizen(asking)
    ticket = ticket_of(person.look())

    hasty = person.send(ticket, 1, 3, which="Parques <b>grandes</b>")

    assert (hasty.status_code, hasty["Retry-After"], answered(asking)) == (429, "3", 0)
    page = hasty.content.decode()
    assert page.count("checked") == 2
    assert "Parques &lt;b&gt;grandes&lt;/b&gt;" in page
    clock.shift(timedelta(seconds=3))
    assert person.send(ticket_of(hasty), 1, 3, which="Parques").status_code == 302


def test_the_more_forms_a_network_asks_for_the_longer_they_wait(asking: Survey) -> None:
    last = [Network.of(asking.pk, "203.0.113.7").wait() for _ in range(200)][-1]

    assert last == PACE.longest_wait
    assert Network.of(asking.pk, "198.51.100.1").wait() == PACE.first_wait


def test_a_flood_of_one_network_is_slowed_and_nobody_else_is(asking: Survey) -> None:
    flood = Network.of(asking.pk, "203.0.113.7")

    taken = [flood.may_answer() for _ in range(PACE.a_minute + 5)]
    assert taken == [True] * PACE.a_minute + [False] * 5
    assert Network.of(asking.pk, "198.51.100.1").may_answer()


def test_too_many_answers_of_everybody_wait_with_what_they_marked(asking: Survey, clock, monkeypatch) -> None:
    monkeypatch.setattr("pes.participation.pacing.PACE", PACE.__class__(everybody_a_minute=1))
    first, second = Citizen(asking), Citizen(asking, "198.51.100.1")
    tickets = [ticket_of(person.look()) for person in (first, second)]
    clock.shift(timedelta(seconds=10))
    assert first.send(tickets[0], 1).status_code == 302

    late = second.send(tickets[1], 2)
    assert (late.status_code, late["Retry-After"]) == (429, "60")
    assert "Vuelva a intentar" in late.content.decode()
    clock.shift(timedelta(seconds=60))
    assert second.send(ticket_of(late), 2).status_code == 302


def test_no_address_is_kept_and_its_digest_changes_every_day(asking: Survey, clock) -> None:
    person = Citizen(asking, "203.0.113.99")
    ticket = ticket_of(person.look())
    clock.shift(timedelta(seconds=10))
    person.send(ticket, 1)

    kept = repr(list(SurveyResponse.objects.values())) + repr(getattr(cache, "_cache", {}))
    assert "203.0.113.99" not in kept
    today = Network.of(asking.pk, "203.0.113.99")
    clock.shift(timedelta(days=1))
    assert Network.of(asking.pk, "203.0.113.99") != today


def test_a_machine_fills_the_hidden_box_and_a_person_may_send_again(asking: Survey, clock) -> None:
    person = Citizen(asking)
    ticket = ticket_of(person.look())
    clock.shift(timedelta(seconds=10))

    caught = person.send(ticket, 1, website="https://spam.invalid")
    assert (caught.status_code, answered(asking)) == (422, 0)
    assert person.send(ticket_of(caught), 1).status_code == 302


def test_a_second_visit_thanks_and_shows_the_results_once_published(asking: Survey, them: Cast, clock) -> None:
    person = Citizen(asking)
    ticket = ticket_of(person.look())
    clock.shift(timedelta(seconds=10))
    person.send(ticket, 3, which="Parques")
    thanks = person.look().content.decode()
    assert "Gracias" in thanks
    assert "Parques" not in thanks
    assert "Grupos étnicos" not in thanks

    close_survey(asking, by=them.ana)
    moderate(SurveyText.objects.get(), shown=True, by=them.ana)
    assert "Parques" not in Citizen(asking).look().content.decode()
    publish_survey(asking, by=them.ana)
    for page in (person.look(), Citizen(asking).look()):
        assert "Parques" in page.content.decode()


def test_a_draft_does_not_exist_and_an_ended_survey_says_so(asking: Survey, them: Cast, clock) -> None:
    draft = prepare_survey(asking.plan, asked(title="Otra"), by=them.ana)
    assert Client().get(draft.public_url).status_code == 404
    assert Client().get("/publico/encuestas/nada/").status_code == 404

    person = Citizen(asking)
    ticket = ticket_of(person.look())
    clock.move_to(f"{CLOSES}T23:59:59-05:00")
    assert person.look().status_code == 200
    clock.shift(timedelta(seconds=1))
    late = person.send(ticket, 1)
    assert (late.status_code, answered(asking)) == (422, 0)
    assert "no se recibió" in late.content.decode()


def test_a_survey_closed_early_stops_announcing_its_first_end(asking: Survey, them: Cast, clock) -> None:
    shorter = survey(asking.plan, them.ana, title="Otra", closes_on=date(2022, 3, 20))
    close_survey(asking, by=them.ana)
    clock.move_to("2022-03-22T17:00:00Z")
    close_expired(date(2022, 3, 22))

    page, listed = (Client().get(url).content.decode() for url in (asking.public_url, "/publico/encuestas/"))

    assert "Del 1 de marzo de 2022 al 10 de marzo de 2022" in page
    assert "Cerró antes del día anunciado, que era el 31 de marzo de 2022." in page
    assert "al 31 de marzo de 2022" not in page + listed
    assert "al 20 de marzo de 2022" in listed  # it was closed two days after its end, and took no answer in them
    assert listed.index(shorter.public_url) < listed.index(asking.public_url)


def test_a_survey_closed_before_its_first_day_says_that_it_never_opened(asking: Survey, them: Cast) -> None:
    early = survey(asking.plan, them.ana, title="Otra", opens_on=date(2022, 3, 20))

    close_survey(early, by=them.ana)

    early.refresh_from_db()
    assert term_said(early) == "Iba a abrir el 20 de marzo de 2022; se cerró antes, el 10 de marzo de 2022"


def test_the_list_for_everybody_has_what_was_opened(asking: Survey, them: Cast) -> None:
    prepare_survey(asking.plan, asked(title="Borrador"), by=them.ana)

    page = Client().get("/publico/encuestas/").content.decode()
    assert asking.public_url in page
    assert "Borrador" not in page
    assert "/publico/encuestas/" in Client().get("/publico/consultas/").content.decode()


def test_the_form_is_for_nobody_elses_cache(asking: Survey, them: Cast) -> None:
    page = Citizen(asking).look()

    assert "private" in page["Cache-Control"]
    assert page.cookies["encuesta"]["httponly"]
    close_survey(asking, by=them.ana)
    assert "public" in Citizen(asking).look()["Cache-Control"]
