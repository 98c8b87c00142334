"""Taking times and memory peaks: interleaved repetitions after a warm-up, fresh processes for memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

PROBE_SECONDS = 300


@dataclass
class Times:
    """Seconds of the same thing done several times."""

    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.seconds)

    @property
    def p95(self) -> float:
        """What 19 of 20 stay under."""
        return quantiles(self.seconds, n=20, method="inclusive")[-1]


def race(repetitions: int, *, warm_up: bool = True, **runners: Callable[[], Any]) -> dict[str, Times]:
    """Run each in turn, `repetitions` times after one round of warm-up; the order turns round each time."""
    times = {name: Times() for name in runners}
    for runner in runners.values() if warm_up else ():
        runner()
    names = list(runners)
    for _ in range(repetitions):
        for name in names:
            started = time.perf_counter()
            runners[name]()
            times[name].seconds.append(time.perf_counter() - started)
        names.reverse()
    return times


def peak_mb() -> float:
    """Most memory this process has held, in MB (its own: `ru_maxrss` would count the parent before the exec)."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


@dataclass(frozen=True)
class Probe:
    """What a fresh process tells of one piece of work: seconds without start-up, its memory peak, what it returned."""

    seconds: float
    peak: float
    answer: Any = None


def fresh(work: str, *arguments: str) -> Probe:
    """Do a piece of work (`module.function` under benchmarks) in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.probe", work, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=PROBE_SECONDS)
    return Probe(**json.loads(done.stdout.splitlines()[-1]))


def race_fresh(repetitions: int, *works: tuple[str, ...]) -> list[Probe]:
    """Each work in turn, each time in a fresh process: its median seconds, highest peak and last answer."""
    taken: list[list[Probe]] = [[] for _ in works]
    order = list(zip(works, taken, strict=True))
    for _ in range(repetitions):
        for work, probes in order:
            probes.append(fresh(*work))
        order.reverse()
    return [
        Probe(median(probe.seconds for probe in probes), max(probe.peak for probe in probes), probes[-1].answer)
        for probes in taken
    ]
