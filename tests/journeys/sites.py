"""Sites for the journeys: real processes on stores of their own, which can be copied."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
_numbers = count(1)


@dataclass(frozen=True)
class Store:
    """A database, on the engine that PES_TEST_DB names, and the folders beside it."""

    folder: Path
    database: str  # its name on PostgreSQL, empty on SQLite
    is_demo: bool = True

    @classmethod
    def empty(cls, folder: Path, *, is_demo: bool = True) -> Store:
        """A store without tables."""
        folder.mkdir(exist_ok=True)
        return cls(folder, _new_database(), is_demo)

    def copy(self, folder: Path) -> Store:
        """Another store with the same content; nobody may be using this one."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Store(folder, _new_database(template=self.database), self.is_demo)

    def drop(self) -> None:
        """Remove its database from the server."""
        if self.database:
            _on_server(f'DROP DATABASE "{self.database}" WITH (FORCE)')

    @property
    def environment(self) -> dict[str, str]:
        """What a process on this store is told."""
        url = f"sqlite:///{self.folder / 'pes.sqlite3'}"
        if self.database:
            url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.database}").geturl()
        folders = {"MEDIA_ROOT": str(self.folder / "media"), "PES_VAR_DIR": str(self.folder / "var")}
        return os.environ | folders | {"DATABASE_URL": url, "PES_DEMO": "1" if self.is_demo else "0"}

    def manage(self, *words: str) -> str:
        """Run a command of manage.py and return what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def log(self) -> str:
        """What its server said, e-mails included."""
        return (self.folder / "log").read_text(encoding="utf-8")

    @contextmanager
    def served(self, port: int | None = None) -> Iterator[str]:
        """Serve it, on a free port unless it has to be a certain one, and give its address."""
        port = port or _free_port()
        words = ["demo", "--port", str(port)] if self.is_demo else ["runserver", "--noreload", f"127.0.0.1:{port}"]
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-u", "manage.py", *words], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        try:
            self._wait_for(f"http://127.0.0.1:{port}/salud/", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)

    def _wait_for(self, address: str, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert process.poll() is None, self.log[-3000:]
            try:
                with urllib.request.urlopen(address, timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the site did not answer: {self.log[-3000:]}")


@contextmanager
def shared(folder: Path, prepare: Callable[[Store], object]) -> Iterator[Store]:
    """A store that the first process to ask prepares and the last one to leave drops; the others wait for it."""
    folder.mkdir(exist_ok=True)
    with _register(folder) as users:
        if not users:
            store = Store.empty(folder / "store")
            prepare(store)
            users.append(store.database)
        store = Store(folder / "store", users[0])
        users.append(os.getpid())
    try:
        yield store
    finally:
        with _register(folder) as users:
            users.remove(os.getpid())
            if len(users) == 1:
                store.drop()
                shutil.rmtree(store.folder)
                users.clear()


@contextmanager
def _register(folder: Path) -> Iterator[list[Any]]:
    """The name of the database and who uses it, to be read and changed by one process at a time."""
    with (folder / "users").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        users = json.loads(file.read() or "[]")
        yield users
        file.seek(0)
        file.truncate()
        json.dump(users, file)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _new_database(template: str = "template1") -> str:
    if os.environ["PES_TEST_DB"] != "postgres":
        return ""
    name = f"journey_{os.getpid()}_{next(_numbers)}"
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def _on_server(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(statement)  # type: ignore[call-overload] # a name cannot be a parameter
