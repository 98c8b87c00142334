"""The list of planes de gestión that a person may see, beside a plain query on memberships."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from benchmarks.crowd import FIRST_PERSON, build_strangers
from benchmarks.measure import race
from benchmarks.nation import Size, settle
from benchmarks.table import Row
from pes.models import UnitPermission, User
from pes.permissions import Permission
from plans.models import PlanGestion

REPETITIONS = 15
PEOPLE = 40
VIGENCIA = 2023
SIZE = Size()


def rows(plans: QuerySet[PlanGestion]) -> list[Any]:
    """The first page of a list."""
    listed = plans.filter(vigencia=VIGENCIA).order_by("unit__sort_key", "pk")
    return list(listed.values_list("pk", "unit__code", "unit__name", "status")[:50])


def ours(people: Iterable[User]) -> list[Any]:
    """What each person sees, by the product's `visible_to`."""
    return [rows(PlanGestion.objects.visible_to(person, Permission.PLAN_READ)) for person in people]


def plain(people: Iterable[User]) -> list[Any]:
    """The floor: plans of the units where one is a member; it knows neither dates, nor powers, nor what is below."""
    return [rows(PlanGestion.objects.filter(unit__memberships__user=person)) for person in people]


def run(say: Callable[[str], None]) -> list[Row]:
    """The ratio for members of processes, alone and among half a million grants of others."""
    first = FIRST_PERSON + SIZE.sectors * (1 + SIZE.entities)
    people = list(User.objects.filter(pk__gte=first).order_by("pk")[:PEOPLE])
    if [set(found) for found in ours(people)] != [set(found) for found in plain(people)]:
        raise AssertionError("both lists must show the same plans")
    alone = _row("lista por permiso", people, f"{PEOPLE} personas, {UnitPermission.objects.count()} permisos")
    say(f"{build_strangers(SIZE)} permisos con los de otras personas")
    settle()
    return [alone, _row("lista por permiso, +500.000 ajenos", people, f"{UnitPermission.objects.count()} permisos")]


def _row(name: str, people: list[User], note: str) -> Row:
    times = race(REPETITIONS, ours=lambda: ours(people), floor=lambda: plain(people))
    return Row(name, times["ours"].median / PEOPLE, times["floor"].median / PEOPLE, 2.5, note=note)
