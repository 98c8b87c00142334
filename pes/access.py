"""Access: who may do what to which object, asked in one place.

Two questions, one source. `can(user, permission, obj)` for a verb, `.visible_to(user)` for a list. Both read
the guardian rows that memberships project, and both insist on a membership that is in force today in Bogotá:
an expired one gives nothing from 00:00. Each model says in `ACCESS` by which path a permission reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from pes.permissions import CONSOLE_PERMISSIONS, ROLES, Permission, Role

Scope = Mapping[Permission, tuple[str, ...]]
View = Callable[..., HttpResponseBase]
_Model = TypeVar("_Model", bound=models.Model)

PUBLIC = "public"
AUTHENTICATED = "authenticated"
WITHOUT_SECOND_FACTOR = "without_second_factor"


def grants(user: Any, permission: Permission) -> QuerySet[Any]:
    """Guardian rows of a person for a permission, owed to memberships in force today."""
    return grants_in_force().filter(user_id=_active_id(user), permission__codename=permission.value)


def grants_in_force() -> QuerySet[Any]:
    """Guardian rows of everybody, owed to memberships in force today; for sub-queries about other people."""
    return apps.get_model("pes", "UnitPermission").objects.filter(_in_force(timezone.localdate()))


def _in_force(today: date) -> Q:
    """Rows owed to a membership whose dates include the day; the last day counts whole."""
    open_ended = Q(membership__ends_on__isnull=True) | Q(membership__ends_on__gte=today)
    return open_ended & Q(membership__starts_on__lte=today)


def _active_id(user: Any) -> int | None:
    """The id that rows may be owed to: nobody's for a stranger or a deactivated account."""
    return user.pk if user.is_authenticated and user.is_active else None


def units_for(user: Any, permission: Permission) -> QuerySet[Any]:
    """Sub-query of the unit ids on which a person holds a permission."""
    return grants(user, permission).values("content_object_id")


def people_with(permission: Permission, unit: int) -> QuerySet[Any]:
    """Active people who hold a permission on a unit (id) today, by e-mail."""
    rows = grants_in_force().filter(permission__codename=permission.value, content_object=unit)
    people = apps.get_model("pes", "User").objects
    return people.filter(is_active=True, pk__in=rows.values("user_id")).order_by("email")


def people_by_unit(permission: Permission, units: Iterable[int]) -> dict[int, list[int]]:
    """Unit (id) → active people (ids) who hold a permission on it today, by e-mail; one query for all of them."""
    rows = grants_in_force().filter(permission__codename=permission.value, content_object__in=list(units))
    active = rows.filter(user__is_active=True, user__is_service=False).order_by("user__email")
    found: dict[int, list[int]] = {}
    for unit, person in active.values_list("content_object_id", "user_id"):
        if person not in found.setdefault(unit, []):
            found[unit].append(person)
    return found


def roles_of(user: Any) -> frozenset[Role]:
    """Roles that a person holds somewhere today; asked once for the person of a request, who ends with it.

    A membership projects its role's powers at least onto its own unit, so what one holds *anywhere* follows from the
    roles: one small query a page in place of one over the grants for each entry of the menu.
    """
    if _active_id(user) is None:
        return frozenset()
    of_request = isinstance(user, SimpleLazyObject)
    known: frozenset[Role] | None = getattr(user, "_roles_today", None) if of_request else None
    if known is None:
        in_force = apps.get_model("pes", "Membership").objects.in_force(timezone.localdate())
        known = frozenset(Role(role) for role in in_force.filter(user_id=user.pk).values_list("role", flat=True))
        if of_request:
            user._roles_today = known
    return known


def holds(user: Any, permission: Permission) -> bool:
    """Whether a person holds a permission anywhere."""
    return holds_any(user, (permission,))


def holds_any(user: Any, permissions: Iterable[Permission]) -> bool:
    """Whether a person holds one of some permissions anywhere."""
    if _is_console(user):
        return not CONSOLE_PERMISSIONS.isdisjoint(permissions)
    wanted = frozenset(permissions)
    return any(not wanted.isdisjoint(ROLES[role].permissions) for role in roles_of(user))


class ScopedQuerySet(QuerySet[_Model], Generic[_Model]):
    """A queryset that knows what a person may see."""

    def visible_to(self, user: Any, permission: Permission = Permission.PES_READ) -> ScopedQuerySet[_Model]:
        """Rows on whose unit the person holds the permission; a constant number of queries, none where no role has it."""
        if _is_console(user):
            return self if permission in CONSOLE_PERMISSIONS else self.none()
        paths = self.model.ACCESS.get(permission, ())
        if not paths or _surely_lacks(user, permission):
            return self.none()
        units = units_for(user, permission)
        if len(paths) == 1:
            return self.filter(**{f"{paths[0]}__in": units})
        everything = self.model._default_manager
        reached = [everything.filter(**{f"{path}__in": units}).order_by().values("pk") for path in paths]
        return self.filter(pk__in=reached[0].union(*reached[1:]))


def can(user: Any, permission: Permission, obj: models.Model) -> bool:
    """Whether a person may do something to an object, read now from the database."""
    manager = type(obj)._default_manager
    return bool(user and manager.filter(pk=obj.pk).visible_to(user, permission).exists())  # type: ignore[attr-defined]


def demand(user: Any, permission: Permission, obj: models.Model) -> None:
    """Raise PermissionDenied unless the person may; every verb calls it, so imports and jobs obey too."""
    if not can(user, permission, obj):
        raise PermissionDenied(f"{permission.label}: usted no tiene este permiso sobre este objeto.")


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare that a view needs the permission somewhere; the verb asks again for the object."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not holds(request.user, permission):
                raise PermissionDenied(f"Necesita el permiso «{permission.label}».")
            return view(request, *args, **kwargs)

        guarded.access_policy = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def authenticated(view: View) -> View:
    """Declare that any person with an account may use a view."""
    view.access_policy = AUTHENTICATED  # type: ignore[attr-defined]
    return view


def before_second_factor(view: View) -> View:
    """Declare that any person with an account may use a view, even one who still owes the second factor (AU9)."""
    view.access_policy = WITHOUT_SECOND_FACTOR  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Declare that a view needs no account."""
    view.access_policy = PUBLIC  # type: ignore[attr-defined]
    return login_not_required(view)


def _surely_lacks(user: Any, permission: Permission) -> bool:
    """Whether no role of the person of a request has the permission; of anybody else only the grants can tell.

    Those roles were asked for the menu already, so a page spends no query on what its person cannot hold.
    """
    return isinstance(user, SimpleLazyObject) and not holds(user, permission)


def _is_console(user: Any) -> bool:
    return bool(getattr(user, "is_service", False) and user.is_active)
