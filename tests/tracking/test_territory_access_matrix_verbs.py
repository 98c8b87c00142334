"""Every verb of the territory asks for the power itself: the table of `territory_matrix_verbs`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

import pes.territory
from tests.matrix import quietly, verbs_of
from tests.matrix_walk import Crowd
from tests.territory_world import NOW
from tests.tracking.matrix_world import build
from tests.tracking.territory_matrix_verbs import INSIDE, OF_EVALUATION, OF_PES, OF_TRACKING
from tests.tracking.territory_matrix_world import Stage, stage

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ1", "AZ2", "GP-05")]


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Stage]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"), stage, NOW)


@pytest.fixture
def here(stage_of_module: Stage) -> Iterator[Stage]:
    with time_machine.travel(NOW, tick=False), quietly():
        yield stage_of_module


@pytest.mark.parametrize("place", ["region", "entity", "beside"])
def test_who_may_call_each_verb_from_each_place(here: Stage, place: str) -> None:
    assert Crowd(here, here.here.cast.other_sector).wrong(OF_PES | OF_TRACKING | OF_EVALUATION, place) == {}


def test_every_verb_of_the_entities_and_their_roads_is_in_the_table() -> None:
    """Those of the other apps are asked for in test_report_access_matrix_verbs.py."""
    assert verbs_of(pes.territory) - INSIDE == {name.partition(" ")[0] for name in OF_PES}
