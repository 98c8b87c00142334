"""Every template is used by somebody: by our code, by another template, or by a library that looks for its name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.utils import get_app_template_dirs

from tests.repository.tree import ROOT, files, read

FOLDER = Path("templates")
TEMPLATES = [path for path in files() if path.parts[0] == FOLDER.name]
LIBRARIES_ASK_FOR = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}


def sources() -> dict[Path, str]:
    """What may name a template: code and templates (a test that names one does not use it)."""
    kinds = {".py", ".html", ".txt", ".svg", ".xml"}
    return {path: read(path) for path in files() if path.suffix in kinds and path.parts[0] != "tests"}


def overrides_a_library(name: str) -> bool:
    """Whether an installed library looks for a template of this name."""
    places = [place for place in get_app_template_dirs("templates") if not Path(place).is_relative_to(ROOT / "pes")]
    return name in LIBRARIES_ASK_FOR or any((Path(place) / name).exists() for place in places)


def is_used(path: Path, texts: dict[Path, str]) -> bool:
    """Whether another file names the template in full, in quotes."""
    name = path.relative_to(FOLDER).as_posix()
    quoted = re.compile(rf"""["']{re.escape(name)}["'#]""")
    elsewhere = (text for other, text in texts.items() if other != path)
    return overrides_a_library(name) or any(quoted.search(text) for text in elsewhere)


def test_every_template_is_used() -> None:
    texts = sources()

    assert [str(path) for path in TEMPLATES if not is_used(path, texts)] == []


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("pes/home.html", 'render(request, "pes/home.html")', True),
        ("pes/home.html", 'render(request, "pes/home_page.html")', False),
        ("404.html", "", True),
        ("account/login.html", "", True),
        ("account/nobody.html", "", False),
    ],
)
def test_an_unused_template_is_found(name: str, code: str, expected: bool) -> None:
    assert is_used(FOLDER / name, {Path("pes/views/home.py"): code}) is expected


def test_a_template_does_not_use_itself() -> None:
    path = FOLDER / "pes" / "home.html"

    assert not is_used(path, {path: '{% include "pes/home.html" %}'})
