"""Two people who save the same thing at once: one wins, the other is told (B8)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from pes.rules.problems import Problem, Refused

_Answer = TypeVar("_Answer")


def once(message: str) -> Callable[[Callable[..., _Answer]], Callable[..., _Answer]]:
    """Make a verb atomic, and its breach of a unique constraint a refusal with this message."""

    def decorate(verb: Callable[..., _Answer]) -> Callable[..., _Answer]:
        @wraps(verb)
        def guarded(*args: Any, **kwargs: Any) -> _Answer:
            try:
                with transaction.atomic():
                    return verb(*args, **kwargs)
            except IntegrityError as error:
                fix = "Abra la página otra vez para ver lo que quedó."
                raise Refused([Problem("repeated", "WF1", message, fix=fix)]) from error

        return guarded

    return decorate
