"""A DOFA workshop goes through its phases, and in each only what it asks for is done (LC-04)."""

from __future__ import annotations

from datetime import date

import pytest

from pes.rules import dofa
from pes.rules.transitions import reachable

pytestmark = pytest.mark.rule("LC-04")
LONG = "x" * (dofa.NOTE_LIMIT + 1)


def codes(problems) -> list[str]:
    """What was found, by name."""
    return [problem.code for problem in problems]


def test_every_phase_is_reached_and_a_closed_board_stays_closed() -> None:
    assert reachable(dofa.TRANSITIONS, dofa.COLLECTING) == set(dofa.STATES)
    assert reachable(dofa.TRANSITIONS, dofa.CLOSED) == {dofa.CLOSED}


@pytest.mark.parametrize("status", [dofa.GROUPING, dofa.VOTING, dofa.CLOSED])
def test_notes_are_written_only_while_they_are_collected(status: str) -> None:
    assert codes(dofa.note_problems(status, "Una idea", 0)) == ["dofa_in_another_phase"]
    assert dofa.note_problems(dofa.COLLECTING, "Una idea", 0) == []


@pytest.mark.parametrize(
    ("text", "notes", "expected"),
    [
        ("", 0, ["note_missing"]),
        (LONG, 0, ["note_too_long"]),
        ("Una idea", dofa.MOST_NOTES, ["board_full"]),
        ("Una idea", dofa.MOST_NOTES - 1, []),
    ],
)
def test_a_note_says_something_short_on_a_board_that_can_be_read(text: str, notes: int, expected: list[str]) -> None:
    assert codes(dofa.note_problems(dofa.COLLECTING, text, notes)) == expected


def test_a_note_is_changed_only_by_who_wrote_it() -> None:
    assert codes(dofa.ownership_problems(is_own=False)) == ["note_of_another"]
    assert not codes(dofa.ownership_problems(is_own=True))


@pytest.mark.parametrize(
    ("status", "marked", "strangers", "expected"),
    [
        (dofa.GROUPING, 2, 0, []),
        (dofa.GROUPING, 0, 0, ["nothing_marked"]),
        (dofa.GROUPING, 2, 1, ["note_elsewhere"]),
        (dofa.VOTING, 2, 0, ["dofa_in_another_phase"]),
    ],
)
def test_notes_are_moved_within_their_quadrant_while_grouping(
    status: str, marked: int, strangers: int, expected: list[str]
) -> None:
    assert codes(dofa.move_problems(status, marked=marked, strangers=strangers)) == expected


def test_a_group_has_a_name_and_a_quadrant_a_limit() -> None:
    assert codes(dofa.group_problems(dofa.GROUPING, "", 0)) == ["group_missing"]
    assert codes(dofa.group_problems(dofa.GROUPING, "Talento", dofa.MOST_GROUPS)) == ["too_many_groups"]
    assert codes(dofa.group_problems(dofa.COLLECTING, "Talento", 0)) == ["dofa_in_another_phase"]
    assert dofa.group_problems(dofa.GROUPING, "Talento", 3) == []


@pytest.mark.parametrize(
    ("cast", "already", "may_repeat", "expected"),
    [
        (0, False, False, []),
        (2, True, False, ["voted_already"]),
        (2, True, True, []),
        (3, False, True, ["no_votes_left"]),
        (3, True, False, ["voted_already"]),
    ],
)
def test_nobody_votes_more_than_the_board_allows(
    cast: int, already: bool, may_repeat: bool, expected: list[str]
) -> None:
    found = dofa.vote_problems(dofa.VOTING, cast=cast, allowed=3, already=already, may_repeat=may_repeat)

    assert codes(found) == expected


def test_the_first_vote_that_is_free_is_given() -> None:
    assert dofa.free_number({1, 3}, 3) == 2


def test_what_was_voted_for_is_not_grouped_again() -> None:
    assert codes(dofa.regroup_problems(votes=1)) == ["votes_were_cast"]
    assert codes(dofa.regroup_problems(votes=0)) == codes(dofa.voting_problems(candidates=1)) == []
    assert codes(dofa.voting_problems(candidates=0)) == ["nothing_to_vote"]


def test_a_workshop_has_a_title_and_a_day_near_its_plan() -> None:
    today = date(2026, 3, 2)

    assert codes(dofa.board_problems(title="", prompt="", held_on=today, today=today)) == ["title_missing"]
    far = dofa.board_problems(title="DOFA", prompt="", held_on=date(2206, 3, 2), today=today)
    assert codes(far) == ["dofa_far"]


def test_the_quadrants_without_a_note_are_named() -> None:
    assert dofa.empty_quadrants({"fortaleza": 1, "amenaza": 2}) == ["Oportunidades", "Debilidades"]
