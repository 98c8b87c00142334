"""The table of roles as a document: `python -m pes.roles_document > docs/roles.md`. A test keeps the file true."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pes.permissions import ROLES, Permission

INTRODUCTION = """# Roles y permisos

Este documento sale de `pes/permissions.py`; no se edita a mano. Se regenera con
`python -m pes.roles_document > docs/roles.md`.

Un rol se da a una persona sobre una unidad y entre dos fechas, y vale también en todo lo que depende de esa
unidad. El número es el del procedimiento PLE-PIN-P005 (R1 a R13) o el que le dio el producto (desde R15).
Nadie se da roles ni decide sobre lo que hizo. Los roles marcados con «Sí» en segundo factor no abren ninguna
página hasta que su dueño lo active.

Todos los roles consultan el plan estratégico sectorial y los planes de gestión de sus unidades, salvo el
administrador, que no ve cifras del negocio por serlo.
"""


def document() -> str:
    """The whole document, in Markdown."""
    return "\n".join([INTRODUCTION, "## Roles", "", *_roles(), "", "## Qué puede hacer cada uno", "", *_powers(), ""])


def _roles() -> Iterator[str]:
    yield "| Número | Rol | Qué hace | Segundo factor |"
    yield "|---|---|---|---|"
    for role in ROLES.values():
        yield f"| {role.number} | {role.label} | {role.description} | {'Sí' if role.needs_second_factor else 'No'} |"


def _powers() -> Iterator[str]:
    yield "| Permiso | Código | Roles |"
    yield "|---|---|---|"
    for permission in Permission:
        holders = [role.number for role in ROLES.values() if permission in role.permissions]
        yield f"| {permission.label} | `{permission.value}` | {', '.join(holders)} |"


if __name__ == "__main__":
    sys.stdout.write(document())
