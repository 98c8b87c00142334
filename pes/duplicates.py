"""Two people who save the same thing at once: one wins, the other is told (B8)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from pes.rules.problems import Problem, Refused

_Answer = TypeVar("_Answer")
# What a breach is called by PostgreSQL (SQLSTATE) and by SQLite (name of the extended code).
_UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
_LINK = {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}


def once(message: str, *, or_linked: bool = False) -> Callable[[Callable[..., _Answer]], Callable[..., _Answer]]:
    """Make a verb atomic, and its breach of a unique constraint a refusal with this message.

    `or_linked` also translates what another person linked meanwhile (a foreign key). Any other breach is a fault of the
    verb, whose rules should have refused it: it stays the error that it is.
    """

    def decorate(verb: Callable[..., _Answer]) -> Callable[..., _Answer]:
        @wraps(verb)
        def guarded(*args: Any, **kwargs: Any) -> _Answer:
            try:
                with transaction.atomic():
                    return verb(*args, **kwargs)
            except IntegrityError as error:
                if not (_breaks(error, _UNIQUE) or (or_linked and _breaks(error, _LINK))):
                    raise
                fix = "Abra la página otra vez para ver lo que quedó."
                raise Refused([Problem("repeated", "WF1", message, fix=fix)]) from error

        return guarded

    return decorate


def _breaks(error: IntegrityError, kinds: set[str]) -> bool:
    cause = error.__cause__
    return bool({getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", None)} & kinds)
