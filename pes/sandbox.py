"""A process of its own for one untrusted file: it gets the open file, answers once, and is gone.

The parent (`ask`) starts a child in isolated mode with the file as standard input and reads one JSON document. The
child (`serve`) lowers its own limits before it loads any parser; once the parser is loaded, an audit hook refuses every
file, socket and process, so a parser that is tricked has nowhere to go (IM7, UP1 to UP6).
"""

from __future__ import annotations

import codecs
import importlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

ROOT = str(Path(__file__).resolve().parents[1])
# Isolated mode ignores PYTHON* variables, the working folder and user packages.
BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from pes import sandbox; sandbox.serve(*sys.argv[2:])"
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
STATUS = Path("/proc/self/status")
CODECS = ("ascii", "utf-8", "utf-16", "latin-1", "cp437", "cp1252", "iso8859-15")
FORBIDDEN_EVENTS = re.compile(
    r"^(open|socket\.|subprocess\.|os\.(exec|fork|posix_spawn|system|remove"
    r"|rename|mkdir|rmdir|link|symlink|chmod|listdir|scandir)|ctypes\.|urllib\.)"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: bytes of memory and of answer, seconds of processor and of waiting."""

    address_space: int
    cpu_seconds: int
    answer_bytes: int
    wall_seconds: int


class NoAnswer(Exception):
    """The child was stopped by its limits or died; `late` says that it was its time that ended."""

    def __init__(self, *, late: bool) -> None:
        super().__init__("late" if late else "stopped")
        self.late = late


def ask(task: str, stream: IO[bytes], question: Any, limits: Limits) -> dict[str, Any]:
    """What the module `task` answers about a file, by its function `answer(stream, question)`.

    Besides its own keys the answer has `peak_kib`, the child's highest memory; `refused` is a list of a code and what was
    found when the task itself gave up: `too_heavy` or `damaged`. Raises NoAnswer.
    """
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment["MALLOC_ARENA_MAX"] = "1"
    arguments = [ROOT, task, json.dumps(asdict(limits)), json.dumps(question)]
    stream.seek(0)
    with tempfile.TemporaryFile() as out:  # a file, so that RLIMIT_FSIZE bounds the answer
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", BOOT, *arguments],
            stdin=stream,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
        try:
            status = child.wait(timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise NoAnswer(late=True) from error
        finally:
            child.kill()
            child.wait()
        out.seek(0)
        if status != 0:
            raise NoAnswer(late=False)
        answer: dict[str, Any] = json.load(out)
        return answer


def serve(task: str, limits: str, question: str) -> None:
    """The child's whole life: limits, parser, doors, answer."""
    restrict(Limits(**json.loads(limits)))
    status = os.open(STATUS, os.O_RDONLY) if STATUS.exists() else -1
    for codec in CODECS:  # zipfile and expat ask for them when the doors are closed
        codecs.lookup(codec)
    work = importlib.import_module(task).answer
    stream = os.fdopen(0, "rb")
    close_doors()
    answer: dict[str, Any]
    try:
        answer = work(stream, json.loads(question))
    except (MemoryError, RecursionError) as error:
        answer = {"refused": ["too_heavy", type(error).__name__, "", ""]}
    except Exception as error:
        answer = {"refused": ["damaged", repr(error), "", ""]}
    answer["peak_kib"] = peak_kib(status) if status >= 0 else 0
    sys.stdout.write(json.dumps(answer, separators=(",", ":")))  # json.dump would go piece by piece, in Python
    sys.stdout.flush()


def restrict(limits: Limits) -> None:
    """Lower this process's limits; a hard limit cannot be raised again."""
    for kind, ceiling in (
        (resource.RLIMIT_AS, limits.address_space),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.answer_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (ceiling, ceiling))


def close_doors() -> None:
    """From here on nothing may be opened, connected or started (IM7)."""

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if FORBIDDEN_EVENTS.match(event):
            raise PermissionError(event)

    sys.addaudithook(refuse)


def peak_kib(status: int) -> int:
    """Highest resident size of this process; getrusage would count the parent's fork."""
    os.lseek(status, 0, os.SEEK_SET)
    found = re.search(rb"VmHWM:\s+(\d+) kB", os.read(status, 8192))
    return int(found.group(1)) if found else 0
