"""Verb of the segments: name a part of the territory by its universes (GP-07)."""

from __future__ import annotations

from collections.abc import Iterator

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.models import OrganizationUnit, TerritorySegment, User
from pes.permissions import Permission
from pes.rules.problems import Problem, refuse_if_any
from pes.rules.territory import LETTERS

_TWICE = "Ya hay un segmento con ese nombre."


@once(_TWICE)
def create_segment(
    unit: OrganizationUnit, *, name: str, universes: str = "", kind: str = "", partner: str = "", by: User
) -> TerritorySegment:
    """Name the entities of some universes (letters), of a kind and of a partner; empty says all of them.

    The same again is the first one (WF1). Raises PermissionDenied, or Refused: no name, an unknown letter, or the name
    is taken by another segment.
    """
    demand(by, Permission.TERRITORY_MANAGE, unit)
    OrganizationUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    letters = "".join(sorted(set(universes)))
    refuse_if_any(_problems(name, letters))
    same = TerritorySegment.objects.filter(unit=unit, name=name.strip()).first()
    if same is not None:
        if (same.universes, same.kind, same.partner) == (letters, kind, partner):
            return same
        refuse_if_any([Problem("repeated", "WF1", _TWICE, fix="Escriba otro nombre.")])
    made = TerritorySegment.objects.create(unit=unit, name=name.strip(), universes=letters, kind=kind, partner=partner)
    after = {"unit": unit.code, "name": made.name, "universe": letters, "kind": kind, "partner": partner}
    audit.record("territory_segment_created", made, by=by, after=after)
    return made


def _problems(name: str, letters: str) -> Iterator[Problem]:
    if not name.strip():
        yield Problem("name_missing", "GP-07", "Falta el nombre del segmento.", fix="Por ejemplo: «Foco A–D».")
    if set(letters) - set(LETTERS):
        yield Problem("universe_unknown", "GP-07", f"«{letters}» no son universos.", fix="Van de la A a la H.")
