"""A leader lets another person send reports between two dates, with a document that says so (PG-R4, AZ5, AZ6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.models import Membership, OrganizationUnit, User
from pes.people import grant_problems
from pes.permissions import Permission, Role
from pes.rules.problems import Problem, refuse_if_any
from tracking.models import Delegation
from tracking.rules.report_steps import delegation_problems

DOCUMENT_LIMIT = 120  # characters


@once("Otra persona acaba de dar esta misma delegación.")
def delegate(
    unit: OrganizationUnit,
    *,
    email: str,
    starts_on: date | None,
    ends_on: date | None,
    document: str,
    by: User,
    now: datetime | None = None,
) -> Delegation:
    """Let the person of an address fill in and send the reports of a unit between two days, both included.

    The person has an account already: a delegation opens none. Raises PermissionDenied or Refused.
    """
    demand(by, Permission.QUARTER_DELEGATE, unit)
    instant = now or timezone.now()
    today = timezone.localdate(instant)
    person = User.objects.filter(email__iexact=email.strip(), is_service=False).first()
    to_self = person is not None and person.pk == by.pk
    refuse_if_any(
        delegation_problems(starts_on=starts_on, ends_on=ends_on, today=today, to_self=to_self, document=document)
    )
    if person is None or starts_on is None:
        refuse_if_any([_unknown(email)])
    assert person is not None  # refused above
    assert starts_on is not None
    refuse_if_any(grant_problems(person, unit, Role.DELEGADO, starts_on, ends_on, by))
    membership = Membership.grant(
        user=person, unit=unit, role=Role.DELEGADO, starts_on=starts_on, ends_on=ends_on, by=by
    )
    given = Delegation.objects.create(membership=membership, document=document.strip(), given_by=by, given_at=instant)
    audit.record("delegation_given", given, by=by, after=facts_of(given))
    return given


@transaction.atomic
def end(delegation: Delegation, *, by: User, reason: str, now: datetime | None = None) -> None:
    """End a delegation at once; what was sent under it stays sent. Raises PermissionDenied, or Refused: it has ended."""
    membership = Membership.objects.select_for_update().get(pk=delegation.membership_id)
    demand(by, Permission.QUARTER_DELEGATE, membership.unit)
    yesterday = timezone.localdate(now) - timedelta(days=1)
    refuse_if_any(_end_problems(membership, yesterday, reason))
    before = facts_of(delegation)
    membership.end(on=yesterday, by=by, reason=reason.strip())
    delegation.refresh_from_db()
    audit.record("delegation_ended", delegation, by=by, before=before, after=facts_of(delegation), reason=reason)


def facts_of(delegation: Delegation) -> dict[str, object]:
    """What the audit keeps of it."""
    return {**delegation.membership.facts(), "document": delegation.document}


def _unknown(email: str) -> Problem:
    message = f"Nadie tiene una cuenta con el correo «{email.strip()[:120]}»."
    fix = "Revise el correo, o pida a quien administra las cuentas que invite primero a la persona."
    return Problem("person_unknown", "AZ5", message, fix=fix)


def _end_problems(membership: Membership, yesterday: date, reason: str) -> list[Problem]:
    found = []
    if not reason.strip():
        found.append(
            Problem("reason_missing", "AZ5", "Terminar una delegación exige un motivo.", fix="Escriba el motivo.")
        )
    if membership.ends_on is not None and membership.ends_on <= yesterday:
        found.append(
            Problem("delegation_over", "AZ6", "Esta delegación ya había terminado.", fix="No hace falta nada.")
        )
    return found
