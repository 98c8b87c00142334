"""docs/roles.md says what pes/permissions.py says."""

from pathlib import Path

from pes.permissions import ROLES, Permission, Role
from pes.roles_document import document
from tests.repository.tree import ROOT, read


def test_the_document_of_roles_is_true():
    assert read(Path("docs/roles.md")) == document(), f"python -m pes.roles_document > {ROOT.name}/docs/roles.md"


def test_every_role_is_defined_once_with_its_own_number():
    assert set(ROLES) == set(Role)
    assert len({definition.number for definition in ROLES.values()}) == len(ROLES)


def test_every_permission_has_a_label_and_somebody_who_holds_it():
    assert [p for p in Permission if not p.label or not any(p in d.permissions for d in ROLES.values())] == []


def test_every_role_but_the_administrator_reads_the_plans():
    blind = {role for role, definition in ROLES.items() if Permission.PES_READ not in definition.permissions}

    assert blind == {Role.ADMINISTRADOR}
