"""The dashboard of a sector beside a bare authenticated page, through gunicorn on loopback."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import Message

from django.conf import settings
from django.db.models import F
from django.test import Client
from django.urls import reverse

from benchmarks.measure import Times
from benchmarks.nation import settle
from benchmarks.samples import Sample, build, viewer
from benchmarks.table import Row
from evaluation.models import Cutoff
from pes.models import SectorPlan, User

HOST = "127.0.0.1"
WORKERS, THREADS = 2, 4
ROUNDS, ALONE, TOGETHER, CLIENTS = 5, 50, 25, 8
# 20 objectives twice (results and programme), 4 entities and 6 bottlenecks: 50 rows.
SAMPLE = Sample("tablero", objectives=20, indicators=5)


@dataclass
class Visit:
    """One kind of request: where it goes, what it must answer, and what happens, untimed, before each."""

    path: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], object] | None = None
    times: dict[int, Times] = field(default_factory=dict)


@contextmanager
def site() -> Iterator[int]:
    """The product under gunicorn, as the Dockerfile starts it but on a free loopback port; yields the port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "pes.wsgi", f"--bind={HOST}:{port}", "--worker-class=gthread",
        f"--workers={WORKERS}", f"--threads={THREADS}", "--keep-alive=30", "--log-level=warning",
    ]  # fmt: skip
    server = subprocess.Popen(command)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/salud/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("gunicorn did not answer")


def cookies_of(user: User) -> str:
    """The session of a person, as the browser would send it."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def _ask(port: int, visit: Visit, cookie: str, count: int) -> list[float]:
    """Some requests on one kept connection; seconds of each."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    seconds = []
    for _ in range(count):
        if visit.before:
            visit.before()
        started = time.perf_counter()
        connection.request("GET", visit.path, headers={"Cookie": cookie, "Accept-Encoding": "gzip", **visit.headers})
        response = connection.getresponse()
        response.read()
        took = time.perf_counter() - started
        if response.status == visit.status:
            seconds.append(took)
        elif response.status == 200 and visit.headers:  # every few minutes a page is due again, and brings a new tag
            visit.headers = {"If-None-Match": response.headers["ETag"]}
        else:
            raise AssertionError(f"{visit.path} answered {response.status}, not {visit.status}")
    connection.close()
    assert len(seconds) >= count - 1, f"{visit.path} changes all the time"
    return seconds


def _measure(port: int, visits: Mapping[str, Visit], cookie: str, *, crowded: bool) -> None:
    """Every kind in turn, alone and, if `crowded`, among eight clients; the order turns round each time."""
    names = list(visits)
    with ThreadPoolExecutor(CLIENTS) as pool:
        for number in range(ROUNDS + 1):
            for name in names:
                visit = visits[name]
                alone = _ask(port, visit, cookie, ALONE)
                together: list[float] = []
                if crowded:
                    for each in pool.map(lambda _: _ask(port, visit, cookie, TOGETHER), range(CLIENTS)):  # noqa: B023
                        together += each
                if number:  # the first round warms up
                    visit.times.setdefault(1, Times()).seconds.extend(alone)
                    visit.times.setdefault(CLIENTS, Times()).seconds.extend(together)
            names.reverse()


def _tags(port: int, path: str, cookie: str) -> dict[str, str]:
    """What a browser sends after it has seen the page once."""
    return {"If-None-Match": _first(port, path, cookie)["ETag"]}


def _touch(plan: SectorPlan) -> int:
    """A new version of the results: what was rendered for the one before is never shown again."""
    return Cutoff.objects.filter(plan=plan).update(version=F("version") + 1)


def run(say: Callable[[str], None]) -> list[Row]:
    """The page unchanged (304, and from the stored fragment) and cold, beside the bare one and an empty one."""
    plan = build(SAMPLE)
    settle()
    cookie = cookies_of(viewer(plan))
    path = reverse("evaluation:dashboard", args=[SAMPLE.code])
    with site() as port:
        cookie += f"; csrftoken={_csrf(port, path, cookie)}"
        floors = {"bare": Visit("/desnuda/"), "framed": Visit("/vacia/")}
        unchanged = {"304": Visit(path, 304, _tags(port, path, cookie)), "fragmento": Visit(path)}
        _measure(port, floors | unchanged, cookie, crowded=True)
        cold = {
            "bare": Visit("/desnuda/"),
            "framed": Visit("/vacia/"),
            "cold": Visit(path, before=lambda: _touch(plan)),
        }
        _measure(port, cold, cookie, crowded=False)
    rows = [
        Row(f"tablero sin cambios, {name}, c={clients}, p95", visit.times[clients].p95, bare.times[clients].p95, target)
        for bare, target in ((floors["bare"], 1.5), (floors["framed"], None))
        for name, visit in unchanged.items()
        for clients in (1, CLIENTS)
    ]
    rows = [replace(row, name=f"{row.name} / página vacía") if row.target is None else row for row in rows]
    seconds = {name: visit.times[1].median for name, visit in cold.items()}
    note = f"gunicorn gthread {WORKERS}×{THREADS}; {SAMPLE.objectives * SAMPLE.indicators} indicadores, 50 filas"
    return [
        *rows,
        Row("tablero en frío, 50 filas, p50", seconds["cold"], seconds["bare"], 3.5, note=note),
        Row("tablero en frío, 50 filas, p50 / página vacía", seconds["cold"], seconds["framed"]),
    ]


def _csrf(port: int, path: str, cookie: str) -> str:
    """The CSRF cookie that the first page sets."""
    return _first(port, path, cookie)["Set-Cookie"].split("csrftoken=", 1)[1].split(";", 1)[0]


def _first(port: int, path: str, cookie: str) -> Message:
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie})
    response = connection.getresponse()
    response.read()
    return response.headers
