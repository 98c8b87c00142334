"""The processes under fire, each in its own group: workers, the beat and the person who asks; the dead are replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import IO, Self

from tests.services import children_of

CELERY = (sys.executable, "-W", "ignore", "-m", "celery", "--quiet")
# As docker-compose.yml starts them, without the chatter between workers that costs a second at each start.
WORKER = ("worker", "--concurrency=1", "--loglevel=WARNING", "--without-mingle", "--without-gossip")


class Crew:
    """Workers (and the beat) of one Celery application; a context manager that leaves no process behind."""

    def __init__(self, app: str, queue: str, environment: dict[str, str], folder: Path) -> None:
        self._app, self._queue = app, queue
        self._environment, self._folder = environment, folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        for process in self._running.values():
            _kill_group(process)

    def start(self, *names: str) -> None:
        """Start whoever of these is not alive, as the supervisor of a container does."""
        for name in names:
            process = self._running.get(name)
            if process is None or process.poll() is not None:
                self._running[name] = self._popen(name)

    def kill_worker(self, dice: Random) -> None:
        """SIGKILL one worker and its children, as when memory runs out."""
        _kill_group(self._running[dice.choice(self._workers())])

    def kill_child(self, dice: Random) -> None:
        """SIGKILL only the process that does the work, of one worker that has one."""
        children = [pid for name in self._workers() for pid in children_of(self._running[name].pid)]
        if children:
            os.kill(dice.choice(children), signal.SIGKILL)

    def log(self) -> str:
        """The last words of everybody."""
        return "\n".join(
            f"{path.name}: {path.read_text(errors='replace')[-1500:]}" for path in self._folder.glob("*.log")
        )

    def _workers(self) -> list[str]:
        return [name for name in self._running if name != "beat"]

    def _popen(self, name: str) -> subprocess.Popen[bytes]:
        schedule = self._folder / "schedule"
        beat = ("beat", f"--schedule={schedule}", "--pidfile=")
        role = beat if name == "beat" else (*WORKER, "-Q", self._queue, "-n", f"{name}@fault")
        command = [*CELERY, "-A", self._app, *role]
        with (self._folder / f"{name}.log").open("ab") as out:
            return subprocess.Popen(
                command, env=self._environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )


class Person:
    """The client process: batches go in, what was answered comes out in a file."""

    def __init__(self, side: str, environment: dict[str, str], folder: Path) -> None:
        self._answers = folder / "answers"
        command = [sys.executable, "-m", "tests.faults.process", "client", side]
        with self._answers.open("wb") as out, (folder / "client.log").open("wb") as log:
            self._process: subprocess.Popen[str] = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self._process.stdin
        self._input: IO[str] = self._process.stdin

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        _kill_group(self._process)
        with suppress(BrokenPipeError):
            self._input.close()

    def say(self, line: str) -> None:
        """Hand over a batch."""
        self._input.write(line + "\n")
        self._input.flush()

    @property
    def is_there(self) -> bool:
        """Whether it still asks; it ends only when an answer is none that it expects."""
        return self._process.poll() is None

    def answers(self) -> list[str]:
        """The requests that were answered so far."""
        return self._answers.read_text().splitlines()


def _kill_group(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """SIGKILL a process and those it started, and collect it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
