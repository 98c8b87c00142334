"""LC-03: kinds and methods of the mesas técnicas, agendas, states and commitments, as pure rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from pes.rules import commitments, technical_workshops
from pes.rules.agendas import MOST_POINTS, agenda_problems, read_agenda
from pes.rules.commitments import CommitmentStatus, commitment_problems, fulfilment_problems, is_overdue
from pes.rules.technical_workshops import (
    METHODS,
    AgendaPoint,
    MeetingKind,
    MeetingMethod,
    MeetingPurpose,
    MeetingStatus,
    closing_problems,
    coverage,
    field_problems,
    holding_problems,
    is_past,
    method_problems,
    schedule_problems,
)
from pes.rules.transitions import reachable

pytestmark = pytest.mark.rule("LC-03")
DAY = date(2026, 3, 2)


def found(problems) -> list[str]:
    return [problem.code for problem in problems]


def test_the_three_kinds_have_the_methods_of_the_guide():
    assert {kind: set(methods) for kind, methods in METHODS.items()} == {
        MeetingKind.DIRECTIVOS: {MeetingMethod.FOCUS_GROUP, MeetingMethod.INTERVIEW},
        MeetingKind.EQUIPO_TECNICO: {MeetingMethod.WORKING_TABLE},
        MeetingKind.COMUNIDAD: {MeetingMethod.FIELD_VALIDATION},
    }


@pytest.mark.parametrize("kind", MeetingKind)
@pytest.mark.parametrize("method", MeetingMethod)
def test_a_method_that_is_not_of_the_kind_is_refused(kind, method):
    expected = [] if method in METHODS[kind] else ["method_not_of_kind"]

    assert found(method_problems(MeetingPurpose.TECHNICAL, kind, method)) == expected


@pytest.mark.parametrize("purpose", sorted(set(MeetingPurpose) - {MeetingPurpose.TECHNICAL, MeetingPurpose.FIELD}))
def test_other_meetings_have_neither_kind_nor_method(purpose):
    assert found(method_problems(purpose, "", "")) == []
    assert found(method_problems(purpose, "directivos", "interview")) == ["kind_not_expected"]


def test_a_mesa_says_with_whom_and_a_field_validation_is_with_the_community():
    assert found(method_problems(MeetingPurpose.TECHNICAL, "directivos", "")) == ["kind_missing"]
    assert found(method_problems(MeetingPurpose.FIELD, "comunidad", "field_validation")) == []
    assert found(method_problems(MeetingPurpose.FIELD, "directivos", "interview")) == ["method_not_of_kind"]


def test_only_a_field_validation_observes_an_event():
    assert found(field_problems("field_validation", "dialogue", "")) == ["event_missing"]
    assert found(field_problems("interview", "dialogue", "")) == ["event_not_expected"]
    assert found(field_problems("field_validation", "accountability", "Audiencia pública")) == []


def test_a_meeting_says_when_where_and_about_what():
    wrong = schedule_problems(topic=" ", starts=time(9), ends=time(9), is_placed=False)

    assert found(wrong) == ["topic_missing", "times_not_in_order", "place_missing"]


@pytest.mark.parametrize("line", ["8:00-8:30; Apertura", "08:00 – 08:30 ; Apertura", "8:00 a 8:30\tApertura"])
def test_a_point_of_the_agenda_is_read_as_people_write_it(line):
    points, problems = read_agenda(f"\n{line}\n")

    assert points == [AgendaPoint(time(8), time(8, 30), "Apertura")]
    assert problems == []


@pytest.mark.parametrize("line", ["Apertura", "25:00-26:00; Apertura", "8:00-8:30;", "8:00; Apertura"])
def test_a_line_that_is_no_point_is_told(line):
    assert found(read_agenda(line)[1]) == ["agenda_not_read"]


def test_the_points_follow_one_another_within_the_meeting():
    first, crossed = AgendaPoint(time(8), time(9), "Uno"), AgendaPoint(time(8, 30), time(9, 30), "Dos")
    late, upside = AgendaPoint(time(9, 30), time(11), "Tres"), AgendaPoint(time(9), time(8, 30), "Cuatro")

    assert found(agenda_problems([first, crossed], time(8), time(10))) == ["point_outside_meeting"]
    assert found(agenda_problems([first, late], time(8), time(10))) == ["point_outside_meeting"]
    assert found(agenda_problems([upside], time(8), time(10))) == ["point_times_not_in_order"]
    assert found(agenda_problems([first] * (MOST_POINTS + 1), time(8), time(10)))[0] == "agenda_too_long"


def test_a_meeting_is_held_on_its_day_with_an_agenda_unless_it_observes():
    assert found(holding_problems(on=DAY, today=DAY, points=1, is_field=False)) == []
    assert found(holding_problems(on=DAY, today=DAY, points=0, is_field=True)) == []
    tomorrow = date(2026, 3, 3)
    assert found(holding_problems(on=tomorrow, today=DAY, points=0, is_field=False)) == [
        "meeting_in_future",
        "agenda_missing",
    ]


def test_minutes_close_with_every_point_told_and_warn_of_no_decisions():
    problems = list(closing_problems(empty_points=[2, 3], decisions=0, observations=0, is_field=False))

    assert [(one.code, one.blocking) for one in problems] == [("minutes_missing", True), ("decisions_missing", False)]
    assert "los puntos 2, 3" in problems[0].message


def test_who_did_not_come_is_named_in_order():
    assert coverage(["b"], ["c", "b", "a"]) == ["c", "a"]


def test_a_meeting_is_past_once_its_last_hour_is():
    assert not is_past(DAY, time(10), datetime(2026, 3, 2, 10, tzinfo=UTC))
    assert is_past(DAY, time(10), datetime(2026, 3, 2, 10, 1, tzinfo=UTC))


def test_every_state_of_meeting_and_commitment_is_reached():
    assert reachable(technical_workshops.TRANSITIONS, MeetingStatus.SCHEDULED) == set(MeetingStatus)
    assert reachable(commitments.TRANSITIONS, CommitmentStatus.PENDING) == set(CommitmentStatus)


@pytest.mark.parametrize(("owners", "due_on", "codes"), [
    (1, DAY, []), (0, DAY, ["owner_not_one"]), (2, date(2026, 3, 1), ["owner_not_one", "due_before_meeting"]),
])  # fmt: skip
def test_a_commitment_has_one_owner_and_a_day_after_the_meeting(owners, due_on, codes):
    assert found(commitment_problems(text="Enviar", owners=owners, due_on=due_on, held_on=DAY)) == codes


def test_a_commitment_closes_with_what_was_done_and_its_proof():
    assert found(fulfilment_problems(text=" ", has_proof=False)) == ["fulfilment_untold", "proof_missing"]
    assert found(fulfilment_problems(text="Se envió", has_proof=True)) == []


def test_the_last_day_counts_whole_and_what_is_fulfilled_is_never_overdue():
    assert not is_overdue("pending", DAY, DAY)
    assert is_overdue("in_progress", date(2026, 3, 1), DAY)
    assert not is_overdue("fulfilled", date(2026, 3, 1), DAY)
