"""Imports go one way: pes <- plans <- tracking <- evaluation, at the top of the module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.repository.tree import APPS, app_modules, imports, module_name, read

# Imports inside a function, of our own code, that do not dodge a cycle: (module, function) -> why.
INSIDE_A_FUNCTION: dict[tuple[str, str], str] = {
    **{(f"{app}.apps", "ready"): "Django's own hook: models exist only once the apps are loaded" for app in APPS},
}


def wrong_arrows(source: str, module: str, is_package: bool = False) -> list[str]:
    """Imports of an app to the right, and imports inside functions that hide where an app depends."""
    own = module.split(".")[0]
    wrong = []
    for name, statement, function in imports(source, module, is_package):
        target = name.split(".")[0]
        if target not in APPS:
            continue
        where = f"{module}:{statement.lineno} imports {name}"
        if APPS.index(target) > APPS.index(own):
            wrong.append(f"{where}, which stands to its right")
        elif function is not None and (module, getattr(function, "name", "")) not in INSIDE_A_FUNCTION:
            wrong.append(f"{where} inside a function")
    return wrong + _imports_by_name(source, module)


def _imports_by_name(source: str, module: str) -> list[str]:
    """`import_module("evaluation.x")` and `get_model("evaluation", …)` are arrows too."""
    wrong = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if called not in {"import_module", "__import__", "get_model"} or not isinstance(first, ast.Constant):
            continue
        target = str(first.value).split(".")[0]
        if target in APPS and APPS.index(target) > APPS.index(module.split(".")[0]):
            wrong.append(f"{module}:{node.lineno} reaches {first.value} by name")
    return wrong


def test_an_app_imports_only_from_apps_to_its_left() -> None:
    wrong = [
        arrow
        for path in app_modules()
        for arrow in wrong_arrows(read(path), module_name(path), path.name == "__init__.py")
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("pes.views.home", "from evaluation.models import Cutoff"),
        ("pes.views.home", "import plans"),
        ("plans.models.goal", "from tracking import models"),
        ("plans.models.goal", "def f():\n    from pes.models import User"),
        ("plans.models.goal", "from ..models import x\ndef f():\n    from . import other"),
        ("tracking.tasks", "from importlib import import_module\nimport_module('evaluation.tasks')"),
        ("pes.jobs", "apps.get_model('evaluation', 'Cutoff')"),
        ("pes.jobs", "if TYPE_CHECKING:\n    from tracking.models import Measurement"),
    ],
)
def test_a_wrong_arrow_is_found(module: str, source: str) -> None:
    assert wrong_arrows(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("evaluation.tasks", "from pes.models import User\nimport tracking.models"),
        ("evaluation.tasks", "def f():\n    import weasyprint"),
        ("pes.apps", "class PesConfig:\n    def ready(self):\n        from pes import checks"),
    ],
)
def test_a_right_arrow_is_left_alone(module: str, source: str) -> None:
    assert wrong_arrows(source, module) == []


def test_the_site_package_loads_nothing() -> None:
    assert read(Path("pes/__init__.py")) == ""
