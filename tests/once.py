"""A world that a module builds once: its tests change it inside their own savepoint, and nothing of it outlives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar

import time_machine
from django.conf import settings
from django.db import transaction

_World = TypeVar("_World")


def once(build: Callable[[], _World], blocker: Any, at: datetime) -> Iterator[_World]:
    """What `build` makes at an instant, for a fixture of the scope of a module; `blocker` is `django_db_blocker`.

    The tests of the module must not be transactional ones: those flush what they did not make.
    """
    hashers = settings.PASSWORD_HASHERS
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    try:
        with blocker.unblock(), transaction.atomic():
            with time_machine.travel(at, tick=False):
                made = build()
            with blocker.block():
                yield made
            transaction.set_rollback(True)
    finally:
        settings.PASSWORD_HASHERS = hashers
