"""People and their roles: invite, grant, end, deactivate. Each verb asks for power over the unit and leaves its trace."""

from __future__ import annotations

from datetime import date

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from pes import audit, invitations
from pes.access import demand, units_for
from pes.duplicates import once
from pes.models import Membership, OrganizationUnit, UnitKind, User
from pes.permissions import Permission, Role
from pes.rules.problems import Problem, refuse_if_any

MANAGE = Permission.PEOPLE_MANAGE


def visible_people(user: User) -> QuerySet[User]:
    """People with a role, past or present, on a unit where this person administers people.

    Who administers the district also sees accounts that have no role at all.
    """
    theirs = Q(pk__in=Membership.objects.filter(unit__in=units_for(user, MANAGE)).values("user_id"))
    if _administers_district(user):
        theirs |= ~Exists(Membership.objects.filter(user=OuterRef("pk")))
    return User.objects.filter(theirs, is_service=False)


def visible_memberships(user: User) -> QuerySet[Membership]:
    """Roles on the units where this person administers people."""
    return Membership.objects.filter(unit__in=units_for(user, MANAGE)).select_related("unit", "user")


@once("Otra persona acaba de crear esta misma cuenta o este mismo rol.")
def invite(
    *, email: str, full_name: str, role: Role, unit: OrganizationUnit, starts_on: date, ends_on: date | None, by: User
) -> tuple[User, bool]:
    """Give a role to the person of an address; return them and whether the account is new (so, whether to write).

    Raises PermissionDenied, or Refused when the account is deactivated or the role cannot be given.
    """
    demand(by, MANAGE, unit)
    person = User.objects.filter(email__iexact=email.strip()).first()
    is_new = person is None
    if person is None:
        person = User.objects.create_user(email.strip(), full_name=full_name)
        audit.record("person_invited", person, by=by, after={"email": person.email, "full_name": full_name})
    grant(user=person, unit=unit, role=role, starts_on=starts_on, ends_on=ends_on, by=by)
    return person, is_new


@once("Otra persona acaba de dar este mismo rol.")
def grant(
    *, user: User, unit: OrganizationUnit, role: Role, starts_on: date, ends_on: date | None, by: User
) -> Membership:
    """Give a role on a unit; never to oneself (separation of duties)."""
    demand(by, MANAGE, unit)
    refuse_if_any(grant_problems(user, unit, role, starts_on, ends_on, by))
    return Membership.grant(user=user, unit=unit, role=role, starts_on=starts_on, ends_on=ends_on, by=by)


@transaction.atomic
def end(membership: Membership, *, on: date, by: User, reason: str) -> None:
    """Let a role end with a day; one that had no day in force before today can be withdrawn at once. Never one's own."""
    demand(by, MANAGE, membership.unit)
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    refuse_if_any(_end_problems(locked, on, by))
    if on < locked.starts_on:
        locked.withdraw(by=by, reason=reason)
    else:
        locked.end(on=on, by=by, reason=reason)


@transaction.atomic
def deactivate(person: User, *, by: User, reason: str) -> None:
    """Close an account at once: the next request asks to log in (AU6)."""
    _demand_over(person, by)
    refuse_if_any(_account_problems(person, by))
    changed = User.objects.filter(pk=person.pk, is_active=True).update(is_active=False)
    if changed:
        audit.record(
            "person_deactivated", person, by=by, before={"is_active": True}, after={"is_active": False}, reason=reason
        )
        end_sessions(person)


@transaction.atomic
def reactivate(person: User, *, by: User, reason: str) -> None:
    """Open a closed account again, with the roles whose dates still run."""
    _demand_over(person, by)
    refuse_if_any(_account_problems(person, by))
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        audit.record(
            "person_reactivated", person, by=by, before={"is_active": False}, after={"is_active": True}, reason=reason
        )


@transaction.atomic
def renew_invitation(person: User, *, by: User) -> None:
    """Prepare another link; the ones sent before stop working."""
    _demand_over(person, by)
    refuse_if_any(_invitation_problems(person))
    invitations.renew(person)
    audit.record("invitation_renewed", person, by=by)


