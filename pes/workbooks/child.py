"""The process that touches an untrusted workbook: started by `reader`, read once, gone.

It gets the open file as standard input and answers one JSON document on standard
output. Limits are set before the readers are imported; after the imports an audit hook
refuses every file, socket and process, so a parser that is tricked has nowhere to go.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import resource
import sys
from pathlib import Path
from typing import Any

from pes.workbooks import limits

STATUS = Path("/proc/self/status")
CODECS = ("ascii", "utf-8", "utf-16", "latin-1", "cp437", "cp1252", "iso8859-15")
FORBIDDEN_EVENTS = re.compile(
    r"^(open|socket\.|subprocess\.|os\.(exec|fork|posix_spawn|system|remove"
    r"|rename|mkdir|rmdir|link|symlink|chmod|listdir|scandir)|ctypes\.|urllib\.)"
)


def restrict() -> None:
    """Limits of quality.md §3; a hard limit cannot be raised again."""
    for kind, ceiling in (
        (resource.RLIMIT_AS, limits.ADDRESS_SPACE),
        (resource.RLIMIT_CPU, limits.CPU_SECONDS),
        (resource.RLIMIT_FSIZE, limits.ANSWER_BYTES),
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


def main() -> None:
    restrict()
    status = os.open(STATUS, os.O_RDONLY) if STATUS.exists() else -1
    for codec in CODECS:  # zipfile and expat ask for them when the doors are closed
        codecs.lookup(codec)

    from pes.workbooks.extract import extract
    from pes.workbooks.items import Refusal

    stream = os.fdopen(0, "rb")
    close_doors()
    answer: dict[str, Any]
    try:
        answer = extract(stream, json.loads(sys.argv[2]))
    except Refusal as refusal:
        answer = {"refused": [refusal.code, refusal.found, refusal.sheet, refusal.cell]}
    except (MemoryError, RecursionError) as error:
        answer = {"refused": ["too_heavy", type(error).__name__, "", ""]}
    except Exception as error:
        answer = {"refused": ["damaged", repr(error), "", ""]}
    answer["peak_kib"] = peak_kib(status) if status >= 0 else 0
    sys.stdout.write(json.dumps(answer, separators=(",", ":")))  # json.dump would go piece by piece, in Python
    sys.stdout.flush()
