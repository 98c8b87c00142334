"""The adoptions of a PES one after another: which is in force, which is to come, which another amended (REF-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pes.models import AdministrativeAct, Adoption


@dataclass(frozen=True)
class Succession:
    """The adoptions of a PES as of a day: `upcoming` the soonest first, `past` the last first."""

    current: Adoption
    upcoming: list[Adoption]
    past: list[Adoption]


def succession(rows: Iterable[Adoption], on: date) -> Succession:
    """Where each adoption of one PES (one at least) stands on a day.

    `current` is the one in force; without one, the last that began, or else the first that will.
    """
    ordered = sorted(rows, key=_order)
    begun = [one for one in ordered if one.act.begins_on <= on]
    current = in_force(ordered, on) or (begun[-1] if begun else ordered[0])
    return Succession(
        current=current,
        upcoming=[one for one in ordered if one not in begun and one != current],
        past=[one for one in reversed(begun) if one != current],
    )


def in_force(rows: Iterable[Adoption], on: date) -> Adoption | None:
    """The adoption that is in force on a day: the last to begin of those whose act is (REF-01)."""
    return max((one for one in rows if one.act.is_in_force(on)), key=_order, default=None)


def amending_acts(one: Adoption, rows: Iterable[Adoption]) -> list[AdministrativeAct]:
    """The acts of later adoptions of the same PES that found the act of `one` in force, the first of them first."""
    later = sorted((other for other in rows if _order(other) > _order(one)), key=_order)
    return [other.act for other in later if one.act.is_in_force(other.act.begins_on)]


def overtaken(rows: Iterable[Adoption]) -> set[tuple[int, int]]:
    """Pairs of ids: an adoption and a later one, by when they were recorded, whose act begins before."""
    ordered = sorted(rows, key=_order)
    return {(one.pk, first.pk) for at, first in enumerate(ordered) for one in ordered[at + 1 :] if one.pk < first.pk}


def _order(one: Adoption) -> tuple[date, int]:
    return one.act.begins_on, one.pk
