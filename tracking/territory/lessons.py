"""Verbs of what was learnt: write a lesson or a success case, publish it, take it back (GP-06)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.files.stored import keep
from pes.models import RoadActivity, TerritorialEntity, User
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.territory import lesson_problems
from tracking.models import TerritoryLesson


@transaction.atomic
def write_lesson(
    entity: TerritorialEntity,
    *,
    kind: str,
    title: str,
    text: str,
    hito: RoadActivity | None = None,
    upload: UploadedFile | None = None,
    by: User,
    now: datetime | None = None,
) -> TerritoryLesson:
    """Tell what an entity taught, perhaps of one of its hitos and with a file; nobody else sees it until published.

    The same words again by the same person are the first ones (WF1). Raises PermissionDenied, or Refused.
    """
    demand(by, Permission.HITO_REPORT, entity)
    demand(by, Permission.TERRITORY_READ, entity)
    TerritorialEntity.objects.select_for_update(no_key=True, of=("self",)).get(pk=entity.pk)
    refuse_if_any(lesson_problems(title=title, text=text))
    if hito is not None and not entity.roads.filter(road__phases__activities=hito).exists():
        message = "El hito no es de esta entidad."
        refuse_if_any([Problem("foreign_hito", "GP-06", message, fix="Elija uno de su hoja de ruta.")])
    said = {"kind": kind, "title": title.strip(), "text": text.strip(), "hito": hito}
    same = TerritoryLesson.objects.filter(entity=entity, written_by=by, **said).first()
    if same is not None:
        return same
    file = keep(upload, unit=entity.region, by=by) if upload else None
    made = TerritoryLesson.objects.create(
        entity=entity, **said, file=file, written_by=by, written_at=now or timezone.now()
    )
    after = {"entity": entity.dane_code, "kind": kind, "title": made.title, "hito": hito.code if hito else None}
    audit.record("territory_lesson_written", made, by=by, after=after)
    return made


@transaction.atomic
def publish_lesson(lesson: TerritoryLesson, *, by: User, now: datetime | None = None) -> None:
    """Let everybody read a lesson; whoever wrote it does not publish it. Again it changes nothing (WF1).

    Raises PermissionDenied or Refused.
    """
    held = _held(lesson, by)
    if held.published_at is not None:
        return
    if held.written_by_id == by.pk:
        message = "Quien la escribió no la publica."
        refuse_if_any([Problem("own_lesson", "AZ4", message, fix="Pídalo a otra persona que coordine.")])
    held.published_by, held.published_at = by, now or timezone.now()
    held.save(update_fields=["published_by", "published_at"])
    audit.record("territory_lesson_published", held, by=by, after={"title": held.title})


@transaction.atomic
def withdraw_lesson(lesson: TerritoryLesson, *, reason: str, by: User) -> None:
    """Take a published lesson back, with why. Again it changes nothing (WF1). Raises PermissionDenied or Refused."""
    held = _held(lesson, by)
    if held.published_at is None:
        return
    if not reason.strip():
        refuse_if_any([Problem("reason_missing", "GP-06", "Falta el motivo.", fix="Escriba por qué se retira.")])
    held.published_by = held.published_at = None
    held.save(update_fields=["published_by", "published_at"])
    audit.record("territory_lesson_withdrawn", held, by=by, before={"title": held.title}, reason=reason.strip())


def _held(lesson: TerritoryLesson, by: User) -> Any:
    demand(by, Permission.TERRITORY_MANAGE, lesson)
    return TerritoryLesson.objects.select_for_update(no_key=True, of=("self",)).get(pk=lesson.pk)
