"""Nothing grows until nobody reads it: 400 lines for a module, 120 for a template."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.tree import read, with_suffix

LIMITS = {".py": 400, ".css": 400, ".js": 400, ".html": 120}


def limit(path: Path) -> int | None:
    """Lines a file may have; migrations are written by Django and read by nobody twice."""
    return None if path.parent.name == "migrations" else LIMITS.get(path.suffix)


def too_long(path: Path, text: str) -> bool:
    """Whether a file is longer than its kind allows."""
    allowed = limit(path)
    return allowed is not None and len(text.splitlines()) > allowed


def test_a_file_is_short_enough_to_read() -> None:
    assert [str(path) for path in with_suffix(*LIMITS) if too_long(path, read(path))] == []


@pytest.mark.parametrize(
    ("name", "lines", "expected"),
    [
        ("pes/audit.py", 400, False),
        ("pes/audit.py", 401, True),
        ("static/css/base.css", 401, True),
        ("static/js/tables.js", 401, True),
        ("templates/pes/home.html", 120, False),
        ("templates/pes/home.html", 121, True),
        ("pes/migrations/0001_initial.py", 900, False),
    ],
)
def test_the_limits_are_these(name: str, lines: int, expected: bool) -> None:
    assert too_long(Path(name), "x\n" * lines) is expected
