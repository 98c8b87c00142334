"""The document of the PES in rules: its numbers, its names, the life of a section (LC-07)."""

from __future__ import annotations

import pytest

from pes.rules.transitions import reachable
from pes.rules.writing import (
    TRANSITIONS,
    SectionStatus,
    finish_problems,
    numbers,
    of_entity,
    writing_problems,
)


@pytest.mark.rule("LC-07")
def test_sections_are_numbered_by_their_place_and_level():
    assert list(numbers("2", [2, 2, 3, 3, 2, 3])) == ["2.1", "2.2", "2.2.1", "2.2.2", "2.3", "2.3.1"]
    assert list(numbers("", [2, 2])) == ["", ""]


@pytest.mark.rule("LC-07")
@pytest.mark.parametrize(
    ("name", "acronym", "said"),
    [
        ("Secretaría Distrital de Gobierno", "SDG", "de la Secretaría Distrital de Gobierno"),
        ("Departamento de la Defensoría", "DADEP", "del DADEP"),
        ("Instituto sin sigla", "", "del Instituto sin sigla"),
    ],
)
def test_an_entity_is_named_as_the_guide_names_it(name, acronym, said):
    assert of_entity(name, acronym) == said


def test_every_state_of_a_section_is_reached():
    assert reachable(TRANSITIONS, SectionStatus.PENDING) == set(SectionStatus)


@pytest.mark.parametrize("kind", ["text", "both", "live"])
def test_a_section_is_ready_once_it_says_something_and_open_comments_only_warn(kind):
    assert [one.code for one in finish_problems(kind, has_content=False, open_comments=0)] == ["section_empty"]
    assert [one.blocking for one in finish_problems(kind, has_content=True, open_comments=2)] == [False]
    assert list(finish_problems(kind, has_content=True, open_comments=0)) == []


def test_a_section_of_data_is_never_written():
    assert [one.code for one in writing_problems("writing", "live")] == ["section_of_data"]
    assert list(writing_problems("pending", "both")) == []