def account_refusal(person: User, by: User) -> str:
    """Why this person may not open or close that account; empty when they may."""
    if not _administers_all(person, by):
        return _ELSEWHERE
    return " ".join(problem.message for problem in _account_problems(person, by))


def end_sessions(person: User, *, keep: str | None = None) -> int:
    """End the open sessions of a person, all or all but one; return how many (AU5, AU6)."""
    sessions = UserSession.objects.filter(user=person).exclude(session_key=keep or "")
    for session in sessions:
        session.end()
    return len(sessions)


_ELSEWHERE = "Esta persona tiene roles en unidades que usted no administra; lo hace quien administra el distrito."


def _administers_all(person: User, by: User) -> bool:
    """Whether `by` administers every unit where the person's roles run or will run."""
    today = timezone.localdate()
    running = Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), user=person)
    known = Membership.objects.filter(user=person, unit__in=units_for(by, MANAGE))
    return (known.exists() or _administers_district(by)) and not running.exclude(
        unit__in=units_for(by, MANAGE)
    ).exists()


def _administers_district(user: User) -> bool:
    return bool(OrganizationUnit.objects.filter(kind=UnitKind.DISTRICT, pk__in=units_for(user, MANAGE)).exists())


def _demand_over(person: User, by: User) -> None:
    if not _administers_all(person, by):
        raise PermissionDenied(_ELSEWHERE)


def grant_problems(
    user: User, unit: OrganizationUnit, role: Role, starts_on: date, ends_on: date | None, by: User
) -> list[Problem]:
    """What keeps a role from being given, whoever may give it: to oneself, to nobody, nowhere, backwards, twice."""
    found = []
    if user.pk == by.pk:
        found.append(
            Problem("own_role", "AZ4", "Usted no puede darse roles.", fix="Pídalo a otra persona que administre.")
        )
    if not user.is_active:
        found.append(Problem("inactive", "AU6", f"La cuenta {user.email} está desactivada.", fix="Reactívela primero."))
    if not unit.is_active:
        found.append(Problem("unit_inactive", "AZ1", f"La unidad «{unit}» está desactivada.", fix="Elija otra unidad."))
    if ends_on and ends_on < starts_on:
        found.append(Problem("dates", "AZ6", "La fecha final es anterior a la inicial.", fix="Corrija las fechas."))
    same = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on), user=user, unit=unit, role=role
    )
    if same.filter(Q(starts_on__lte=ends_on) if ends_on else Q()).exists():
        message = f"{user} ya tiene el rol {role.label} en «{unit}» en esas fechas."
        found.append(Problem("repeated", "AZ1", message, fix="Termine el anterior o cambie las fechas."))
    return found


def _end_problems(membership: Membership, on: date, by: User) -> list[Problem]:
    today = timezone.localdate()
    found = []
    if membership.user_id == by.pk:
        found.append(
            Problem("own_role", "AZ4", "Usted no puede terminar sus propios roles.", fix="Pídalo a otra persona.")
        )
    if membership.ends_on and membership.ends_on < today:
        found.append(Problem("ended", "AZ20", "Este rol ya había terminado.", fix="No hace falta hacer nada."))
    if on < membership.starts_on < today:
        found.append(
            Problem("before_start", "AZ20", "La fecha es anterior al inicio del rol.", fix="Elija una fecha posterior.")
        )
    return found


def _account_problems(person: User, by: User) -> list[Problem]:
    if person.pk == by.pk:
        return [
            Problem(
                "own_account", "AZ4", "Usted no puede abrir ni cerrar su propia cuenta.", fix="Pídalo a otra persona."
            )
        ]
    return []


def _invitation_problems(person: User) -> list[Problem]:
    if not person.is_active:
        return [Problem("inactive", "AU6", "La cuenta está desactivada.", fix="Reactívela primero.")]
    if person.has_usable_password():
        message = "Esta persona ya aceptó su invitación."
        return [
            Problem(
                "accepted", "AU10", message, fix="Si olvidó la contraseña, puede recuperarla en la página de ingreso."
            )
        ]
    return []
