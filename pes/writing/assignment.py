"""Sharing a document out: who writes each section and until when, all of it in one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from pes import audit
from pes.access import demand, grants_in_force
from pes.edits import fingerprint, refuse_if_stale
from pes.models import DocumentSection, OrganizationUnit, PlanDocument, User
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any
from pes.writing.powers import WRITE
from pes.writing.structure import LEAD


@dataclass(frozen=True, slots=True)
class Task:
    """Who writes a section and until which day, that day included; either may be open."""

    responsible: int | None
    due_on: date | None


@transaction.atomic
def assign_sections(document: PlanDocument, tasks: Mapping[int, Task], *, read: str, by: User) -> int:
    """Set who writes which sections (by id) and until when; returns how many changed.

    `read` is the fingerprint of `tasks_of` that the table was made from. Raises PermissionDenied, StaleEdit, or
    Refused: a section of another document, or a person who may not write.
    """
    demand(by, LEAD, document)
    held = PlanDocument.hold(document.pk)
    rows = {row.pk: row for row in sections_of(held)}
    refuse_if_any(_problems(held, rows, tasks))
    changed = {pk: task for pk, task in tasks.items() if _task(rows[pk]) != task}
    if not changed:
        return 0
    refuse_if_stale(facts_of(rows.values()), read)
    names = dict(writers_of(held))
    for pk, task in changed.items():
        row = rows[pk]
        before = _said(_task(row), names | {row.responsible_id: str(row.responsible)})
        row.responsible_id, row.due_on = task.responsible, task.due_on
        row.save(update_fields=["responsible", "due_on"])
        old, new = audit.differences(before, _said(task, names))
        audit.record("section_assigned", row, by=by, before=old, after={"section": str(row)} | new)
    return len(changed)


def sections_of(document: PlanDocument) -> list[DocumentSection]:
    """Its sections in order, with what names them; one query."""
    rows = DocumentSection.objects.filter(chapter__document=document)
    return list(rows.select_related("chapter", "entity", "responsible"))


def facts_of(sections: Iterable[DocumentSection]) -> dict[str, Any]:
    """What the table of responsible people says, for the fingerprint of who edits it."""
    return {str(row.pk): [row.responsible_id, row.due_on.isoformat() if row.due_on else ""] for row in sections}


def read_of(sections: Iterable[DocumentSection]) -> str:
    """The fingerprint that the form carries."""
    return fingerprint(facts_of(sections))


def writers_of(document: PlanDocument) -> list[tuple[int, str]]:
    """Who may be given a section: people who hold the power on the sector or on one of its entities; one query."""
    sector = document.plan.sector_id
    units = OrganizationUnit.objects.filter(pk=sector) | OrganizationUnit.objects.filter(parent=sector)
    held = grants_in_force().filter(permission__codename=WRITE.value, content_object__in=units)
    people = User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("full_name", "pk")
    return [(one.pk, str(one)) for one in people]


def _problems(held: PlanDocument, rows: Mapping[int, Any], tasks: Mapping[int, Task]) -> Iterable[Problem]:
    if any(pk not in rows for pk in tasks):
        message = "Hay una sección que no es de este documento."
        yield Problem("section_unknown", "AZ10", message, fix="Vuelva a cargar la página.")
        return
    writers = {pk for pk, _ in writers_of(held)}
    asked = {task.responsible for pk, task in tasks.items() if task.responsible != rows[pk].responsible_id}
    if asked - writers - {None}:
        message = f"Una de las personas no tiene el permiso «{Permission.DOCUMENT_WRITE.label}» en el sector."
        yield Problem("not_a_writer", "LC-07", message, fix="Elija a alguien de la lista.")


def _task(row: DocumentSection) -> Task:
    return Task(row.responsible_id, row.due_on)


def _said(task: Task, names: Mapping[int | None, str]) -> dict[str, str]:
    due = task.due_on.isoformat() if task.due_on else ""
    return {"assigned_to": names.get(task.responsible, "") if task.responsible else "", "due_on": due}
