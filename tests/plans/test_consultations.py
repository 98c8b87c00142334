"""The verbs of the citizen consultation: who may, between which days, and what stays as it was said (PG-07b)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from pes.models import AuditEvent
from pes.rules.problems import Refused
from plans import consultations, lifecycle
from plans.models import Consultation, Contribution
from tests import make, people, plan_makers
from tests.answers import codes

pytestmark = [pytest.mark.django_db, pytest.mark.rule("PG-07b")]
OPENS, CLOSES = date(2022, 2, 7), date(2022, 2, 18)
MIDDAY = datetime(2022, 2, 10, 17, tzinfo=UTC)
TERM = {"opens_on": OPENS, "closes_on": CLOSES, "channel": "Página web"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MIDDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def them():
    return people.cast()


def plan_in(them, status="in_review"):
    return make.management_plan(unit=them.process, by=them.luis, status=status)


def opened(them, **changes):
    plan = plan_in(them)
    return consultations.open_consultation(plan, by=them.ana, **{**TERM, **changes})


def refusal(act, *args, **values) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(*args, **values)
    return codes(refused)


@pytest.mark.parametrize("status", ["in_review", "with_observations", "validated"])
def test_a_proposal_that_was_sent_may_be_consulted(them, status):
    plan = plan_in(them, status)

    made = consultations.open_consultation(plan, by=them.luis, **TERM)

    assert (made.plan, made.opened_by, made.channel) == (plan, them.luis, "Página web")
    assert AuditEvent.objects.get(verb="consultation_opened").after["opens_on"] == "2022-02-07"


@pytest.mark.parametrize(
    ("status", "code"),
    [("draft", "proposal_not_sent"), ("official", "plan_is_official"), ("closed", "plan_is_official")],
)
def test_neither_a_draft_nor_an_official_plan_is_consulted(them, status, code):
    plan = plan_in(them, status)

    assert refusal(consultations.open_consultation, plan, by=them.ana, **TERM) == [code]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"opens_on": date(2022, 2, 19)}, ["consultation_ends_before"]),
        ({"closes_on": date(2202, 2, 18)}, ["consultation_far"]),
        ({"opens_on": date(2019, 12, 31)}, ["consultation_far"]),
        ({"channel": " \u200b "}, ["channel_missing"]),
        ({"channel": "x" * 251}, ["channel_too_long"]),
    ],
    ids=["backwards", "too late", "too early", "no channel", "long channel"],
)
def test_days_in_disorder_and_a_missing_channel_are_refused(them, changes, found):
    plan = plan_in(them)

    assert refusal(consultations.open_consultation, plan, by=them.ana, **{**TERM, **changes}) == found
    assert not Consultation.objects.exists()


def test_a_consultation_held_elsewhere_is_recorded_with_days_that_passed(them):
    made = opened(them, opens_on=date(2021, 11, 1), closes_on=date(2021, 11, 30))

    assert refusal(consultations.open_consultation, made.plan, by=them.ana, **TERM) == ["consultation_ended"]


def test_before_it_begins_everything_may_change_and_the_trail_keeps_both(them, clock):
    clock.move_to(datetime(2022, 2, 1, 17, tzinfo=UTC))
    made = opened(them)

    consultations.open_consultation(made.plan, by=them.jorge, **{**TERM, "opens_on": date(2022, 2, 8)})

    event = AuditEvent.objects.get(verb="consultation_changed")
    assert (event.before, event.after) == ({"opens_on": "2022-02-07"}, {"opens_on": "2022-02-08"})
    assert Consultation.objects.get().opened_by == them.ana


def test_the_same_days_again_leave_no_trace(them):
    made = opened(them)

    consultations.open_consultation(made.plan, by=them.ana, **TERM)

    assert not AuditEvent.objects.filter(verb="consultation_changed").exists()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"opens_on": date(2022, 2, 8)}, ["consultation_started"]),
        ({"closes_on": date(2022, 2, 9)}, ["closes_in_past"]),
        ({"closes_on": date(2022, 2, 10)}, []),
        ({"closes_on": date(2022, 3, 10)}, []),
    ],
    ids=["its opening", "its end to yesterday", "its end to today", "its end later"],
)
def test_once_it_has_begun_only_its_end_moves_and_never_into_the_past(them, changes, found):
    made = opened(them)
    act = (consultations.open_consultation, made.plan)

    if found:
        assert refusal(*act, by=them.ana, **{**TERM, **changes}) == found
    else:
        consultations.open_consultation(made.plan, by=them.ana, **{**TERM, **changes})
        assert Consultation.objects.get().closes_on == changes["closes_on"]


@pytest.mark.parametrize(
    ("who", "manages", "waives"),
    [
        ("jorge", True, True),
        ("ana", True, False),
        ("luis", True, False),
        ("marta", False, False),
        ("pilar", False, False),
        ("diana", False, False),
        ("olga", False, False),
        ("alicia", False, False),
        ("oscar", False, False),
    ],
)
def test_who_opens_answers_and_waives(them, who, manages, waives):
    plan, person = plan_in(them), getattr(them, who)
    made = consultations.open_consultation(plan, by=them.ana, **TERM)
    said = consultations.contribute(plan, author_name="", text="Más parques")

    def may(act, *args, **values) -> bool:
        try:
            act(*args, by=person, **values)
        except PermissionDenied:
            return False
        except Refused:
            return True
        return True

    assert may(consultations.open_consultation, plan, **TERM) is manages
    assert may(consultations.record_contribution, made, author_name="", text="Sí", channel="Carta") is manages
    assert may(consultations.answer, said, text="Gracias") is manages
    assert may(consultations.waive, plan, reason="Ninguno") is waives


@pytest.mark.parametrize(
    ("instant", "found"),
    [
        (datetime(2022, 2, 7, 4, 59, 59, tzinfo=UTC), ["consultation_not_open"]),
        (datetime(2022, 2, 7, 5, tzinfo=UTC), []),
        (datetime(2022, 2, 19, 4, 59, 59, tzinfo=UTC), []),
        (datetime(2022, 2, 19, 5, tzinfo=UTC), ["consultation_ended"]),
    ],
    ids=["last second before", "first second", "last second", "first second after"],
)
def test_both_days_count_whole_in_bogota(them, clock, instant, found):
    made = opened(them)
    clock.move_to(instant)

    if found:
        assert refusal(consultations.contribute, made.plan, author_name="", text="Más parques") == found
    else:
        assert consultations.contribute(made.plan, author_name="", text="Más parques").received_at == instant


def test_a_citizen_needs_no_name_and_the_trail_keeps_neither_name_nor_words(them):
    made = opened(them)

    said = consultations.contribute(made.plan, author_name=" Rosa \u202e Canario ", text="Más\r\nparques\x00 ")

    event = AuditEvent.objects.get(verb="contribution_received")
    assert (said.author_name, said.text, said.channel, said.recorded_by) == ("Rosa Canario", "Más\nparques", "Página web", None)  # fmt: skip
    assert (event.actor_id, event.after) == (None, {"channel": "Página web", "characters": 11})


@pytest.mark.parametrize(("text", "code"), [("  \u200b", "text_missing"), ("x" * 3001, "text_too_long")])
def test_a_contribution_says_something_and_not_too_much(them, text, code):
    made = opened(them)

    assert refusal(consultations.contribute, made.plan, author_name="", text=text) == [code]
    assert consultations.contribute(made.plan, author_name="", text="x" * 3000).pk


def test_a_plan_without_consultation_takes_no_contribution(them):
    plan = plan_in(them)

    assert refusal(consultations.contribute, plan, author_name="", text="Hola") == ["consultation_missing"]


def test_what_arrived_on_paper_is_recorded_on_the_last_day_it_could(them, clock):
    made = opened(them)
    clock.move_to(datetime(2022, 3, 1, 17, tzinfo=UTC))

    said = consultations.record_contribution(made, author_name="Junta", text="Sí", channel="Carta", by=them.ana)

    assert said.received_at == datetime(2022, 2, 18, 5, tzinfo=UTC)
    assert (said.recorded_by, said.channel) == (them.ana, "Carta")
    assert AuditEvent.objects.get(verb="contribution_recorded").actor_id == them.ana.pk


@pytest.mark.parametrize("day", [date(2022, 2, 6), date(2022, 2, 11), date(2022, 2, 19)])
def test_what_is_recorded_arrived_on_a_day_of_the_consultation_that_has_come(them, day):
    made = opened(them)
    said = {"author_name": "", "text": "Sí", "channel": "Carta", "by": them.ana, "received_on": day}

    assert refusal(consultations.record_contribution, made, **said) == ["received_outside"]


def test_nothing_is_recorded_before_it_begins_nor_once_the_plan_is_official(them, clock):
    made = opened(them)
    said = {"author_name": "", "text": "Sí", "channel": "Carta", "by": them.ana}

    clock.move_to(datetime(2022, 2, 6, 17, tzinfo=UTC))
    assert refusal(consultations.record_contribution, made, **said) == ["consultation_not_open"]
    clock.move_to(datetime(2022, 2, 20, 17, tzinfo=UTC))
    plan_makers.validated(made.plan, by=them.luis)
    lifecycle.make_official(made.plan, hola_case="HOLA-1", hola_on=date(2022, 2, 20), by=them.luis)
    assert refusal(consultations.record_contribution, made, **said) == ["plan_is_official"]


def test_a_contribution_is_answered_once_and_the_answer_stays(them):
    made = opened(them)
    said = consultations.contribute(made.plan, author_name="", text="Más parques")
    consultations.answer(said, text="Se acoge.", by=them.ana)

    assert refusal(consultations.answer, said, text="No se acoge.", by=them.jorge) == ["already_answered"]
    stored = Contribution.objects.get()
    assert (stored.answer, stored.answered_by, stored.text) == ("Se acoge.", them.ana, "Más parques")
    assert AuditEvent.objects.filter(verb="contribution_answered").count() == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": " "}, "answer_missing"),
        ({"text": "x" * 3001}, "answer_too_long"),
        ({"text": "Gracias", "withheld_reason": "x" * 251}, "withheld_reason_too_long"),
    ],
    ids=["nothing", "too much", "long reason"],
)
def test_an_answer_says_something(them, values, code):
    made = opened(them)
    said = consultations.contribute(made.plan, author_name="", text="Más parques")

    assert refusal(consultations.answer, said, by=them.ana, **values) == [code]
    assert Contribution.objects.get().answered_at is None


def test_what_is_withheld_keeps_its_reason_inside(them):
    made = opened(them)
    said = consultations.contribute(made.plan, author_name="", text="Insulto")

    consultations.answer(said, text="Le pedimos respeto.", by=them.ana, withheld_reason="Contiene insultos")

    assert Contribution.objects.get().withheld_reason == "Contiene insultos"
    assert AuditEvent.objects.get(verb="contribution_answered").reason == "Contiene insultos"


@pytest.mark.parametrize("status", ["draft", "in_review", "with_observations", "validated"])
def test_the_head_of_the_oap_waives_with_a_reason_until_the_plan_is_official(them, status):
    plan = plan_in(them, status)

    assert refusal(consultations.waive, plan, reason="  ", by=them.jorge) == ["reason_missing"]
    waived = consultations.waive(plan, reason="Lo regula la ley", by=them.jorge)

    assert (waived.waived_by, waived.waiver_reason) == (them.jorge, "Lo regula la ley")
    assert AuditEvent.objects.get(verb="consultation_waived").reason == "Lo regula la ley"
    assert refusal(consultations.waive, plan, reason="Otra vez", by=them.jorge) == ["consultation_waived"]


def test_once_citizens_have_spoken_nothing_is_waived(them):
    made = opened(them)
    consultations.contribute(made.plan, author_name="", text="Más parques")

    assert refusal(consultations.waive, made.plan, reason="Prisa", by=them.jorge) == ["contributions_received"]


def test_an_official_plan_has_nothing_left_to_waive(them):
    plan = plan_in(them, "official")

    assert refusal(consultations.waive, plan, reason="Tarde", by=them.jorge) == ["plan_is_official"]


def test_a_waived_consultation_hears_nobody_and_is_not_opened(them):
    made = opened(them)
    consultations.waive(made.plan, reason="Lo regula la ley", by=them.jorge)

    assert refusal(consultations.contribute, made.plan, author_name="", text="Hola") == ["consultation_missing"]
    assert refusal(consultations.open_consultation, made.plan, by=them.ana, **TERM) == ["consultation_waived"]


def test_a_plan_is_official_only_after_its_consultation_with_each_contribution_answered(them, clock):
    made = opened(them)
    said = consultations.contribute(made.plan, author_name="", text="Más parques")
    plan_makers.validated(made.plan, by=them.luis)
    case = {"hola_case": "HOLA-1", "hola_on": date(2022, 2, 10), "by": them.luis}

    assert refusal(lifecycle.make_official, made.plan, **case) == ["consultation_open", "contributions_unanswered"]
    clock.move_to(datetime(2022, 2, 19, 5, tzinfo=UTC))
    assert refusal(lifecycle.make_official, made.plan, **case) == ["contributions_unanswered"]
    consultations.answer(said, text="Se acoge.", by=them.ana)
    assert lifecycle.make_official(made.plan, **case).number == 2
