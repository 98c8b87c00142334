"""A citizen survey is prepared, answered, counted on paper, moderated and published (LC-05)."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from pes import registry
from pes.edits import fingerprint
from pes.models import AuditEvent, Survey, SurveyResponse, SurveyStatus, SurveyText, TextStatus
from pes.participation.answering import answer
from pes.participation.paper import Count, correct_count, count_facts, record_count, withdraw_count
from pes.participation.survey_results import results_of, rows, write_results
from pes.participation.surveys import (
    close_survey,
    correct_survey,
    moderate,
    open_survey,
    prepare_survey,
    publish_survey,
    reopen_survey,
    survey_facts,
)
from pes.rules.problems import Refused
from pes.rules.surveys import OptionLine
from tests import make
from tests.answers import codes, page_of
from tests.people import Cast, cast
from tests.pes.survey_makers import CLOSES, OPENS, OTHER, asked, survey

pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-05")]


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel("2022-03-10T15:00:00Z", tick=False):
        yield


@pytest.fixture
def them() -> Cast:
    return cast()


@pytest.fixture
def asking(them: Cast) -> Survey:
    return survey(make.plan(sector=them.sector), them.ana)


def say(asking: Survey, who: str, *chosen: int, text: str = "") -> bool:
    """An answer of a browser, with a form of its own."""
    return answer(asking, browser=who, ticket=f"ticket-{who}", chosen=chosen, text=text)


def test_a_browser_answers_once_and_a_form_is_used_once(asking: Survey) -> None:
    assert say(asking, "uno", 1, 2)
    assert not say(asking, "uno", 3, text="Parques")
    assert not answer(asking, browser="otro", ticket="ticket-uno", chosen=[1])

    results = results_of(asking)
    assert [option.online for option in results.options] == [1, 1, 0]
    assert results.online == 1


def test_nothing_of_who_answered_is_kept(asking: Survey) -> None:
    say(asking, "uno", 1)

    kept = {field.name for field in SurveyResponse._meta.get_fields() if not field.is_relation}
    assert kept == {"id", "browser", "ticket", "received_on"}
    event = AuditEvent.objects.get(verb="survey_answered")
    assert (event.actor_id, event.after) == (None, {"survey": asking.pk, "options": [1]})


def test_citizens_answer_only_while_the_survey_is_open(asking: Survey, them: Cast) -> None:
    draft = prepare_survey(asking.plan, asked(title="Otra"), by=them.ana)
    with pytest.raises(Refused) as refused:
        say(draft, "uno", 1)
    assert codes(refused) == ["survey_not_open"]

    close_survey(asking, by=them.ana)
    with pytest.raises(Refused) as refused:
        say(asking, "uno", 1)
    assert codes(refused) == ["survey_closed"]


def test_who_manages_surveys_is_the_office_of_the_sector(asking: Survey, them: Cast) -> None:
    for other in (them.diana, them.luis, them.oscar, them.olga):
        with pytest.raises(PermissionDenied):
            prepare_survey(asking.plan, asked(title="Otra"), by=other)
        with pytest.raises(PermissionDenied):
            close_survey(asking, by=other)


def test_what_was_asked_stays_while_its_end_may_move(asking: Survey, them: Cast) -> None:
    read = fingerprint(survey_facts(asking))
    with pytest.raises(Refused) as refused:
        correct_survey(asking, asked(options=(OptionLine("Sí"), OptionLine("No"))), read=read, by=them.ana)
    assert codes(refused) == ["survey_was_asked"]

    assert correct_survey(asking, asked(closes_on=date(2022, 4, 15)), read=read, by=them.ana)
    assert [option.text for option in asking.options.all()][-1] == OTHER.text


def test_a_draft_is_corrected_whole_and_the_same_draft_twice_is_one(them: Cast) -> None:
    plan = make.plan(sector=them.sector)
    draft = prepare_survey(plan, asked(), by=them.ana)
    assert prepare_survey(plan, asked(), by=them.ana) == draft

    said = asked(options=(OptionLine("Sí"), OptionLine("No")), is_multiple=False)
    correct_survey(draft, said, read=fingerprint(survey_facts(draft)), by=them.jorge)
    assert list(draft.options.values_list("text", flat=True)) == ["Sí", "No"]


def test_the_calendar_closes_a_survey_after_its_last_day(asking: Survey) -> None:
    assert list(registry.collect("planner", CLOSES)) == []

    assert f"survey-expired:{asking.pk}" in list(registry.collect("planner", date(2022, 4, 1)))
    asking.refresh_from_db()
    assert asking.status == SurveyStatus.CLOSED
    assert AuditEvent.objects.get(verb="survey_expired").actor_id is None


def test_a_survey_is_opened_again_with_another_end_and_why(asking: Survey, them: Cast) -> None:
    close_survey(asking, by=them.ana)

    with pytest.raises(Refused) as refused:
        reopen_survey(asking, closes_on=date(2022, 3, 20), reason=" ", by=them.ana)
    assert codes(refused) == ["reason_missing"]
    reopen_survey(asking, closes_on=date(2022, 3, 20), reason="Se amplió el plazo", by=them.ana)
    assert say(asking, "uno", 1)


def test_paper_is_counted_apart_and_shown_apart(asking: Survey, them: Cast) -> None:
    say(asking, "uno", 1)
    say(asking, "dos", 2)
    count = Count("Diálogo ciudadano", date(2022, 3, 5), "ACTA-01", 10, {1: 9, 2: 3})
    batch = record_count(asking, count, by=them.ana)
    assert record_count(asking, count, by=them.ana) == batch

    results = results_of(asking)
    assert [(option.online, option.paper, option.total) for option in results.options] == [
        (1, 9, 10),
        (1, 3, 4),
        (0, 0, 0),
    ]
    assert (results.online, results.paper, results.options[0].paper_share) == (2, 10, 90)


@pytest.mark.rule("WF1")
def test_a_record_is_the_same_however_its_letters_were_written(asking: Survey, them: Cast) -> None:
    batch = record_count(asking, Count("Plaza", date(2022, 3, 5), "A-9", 10, {1: 9}), by=them.ana)
    other = record_count(asking, Count("Plaza", date(2022, 3, 5), "A-10", 10, {1: 9}), by=them.ana)
    again = Count("PLAZA", date(2022, 3, 5), "a-9", 10, {1: 9})

    assert record_count(asking, again, by=them.ana) == batch
    with pytest.raises(Refused) as refused:
        record_count(asking, Count("plaza", date(2022, 3, 5), "a-9", 12, {1: 9}), by=them.ana)
    assert codes(refused) == ["count_repeated"]
    with pytest.raises(Refused) as refused:
        correct_count(other, again, reason="Era otra", read=fingerprint(count_facts(other)), by=them.ana)
    assert codes(refused) == ["count_repeated"]
    assert correct_count(batch, again, reason="Como dice el acta", read=fingerprint(count_facts(batch)), by=them.ana)


def test_paper_is_not_answered_after_the_survey_was_closed(asking: Survey, them: Cast) -> None:
    with time_machine.travel("2022-03-08T15:00:00Z", tick=False):
        close_survey(asking, by=them.ana)

    with pytest.raises(Refused) as refused:
        record_count(asking, Count("Plaza", date(2022, 3, 9), "A-9", 10, {1: 9}), by=them.ana)
    assert codes(refused) == ["paper_after"]
    record_count(asking, Count("Plaza", date(2022, 3, 8), "A-9", 10, {1: 9}), by=them.ana)


def test_a_count_is_corrected_with_why_and_never_over_another_correction(asking: Survey, them: Cast) -> None:
    count = Count("Diálogo ciudadano", date(2022, 3, 5), "ACTA-01", 10, {1: 9})
    batch = record_count(asking, count, by=them.ana)
    read = fingerprint(count_facts(batch))
    fixed = Count("Diálogo ciudadano", date(2022, 3, 5), "ACTA-01", 12, {1: 9})

    with pytest.raises(Refused) as refused:
        correct_count(batch, fixed, reason="", read=read, by=them.ana)
    assert codes(refused) == ["reason_missing"]
    assert correct_count(batch, fixed, reason="Faltaban dos hojas", read=read, by=them.ana)
    with pytest.raises(Refused) as refused:
        correct_count(batch, count, reason="Otra vez", read=read, by=them.jorge)
    assert codes(refused) == ["stale_edit"]
    event = AuditEvent.objects.get(verb="survey_paper_corrected")
    assert (event.before, event.after, event.reason) == ({"sheets": 10}, {"sheets": 12}, "Faltaban dos hojas")


def test_a_count_that_should_not_be_there_is_taken_back_with_why(asking: Survey, them: Cast) -> None:
    batch = record_count(asking, Count("Plaza", date(2022, 3, 5), "ACTA-01", 10, {1: 9}), by=them.ana)

    with pytest.raises(Refused):
        withdraw_count(batch, reason=" ", by=them.ana)
    withdraw_count(batch, reason="Era de otra encuesta", by=them.ana)
    assert results_of(asking).paper == 0
    event = AuditEvent.objects.get(verb="survey_paper_withdrawn")
    assert (event.before["sheets"], event.reason) == (10, "Era de otra encuesta")


def test_a_count_that_does_not_add_up_is_refused(asking: Survey, them: Cast) -> None:
    with pytest.raises(Refused) as refused:
        record_count(asking, Count("", date(2022, 3, 11), "ACTA-01", 5, {1: 6}), by=them.ana)
    assert codes(refused) == ["place_missing", "paper_in_future", "count_over_sheets"]


def test_what_citizens_wrote_is_read_before_it_is_published(asking: Survey, them: Cast) -> None:
    say(asking, "uno", 3, text="Parques")
    say(asking, "dos", 3, text="Mi teléfono es 300")
    close_survey(asking, by=them.ana)
    shown, hidden = SurveyText.objects.order_by("pk")
    with pytest.raises(Refused) as refused:
        publish_survey(asking, by=them.ana)
    assert codes(refused) == ["texts_to_moderate"]

    with pytest.raises(Refused):
        moderate(hidden, shown=False, by=them.ana)
    moderate(hidden, shown=False, reason="Datos personales", by=them.ana)
    assert moderate(shown, shown=True, by=them.ana)
    assert not moderate(shown, shown=True, by=them.ana)
    publish_survey(asking, by=them.ana)
    assert results_of(asking).texts == ("Parques",)
    with pytest.raises(Refused) as refused:
        moderate(shown, shown=False, reason="Tarde", by=them.ana)
    assert codes(refused) == ["survey_published"]
    said = [str(event.before) + str(event.after) for event in AuditEvent.objects.filter(verb="survey_text_moderated")]
    assert len(said) == 2
    assert not any("teléfono" in words for words in said)


def test_what_the_sheets_say_is_moderated_like_the_rest_and_goes_with_its_count(asking: Survey, them: Cast) -> None:
    count = Count("Plaza", date(2022, 3, 5), "A-9", 10, {1: 9, 3: 3}, ("Parques", " ", "Mi  teléfono", "Parques"))
    batch = record_count(asking, count, by=them.ana)
    assert record_count(asking, count, by=them.ana) == batch
    close_survey(asking, by=them.ana)
    assert survey_row_of(asking, them) == "3"
    with pytest.raises(Refused) as refused:
        publish_survey(asking, by=them.ana)
    assert codes(refused) == ["texts_to_moderate"]

    moderate(batch.texts.filter(text="Parques").first(), shown=True, by=them.ana)
    with pytest.raises(PermissionDenied):
        moderate(batch.texts.get(text="Mi teléfono"), shown=True, by=them.luis)
    fixed = Count("Plaza", date(2022, 3, 5), "A-9", 10, {1: 9, 3: 3}, ("Parques", "Vías"))
    correct_count(batch, fixed, reason="Se leyó mal", read=fingerprint(count_facts(batch)), by=them.ana)
    assert list(batch.texts.values_list("text", "status").order_by("pk")) == [("Parques", "shown"), ("Vías", "pending")]
    assert results_of(asking).texts == ("Parques",)

    withdraw_count(batch, reason="Era de otra encuesta", by=them.ana)
    assert not SurveyText.objects.exists()
    kept = [
        f"{event.before}{event.after}"
        for event in AuditEvent.objects.filter(verb__startswith="survey_paper").order_by("pk")
    ]
    assert ["'written': 3" in kept[0], len(kept)] == [True, 3]
    assert not any(word in said for said in kept for word in ("Parques", "teléfono"))


def survey_row_of(asking: Survey, them: Cast) -> str:
    """How many answers wait to be moderated, as the list says it."""
    page = page_of(them.ana).get(f"/sectores/gestion-publica/pes/{asking.plan.first_vigencia}/encuestas/")
    return page.context["rows"][0]["pending"]


def test_there_are_no_more_words_than_sheets_that_mark_other(asking: Survey, them: Cast) -> None:
    said = Count("Plaza", date(2022, 3, 5), "A-9", 10, {1: 9, 3: 1}, ("Parques", "x" * 201))

    with pytest.raises(Refused) as refused:
        record_count(asking, said, by=them.ana)
    assert codes(refused) == ["more_written_than_marked", "which_too_long"]


def test_the_chart_shows_who_answered_on_paper(asking: Survey, them: Cast) -> None:
    say(asking, "uno", 2)
    record_count(asking, Count("Plaza", date(2022, 3, 5), "A-9", 10, {1: 9}), by=them.ana)

    first = rows(results_of(asking))[0]
    assert "en línea: 0" in first["bar"]
    assert "en papel: 90" in first["paper_bar"]


def test_a_decision_about_words_always_has_who_and_when(asking: Survey) -> None:
    say(asking, "uno", 3, text="Parques")

    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyText.objects.update(status=TextStatus.SHOWN)


def test_citizens_were_heard_once_a_survey_with_answers_ended(asking: Survey, them: Cast) -> None:
    def heard() -> bool:
        return any(registry.collect("community_validation", asking.plan))

    say(asking, "uno", 1)
    assert not heard()
    close_survey(asking, by=them.ana)
    assert heard()


def test_the_workbook_has_counts_and_nobody(asking: Survey, them: Cast) -> None:
    say(asking, "uno", 1, 3, text="Parques")
    record_count(asking, Count("Plaza", date(2022, 3, 5), "ACTA-01", 4, {2: 3}), by=them.ana)
    moderate(SurveyText.objects.get(), shown=True, by=them.ana)
    target = BytesIO()

    write_results(asking, results_of(asking), target)

    book = load_workbook(target)
    counted = list(book["Resultados"].iter_rows(min_row=2, values_only=True))
    assert counted[1] == ("b) Recuperación de espacio público", 0, 0, 3, 75, 3)
    assert counted[-1] == ("Respuestas", 1, None, 4, None, 5)
    assert [cell.value for cell in book["Conteos en papel"][2]][1:] == ["Plaza", "ACTA-01", 4, 0, 3, 0]
    assert book["Respuestas abiertas"]["A2"].value == "Parques"


def test_a_survey_is_not_opened_after_its_end(them: Cast) -> None:
    late = prepare_survey(make.plan(sector=them.sector), asked(opens_on=OPENS, closes_on=date(2022, 3, 9)), by=them.ana)

    with pytest.raises(Refused) as refused:
        open_survey(late, by=them.ana)
    assert codes(refused) == ["survey_over"]
