"""Many people who act at the same moment, each on a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from django.db import connections

from pes.models import User
from pes.rules.problems import Refused


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do some things at the same moment; what went wrong in them."""
    start = threading.Barrier(len(acts))
    failed: list[BaseException] = []

    def body(act: Callable[[], object]) -> None:
        try:
            start.wait(20)
            act()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=body, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return failed


def together(act: Callable[[User], object], everybody: Sequence[User]) -> tuple[list[User], list[Refused]]:
    """Let everybody do the same at once: who won, and what the others heard."""
    won: list[User] = []

    def try_it(who: User) -> None:
        act(who)
        won.append(who)

    failed = at_once(*[lambda who=who: try_it(who) for who in everybody])
    refused = [error for error in failed if isinstance(error, Refused)]
    assert len(refused) == len(failed), failed
    return won, refused
