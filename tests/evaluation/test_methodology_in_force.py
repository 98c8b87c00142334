"""The methodology of a vigencia: who puts it in force, and only once (REP-09)."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from pes.rules.problems import Refused
from tests import make, people


@pytest.fixture
def them(db):
    return people.cast()


@pytest.mark.rule("REP-09", "AZ1")
@pytest.mark.parametrize("name", ["ana", "diana", "elena", "olga", "alicia", "oscar"])
def test_only_the_oap_publishes_a_methodology(them, name):
    with pytest.raises(PermissionDenied):
        make.methodology(by=getattr(them, name))


@pytest.mark.rule("REP-09")
def test_a_methodology_is_published_once(them):
    made = make.methodology(by=them.jorge)

    with pytest.raises(Refused) as refused:
        made.publish(by=them.jorge)
    assert [problem.code for problem in refused.value.problems] == ["already_published"]
