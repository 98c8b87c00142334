"""`rules/` is arithmetic and law: no Django, no clock, no I/O, no float; numbers and dates come in as arguments."""

from __future__ import annotations

import ast

import pytest

from tests.repository.tree import APPS, app_modules, imports, module_name, read

RULES = [path for path in app_modules() if path.parts[1] == "rules"]
STANDARD = {
    "__future__", "abc", "bisect", "calendar", "collections", "contextlib", "dataclasses", "datetime", "decimal",
    "difflib", "enum", "fractions", "functools", "hashlib", "heapq", "html", "itertools", "json", "math", "operator",
    "re", "string", "types", "typing", "unicodedata",
}  # fmt: skip
CLOCK = {"now", "today", "utcnow", "localdate", "fromtimestamp"}
INPUT_OUTPUT = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}
INEXACT_MATH = {"sqrt", "pow", "exp", "log", "fsum", "isclose", "nan", "inf"}


def impurities(source: str, module: str, is_package: bool = False) -> list[str]:
    """What a module of rules may not do, each with its line."""
    found = [
        f"{statement.lineno}: imports {name}"
        for name, statement, _ in imports(source, module, is_package)
        if not _may_import(name, module.split(".")[0])
    ]
    return found + [
        f"{node.lineno}: {complaint}" for node in ast.walk(ast.parse(source)) if (complaint := _complaint(node))
    ]


def _may_import(name: str, app: str) -> bool:
    parts = name.split(".")
    if parts[0] not in APPS:
        return parts[0] in STANDARD
    is_rules = parts[1:2] == ["rules"] and APPS.index(parts[0]) <= APPS.index(app)
    return is_rules or parts[:2] == ["pes", "permissions"]


def _complaint(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=float() | complex()):
            return f"the float {node.value}"
        case ast.Name(id="float" | "complex"):
            return "float"
        case ast.Name(id=name) if name in INPUT_OUTPUT:
            return f"{name}() is input or output"
        case ast.Attribute(attr=name) if name in CLOCK:
            return f".{name} reads the clock"
        case ast.Attribute(value=ast.Name(id="math"), attr=name) if name in INEXACT_MATH:
            return f"math.{name} is a float"
    return ""


def test_rules_are_pure() -> None:
    found = [
        f"{path}:{impurity}"
        for path in RULES
        for impurity in impurities(read(path), module_name(path), path.name == "__init__.py")
    ]

    assert found == []


def test_there_are_rules_to_look_at() -> None:
    assert {path.parts[0] for path in RULES} >= {"pes", "evaluation"}


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils import timezone",
        "import os",
        "import random",
        "from pes.models import User",
        "from tracking.rules import measurements",
        "def f(): return date.today()",
        "def f(): return 0.5",
        "def f(x): return float(x)",
        "def f(x: float): ...",
        "def f(): print('x')",
        "import math\ndef f(x): return math.sqrt(x)",
    ],
)
def test_an_impurity_is_found(source: str) -> None:
    assert impurities(source, "plans.rules.goals")


def test_what_rules_need_is_allowed() -> None:
    source = "from decimal import Decimal\nfrom pes.permissions import Permission\nfrom pes.rules.numbers import exact"

    assert impurities(source, "plans.rules.goals") == []
