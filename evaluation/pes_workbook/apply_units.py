"""The sector of a workbook and its entities: found by code, acronym or name; created when unknown."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import slugify

from evaluation.pes_workbook.data import EntityRow, PlanRow
from evaluation.pes_workbook.ledger import Ledger
from pes import organization_data
from pes.access import demand
from pes.models import Membership, OrganizationUnit, UnitKind
from pes.permissions import Permission
from pes.rules.problems import Problem
from pes.units import facts
from pes.workbooks.cells import Kind
from pes.workbooks.names import fold
from pes.workbooks.places import differs


def sector_of(row: PlanRow, ledger: Ledger) -> OrganizationUnit | None:
    """The sector, held for this transaction; a new one stands under the district. Raises PermissionDenied."""
    found = known_sector(row.sector) or (known_sector(row.sector_name) if row.sector_name else None)
    if found is not None:
        demand(ledger.by, Permission.PES_EDIT, found)
        return OrganizationUnit.objects.select_for_update(no_key=True).get(pk=found.pk)
    district = organization_data.district(by=ledger.by)
    demand(ledger.by, Permission.PES_EDIT, district)
    OrganizationUnit.objects.select_for_update(no_key=True).get(pk=district.pk)  # a twin import waits here
    return known_sector(row.sector) or _new_sector(row, district, ledger)


def known_sector(text: str) -> OrganizationUnit | None:
    """The sector that a text names by its code or by its name."""
    sectors = list(OrganizationUnit.objects.sectors())
    by_code = next((s for s in sectors if s.code.casefold() == text.strip().casefold()), None)
    return by_code or next((s for s in sectors if fold(s.name) == fold(text)), None)


def put_entities(rows: Sequence[EntityRow], sector: OrganizationUnit, ledger: Ledger) -> list[OrganizationUnit]:
    """Bring the sector's entities to what the rows say and return all of them."""
    known = list(OrganizationUnit.objects.entities_of(sector))
    heads = {row.is_head for row in rows}
    chosen = next((_match(row, known) for row in rows if row.is_head), None)
    demoted = set()
    if True in heads:  # the head before leaves its mark first: a sector has one
        demoted = {unit.pk for unit in known if unit.is_head and unit is not chosen}
        for unit in known:
            if unit.pk in demoted:
                _change(unit, {"is_head": False}, ledger)
    added = False
    for row in rows:
        unit = _match(row, known)
        if unit is None:
            unit = _new_entity(row, sector, len(known) + 1, ledger)
            added = unit is not None or added
            known += [unit] if unit else []
        else:
            is_changed = _change(unit, _changes(row, unit), ledger) or unit.pk in demoted
            ledger.count(is_new=False, is_changed=is_changed)
    if added:
        Membership.project_all()
    return known


def entity_named(text: str, entities: Sequence[OrganizationUnit]) -> OrganizationUnit | None:
    """The entity that a text names by its code, acronym or name, if it is only one."""
    wanted = fold(text)
    for part in ("code", "acronym", "name"):
        matches = [unit for unit in entities if fold(getattr(unit, part)) == wanted]
        if matches:
            return matches[0] if len(matches) == 1 else None
    return None


def _new_sector(row: PlanRow, district: OrganizationUnit, ledger: Ledger) -> OrganizationUnit | None:
    code = slugify(row.sector)
    if not code or OrganizationUnit.objects.filter(code__iexact=code).exists():
        message = f"«{row.sector}» no es un sector, y su código no está libre para crear uno."
        problem = Problem("sector_unknown", "IM9", message, fix="Escriba el código de un sector, o uno nuevo.")
        ledger.found.add(row.place, "sector", problem, row.sector)
        return None
    name = row.sector_name or (row.sector if row.sector != code else row.sector.replace("-", " ").capitalize())
    last = OrganizationUnit.objects.sectors().count() + 1
    unit = OrganizationUnit.objects.create(code=code, name=name, kind=UnitKind.SECTOR, parent=district, sort_key=last)
    ledger.record("unit_added", unit, None, facts(unit))
    Membership.project_all()
    return unit


def _new_entity(row: EntityRow, sector: OrganizationUnit, place: int, ledger: Ledger) -> OrganizationUnit | None:
    code = _code(row.code)
    taken = OrganizationUnit.objects.filter(code__iexact=code).select_related("parent").first()
    if not code or taken is not None:
        where = f"ya es de «{taken}», en «{taken.parent}»" if taken else "no tiene letras ni cifras"
        message = f"El código «{row.code}» {where}."
        problem = Problem("entity_elsewhere", "IM9", message, fix="Use otro código, o corrija el sector.")
        ledger.found.add(row.place, "codigo", problem, row.code)
        return None
    unit = OrganizationUnit.objects.create(
        code=code,
        name=row.name,
        acronym=row.acronym,
        kind=UnitKind.ENTITY,
        parent=sector,
        is_head=bool(row.is_head),
        sort_key=place,
    )
    ledger.record("unit_added", unit, None, facts(unit))
    ledger.count(is_new=True)
    return unit


def _match(row: EntityRow, known: Sequence[OrganizationUnit]) -> OrganizationUnit | None:
    """By code; else by the full name, so that another code does not make a second entity."""
    code = _code(row.code).casefold()
    by_code = next((unit for unit in known if unit.code.casefold() == code), None)
    return by_code or next((unit for unit in known if fold(unit.name) == fold(row.name)), None)


def _changes(row: EntityRow, unit: OrganizationUnit) -> dict[str, object]:
    texts = {"name": row.name, "acronym": row.acronym}
    changed: dict[str, object] = {k: v for k, v in texts.items() if differs(Kind.TEXT, getattr(unit, k), v)}
    if row.is_head is not None and row.is_head != unit.is_head:
        changed["is_head"] = row.is_head
    return changed


def _change(unit: OrganizationUnit, values: dict[str, object], ledger: Ledger) -> bool:
    if not values:
        return False
    before = facts(unit)
    for name, value in values.items():
        setattr(unit, name, value)
    unit.save(update_fields=list(values))
    ledger.record("unit_changed", unit, before, facts(unit))
    return True


def _code(text: str) -> str:
    """A code as it is stored: the text itself when it already is one."""
    return text if slugify(text) == text.casefold() else slugify(text)
