"""What each step of a quarterly report needs, and what stops it."""

from datetime import date
from decimal import Decimal

import pytest

from tests.rules.goal_years import codes, entry, goal, row
from tracking.rules.report_states import ReportStatus
from tracking.rules.report_steps import (
    correction_problems,
    delegation_problems,
    extension_problems,
    latest_extension,
    reopening_problems,
    resubmission_problems,
    send_back_problems,
    submission_problems,
    validation_problems,
    withdrawal_problems,
)

S = ReportStatus
COMPLETE = row(goal(entries=[entry(10)]))
LACKING = row(goal(entries=[entry(10, evidence=0)], number=4))
CENTRAL = row(goal(number=5, is_central=True, central_area="Gestión Local"))
DUE, TODAY = date(2026, 4, 15), date(2026, 4, 10)


@pytest.mark.rule("SM-2", "PG-R1")
def test_a_report_is_sent_once_every_goal_says_what_it_must():
    assert submission_problems([COMPLETE], 1) == []
    [problem] = submission_problems([COMPLETE, LACKING], 1)

    assert problem.message == "Meta 4: No hay ninguna evidencia de T1."


@pytest.mark.rule("PG-08")
def test_the_leader_sends_without_the_goals_of_central_areas_and_the_oap_does_not_validate_without_them():
    assert submission_problems([COMPLETE, CENTRAL], 1) == []
    problems = validation([COMPLETE, CENTRAL])

    assert codes(problems) == ["figure_missing", "analysis_missing"]
    assert {problem.fix for problem in problems} == {"Lo suministra Gestión Local."}


@pytest.mark.rule("SM-2", "PT-16b")
def test_a_figure_that_cannot_be_kept_stops_the_report():
    assert "term_missing" in codes(submission_problems([row(goal(entries=[entry(numerator=4)]))], 1))


@pytest.mark.rule("SM-2", "PG-09h")
def test_an_eliminated_goal_stops_nothing():
    eliminated = row(goal(entries=[entry(numerator=4)], eliminated=True))

    assert submission_problems([eliminated], 1) == validation([eliminated]) == []


@pytest.mark.rule("SM-2")
@pytest.mark.parametrize(("unanswered", "expected"), [(0, []), (1, ["observations_unanswered"])])
def test_a_report_comes_back_with_every_observation_answered(unanswered, expected):
    assert codes(resubmission_problems([COMPLETE], 1, unanswered=unanswered)) == expected
    assert codes(resubmission_problems([LACKING], 1, unanswered=unanswered)) == ["evidence_missing", *expected]


@pytest.mark.rule("SM-2")
def test_a_report_is_returned_only_with_something_to_answer():
    assert send_back_problems(1) == []
    [problem] = send_back_problems(0)

    assert (problem.code, problem.rule) == ("observation_missing", "SM-2")
    assert problem.fix.endswith("o sobre el reporte.")


def validation(rows, unanswered=0, actor_took_part=False):
    return validation_problems(rows, 1, unanswered=unanswered, actor_took_part=actor_took_part)


@pytest.mark.rule("SM-2", "PG-R5", "AZ4")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"rows": [LACKING]}, ["evidence_missing"]),
        ({"unanswered": 2}, ["observations_unanswered"]),
        ({"actor_took_part": True}, ["author_is_reviewer"]),
    ],
    ids=["complete", "emptied-by-a-correction", "unanswered", "own-report"],
)
def test_a_report_is_validated_when(given, expected):
    assert codes(validation(**({"rows": [COMPLETE]} | given))) == expected


@pytest.mark.rule("SM-2", "WF18")
def test_a_reopening_has_a_reason():
    assert reopening_problems("Se halló un error en la meta 3.") == []
    assert codes(reopening_problems("  ")) == ["reason_missing"]


@pytest.mark.rule("SM-1", "SM-2")
def test_the_reports_of_a_closed_plan_stay_as_they_are():
    assert codes(reopening_problems("Se halló un error.", plan_is_closed=True)) == ["plan_closed"]


def extension(status=S.FILLING, to=date(2026, 4, 20), today=TODAY, is_closed=False, reason="Falla eléctrica."):
    latest = latest_extension(DUE)
    given = {"status": status, "due_on": DUE, "latest": latest, "to": to, "today": today}
    given |= {"is_closed": is_closed, "reason": reason}
    return codes(extension_problems(**given, holidays={date(2026, 5, 1)}))


