"""A walk over a table of verbs: whoever lacks the power is denied by the verb itself, whichever way it is called (AZ1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pes.models import OrganizationUnit, User
from pes.permissions import Role
from tests import people
from tests.matrix import NOBODY, Who, grant, outcome

EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Act:
    """Who may call a verb and from where, and what comes of it.

    What is about nobody's object in particular is not denied to who has the power elsewhere.
    """

    call: Callable[[Any, User], Any]
    who: Who
    places: tuple[str, ...]
    code: str = "done"
    others: Mapping[Role, str] = field(default_factory=dict)
    is_about_something: bool = True

    def may(self, place: str) -> Who:
        """Who has the power from a place."""
        return self.who if place in self.places else NOBODY


class Crowd:
    """People with some roles in a place, made once each; those with several hold every role elsewhere too."""

    def __init__(self, stage: Any, elsewhere: OrganizationUnit) -> None:
        self.stage, self.elsewhere = stage, elsewhere
        self.known: dict[tuple[str, Who, bool], User] = {}

    def who(self, place: str, roles: Who, *, abroad: bool = False) -> User:
        """Somebody with these roles there."""
        key = (place, roles, abroad)
        if key not in self.known:
            self.known[key] = people.person(f"Persona {len(self.known)}")
            for role in roles:
                grant(self.known[key], self.stage.places[place], role)
            for role in EVERYBODY if abroad else NOBODY:
                grant(self.known[key], self.elsewhere, role)
        return self.known[key]

    def wrong(self, verbs: Mapping[str, Act], place: str) -> dict[tuple[str, Any], tuple[str, str]]:
        """What came of each verb that is not what the table says, from a place: what it gave, what it should."""
        found = {}
        for name, verb in verbs.items():
            may = verb.may(place)
            lacking = self.who(place, EVERYBODY - may, abroad=verb.is_about_something)
            asked: list[tuple[Any, User, str]] = [("all the others", lacking, "denied")]
            asked += [
                (role, self.who(place, frozenset({role})), verb.others.get(role, verb.code)) for role in sorted(may)
            ]
            for who, person, wanted in asked:
                if (got := outcome(partial(verb.call, self.stage, person))) != wanted:
                    found[name, who] = got, wanted
        return found
