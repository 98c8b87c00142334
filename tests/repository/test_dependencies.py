"""The lock follows the declaration, and carries hashes and no addresses (DA12)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.repository.tree import read

PROJECT = tomllib.loads(read(Path("pyproject.toml")))
RUNTIME: list[str] = PROJECT["project"]["dependencies"]
DEVELOPMENT: list[str] = PROJECT["dependency-groups"]["dev"]


def normal(requirement: str) -> str:
    """Name of a requirement as the index writes it: `django-allauth[mfa]>=65` is `django-allauth`."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def locked(text: str) -> dict[str, str]:
    """Requirement name -> everything the lock says about it."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", "\n" + "\n".join(li for li in text.splitlines() if "# " not in li[:6]))
    return {normal(entry): entry for entry in entries if entry.strip()}


@pytest.mark.parametrize(
    ("file", "requirements"),
    [("requirements.txt", RUNTIME), ("requirements-dev.txt", [*RUNTIME, *DEVELOPMENT])],
)
def test_the_lock_pins_every_declared_package_by_hash(file: str, requirements: list[str]) -> None:
    entries = locked(read(Path(file)))

    assert {normal(r) for r in requirements} <= entries.keys()
    assert [name for name, entry in entries.items() if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_two_locks_agree() -> None:
    runtime = locked(read(Path("requirements.txt")))
    development = locked(read(Path("requirements-dev.txt")))

    assert [name for name, entry in runtime.items() if development.get(name, "").split()[:1] != entry.split()[:1]] == []


def test_the_demo_installs_no_tools() -> None:
    runtime = locked(read(Path("requirements.txt")))

    assert {normal(r) for r in DEVELOPMENT} & runtime.keys() == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_no_address(name: str) -> None:
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links", read(Path(name)))


def test_every_dependency_says_what_it_is_for() -> None:
    lines = read(Path("pyproject.toml")).splitlines()
    silent = [line for line in lines if re.match(r'\s+"[A-Za-z].*[><=]=?[\d.]+.*",\s*$', line)]

    assert [
        line for line in silent if not normal(line.strip(' "')).startswith(("pytest", "ruff", "mypy", "django-stubs"))
    ] == []