@pytest.mark.rule("CAL-01")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"status": S.OPEN, "to": date(2026, 4, 16)}, []),
        ({"to": DUE}, ["term_not_longer"]),
        ({"to": date(2026, 4, 14)}, ["term_not_longer"]),
        ({"to": date(2026, 4, 18)}, ["term_not_business_day"]),
        ({"to": date(2026, 5, 1)}, ["term_not_business_day"]),
        ({"today": date(2026, 4, 20)}, []),
        ({"today": date(2026, 4, 21)}, ["term_in_past"]),
        ({"is_closed": True}, ["quarter_closed"]),
        ({"reason": " "}, ["reason_missing"]),
        ({"to": date(2027, 3, 31)}, []),
        ({"to": date(2027, 4, 1)}, ["term_too_long"]),
        ({"to": date(9999, 12, 31)}, ["term_too_long"]),
    ],
    ids=[
        "later",
        "next-day",
        "same-day",
        "earlier",
        "weekend",
        "holiday",
        "last-moment",
        "past",
        "closed",
        "no-reason",
        "longest",
        "too-long",
        "mistyped-year",
    ],
)
def test_a_term_is_extended_to_a_day_to_come_with_a_reason(given, expected):
    assert extension(**given) == expected


@pytest.mark.rule("CAL-01")
def test_who_extends_to_a_day_off_is_told_the_business_day_that_follows():
    asked = {
        "status": S.OPEN,
        "due_on": DUE,
        "latest": latest_extension(DUE),
        "today": TODAY,
        "is_closed": False,
        "reason": "Fallas",
    }

    (problem,) = extension_problems(**asked, to=date(2026, 5, 1), holidays={date(2026, 5, 1)})

    assert problem.fix == "Elija el 4 de mayo de 2026, el día hábil que sigue."


@pytest.mark.rule("CAL-01", "WF14")
@pytest.mark.parametrize("status", [status.value for status in S if status not in (S.OPEN, S.FILLING)])
def test_the_term_of_a_report_already_sent_is_not_extended(status):
    assert extension(status=S(status)) == ["already_submitted"]


def correction(field, value, reason="Error de transcripción.", given=entry(10)):  # noqa: B008
    return codes(correction_problems(goal(entries=[given]), 1, field, value, reason=reason))


@pytest.mark.rule("PG-R5", "WF19")
@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("achieved", Decimal(9), []),
        ("achieved", None, []),
        ("analysis", "Se hicieron nueve.", []),
        ("achieved", Decimal("10.00"), ["nothing_changes"]),
        ("analysis", "Se hizo.", ["nothing_changes"]),
        ("achieved", Decimal(-1), ["achieved_not_valid"]),
        ("numerator", Decimal(3), []),
    ],
    ids=["amount", "nothing", "text", "same-amount", "same-text", "negative", "half-a-formula"],
)
def test_a_correction_changes_something_into_what_can_be_kept(field, value, expected):
    assert correction(field, value) == expected


@pytest.mark.rule("WF19")
def test_a_correction_has_a_reason():
    assert correction("achieved", Decimal(9), reason="") == ["reason_missing"]


@pytest.mark.rule("WF19", "PT-16b")
def test_an_amount_that_comes_from_its_terms_is_corrected_in_them():
    terms = entry(numerator=8, denominator=2)

    assert correction("achieved", Decimal(5), given=terms) == ["achieved_disagrees"]
    assert correction("numerator", Decimal(10), given=terms) == []


@pytest.mark.rule("WF21")
@pytest.mark.parametrize("status", [status.value for status in S])
def test_evidence_is_withdrawn_only_while_its_report_is_written_and_never_once_sent(status):
    never_sent = codes(withdrawal_problems(status=S(status), was_submitted=False))

    assert never_sent == ([] if status in {"open", "filling", "returned"} else ["report_not_editable"])
    assert codes(withdrawal_problems(status=S(status), was_submitted=True)) == ["evidence_submitted"]


@pytest.mark.rule("WF21", "PG-08")
@pytest.mark.parametrize("status", [status.value for status in S])
def test_a_central_area_withdraws_its_evidence_until_the_report_is_validated(status):
    found = withdrawal_problems(status=S(status), was_submitted=False, is_central=True)

    assert (found == []) is (status not in {"validated", "consolidated", "published"})


def delegation(starts_on=TODAY, ends_on=DUE, to_self=False, document="Memorando 20261000123"):
    return codes(
        delegation_problems(starts_on=starts_on, ends_on=ends_on, today=TODAY, to_self=to_self, document=document)
    )


@pytest.mark.rule("PG-R4", "AZ5", "AZ6")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"ends_on": TODAY}, []),
        ({"starts_on": date(2026, 4, 1)}, []),
        ({"starts_on": None}, ["delegation_undated"]),
        ({"ends_on": None}, ["delegation_undated"]),
        ({"ends_on": date(2027, 4, 11)}, []),
        ({"ends_on": date(2027, 4, 12)}, ["delegation_too_long"]),
        ({"ends_on": date(2026, 4, 9)}, ["delegation_backwards"]),
        ({"starts_on": date(2026, 4, 1), "ends_on": date(2026, 4, 9)}, ["delegation_over"]),
        ({"to_self": True}, ["delegation_to_self"]),
        ({"document": " "}, ["delegation_unwritten"]),
    ],
    ids=["dated", "one-day", "begun", "no-start", "no-end", "year", "longer", "backwards", "over", "self", "unwritten"],
)
def test_a_delegation_is_written_dated_and_to_somebody_else(given, expected):
    assert delegation(**given) == expected
