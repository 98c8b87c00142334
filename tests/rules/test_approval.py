"""What a version needs to be presented, observed, approved and adopted (LC-06, LC-08; REF-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pes.rules.acts import ActFacts, RepealFacts, act_problems, adoption_problems, publication_problems, repeal_problems
from pes.rules.approval import (
    ADOPTION_ACT,
    EntityStand,
    WalkedPhase,
    answer_problems,
    approval_problems,
    everybody_approves,
    moment_problems,
    observation_problems,
    phase_problems,
    presentation_problems,
    refusal_problems,
    request_problems,
    session_problems,
)
from pes.rules.approval_states import TRANSITIONS, UNDER_WAY, ApprovalStatus
from pes.rules.transitions import reachable, transition_for

TODAY = date(2026, 3, 10)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ACT = ActFacts("Resolución", "12", 2026, YESTERDAY, has_file=True, valid_from=YESTERDAY)


def codes(problems):
    return [problem.code for problem in problems]


def presenting(**values):
    facts = {
        "section_count": 10, "entity_count": 3, "is_same": False, "has_moved": False, "respond_by": TOMORROW,
        "today": TODAY,
    }  # fmt: skip
    return codes(presentation_problems(**facts | values))


@pytest.mark.rule("LC-08")
@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, []),
        ({"section_count": 0}, ["document_empty"]),
        ({"entity_count": 0}, ["no_entities"]),
        ({"is_same": True}, ["version_unchanged"]),
        ({"has_moved": True}, ["document_moved"]),
        ({"respond_by": TODAY}, ["term_too_short"]),
    ],
)
def test_a_version_is_presented_with_text_entities_news_and_time(values, found):
    assert presenting(**values) == found


def walked(code, after=(), asks=(), *, is_closed=False):
    return WalkedPhase(code, int(code[1:]), f"Fase {code}", f"G{code[1:]}", after, asks, is_closed)


@pytest.mark.rule("LC-01", "LC-08")
def test_the_phase_whose_gate_asks_for_the_act_says_what_it_waits_for():
    first, second = walked("F1"), walked("F2")
    approval = walked("F3", ("F1", "F2"), (ADOPTION_ACT,))
    closed = [walked("F1", is_closed=True), walked("F2", is_closed=True)]

    [problem] = phase_problems([first, second, approval])

    assert problem.message.endswith("falta cerrar la fase 1 (puerta G1) y la fase 2 (puerta G2).")
    assert codes(phase_problems([closed[0], second, approval])) == ["approval_phase_waiting"]
    assert codes(phase_problems([*closed, approval])) == []
    assert codes(phase_problems([*closed, walked("F3", ("F2",), (ADOPTION_ACT,), is_closed=True)])) == []
    assert codes(phase_problems([first, walked("F2", ("F1",), ("cutoff_closed",))])) == []
    assert codes(phase_problems([])) == []


@pytest.mark.rule("LC-08")
def test_only_the_last_version_is_spoken_of_and_the_refusal_names_it():
    [problem] = moment_problems(asked=1, latest=2, is_open=True, label="")

    assert problem.code == "version_replaced"
    assert "versión 2" in problem.message


@pytest.mark.rule("LC-08")
def test_an_observation_has_text_a_section_and_comes_in_time():
    assert codes(observation_problems("Falta el dato", is_section=True, respond_by=TODAY, today=TODAY)) == []
    assert codes(observation_problems(" ", is_section=False, respond_by=YESTERDAY, today=TODAY)) == [
        "text_missing",
        "section_unknown",
        "term_over",
    ]


@pytest.mark.rule("LC-08")
def test_what_is_accepted_says_which_section_is_adjusted():
    assert codes(answer_problems("Sí", is_accepted=True, is_section=False)) == ["adjusted_missing"]
    assert codes(answer_problems("No procede", is_accepted=False, is_section=False)) == []
    assert codes(answer_problems("", is_accepted=False, is_section=False)) == ["text_missing"]


@pytest.mark.rule("LC-08")
def test_approval_is_requested_once_all_is_answered_and_read_or_the_term_is_over():
    read, silent = EntityStand("SDG", has_read=True), EntityStand("DADEP")
    observing = EntityStand("IDPAC", has_read=True, open_observations=2)

    assert codes(request_problems([read], respond_by=TODAY, today=TODAY)) == []
    assert codes(request_problems([read, silent], respond_by=TODAY, today=TODAY)) == ["term_running"]
    assert codes(request_problems([read, silent], respond_by=YESTERDAY, today=TODAY)) == []
    [problem] = request_problems([observing], respond_by=YESTERDAY, today=TODAY)
    assert (problem.code, "IDPAC (2)" in problem.message) == ("observations_unanswered", True)


@pytest.mark.rule("LC-08", "AZ4")
def test_an_entity_approves_with_its_observations_answered_and_not_by_who_presented():
    assert codes(approval_problems(own_open=0, is_presenter=False)) == []
    assert codes(approval_problems(own_open=1, is_presenter=False)) == ["own_observations_open"]
    assert codes(approval_problems(own_open=0, is_presenter=True)) == ["presenter_approves"]


@pytest.mark.rule("LC-08")
def test_who_does_not_approve_says_why_and_had_not_approved():
    assert codes(refusal_problems("Falta el capítulo 4", has_approved=False)) == []
    assert codes(refusal_problems("", has_approved=True)) == ["approved_already", "reason_missing"]


@pytest.mark.rule("LC-08")
def test_all_entities_approve_and_a_sector_without_any_approves_nothing():
    approving = EntityStand("SDG", has_approved=True)

    assert everybody_approves([approving, approving])
    assert not everybody_approves([approving, EntityStand("DADEP")])
    assert not everybody_approves([])


@pytest.mark.rule("LC-08")
@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, []),
        ({"held_on": TOMORROW}, ["session_in_future"]),
        ({"held_on": YESTERDAY - timedelta(days=9)}, ["session_too_early"]),
        ({"is_returned": True}, ["reason_missing"]),
    ],
)
def test_the_committee_meets_after_the_version_and_says_what_it_returns_for(values, found):
    facts = {"held_on": TODAY, "presented_on": YESTERDAY, "today": TODAY, "is_returned": False, "note": ""}

    assert codes(session_problems(**facts | values)) == found


@pytest.mark.rule("LC-08")
def test_every_approval_is_needed_again_from_wherever_a_new_version_is_presented():
    present = transition_for(TRANSITIONS, "present")

    assert present.sources == UNDER_WAY
    assert present.target == ApprovalStatus.PRESENTED
    assert reachable(TRANSITIONS, ApprovalStatus.PRESENTED) == set(ApprovalStatus)


@pytest.mark.rule("LC-06")
@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, []),
        ({"kind_name": " "}, ["act_kind_missing"]),
        ({"number": ""}, ["act_number_missing"]),
        ({"issued_on": None, "valid_from": None}, ["act_day_missing"]),
        ({"issued_on": TOMORROW, "valid_from": None}, ["act_in_future"]),
        ({"year": 2025}, ["act_year_differs"]),
        ({"has_file": False}, ["act_file_missing"]),
        ({"link": "http://sitio.invalid"}, ["link_not_accepted"]),
        ({"valid_until": YESTERDAY - timedelta(days=1)}, ["validity_out_of_order"]),
    ],
)
def test_an_act_has_its_number_day_file_and_validity(values, found):
    facts = {name: getattr(ACT, name) for name in ActFacts.__slots__} | values

    assert codes(act_problems(ActFacts(**facts), today=TODAY, is_earlier=False)) == found


@pytest.mark.rule("LC-06")
def test_of_an_earlier_act_the_year_and_a_link_are_enough():
    known = ActFacts("Resolución", "277", 2020, link="https://sitio.invalid/acto")

    assert codes(act_problems(known, today=TODAY, is_earlier=True)) == []
    assert codes(act_problems(ActFacts("Resolución", "277", 2020), today=TODAY, is_earlier=True)) == [
        "act_file_missing"
    ]
    later = ActFacts("Resolución", "277", 2027, has_file=True)
    assert codes(act_problems(later, today=TODAY, is_earlier=True)) == ["act_in_future"]


@pytest.mark.rule("REF-01")
def test_an_act_is_repealed_once_by_another_and_not_before_it_began():
    said = RepealFacts(begins_on=YESTERDAY, earliest_day=YESTERDAY, repealed_on=TODAY, repealer_latest_day=YESTERDAY)

    assert codes(repeal_problems(said)) == []
    wrong = replace(said, repealed_on=YESTERDAY - timedelta(days=1), is_itself=True, is_repealed=True)
    assert codes(repeal_problems(wrong)) == ["repeals_itself", "repealed_already", "repealed_too_early"]
    for older in ({"is_mutual": True}, {"repealer_latest_day": YESTERDAY - timedelta(days=1)}):
        assert codes(repeal_problems(replace(said, **older))) == ["repealer_not_later"]


@pytest.mark.rule("LC-06")
def test_the_act_follows_the_committee_and_the_publication_follows_the_act():
    assert codes(adoption_problems(issued_on=YESTERDAY, endorsed_on=TODAY)) == ["act_before_committee"]
    assert codes(adoption_problems(issued_on=TODAY, endorsed_on=TODAY)) == []
    url = "https://sitio.invalid/pes"
    assert codes(publication_problems(url, published_on=TODAY, adopted_on=TODAY, today=TODAY)) == []
    assert codes(publication_problems(url, published_on=YESTERDAY, adopted_on=TODAY, today=TODAY)) == [
        "published_too_early"
    ]
    assert codes(publication_problems("x", published_on=TOMORROW, adopted_on=TODAY, today=TODAY)) == [
        "link_not_accepted",
        "published_in_future",
    ]
