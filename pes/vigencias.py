"""What is set for a year: the vigencia itself, its methodology, the days on which nobody works.

These rule every sector of the installation, so the power is asked for wherever the person holds it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import holds
from pes.duplicates import once
from pes.models import Metodologia, NonWorkingDay, User, Vigencia
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any


@transaction.atomic
def open_vigencia(year: int, *, by: User) -> Vigencia:
    """Create a plan year; the one that exists is returned unchanged."""
    _demand(by, Permission.METHODOLOGY_MANAGE)
    vigencia, created = Vigencia.objects.get_or_create(year=year)
    if created:
        audit.record("vigencia_opened", vigencia, by=by, after={"year": year})
    return vigencia


@transaction.atomic
def save_draft(year: int, *, by: User, **values: Any) -> Metodologia:
    """Keep the draft of the next version of a vigencia's methodology; there is at most one."""
    _demand(by, Permission.METHODOLOGY_MANAGE)
    Vigencia.objects.select_for_update().get(pk=year)
    draft = draft_of(year)
    before = draft.facts() if draft.pk else None
    for name in (*Metodologia.RULE_FIELDS, "memo"):
        if name in values:
            setattr(draft, name, values[name])
    draft.save()
    audit.record("methodology_drafted", draft, by=by, before=before, after=draft.facts())
    return draft


@transaction.atomic
def publish_methodology(year: int, *, by: User) -> Metodologia:
    """Put the draft in force. Raises Refused when there is none or it names no memo (PLE-PIN-P005 v8, act. 1)."""
    _demand(by, Permission.METHODOLOGY_MANAGE)
    draft = Metodologia.objects.select_for_update().filter(vigencia_id=year, published_at__isnull=True).first()
    refuse_if_any(publication_problems(draft))
    assert draft is not None  # publication_problems refuses its absence
    draft.publish(by=by)
    return draft


def draft_of(year: int) -> Metodologia:
    """The saved draft of a vigencia, or an unsaved next version that starts from the one in force."""
    saved = Metodologia.objects.filter(vigencia_id=year, published_at__isnull=True).order_by("-version").first()
    return saved or Metodologia.next_draft(year)


def publication_problems(draft: Metodologia | None) -> list[Problem]:
    """What stands in the way of putting a draft in force."""
    if draft is None or draft.pk is None:
        return [Problem("no_draft", "REP-09", "No hay un borrador guardado.", fix="Guarde primero el borrador.")]
    if not draft.memo.strip():
        message = "Falta el memorando con el que se comunica la metodología."
        return [Problem("no_memo", "REP-09", message, fix="Escríbalo en el borrador y guárdelo.")]
    return []


@once("Otra persona acaba de agregar ese día.")
def declare_day_off(*, on: date, reason: str, act: str, by: User) -> NonWorkingDay:
    """Add a day off by decree; only days to come, so that no due date that already ran changes (CAL-05)."""
    _demand(by, Permission.CALENDAR_MANAGE)
    refuse_if_any(_day_problems(on))
    day = NonWorkingDay.objects.create(on=on, reason=reason, act=act)
    audit.record("day_off_declared", day, by=by, after=_day_facts(day))
    return day


@transaction.atomic
def withdraw_day_off(day: NonWorkingDay, *, by: User, reason: str) -> None:
    """Take back a day off that has not come yet."""
    _demand(by, Permission.CALENDAR_MANAGE)
    refuse_if_any(withdrawal_problems(day.on))
    audit.record("day_off_withdrawn", day, by=by, before=_day_facts(day), reason=reason)
    day.delete()


def withdrawal_problems(on: date) -> list[Problem]:
    """Why a day stays: it has passed, and due dates counted on it."""
    if on >= timezone.localdate():
        return []
    message = "Ese día ya pasó: los vencimientos que dependían de él no cambian."
    return [Problem("past_day", "CAL-05", message, fix="Solo cambian los días que faltan por llegar.")]


def _day_problems(on: date) -> list[Problem]:
    found = withdrawal_problems(on)
    if NonWorkingDay.objects.filter(on=on).exists():
        found.append(Problem("repeated_day", "CAL-05", "Ese día ya está en la lista.", fix="Elija otro día."))
    return found


def _day_facts(day: NonWorkingDay) -> dict[str, Any]:
    return {"on": day.on.isoformat(), "reason": day.reason, "act": day.act}


def _demand(by: User, permission: Permission) -> None:
    if not holds(by, permission):
        raise PermissionDenied(f"Necesita el permiso «{permission.label}».")
