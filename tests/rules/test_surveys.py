"""What a citizen survey may ask, and what counts as an answer (LC-05)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from pes.rules import surveys
from pes.rules.surveys import OptionLine, Pace
from pes.rules.transitions import reachable

pytestmark = pytest.mark.rule("LC-05")
DAY = date(2026, 3, 2)
OPTIONS = {1: False, 2: False, 3: True}  # the third asks which


def codes(problems) -> list[str]:
    """What was found, by name."""
    return [problem.code for problem in problems]


def test_every_state_of_a_survey_is_reached_and_published_results_stay() -> None:
    assert reachable(surveys.TRANSITIONS, surveys.DRAFT) == set(surveys.STATES)
    assert reachable(surveys.TRANSITIONS, surveys.PUBLISHED) == {surveys.PUBLISHED}


@pytest.mark.parametrize(
    ("chosen", "text", "expected"),
    [
        ([1], "", []),
        ([1, 2], "", []),
        ([1, 3], "Parques", []),
        ([], "", ["nothing_chosen"]),
        ([9], "", ["unknown_option"]),
        ([1, 1], "", ["unknown_option"]),
        ([3], "", ["which_missing"]),
        ([1], "Parques", ["other_not_marked"]),
        ([3], "x" * (surveys.TEXT_LIMIT + 1), ["which_too_long"]),
    ],
)
def test_an_answer_marks_options_of_the_survey(chosen: list[int], text: str, expected: list[str]) -> None:
    assert codes(surveys.answer_problems(chosen, OPTIONS, is_multiple=True, text=text)) == expected


def test_a_single_choice_is_one() -> None:
    assert codes(surveys.answer_problems([1, 2], OPTIONS, is_multiple=False, text="")) == ["too_many_chosen"]
    assert surveys.answer_problems([2], OPTIONS, is_multiple=False, text="") == []


@pytest.mark.parametrize(
    ("status", "days", "expected"),
    [
        (surveys.OPEN, 0, []),
        (surveys.OPEN, 9, []),
        (surveys.OPEN, -1, ["survey_not_open"]),
        (surveys.OPEN, 10, ["survey_closed"]),
        (surveys.DRAFT, 0, ["survey_not_open"]),
        (surveys.CLOSED, 0, ["survey_closed"]),
        (surveys.PUBLISHED, 0, ["survey_closed"]),
    ],
)
def test_citizens_answer_between_the_two_days(status: str, days: int, expected: list[str]) -> None:
    term = (DAY, DAY + timedelta(days=9))

    assert codes(surveys.availability_problems(status, *term, DAY + timedelta(days=days))) == expected


def test_options_are_read_one_a_line_and_the_other_comes_last() -> None:
    assert surveys.read_options(" Grupos  étnicos\n\nParques ", "Otro, ¿cuál?") == [
        OptionLine("Grupos étnicos"), OptionLine("Parques"), OptionLine("Otro, ¿cuál?", is_other=True),
    ]  # fmt: skip


def test_a_survey_asks_something_with_different_options() -> None:
    def found(*options: str) -> list[str]:
        lines = [OptionLine(text) for text in options]
        return codes(surveys.content_problems(title="Temas", question="¿Cuál?", introduction="", options=lines))

    assert found("Sí", "No") == []
    assert found("Sí") == ["option_count"]
    assert found("Sí", "sí") == ["option_repeated"]
    blank = surveys.content_problems(title="", question="", introduction="", options=[OptionLine("a"), OptionLine("b")])
    assert codes(blank) == ["title_missing", "question_missing"]


def test_the_days_of_a_survey_are_in_order_and_near() -> None:
    assert codes(surveys.term_problems(DAY, DAY)) == []
    assert codes(surveys.term_problems(DAY, DAY - timedelta(days=1))) == ["survey_ends_before"]
    assert codes(surveys.term_problems(DAY, date(2036, 3, 2))) == ["survey_too_long"]
    assert codes(surveys.opening_problems(DAY, DAY + timedelta(days=1))) == ["survey_over"]


def test_what_was_asked_is_not_changed_under_who_answered() -> None:
    assert codes(surveys.change_problems(surveys.OPEN, asks_other=True)) == ["survey_was_asked"]
    assert codes(surveys.change_problems(surveys.OPEN, asks_other=False)) == []
    assert codes(surveys.change_problems(surveys.DRAFT, asks_other=True)) == []
    assert codes(surveys.change_problems(surveys.PUBLISHED, asks_other=False)) == ["survey_published"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"counts": {"a": 11, "b": 0}}, ["count_over_sheets"]),
        ({"counts": {"a": 0, "b": 0}}, ["nothing_counted"]),
        ({"counts": {"a": 8, "b": 8}, "is_multiple": False}, ["marks_over_sheets"]),
        ({"sheets": 0, "counts": {"a": 0, "b": 0}}, ["sheets_out_of_range", "nothing_counted"]),
        ({"held_on": DAY + timedelta(days=1)}, ["paper_in_future"]),
        ({"held_on": DAY - timedelta(days=9)}, ["paper_before"]),
        ({"last_day": DAY - timedelta(days=1)}, ["paper_after"]),
        ({"status": surveys.DRAFT}, ["paper_out_of_time"]),
        ({"status": surveys.PUBLISHED}, ["paper_out_of_time"]),
    ],
)
def test_a_count_by_hand_adds_up(changes: dict, expected: list[str]) -> None:
    usual = {"status": surveys.OPEN, "sheets": 10, "counts": {"a": 8, "b": 8}, "is_multiple": True}
    days = {"held_on": DAY, "opens_on": DAY - timedelta(days=3), "last_day": DAY, "today": DAY}

    assert codes(surveys.paper_problems(**(usual | days | changes))) == expected


def test_what_is_hidden_says_why_and_what_was_published_stays() -> None:
    assert codes(surveys.moderation_problems(surveys.CLOSED, hides=True, reason="")) == ["reason_missing"]
    assert surveys.moderation_problems(surveys.CLOSED, hides=False, reason="") == []
    assert codes(surveys.moderation_problems(surveys.PUBLISHED, hides=False, reason="")) == ["survey_published"]


def test_results_are_published_once_every_text_was_read() -> None:
    assert codes(surveys.publication_problems(pending=1, answers=5)) == ["texts_to_moderate"]
    assert codes(surveys.publication_problems(pending=0, answers=0)) == ["nothing_answered"]
    assert not codes(surveys.publication_problems(pending=0, answers=1))


def test_a_share_is_of_the_people_who_answered() -> None:
    assert surveys.share(1, 4) == Decimal(25)
    assert surveys.share(0, 0) is None


def test_forms_wait_longer_the_more_a_network_asks_for_and_never_for_long() -> None:
    pace = Pace()

    waits = [pace.wait(asked) for asked in (1, 20, 50, 90, 10_000)]
    assert waits == [3, 3, 9, 17, 30]
