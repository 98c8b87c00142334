"""Verbs of investment projects (PES-02, REP-01)."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from pes import audit
from pes.access import demand
from pes.models import InvestmentProject, OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused


@transaction.atomic
def create_project(entity: OrganizationUnit, *, code: str, name: str, by: User) -> InvestmentProject:
    """Enter an investment project of an entity. Raises PermissionDenied, or Refused when its code is taken."""
    demand(by, Permission.PES_EDIT, entity)
    project = InvestmentProject(entity=entity, code=code.strip(), name=name.strip())
    _save(project)
    audit.record("project_created", project, by=by, after=_facts(project))
    return project


@transaction.atomic
def change_project(project: InvestmentProject, *, code: str, name: str, by: User) -> bool:
    """Correct the code or name of a project; False when nothing changed. Raises like `create_project`."""
    demand(by, Permission.PES_EDIT, project)
    before = _facts(project)
    project.code, project.name = code.strip(), name.strip()
    if _facts(project) == before:
        return False
    _save(project)
    audit.record("project_changed", project, by=by, before=before, after=_facts(project))
    return True


def _save(project: InvestmentProject) -> None:
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        message = f"{project.entity.short_name} ya tiene un proyecto con el código {project.code}."
        raise Refused(
            [Problem("project_repeated", "PES-02", message, fix="Use otro código o edite el existente.")]
        ) from error


def _facts(project: InvestmentProject) -> dict[str, str]:
    return {"entity": project.entity.code, "code": project.code, "name": project.name}
