"""What every table of permissions is made of: groups of roles, rows of routes, people who ask, outcomes of verbs.

A table names roles, not permissions, so that a permission given to one role too many shows. A row says who passes the
door of a route, from where its object is in sight, and who may act from there: who does not pass gets 403, who does not
see gets 404, who sees and may not act gets 403.
"""

from __future__ import annotations

import importlib
import inspect
import logging
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pes.models import Membership, OrganizationUnit, User
from pes.permissions import Role
from pes.rules.problems import Refused
from tests import people

OAP = frozenset({Role.JEFE_OAP, Role.ANALISTA_OAP})
HEAD = frozenset({Role.JEFE_OAP})
LEADERS = frozenset({Role.LIDER_PROCESO, Role.ALCALDE_LOCAL})
TEAM = LEADERS | {Role.PROMOTOR, Role.EQUIPO}
ANNOTATORS = frozenset({Role.AREA_CENTRAL, Role.LIDER_TRANSVERSAL})
OPINERS = frozenset({Role.LIDER_TRANSVERSAL, Role.CONCEPTO_LOCAL})
READERS = frozenset(Role) - {Role.ADMINISTRADOR}
NOBODY: frozenset[Role] = frozenset()

# Where somebody holds a role: on the plan's unit, on the sector or the entity above it.
ABOVE = ("entity", "sector")
NEAR = ("own", *ABOVE)

Who = frozenset[Role]
May = Mapping[str, Who]
Sent = Mapping[str, Any] | str | None


class Stage(Protocol):
    """What the rows of a table are asked about."""

    def thing(self, name: Any, user: User | None) -> Any:
        """What a name stands for in an address, for a person; what names nothing stands for itself."""


@dataclass(frozen=True)
class Row:
    """Who passes the door, from where the object is in sight, who acts from there, and what they get.

    `sent` is the body of a POST: a form, a JSON text, or None for a GET.
    """

    args: tuple[Any, ...]
    door: Who
    sees: tuple[str, ...]
    may: May
    status: int = 200
    sent: Sent = None
    partly: tuple[Who, int] = (NOBODY, 0)  # who acts too and gets another answer

    @property
    def is_post(self) -> bool:
        """Whether it changes something."""
        return self.sent is not None

    @property
    def is_about_something(self) -> bool:
        """Whether there is an object that may be out of sight."""
        return bool(self.args)

    def expected(self, role: Role, relation: str) -> int:
        """The answer to somebody with a role somewhere."""
        if role not in self.door:
            return 403
        if relation not in self.sees:
            return 404
        few, other = self.partly
        return (other if role in few else self.status) if role in self.may.get(relation, NOBODY) else 403


Table = Mapping[str, Row]


def at(places: tuple[str, ...], who: Who) -> May:
    """The same people from several places."""
    return dict.fromkeys(places, who)


def address(name: str, row: Row, stage: Stage, user: User | None) -> str:
    """Where a row is asked; what follows a blank in its name tells it from another row of the same route."""
    return reverse(name.partition(" ")[0], args=[stage.thing(arg, user) for arg in row.args])


def ask(
    client: Client, name: str, row: Row, stage: Stage, user: User | None, *, head: bool = False, **headers: Any
) -> HttpResponse:
    """One request of a row, with its body; a file that is handed over is read to its end, which closes it."""
    where = address(name, row, stage, user)
    if not row.is_post:
        answer = (client.head if head else client.get)(where, headers=headers)
    elif isinstance(row.sent, str):
        answer = client.post(where, row.sent, content_type="application/json", headers=headers)
    else:
        for value in row.sent.values():
            if hasattr(value, "seek"):
                value.seek(0)
        answer = client.post(where, row.sent, headers=headers)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


@contextmanager
def quietly() -> Iterator[None]:
    """Thousands of refusals, and none of them worth a line of the log."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def browser(user: User | None) -> Client:
    """A browser with a person's session, or nobody's."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def answers(user: User | None, stage: Stage, table: Table) -> dict[str, int]:
    """Status of every route for a person, each asked in a transaction that is undone; 401 is the way to the login."""
    client, found = browser(user), {}
    for name, row in table.items():
        with transaction.atomic():
            answer = ask(client, name, row, stage, user)
            to_login = answer.status_code == 302 and answer["Location"].startswith("/cuenta/login/")
            found[name] = 401 if to_login else answer.status_code
            transaction.set_rollback(True)
    return found


def differing(got: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Routes whose answer is not the table's: what they gave, what they should."""
    return {name: (got[name], wanted[name]) for name in wanted if got[name] != wanted[name]}


def everything(unit: OrganizationUnit, name: str) -> User:
    """Somebody with every role on a unit."""
    user = people.with_second_factor(people.person(name))
    for role in Role:
        grant(user, unit, role)
    return user


def grant(user: User, unit: OrganizationUnit, role: Role) -> None:
    """One role more."""
    Membership.grant(user=user, unit=unit, role=role, starts_on=people.SINCE, by=None)


def outcome(attempt: Callable[[], Any]) -> str:
    """What came of an attempt: done, denied, or the code of the first problem; nothing of it stays."""
    try:
        with transaction.atomic():
            said = attempt()
            transaction.set_rollback(True)
    except PermissionDenied:
        return "denied"
    except Refused as refused:
        return refused.problems[0].code
    return said if isinstance(said, str) else "done"


def always(state: str, role: Role | str, relation: str) -> str:
    """What comes of a verb that no state keeps from being done."""
    return "done"


def only_in(states: set[str] | frozenset[str], code: str) -> Callable[[str, Role | str, str], str]:
    """Done in some states; refused with a code in the others."""
    return lambda state, role, relation: "done" if state in states else code


def verbs_of(package: ModuleType) -> set[str]:
    """Public functions and methods of an app with a parameter `by`, by their name below the app."""
    app, found = package.__name__, set()
    apart = tuple(f"{app}.{part}" for part in ("migrations", "rules", "management", "demo_"))
    for module in pkgutil.walk_packages(package.__path__, f"{app}."):
        if not module.name.startswith(apart):
            loaded = importlib.import_module(module.name)
            own = [one for one in vars(loaded).values() if getattr(one, "__module__", "") == module.name]
            methods = [vars(one).values() for one in own if inspect.isclass(one)]
            for one in [*own, *(member for members in methods for member in members)]:
                asked = getattr(one, "__func__", one)
                if inspect.isfunction(asked) and "by" in inspect.signature(asked).parameters:
                    found.add(f"{module.name}.{asked.__qualname__}".removeprefix(f"{app}."))
    return {name for name in found if not name.rpartition(".")[2].startswith("_")}
