"""The people of the synthetic nation: memberships, their projection as guardian rows, and the plans they see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from random import Random

from django.contrib.auth.models import Permission as AuthPermission

from benchmarks.nation import NOW, SINCE, Size, load
from pes.models import Membership, OrganizationUnit, UnitKind, UnitPermission, User
from pes.permissions import ROLES, Role
from plans.models import PlanGestion

Role_ = tuple[int, int, Role]  # person, unit, role
FIRST_PERSON = 2
TEAM = (Role.LIDER_PROCESO, Role.PROMOTOR, Role.EQUIPO)


def build_crowd(size: Size) -> int:
    """People with one to three processes each, an enlace for each entity, a director for each sector; return grants."""
    ids = range(FIRST_PERSON, FIRST_PERSON + size.people)
    load_people(ids)
    return _load_memberships(list(_memberships(size, list(ids))))


def build_strangers(size: Size) -> int:
    """People who may read the whole district: rows that a list of somebody else must not feel. Return the grants."""
    ids = range(FIRST_PERSON + size.people, FIRST_PERSON + size.people + size.strangers)
    load_people(ids)
    return _load_memberships([(pk, 1, Role.DIRECTIVO) for pk in ids])


def build_management_plans(size: Size) -> None:
    """The plan de gestión of every process in every vigencia."""
    processes = OrganizationUnit.objects.filter(kind=UnitKind.PROCESS).order_by("pk").values_list("pk", flat=True)
    empty = dict.fromkeys(("process_objective", "scope", "leader", "articulation_detail", "hola_case"), "")
    empty |= {"instruments": "[]"} | dict.fromkeys(("revision", "edition", "consolidated_quarter"), 0)
    rows = ((unit, year, "central", "draft", 1, NOW) for unit in processes for year in size.vigencias)
    load(
        PlanGestion,
        ("id", "unit_id", "vigencia_id", "level", "status", "opened_by_id", "opened_at", *empty),
        ((at, *row, *empty.values()) for at, row in enumerate(rows, 1)),
    )


def load_people(ids: Iterable[int]) -> None:
    """Accounts without a password."""
    columns = ("id", "email", "full_name", "password", "is_superuser", "is_active", "is_service", "joined_at")
    load(User, columns, ((pk, f"p{pk}@ejemplo.invalid", f"Persona {pk}", "!", False, True, False, NOW) for pk in ids))


def _memberships(size: Size, ids: list[int]) -> Iterator[Role_]:
    dice = Random(20221231)
    units = {
        kind: list(OrganizationUnit.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True))
        for kind in (UnitKind.SECTOR, UnitKind.ENTITY, UnitKind.PROCESS)
    }
    people = iter(ids)
    for unit, pk in zip(units[UnitKind.SECTOR], people, strict=False):
        yield pk, unit, Role.DIRECTIVO
    for unit, pk in zip(units[UnitKind.ENTITY], people, strict=False):
        yield pk, unit, Role.ENLACE_ENTIDAD
    for pk in people:
        for unit in dice.sample(units[UnitKind.PROCESS], dice.randint(1, min(3, len(units[UnitKind.PROCESS])))):
            yield pk, unit, dice.choice(TEAM)


def _load_memberships(held: list[Role_]) -> int:
    """Memberships since 2019 and the rows that `Membership.project` would write for them; return how many."""
    first = (Membership.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    load(
        Membership,
        ("id", "user_id", "unit_id", "role", "starts_on", "created_at"),
        ((at, *one, SINCE, NOW) for at, one in enumerate(held, first)),
    )
    codenames = AuthPermission.objects.filter(content_type__app_label="pes", content_type__model="organizationunit")
    units = OrganizationUnit.objects.filter(pk__in={unit for _, unit, _ in held})
    below = {unit.pk: OrganizationUnit.objects.below(unit) for unit in units}
    grants = _grants(held, first, dict(codenames.values_list("codename", "pk")), below)
    numbers = count((UnitPermission.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1)
    load(
        UnitPermission,
        ("id", "user_id", "permission_id", "content_object_id", "membership_id"),
        ((next(numbers), *row) for row in grants),
    )
    return next(numbers) - 1


def _grants(
    held: list[Role_], first: int, ids: dict[str, int], below: dict[int, list[int]]
) -> Iterator[tuple[int, int, int, int]]:
    for membership, (person, unit, role) in enumerate(held, first):
        for permission in ROLES[role].permissions:
            for reached in below[unit]:
                yield person, ids[permission.value], reached, membership
