"""Every verb of the last phases of a PES asks for the power itself: the table of `phase_matrix_verbs`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.evaluation.phase_matrix_verbs import VERBS
from tests.evaluation.phase_matrix_world import RELATIONS, Stage, stage
from tests.matrix import outcome, quietly
from tests.matrix_walk import Crowd
from tests.tracking.matrix_world import JULY, build

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ1", "AZ2")]


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Stage]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"), stage)


@pytest.fixture
def here(stage_of_module: Stage) -> Iterator[Stage]:
    with time_machine.travel(JULY, tick=False), quietly():
        yield stage_of_module


@pytest.mark.parametrize("place", RELATIONS)
def test_who_may_call_each_verb_from_each_place(here: Stage, place: str) -> None:
    assert Crowd(here, here.them.other_sector).wrong(VERBS, place) == {}


@pytest.mark.rule("AZ4")
def test_whoever_answers_for_an_action_follows_it_and_never_verifies_it(here: Stage) -> None:
    names = ("follow_up", "finish", "verify", "discard")
    owner = here.them.pilar

    got = {name: outcome(lambda name=name: VERBS[f"improvement.actions.{name}"].call(here, owner)) for name in names}

    assert got == {"follow_up": "done", "finish": "done", "verify": "denied", "discard": "denied"}
