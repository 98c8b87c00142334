"""The antivirus, where there is one: clamd looks at each file, and what it has not seen yet waits (UP10).

Its protocol is one command, so it is spoken here: the client on the package index (clamd 1.0.2, of 2014) connects without
a time limit and hands over data with a call that may send only part of it.
"""

from __future__ import annotations

import logging
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)
CHUNK = 64 * 1024
SECONDS = 15.0  # without a word from clamd
_ANSWER = re.compile(r"stream: (?:(?P<threat>.+) FOUND|OK)$")


@dataclass(frozen=True, slots=True)
class Scan:
    """What the antivirus said of a file: the name of the threat, empty when there is none."""

    threat: str = ""


def is_on() -> bool:
    """Whether this installation has an antivirus (`CLAMD_ADDRESS`: `host:port`, or the path of a socket)."""
    return bool(settings.CLAMD_ADDRESS)


def scan(path: Path) -> Scan | None:
    """Ask clamd about a file; None when there is none or it does not answer: the file then waits for analysis."""
    if not is_on():
        return None
    try:
        answer = _ask(path)
    except (OSError, ValueError) as error:  # nobody there, or an address that is none
        log.error("El antivirus no responde en %s: %s", settings.CLAMD_ADDRESS, error)
        return None
    said = _ANSWER.search(answer)
    if said is None:
        log.error("El antivirus no pudo analizar un archivo: %s", answer)
        return None
    threat = said["threat"] or ""
    if threat:
        log.error("El antivirus encontró «%s» en un archivo.", threat)
    return Scan(threat[:200])


def _ask(path: Path) -> str:
    """INSTREAM: the file in chunks, each after its length, and a length of 0 at the end."""
    with _connect() as door, path.open("rb") as file:
        door.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            door.sendall(len(chunk).to_bytes(4, "big") + chunk)
        door.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and (more := door.recv(4096)):
            answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connect() -> socket.socket:
    address = settings.CLAMD_ADDRESS
    if address.startswith("/"):
        door = socket.socket(socket.AF_UNIX)
        try:
            door.settimeout(SECONDS)
            door.connect(address)
        except OSError:
            door.close()
            raise
        return door
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)
