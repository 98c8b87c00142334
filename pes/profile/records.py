"""Verbs of a profile's records: add one, correct it, take one out that was a mistake (LC-07, REF-01).

Every kind obeys the same three: power on the unit that the record is of (and on the one it moves to), the rules of its
kind, one record for one key, nobody's edit over another's, and the audit trail with all that was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.edits import refuse_if_stale
from pes.models import Objective, OrganizationUnit, User
from pes.permissions import Permission
from pes.profile.kinds import Kind, kind_of
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.profile import linked_problems

EDIT = Permission.PROFILE_EDIT
_TWICE = "Ya hay otro registro con ese número o nombre."


@once(_TWICE)
def add_record(record: Any, said: Mapping[str, Any], *, by: User, now: datetime | None = None) -> Any:
    """Keep a new record that already knows its PES, with the fields of its kind; sent twice, it is the first one (WF1).

    Raises PermissionDenied, or Refused: the rules of its kind, or another record has its number or name.
    """
    kind = kind_of(record)
    _write(record, kind, said)
    demand(by, EDIT, kind.owner(record))
    wanted = written(kind, said)
    refuse_if_any(_problems(record, kind, said, now))
    same = _same_key(record, kind).first()
    if same is not None:
        if facts_of(same) == wanted:
            return same
        raise Refused([_repeated(same)])
    _save(record, kind, said)
    audit.record("profile_record_added", record, by=by, after={"record": kind.label} | wanted)
    return record


@once(_TWICE)
def change_record(record: Any, said: Mapping[str, Any], *, read: str, by: User, now: datetime | None = None) -> bool:
    """Correct a record; False when nothing changed. `read` is the fingerprint of what the person was editing.

    Who moves it to another unit needs the power on both. Raises like `add_record`.
    """
    kind = kind_of(record)
    held = kind.model._default_manager.select_for_update(no_key=True, of=("self",)).get(pk=record.pk)
    demand(by, EDIT, kind.owner(held))
    before, after = facts_of(held), written(kind, said)
    refuse_if_stale(before, read)
    if after == before:
        return False
    _write(held, kind, said)
    demand(by, EDIT, kind.owner(held))
    refuse_if_any(_problems(held, kind, said, now))
    taken = _same_key(held, kind).exclude(pk=held.pk).first()
    if taken is not None:
        raise Refused([_repeated(taken)])
    _save(held, kind, said)
    old, new = audit.differences(before, after)
    audit.record("profile_record_changed", held, by=by, before=old, after={"record": kind.label} | new)
    return True


@once("Otra persona acaba de enlazar este registro.", or_linked=True)
def remove_record(record: Any, *, reason: str, by: User) -> None:
    """Take out a record that should never have been; the audit keeps all it said. What has ended is dated instead.

    Raises PermissionDenied, or Refused when others hang on it or somebody took it out already.
    """
    kind = kind_of(record)
    held = kind.model._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk=record.pk).first()
    if held is None:
        message, fix = "Otra persona ya lo retiró.", "Abra la página otra vez."
        raise Refused([Problem("removed_already", "WF1", message, fix=fix)])
    demand(by, EDIT, kind.owner(held))
    try:
        said = {"record": kind.label} | facts_of(held)
        audit.record("profile_record_removed", held, by=by, before=said, reason=reason)
        held.delete()
    except models.ProtectedError as error:
        message = f"«{held}» tiene programas registrados."
        fix = "Retire primero los programas, o termine la vigencia del plan de desarrollo."
        raise Refused([Problem("others_hang_on_it", "LC-07", message, fix=fix)]) from error


def facts_of(record: Any) -> dict[str, Any]:
    """What a stored record says, named as its form and the audit name it."""
    kind = kind_of(record)
    links = {name: list(getattr(record, name).all()) for name in kind.links}
    return written(kind, {name: getattr(record, name) for name in kind.fields if name not in links} | links)


def written(kind: Kind, said: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as the audit keeps it: numbers and dates as text, what is linked by its code."""
    return {name: _shown(kind, name, _clean(said.get(name))) for name in kind.fields}


def _shown(kind: Kind, name: str, value: Any) -> Any:
    """A choice by its Spanish name, so that the audit and a stale edit read like the form."""
    column: Any = kind.model._meta.get_field(name)
    if isinstance(value, Decimal):
        return f"{value:.{column.decimal_places}f}"  # 1000000 as typed and 1000000.00 as stored are the same pesos
    choices = dict(getattr(column, "flatchoices", None) or ())
    return str(choices.get(value, value)) if choices and value else _plain(value)


def _clean(value: Any) -> Any:
    """A text with one kind of line break and no blanks around it; the rest as it comes."""
    return "\n".join(value.splitlines()).strip() if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, OrganizationUnit):
        return value.code
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, str) or value is None:
        return str(value or "") or None
    if isinstance(value, int):
        return value
    return sorted(_plain(one) for one in value)


def _write(record: Any, kind: Kind, said: Mapping[str, Any]) -> None:
    """Put what was typed in the columns; nothing is saved."""
    for name in kind.fields:
        if name in kind.links:
            continue
        value = _clean(said.get(name))
        column = kind.model._meta.get_field(name)
        setattr(record, name, "" if value is None and not column.null and not column.is_relation else value)


def _save(record: Any, kind: Kind, said: Mapping[str, Any]) -> None:
    record.save()
    for name in kind.links:
        getattr(record, name).set(said.get(name) or ())


def _problems(record: Any, kind: Kind, said: Mapping[str, Any], now: datetime | None) -> Iterator[Problem]:
    yield from kind.problems(record, timezone.localdate(now))
    linked: list[Objective] = [one for name in kind.links for one in said.get(name) or ()]
    yield from linked_problems(f"{one} ({one.plan.period})" for one in linked if one.plan_id != record.plan.pk)


def _same_key(record: Any, kind: Kind) -> Any:
    return kind.model._default_manager.filter(**{name: getattr(record, name) for name in kind.key})


def _repeated(other: Any) -> Problem:
    fix = "Escriba otro número o nombre, o corrija el que ya está."
    return Problem("record_repeated", "WF1", f"Ya está «{other}», con otros datos.", fix=fix)
