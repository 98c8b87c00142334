"""The child that parses has nowhere to go (IM7)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pes import sandbox
from pes.workbooks import limits

ATTEMPT = """
import os, socket, sys
sys.path.insert(0, {root!r})
from pes.sandbox import close_doors, restrict
from pes.workbooks.limits import OF_THE_CHILD
restrict(OF_THE_CHILD); close_doors()
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
        (f"bytearray({limits.OF_THE_CHILD.address_space})", "MemoryError"),
    ],
)
def test_a_tricked_parser_can_open_connect_or_start_nothing(attempt: str, error: str) -> None:
    code = ATTEMPT.format(root=sandbox.ROOT, attempt=attempt, error=error)

    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False)

    assert done.stdout == b"refused", done.stderr
