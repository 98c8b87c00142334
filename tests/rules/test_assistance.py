"""What an assistance asks for, how complete a product is, when a report is due, how a team is ranked (GP-05, GP-06)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from evaluation.rules.advisor_rating import assessment_problems, mean_score, ranking
from pes.rules.numbers import format_percent
from tracking.rules.advisor_report import due_on, is_late, loading_alert, sending_problems
from tracking.rules.assistance import (
    Kind,
    assistance_problems,
    correction_problems,
    first_day,
    month_after,
    month_before,
)
from tracking.rules.checklist import check_problems, checklist_problems, completeness, review_problems

TODAY = date(2025, 7, 10)
JUNE = date(2025, 6, 1)


def found(problems) -> list[str]:
    return [one.code for one in problems]


def said(**other: object) -> list[str]:
    facts = {
        "kind": Kind.IN_PERSON, "held_on": TODAY, "begins": date(2024, 1, 1), "today": TODAY, "theme": "Diagnóstico",
        "hitos": 0, "minutes": 60, "participants": 4, "summary": "Se revisó.",
    }  # fmt: skip
    return found(assistance_problems(**facts | other))


@pytest.mark.rule("GP-06")
def test_a_quick_question_asks_for_its_theme_and_its_answer_only():
    assert said(kind=Kind.QUESTION, minutes=None, participants=None) == []
    assert said(kind=Kind.QUESTION, minutes=None, participants=None, theme="", summary="") == [
        "theme_missing",
        "summary_missing",
    ]


@pytest.mark.rule("GP-06")
def test_each_kind_asks_for_what_it_has():
    assert said() == said(theme="", hitos=1) == said(kind=Kind.CALL, participants=None) == []
    assert said(kind=Kind.CALL, minutes=None, participants=None) == ["minutes_missing"]
    assert said(kind=Kind.WORKSHOP, participants=None) == ["participants_missing"]
    assert said(held_on=date(2025, 7, 11)) == ["date_in_future"]
    assert said(held_on=date(2023, 12, 31)) == said(held_on=date(1850, 1, 1)) == ["date_too_early"]
    assert said(held_on=date(2024, 1, 1)) == []
    assert said(minutes=1441, participants=0) == ["minutes_not_valid", "participants_not_valid"]


@pytest.mark.rule("GP-06")
def test_the_log_of_an_entity_begins_when_it_began_to_be_accompanied():
    january, march = date(2024, 1, 1), date(2024, 3, 5)

    assert first_day(assigned=march, first_year=None, today=TODAY) == march
    assert first_day(assigned=march, first_year=2024, today=TODAY) == january  # the assignment was written down later
    assert first_day(assigned=date(2023, 5, 2), first_year=2024, today=TODAY) == date(2023, 5, 2)
    assert first_day(assigned=None, first_year=None, today=TODAY) == january  # the government of that day
    assert first_day(assigned=date(1850, 1, 1), first_year=None, today=TODAY) == date(1990, 1, 1)


def test_a_correction_says_why_and_is_made_once_by_who_may():
    fine = {"is_corrected": False, "is_void": False, "reason": "Era otro día.", "is_own": True, "coordinates": False}

    assert found(correction_problems(**fine)) == []
    assert found(correction_problems(**fine | {"reason": ""})) == ["reason_missing"]
    assert found(correction_problems(**fine | {"is_corrected": True})) == ["corrected_already"]
    assert found(correction_problems(**fine | {"is_own": False})) == ["not_own"]
    assert found(correction_problems(**fine | {"is_own": False, "coordinates": True})) == []


@pytest.mark.rule("GP-06")
def test_the_report_is_sent_before_the_tenth_also_on_a_holiday():
    assert due_on(JUNE) == date(2025, 7, 9)
    assert due_on(date(2025, 12, 1)) == date(2026, 1, 9)
    assert due_on(date(2025, 7, 1)) == date(2025, 8, 9)  # a Saturday: the term does not move
    assert not is_late(JUNE, date(2025, 7, 9), TODAY)
    assert is_late(JUNE, date(2025, 7, 10), TODAY)
    assert is_late(JUNE, None, TODAY)
    assert not is_late(JUNE, None, date(2025, 7, 9))
    assert (month_after(date(2025, 12, 1)), month_before(date(2026, 1, 31))) == (date(2026, 1, 1), date(2025, 12, 1))


@pytest.mark.rule("GP-06")
def test_a_report_is_sent_by_its_author_once_its_month_is_over():
    fine = {"status": "draft", "month": JUNE, "today": TODAY, "is_own": True, "narrative": "Hecho.", "difficulties": ""}

    assert found(sending_problems(**fine)) == []
    assert found(sending_problems(**fine | {"today": date(2025, 6, 30)})) == ["month_not_over"]
    assert found(sending_problems(**fine | {"status": "sent", "is_own": False})) == ["sent_already", "not_own"]
    assert found(sending_problems(**fine | {"narrative": ""})) == ["narrative_missing"]


@pytest.mark.rule("GP-06")
def test_who_logs_nothing_or_all_of_it_at_the_end_of_the_month_is_pointed_out():
    assert "No registró" in loading_alert([], JUNE)
    assert loading_alert([date(2025, 6, 25), date(2025, 6, 30)], JUNE) == ""
    assert "últimos 5 días" in loading_alert([date(2025, 6, 26), date(2025, 7, 2)], JUNE)


@pytest.mark.rule("GP-05")
def test_a_product_is_as_complete_as_what_applies_to_it():
    assert format_percent(completeness(["met", "not_met", "na", "met"])) == "66,67\N{NO-BREAK SPACE}%"
    assert completeness(["met"]) == 100
    assert completeness(["not_met"]) == 0
    assert completeness(["na"]) is None


@pytest.mark.rule("GP-05")
def test_a_check_answers_every_item_with_evidence_and_an_opinion():
    assert found(check_problems({1: "met", 2: "na"}, [1, 2], has_evidence=True, quality="Bueno.")) == []
    assert found(check_problems({1: "met"}, [1, 2], has_evidence=False, quality="")) == [
        "answers_missing",
        "evidence_missing",
        "quality_missing",
    ]
    assert found(check_problems({1: "perhaps"}, [1], has_evidence=True, quality="Bueno.")) == ["answers_missing"]
    assert found(review_problems(decision="returned", note="", is_own=True, is_reviewed=False)) == [
        "own_check",
        "note_missing",
    ]
    bad = checklist_problems(code="99", codes=["1"], product="", items=["Uno", "uno"])
    assert found(bad) == ["hito_unknown", "product_missing", "item_repeated"]


@pytest.mark.rule("GP-06")
def test_equal_scores_share_a_place_and_a_missing_rating_is_not_a_zero():
    ranked = ranking([("a", 4), ("b", 5), ("c", 4), ("d", 1)])

    assert [(one.place, one.who, one.score) for one in ranked] == [(1, "b", 5), (2, "a", 4), (2, "c", 4), (4, "d", 1)]
    assert (mean_score([5, 4]), mean_score([])) == (Decimal("4.5"), None)


@pytest.mark.rule("GP-06")
def test_a_month_is_rated_whole_from_one_to_five_and_nobody_rates_themselves():
    scales = {"communication": 5, "training": 4, "punctuality": 3}
    fine = {
        "month": JUNE, "today": TODAY, "scales": scales, "scores": {1: 5, 2: 1}, "advisors": [1, 2], "edition": 1,
        "reason": "", "by": 9,
    }  # fmt: skip

    assert found(assessment_problems(**fine)) == []
    assert found(assessment_problems(**fine | {"scores": {1: 5}})) == ["scores_missing"]
    assert found(assessment_problems(**fine | {"scores": {1: 6, 2: 0}})) == ["scores_missing"]
    assert found(assessment_problems(**fine | {"scales": scales | {"training": 0}})) == ["scale_not_valid"]
    assert found(assessment_problems(**fine | {"today": date(2025, 6, 30)})) == ["month_not_over"]
    assert found(assessment_problems(**fine | {"by": 2, "edition": 2})) == ["own_score", "reason_missing"]
    assert found(assessment_problems(**fine | {"advisors": [], "scores": {}})) == ["nobody_to_rate"]
