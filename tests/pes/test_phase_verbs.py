"""Every verb of the phases of a PES asks for the power itself, whichever way it is called (AZ1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
import time_machine

from pes.models import User
from pes.permissions import Role
from tests import matrix, people
from tests.matrix import NOBODY, Row, outcome, quietly, verbs_of
from tests.pes.phase_document_verbs import APPROVAL, INSIDE, PACKAGES, PROFILE, WRITING
from tests.pes.phase_rows import TABLE
from tests.pes.phase_verbs import VERBS, Act
from tests.pes.phase_world import MARCH, RELATIONS, Stage, build

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.rule("AZ1", "AZ2")]
ALL: dict[str, tuple[str, Act]] = {**VERBS, **WRITING, **APPROVAL, **PROFILE}


@pytest.fixture(scope="module")
def stage_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Stage]:
    yield from build(django_db_blocker, tmp_path_factory.mktemp("media"))


class Crowd:
    """People with some roles at a place, made once each."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.known = stage, {}

    def who(self, place: str, roles: frozenset[Role]) -> User:
        """Somebody with these roles there and every role in another sector."""
        key = (place, roles)
        if key not in self.known:
            self.known[key] = people.person(f"Persona {len(self.known)}")
            for role in roles:
                matrix.grant(self.known[key], self.stage.places[place], role)
            if len(roles) > 1:
                for role in Role:
                    matrix.grant(self.known[key], self.stage.them.other_sector, role)
        return self.known[key]


@pytest.fixture
def crowd(stage_of_module: Stage) -> Iterator[Crowd]:
    with time_machine.travel(MARCH, tick=False), quietly():
        yield Crowd(stage_of_module)


def may(row: Row, place: str) -> frozenset[Role]:
    """Who has the power from a place."""
    return row.may.get(place, NOBODY) & row.door


@pytest.mark.parametrize("place", RELATIONS)
def test_whoever_lacks_the_power_is_refused_with_all_other_roles_together(crowd: Crowd, place: str) -> None:
    wrong = {
        name: got
        for name, (row, call) in ALL.items()
        if (got := outcome(partial(call, crowd.stage, crowd.who(place, frozenset(Role) - may(TABLE[row], place)))))
        != "denied"
    }

    assert wrong == {}


@pytest.mark.parametrize("place", ["sector", "entity"])
def test_each_role_with_the_power_is_not(crowd: Crowd, place: str) -> None:
    """The test above would pass with verbs that nobody may call."""
    wrong = {
        (name, role)
        for name, (row, call) in ALL.items()
        for role in may(TABLE[row], place)
        if outcome(partial(call, crowd.stage, crowd.who(place, frozenset({role})))) == "denied"
    }

    assert wrong == set()


def test_every_verb_that_a_person_calls_is_in_the_table() -> None:
    """A function of the phases that takes `by` is a verb: it is in the table, or is named as one that verbs call."""
    found = {f"{package.__name__.removeprefix('pes.')}.{name}" for package in PACKAGES for name in verbs_of(package)}

    assert found - INSIDE == set(ALL)
    assert found >= INSIDE
