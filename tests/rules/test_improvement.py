"""Bottlenecks, actions, rendiciones de cuentas and the agenda of the evaluation, as rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from evaluation.rules import accountability as events
from evaluation.rules.accountability_states import EVENT_TRANSITIONS, EventStatus
from evaluation.rules.agenda import Made, Stage, agenda
from evaluation.rules.improvement import (
    Reading,
    action_problems,
    age_text,
    bottleneck_problems,
    due_tone,
    effect,
    finish_problems,
    follow_up_problems,
    span_of,
    verifier_problems,
)
from evaluation.rules.improvement_states import (
    ACTION_TRANSITIONS,
    BOTTLENECK_TRANSITIONS,
    ActionStatus,
    BottleneckStatus,
)
from evaluation.rules.periods import Kind
from pes.rules.transitions import reachable

TODAY = date(2022, 5, 10)
SPAN = span_of(2020, 2024, TODAY)


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def test_every_state_can_be_reached_and_every_step_asks_for_power():
    tables = {
        ActionStatus.OPEN: (ACTION_TRANSITIONS, ActionStatus),
        BottleneckStatus.OPEN: (BOTTLENECK_TRANSITIONS, BottleneckStatus),
        EventStatus.DRAFT: (EVENT_TRANSITIONS, EventStatus),
    }
    for start, (table, states) in tables.items():
        assert reachable(table, start) == set(states)
        assert all(row.permission is not None for row in table)


@pytest.mark.rule("REP-02")
def test_the_measured_effect_is_the_difference_of_two_stored_cutoffs():
    found = effect(Reading(date(2022, 3, 31), Decimal("0.2415")), Reading(date(2022, 6, 30), Decimal("0.5")))

    assert found.change == Decimal("0.2585")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, Reading(date(2022, 6, 30), Decimal("0.5"))),
        (Reading(date(2022, 3, 31), Decimal("0.2")), None),
        (Reading(date(2022, 3, 31), Decimal("0.2")), Reading(date(2022, 3, 31), Decimal("0.2"))),
        (Reading(date(2022, 3, 31), None), Reading(date(2022, 6, 30), Decimal("0.5"))),
        (Reading(date(2021, 12, 31), Decimal("0.9")), Reading(date(2022, 6, 30), Decimal("0.5"))),
    ],
)
def test_no_effect_is_invented_without_two_figures_of_one_vigencia(before, after):
    assert effect(before, after).change is None


def test_a_bottleneck_says_what_it_holds_back_why_and_since_when():
    problems = bottleneck_problems(
        title="", cause="", since=date(2022, 5, 11), today=TODAY, earliest=SPAN.earliest, targets=0
    )

    assert codes(problems) == ["title_missing", "cause_missing", "target_missing", "since_in_future"]


def test_an_action_ends_after_it_begins_and_expects_something():
    days = {"starts_on": TODAY, "due_on": date(2022, 5, 9), "span": SPAN}

    assert codes(action_problems(text="Contratar", expected_effect="", **days)) == [
        "expected_effect_missing",
        "due_before_start",
    ]


@pytest.mark.parametrize(
    ("starts_on", "due_on", "found"),
    [
        (date(2019, 1, 1), date(2025, 12, 31), []),
        (date(2018, 12, 31), TODAY, ["starts_before_plan"]),
        (TODAY, date(2026, 1, 1), ["due_after_plan"]),
    ],
)
def test_an_action_lies_within_a_year_of_its_pes(starts_on: date, due_on: date, found: list[str]):
    said = action_problems(text="Contratar", expected_effect="Más", starts_on=starts_on, due_on=due_on, span=SPAN)

    assert codes(said) == found


def test_of_a_pes_that_ran_out_something_may_be_pending():
    assert span_of(2020, 2024, date(2026, 3, 2)).latest == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("progress", "code"), [(101, "progress_outside"), (-1, "progress_outside"), (40, "progress_falls")]
)
def test_progress_stays_between_0_and_100_and_a_fall_is_told(progress: int, code: str):
    (problem,) = follow_up_problems(progress=progress, text="Se firmó.", last=60)

    assert problem.code == code
    assert problem.blocking is (code == "progress_outside")


def test_an_action_is_finished_at_100_per_cent_and_with_proof():
    assert codes(finish_problems(last=None, has_evidence=False)) == ["action_unfinished", "evidence_missing"]
    assert codes(finish_problems(last=99, has_evidence=True)) == ["action_unfinished"]
    assert codes(finish_problems(last=100, has_evidence=True)) == []


@pytest.mark.parametrize(("owner", "finisher"), [(True, False), (False, True)])
def test_who_did_it_does_not_verify_it(owner: bool, finisher: bool):
    assert codes(verifier_problems(is_owner=owner, is_finisher=finisher)) == ["author_is_approver"]


@pytest.mark.parametrize(
    ("since", "text"),
    [
        (TODAY, "desde hoy"),
        (date(2022, 5, 9), "1 día"),
        (date(2022, 4, 11), "29 días"),
        (date(2022, 4, 10), "1 mes"),
        (date(2021, 5, 10), "1 año"),
        (date(2020, 1, 1), "2 años"),
    ],
)
def test_age_is_told_in_the_largest_whole_unit(since: date, text: str):
    assert age_text(since, TODAY) == text


def test_a_due_day_is_late_soon_or_quiet():
    assert due_tone(date(2022, 5, 9), TODAY, is_open=True) == "risk"
    assert due_tone(TODAY, TODAY, is_open=True) == "warn"
    assert due_tone(date(2022, 5, 17), TODAY, is_open=True) == "warn"
    assert due_tone(date(2022, 5, 18), TODAY, is_open=True) == "neutral"
    assert due_tone(date(2022, 5, 9), TODAY, is_open=False) == "off"


READY = events.EventFacts(TODAY, date(2022, 5, 20), True, True, True, 0, "Asistió mucha gente.")


def test_an_event_is_announced_with_place_and_invitation_and_before_its_day():
    bare = replace(READY, has_place=False, has_invitation=False)

    assert codes(events.announce_problems(bare, date(2022, 5, 11))) == [
        "event_past",
        "place_missing",
        "invitation_missing",
    ]
    assert codes(events.announce_problems(READY, TODAY)) == []


def test_an_event_is_held_on_its_day_with_its_report_published():
    assert codes(events.hold_problems(replace(READY, has_report=False), date(2022, 5, 9))) == [
        "event_to_come",
        "report_missing",
    ]


def test_an_event_is_closed_when_everybody_was_answered_and_it_was_evaluated():
    waiting = replace(READY, unanswered=2, evaluation="")

    assert codes(events.close_problems(waiting, date(2022, 5, 20))) == [
        "questions_open",
        "questions_unanswered",
        "evaluation_missing",
    ]
    assert codes(events.close_problems(READY, date(2022, 5, 21))) == []


@pytest.mark.parametrize(
    ("status", "today", "text", "code"),
    [
        ("draft", TODAY, "¿Y las obras?", "questions_closed"),
        ("closed", TODAY, "¿Y las obras?", "questions_closed"),
        ("held", date(2022, 5, 21), "¿Y las obras?", "questions_closed"),
        ("announced", TODAY, "", "text_missing"),
        ("announced", TODAY, "¿" * 3001, "text_too_long"),
    ],
)
def test_citizens_ask_from_the_announcement_to_the_last_day(status: str, today: date, text: str, code: str):
    found = events.question_problems(status=status, questions_until=date(2022, 5, 20), today=today, text=text)

    assert codes(found) == [code]


@pytest.mark.rule("AZ13")
def test_a_change_of_what_citizens_read_needs_a_reason_that_fits():
    states = ("draft", "announced", "held", "closed")

    assert [events.facts_need_reason(one) for one in states] == [False, False, True, False]
    assert [events.report_needs_reason(one, has_report=True) for one in states] == [False, True, True, True]
    assert not any(events.report_needs_reason(one, has_report=False) for one in states)
    found = [[one.code for one in events.correction_problems(text)] for text in ("", "a" * 501, "a" * 500)]
    assert found == [["reason_missing"], ["reason_too_long"], []]


def test_a_question_came_before_in_or_after_the_event():
    days = [events.moment(day, TODAY) for day in (date(2022, 5, 9), TODAY, date(2022, 5, 11))]

    assert days == ["Antes del evento", "En el evento", "Después del evento"]


@pytest.mark.rule("REP-02", "REP-03")
def test_the_agenda_says_where_each_report_of_the_vigencia_stands():
    made = Made(
        adopted_on=date(2020, 12, 31),
        measured=[date(2022, 1, 31), date(2022, 3, 31)],
        drafts={Kind.MONTHLY: {"2022-03"}},
        issued={Kind.MONTHLY: {"2022-01"}, Kind.SEMIANNUAL: {"2022-S1"}, Kind.ANNUAL: {"2022"}},
        published={
            Kind.MONTHLY: {"2022-01": date(2022, 2, 4)},
            Kind.SEMIANNUAL: {"2022-S1": date(2022, 7, 20)},
            Kind.ANNUAL: {"2022": date(2023, 1, 10)},
        },
        meetings=[date(2022, 7, 20), date(2022, 9, 1)],
    )

    slots = {slot.period.code: slot for slot in agenda(2022, made, date(2022, 8, 1))}

    assert len(slots) == 15
    assert slots["2022-01"].stage is Stage.COMPLETE
    assert slots["2022-02"].stage is Stage.UNMEASURED
    assert slots["2022-03"].stage is Stage.DRAFT
    assert (slots["2022-S1"].stage, slots["2022-S1"].socialised_on) == (Stage.SOCIALISED, date(2022, 7, 20))
    assert slots["2022"].stage is Stage.PUBLISHED
    assert slots["2022-12"].stage is Stage.TO_COME
    assert not slots["2022-12"].is_missing


@pytest.mark.rule("REP-02", "REP-03")
def test_a_meeting_tells_only_of_what_is_public_by_its_day():
    """The annual report waits although two meetings were held after its period and before its publication."""
    published = {
        Kind.SEMIANNUAL: {"2022-S1": date(2022, 7, 21), "2022-S2": date(2023, 2, 1)},
        Kind.ANNUAL: {"2022": date(2023, 2, 16)},
    }
    meetings = [date(2022, 7, 20), date(2023, 1, 20), date(2023, 2, 15)]

    slots = {
        slot.period.code: slot for slot in agenda(2022, Made(None, [], {}, {}, published, meetings), date(2023, 3, 1))
    }

    assert slots["2022-S1"].socialised_on == date(2023, 1, 20)
    assert slots["2022-S2"].socialised_on == date(2023, 2, 15)
    assert (slots["2022"].stage, slots["2022"].published_on) == (Stage.PUBLISHED, date(2023, 2, 16))
    assert slots["2022"].is_missing


def test_a_measured_month_without_report_is_missing_it():
    made = Made(None, [date(2022, 3, 31)], {}, {}, {}, [])

    march = next(slot for slot in agenda(2022, made, TODAY) if slot.period.code == "2022-03")

    assert march.stage is Stage.MISSING
    assert march.is_missing


@pytest.mark.rule("LC-01", "REP-01")
@pytest.mark.parametrize(
    ("adopted_on", "stages"),
    [
        (None, [Stage.BEFORE, Stage.BEFORE, Stage.TO_COME]),
        (date(2022, 2, 28), [Stage.BEFORE, Stage.UNMEASURED, Stage.TO_COME]),
        (date(2022, 3, 1), [Stage.BEFORE, Stage.BEFORE, Stage.TO_COME]),
    ],
)
def test_nobody_owes_measurements_of_a_period_that_ended_before_the_adoption(adopted_on, stages):
    slots = agenda(2022, Made(adopted_on, [], {}, {}, {}, []), date(2022, 3, 15))[:3]

    assert [slot.stage for slot in slots] == stages
    assert [slot.is_missing for slot in slots] == [stage is Stage.UNMEASURED for stage in stages]
