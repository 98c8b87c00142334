"""The thread in which a job is made: fresh, so it escapes CPython's frame-stack cliff, and given up without harm."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

Progress = Callable[[int], None]


class Abandoned(BaseException):
    """Raised in the thread at its next progress: its worker has failed the job and nobody waits for the outcome."""


class Making(threading.Thread):
    """Runs `make(context, progress)`; a thread cannot be killed, so an abandoned one ends when it next reports."""

    def __init__(self, make: Callable[[Any, Progress], Any], context: Any, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.progress = 0
        self.is_abandoned = False
        self._make, self._context = make, context
        self._made: Any = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Make, and keep whatever was raised for the worker's thread."""
        try:
            self._made = self._make(self._context, self._report)
        except BaseException as error:
            self._error = error

    def outcome(self) -> Any:
        """What was made, or what was raised; SystemExit and its kind must not end the worker, so they are wrapped."""
        if self._error is None:
            return self._made
        if isinstance(self._error, Exception):
            raise self._error
        raise RuntimeError(f"El trabajo terminó con {type(self._error).__name__}.") from self._error

    def _report(self, percent: int) -> None:
        if self.is_abandoned:
            raise Abandoned
        self.progress = max(0, min(int(percent), 99))
