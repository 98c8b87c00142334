"""The repository as its tests see it: every file that is, or is about to be, under version control."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("pes", "plans", "tracking", "evaluation")  # from left to right: an app imports only leftwards


@cache
def files() -> tuple[Path, ...]:
    """Paths relative to the root; from git where there is one, so that what is ignored does not count."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    found = (Path(name) for name in listing.stdout.split("\0") if name)
    return tuple(sorted(path for path in found if (ROOT / path).is_file()))


def with_suffix(*suffixes: str) -> list[Path]:
    """Files of these kinds."""
    return [path for path in files() if path.suffix in suffixes]


def app_modules() -> list[Path]:
    """Python files of the four apps."""
    return [path for path in with_suffix(".py") if path.parts[0] in APPS]


def read(path: Path) -> str:
    """Text of a file of the repository."""
    return (ROOT / path).read_text(encoding="utf-8")


def module_name(path: Path) -> str:
    """Dotted name: `plans/models/__init__.py` is `plans.models`."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, module: str, is_package: bool = False) -> Iterator[tuple[str, ast.stmt, ast.AST | None]]:
    """Every import of a module: (imported dotted name, statement, enclosing function or None).

    `from a import b` yields `a.b`: b may be a module, and a name of `a` does no harm to those who look at prefixes.
    """
    stack: list[tuple[ast.AST, ast.AST | None]] = [(ast.parse(source), None)]
    package = module if is_package else module.rpartition(".")[0]
    while stack:
        node, function = stack.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name, node, function) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            yield from ((f"{base}.{alias.name}", node, function) for alias in node.names)
        inside = node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) else function
        stack.extend((child, inside) for child in ast.iter_child_nodes(node))


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)
