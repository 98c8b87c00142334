"""What must never be committed: addresses of package registries, paths of somebody's machine, left-overs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.repository.tree import files, read

BINARY = {".ico", ".jpg", ".pdf", ".png", ".ttf", ".woff2", ".xlsx", ".gz", ".zip"}
# Tests that quote what they forbid.
QUOTING = {Path(f"tests/repository/{name}.py") for name in ("test_hygiene", "test_dependencies")}
FORBIDDEN = {
    "the address of a package registry": re.compile(
        r"pypi\.org|pythonhosted\.org|registry\.npmjs|crates\.io|--(?:extra-)?index-url|--find-links|/simple/"
    ),
    "an address with a password": re.compile(r"https?://[^\s/@:]+:[^\s/@]+@"),
    "a path of somebody's machine": re.compile(r"(?<![\w.<])/(?:home|root|Users|work|opt)/[\w.-]+"),
    "work left for later": re.compile(r"\b(?:TO[D]O|FIX[M]E|X{3}|HACK)\b"),
    "a test that does not run": re.compile(r"mark\.(?:skip|xfail)\b|unittest\.skip|pytest\.skip\("),
    "a debugger": re.compile(r"\bbreakpoint\(\)|\bpdb\.set_trace|console\.log\("),
}


def findings(text: str) -> list[str]:
    """What a file holds that it must not, with its line."""
    return [
        f"{number}: {what}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


def test_nothing_is_committed_that_must_not_be() -> None:
    texts = {path: read(path) for path in files() if path.suffix not in BINARY and path not in QUOTING}

    assert [f"{path}:{finding}" for path, text in texts.items() for finding in findings(text)] == []


@pytest.mark.parametrize(
    "line",
    [
        "index: https://pypi.org/x",
        "--extra-index-url x",
        "https://user:secret@example/x",
        "see /home/somebody/notes",
        "# HACK: later",
        "@pytest." + "mark.skip",
        "breakpoint()",
    ],
)
def test_what_must_not_be_committed_is_found(line: str) -> None:
    assert findings(line)


@pytest.mark.parametrize("line", ["/srv/pes/media", "tmp/opt/x", "TODOS los sectores", 'path("/metodologia/")'])
def test_what_looks_alike_is_left_alone(line: str) -> None:
    assert findings(line) == []
