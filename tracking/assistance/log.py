"""Verbs of the assistance log: write down an assistance, correct it or take it back by another row (GP-05, GP-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from pes import audit
from pes.access import can, demand
from pes.duplicates import once
from pes.files.stored import adds_nothing, keep
from pes.models import RoadActivity, StoredFile, TerritorialEntity, User
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.texts import one_line, tidy
from tracking.models import Assistance, AssistanceHito
from tracking.rules.assistance import assistance_problems, correction_problems, first_day

LOG = Permission.ASSISTANCE_LOG
PROOF_ADDED = "Se agregó el soporte."


@dataclass(frozen=True, slots=True)
class Said:
    """What is written down of an assistance; `minutes` of duration, `participants` of the entity."""

    held_on: date
    kind: str
    theme: str = ""
    hitos: Sequence[RoadActivity] = ()
    minutes: int | None = None
    participants: int | None = None
    summary: str = ""
    agreements: str = ""

    def tidied(self) -> Said:
        """The same, as it is stored."""
        words = {"theme": one_line(self.theme), "summary": tidy(self.summary), "agreements": tidy(self.agreements)}
        return replace(self, **words)

    def columns(self) -> dict[str, Any]:
        """What goes to the row; the hitos go apart."""
        names = ("held_on", "kind", "theme", "minutes", "participants", "summary", "agreements")
        return {name: getattr(self, name) for name in names}

    def facts(self) -> dict[str, Any]:
        """What the audit keeps: no prose, it is in the row for ever."""
        kept = {name: getattr(self, name) for name in ("kind", "theme", "minutes", "participants")}
        return kept | {"held_on": self.held_on.isoformat(), "hitos": [one.code for one in self.hitos]}


@transaction.atomic
def log_assistance(
    entity: TerritorialEntity, said: Said, *, upload: UploadedFile | None = None, by: User, now: datetime | None = None
) -> Assistance:
    """Write down an assistance; the same again by the same person, while it counts, is the first one (WF1).

    With a file where the first one had none it is the first one with its proof, by a correction; with another file it
    is another assistance. Raises PermissionDenied: no power to log in the region; or Refused.
    """
    demand(by, LOG, entity)
    said, at = said.tidied(), now or timezone.now()
    TerritorialEntity.objects.select_for_update(no_key=True, of=("self",)).get(pk=entity.pk)
    _refuse(entity, said, at)
    rows = _same(entity, said, by)
    same = next((row for row in rows if adds_nothing(upload, row.file)), None)
    if same is not None:
        return same
    bare = next((row for row in rows if row.file is None), None)
    if bare is not None:
        return correct_assistance(bare, said, reason=PROOF_ADDED, upload=upload, by=by, now=at)
    file = keep(upload, unit=entity.region, by=by) if upload else None
    made = _write(Assistance(entity=entity, advisor=by, recorded_by=by, recorded_at=at, file=file), said)
    audit.record("assistance_logged", made, by=by, after={"entity": entity.dane_code} | said.facts())
    return made


@once("Otra persona corrigió esta asistencia al mismo tiempo.")
def correct_assistance(
    wrong: Assistance, said: Said, *, reason: str, upload: UploadedFile | None = None, by: User,
    now: datetime | None = None,
) -> Assistance:  # fmt: skip
    """Write the row that stands for a wrong one, with why; whose assistance it was stays, and so does its file.

    Raises PermissionDenied, or Refused: corrected already, of somebody else, without reason.
    """
    said, at = said.tidied(), now or timezone.now()
    held = _held(wrong, reason, by)
    _refuse(held.entity, said, at)
    file = keep(upload, unit=held.entity.region, by=by) if upload else held.file
    made = _write(_after(held, reason, by, at, file), said)
    after = {"entity": held.entity.dane_code} | said.facts()
    audit.record("assistance_corrected", made, by=by, before=_stored(held), after=after, reason=made.reason)
    return made


@once("Otra persona corrigió esta asistencia al mismo tiempo.")
def void_assistance(wrong: Assistance, *, reason: str, by: User, now: datetime | None = None) -> Assistance:
    """Take back an assistance that never was, by a row that says so. Raises like `correct_assistance`."""
    held = _held(wrong, reason, by)
    row = _after(held, reason, by, now or timezone.now(), held.file)
    row.is_void = True
    made = _write(row, said_of(held))
    audit.record("assistance_voided", made, by=by, before=_stored(held), reason=made.reason)
    return made


def said_of(row: Assistance) -> Said:
    """What a stored row says."""
    hitos = [one.hito for one in row.hitos.select_related("hito").order_by("hito_id")]
    return Said(
        row.held_on, row.kind, row.theme, hitos, row.minutes, row.participants, row.summary, row.agreements
    )  # fmt: skip


def may_correct(row: Assistance, user: Any) -> bool:
    """Whether a person may correct a row that is in force."""
    if row.is_void or Assistance.objects.filter(corrects=row).exists() or not can(user, LOG, row):
        return False
    return user.pk in (row.advisor_id, row.recorded_by_id) or can(user, Permission.ADVISOR_RATE, row)


def _held(wrong: Assistance, reason: str, by: User) -> Assistance:
    """The row to correct, locked, if it may be corrected."""
    demand(by, LOG, wrong)
    rows = Assistance.objects.select_for_update(no_key=True, of=("self",)).select_related("entity__region", "file")
    held = rows.get(pk=wrong.pk)
    problems = correction_problems(
        is_corrected=Assistance.objects.filter(corrects=held).exists(), is_void=held.is_void,
        reason=one_line(reason), is_own=by.pk in (held.advisor_id, held.recorded_by_id),
        coordinates=can(by, Permission.ADVISOR_RATE, held),
    )  # fmt: skip
    refuse_if_any(problems)
    return held


def _after(held: Assistance, reason: str, by: User, at: datetime, file: StoredFile | None) -> Assistance:
    return Assistance(
        entity=held.entity, advisor_id=held.advisor_id, corrects=held, reason=one_line(reason), recorded_by=by,
        recorded_at=at, file=file,
    )  # fmt: skip


def _stored(held: Assistance) -> dict[str, Any]:
    return {"entity": held.entity.dane_code} | said_of(held).facts()


def _refuse(entity: TerritorialEntity, said: Said, at: datetime) -> None:
    problems = assistance_problems(
        kind=said.kind, held_on=said.held_on, begins=_begins(entity, at), today=timezone.localdate(at),
        theme=said.theme, hitos=len(said.hitos), minutes=said.minutes, participants=said.participants,
        summary=said.summary,
    )  # fmt: skip
    refuse_if_any(problems)
    wanted = {one.pk for one in said.hitos}
    own = RoadActivity.objects.filter(pk__in=wanted, phase__road__entity_road__entity=entity).count()
    if own != len(wanted):
        message = "Un hito no es de esta entidad."
        refuse_if_any([Problem("foreign_hito", "GP-06", message, fix="Elija los de su hoja de ruta.")])


def _begins(entity: TerritorialEntity, at: datetime) -> date:
    """The first day that the log of an entity takes."""
    assigned = entity.assignments.aggregate(first=Min("starts_on"))["first"]
    first_year = entity.roads.aggregate(first=Min("first_year"))["first"]
    return first_day(assigned=assigned, first_year=first_year, today=timezone.localdate(at))


def _same(entity: TerritorialEntity, said: Said, by: User) -> list[Assistance]:
    """What the same person wrote with the same words and still counts: neither taken back nor corrected since."""
    rows = Assistance.objects.in_force().filter(entity=entity, recorded_by=by, **said.columns())  # type: ignore[attr-defined]
    wanted = {one.pk for one in said.hitos}
    found = rows.select_related("file").prefetch_related("hitos").order_by("pk")
    return [row for row in found if {one.hito_id for one in row.hitos.all()} == wanted]


def _write(row: Assistance, said: Said) -> Assistance:
    for name, value in said.columns().items():
        setattr(row, name, value)
    row.save()
    AssistanceHito.objects.bulk_create(AssistanceHito(assistance=row, hito=one) for one in said.hitos)
    return row
