"""What a reader is promised is there: the glossary, the commands, migrations whose name says what they do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.repository.tree import APPS, app_modules, files, read

MIGRATIONS = [p for p in app_modules() if p.parts[1] == "migrations" and p.name != "__init__.py"]
COMMANDS = [p.stem for p in app_modules() if p.parts[1:3] == ("management", "commands") and not p.stem.startswith("_")]


def badly_named(stem: str) -> bool:
    """Whether a migration's name hides what it does."""
    return not re.fullmatch(r"\d{4}_[a-z0-9]+(?:_[a-z0-9]+)*", stem) or "_auto_" in stem


def test_a_migration_says_what_it_does() -> None:
    assert [str(path) for path in MIGRATIONS if badly_named(path.stem)] == []


@pytest.mark.parametrize("app", APPS)
def test_migrations_of_an_app_stand_in_one_line(app: str) -> None:
    numbers = [path.name[:4] for path in MIGRATIONS if path.parts[0] == app]

    assert len(numbers) == len(set(numbers))


def glossary(text: str) -> list[str]:
    """Rows of the table under the heading Glosario (or Glossary)."""
    section = re.search(r"^#+ +(?:Glosario|Glossary)\b.*?$(.*?)(?=^#+ |\Z)", text, re.M | re.S | re.I)
    rows = [line for line in (section[1] if section else "").splitlines() if line.startswith("|")]
    return rows[2:]


def test_the_readme_holds_the_glossary() -> None:
    assert len(glossary(read(Path("README.md")))) >= 10


def documented(command: str, texts: list[str]) -> bool:
    """Whether some document shows how a command is called, or names it as one."""
    pattern = re.compile(rf"manage\.py {command}\b|`{command}\b")
    return any(pattern.search(text) for text in texts)


def test_every_command_is_documented() -> None:
    texts = [read(path) for path in files() if path.parts[0] == "docs" and path.suffix == ".md"]

    assert [command for command in COMMANDS if not documented(command, texts)] == []


def test_what_is_missing_is_found() -> None:
    assert badly_named("0002_auto_20261121_1000")
    assert badly_named("seed")
    assert not badly_named("0002_append_only_triggers")
    assert glossary("# PES\n\n## Otra cosa\n| a | b |\n|---|---|\n| c | d |\n") == []
    assert glossary("## Glosario\n\n| a | b |\n|---|---|\n| c | d |\n\n## Fin\n") == ["| c | d |"]
    assert not documented("import_pes", ["`import_pes_old` and manage.py import_plan"])
    assert documented("import_pes", ["Use `import_pes FILE`."])
