"""The child that parses has nowhere to go (IM7)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pes.workbooks import limits, reader

ATTEMPT = """
import os, socket, sys
sys.path.insert(0, {root!r})
from pes.workbooks.child import close_doors, restrict
restrict(); close_doors()
try:
    {attempt}
except {error}:
    os.write(1, b"refused")
"""


@pytest.mark.rule("IM7")
@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        ("open('/etc/passwd')", "PermissionError"),
        ("socket.socket()", "PermissionError"),
        ("socket.getaddrinfo('localhost', 80)", "PermissionError"),
        ("os.system('true')", "PermissionError"),
        ("os.listdir('/')", "PermissionError"),
        ("os.fork()", "PermissionError"),
        (f"bytearray({limits.ADDRESS_SPACE})", "MemoryError"),
    ],
)
def test_a_tricked_parser_can_open_connect_or_start_nothing(attempt: str, error: str) -> None:
    code = ATTEMPT.format(root=reader.ROOT, attempt=attempt, error=error)

    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False)

    assert done.stdout == b"refused", done.stderr
