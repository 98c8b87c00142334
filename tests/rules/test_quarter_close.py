"""When a quarter is consolidated, again, and published."""

from dataclasses import replace
from datetime import date

import pytest

from evaluation.rules.quarter_close import CloseFacts, consolidation_problems, publication_problems
from tests.rules.goal_years import codes

DUE = date(2022, 4, 18)
READY = CloseFacts(quarter=1, due_on=DUE, reports=20, fresh=18)
RUN_1 = replace(READY, last_run=1, fresh=1)


def refusals(facts, today=date(2022, 4, 19), reason=""):
    return codes(problem for problem in consolidation_problems(facts, today=today, reason=reason) if problem.blocking)


@pytest.mark.rule("SM-2", "REP-04")
@pytest.mark.parametrize(
    ("facts", "today", "expected"),
    [
        (READY, date(2022, 4, 19), []),
        (READY, DUE, ["term_running"]),
        (replace(READY, fresh=0), date(2022, 4, 19), []),
        (replace(READY, reports=0, fresh=0), date(2022, 4, 19), ["no_reports"]),
    ],
    ids=["day-after", "due-day", "nobody-reported", "not-opened"],
)
def test_a_quarter_is_consolidated_once_its_term_has_passed(facts, today, expected):
    assert refusals(facts, today) == expected


@pytest.mark.rule("REP-04", "WF18")
@pytest.mark.parametrize(
    ("facts", "reason", "expected"),
    [
        (RUN_1, "Llegó un reporte extemporáneo.", []),
        (RUN_1, " ", ["reason_missing"]),
        (replace(RUN_1, fresh=0), "Por si acaso.", ["nothing_new"]),
    ],
    ids=["late-report", "no-reason", "nothing-new"],
)
def test_another_run_needs_something_new_and_a_reason(facts, reason, expected):
    assert refusals(facts, reason=reason) == expected


@pytest.mark.rule("PT-17")
def test_who_goes_without_figures_is_named_and_stops_nothing():
    facts = replace(READY, quarter=2, waiting=[f"U{n:02}" for n in range(12)], extended=["Usme"], has_previous=False)

    problems = consolidation_problems(facts, today=date(2022, 8, 1), reason="")

    assert not any(problem.blocking for problem in problems)
    assert codes(problems) == ["reports_waiting", "terms_extended", "previous_not_consolidated"]
    assert problems[0].message.endswith("U08, U09 y 2 más.")
    assert problems[2].message == "T1 no está consolidado."


@pytest.mark.rule("PG-PUB", "AZ13")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"is_latest": False}, ["not_the_latest"]),
        ({"is_published": True, "published_before": True}, ["already_published"]),
        ({"published_before": True}, ["note_missing"]),
        ({"published_before": True, "note": "Se corrige la meta 3."}, []),
        ({"reopened": ["Usme"]}, ["reports_reopened"]),
    ],
    ids=["first", "superseded", "twice", "correction-without-note", "correction", "reopened"],
)
def test_only_the_last_run_is_published_and_a_correction_says_so(given, expected):
    facts = {"is_latest": True, "is_published": False, "published_before": False, "note": ""}

    assert codes(publication_problems(**(facts | given))) == expected


@pytest.mark.rule("WF18")
def test_a_reopened_report_is_named_and_does_not_keep_a_run_from_being_published():
    facts = {"is_latest": True, "is_published": False, "published_before": False, "note": ""}

    (problem,) = publication_problems(**facts, reopened=["Usme", "Suba"])

    assert not problem.blocking
    assert problem.message == "Con el reporte reabierto y en revisión: Usme, Suba."
