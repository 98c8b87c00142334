"""Many people who act at the same moment, each on a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from django.db import connections

from pes.models import User
from pes.rules.problems import Refused


def together(act: Callable[[User], object], everybody: Sequence[User]) -> tuple[list[User], list[Refused]]:
    """Let everybody act at once: who won, and what the others heard."""
    start = threading.Barrier(len(everybody))
    won: list[User] = []
    refused: list[Refused] = []

    def body(who: User) -> None:
        try:
            start.wait(20)
            act(who)
            won.append(who)
        except Refused as found:
            refused.append(found)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=body, args=(who,)) for who in everybody]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return won, refused
