"""A workbook of entities sent in the browser: compared with what is stored, shown, then applied once or forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pes import audit
from pes.models import OrganizationUnit, TerritorialEntity, TerritoryUpload, User
from pes.rules.problems import Problem
from pes.rules.territory import DEPARTMENT_DIGITS, MUNICIPALITY_DIGITS, EntityKind, Partner
from pes.territory.book import (
    CODE,
    DEPARTMENT,
    ECOSYSTEMS,
    KIND,
    KINDS,
    NAME,
    NAMES,
    PARTNER,
    REGION,
    SHEET,
    SPEC,
    VARIABLES,
)
from pes.territory.entities import (
    EntityFacts,
    facts_of,
    facts_problems,
    managed_regions,
    put_entities,
    rewrite_entities,
)
from pes.workbooks.names import fold
from pes.workbooks.places import Found, Place, repeated
from pes.workbooks.reader import read_form
from pes.workbooks.tables import Row
from pes.workbooks.uploads import forget_old, keep_the_last, received

_BLANK = EntityFacts("", "", "", "", OrganizationUnit())
_COLUMN_OF = {"dane_not_valid": CODE, "name_missing": NAME, "department_missing": DEPARTMENT}


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row of the workbook against the entity that has its code, if there is one."""

    entity: TerritorialEntity | None
    before: EntityFacts | None
    after: EntityFacts
    place: Place

    @property
    def is_changed(self) -> bool:
        """Whether it creates or corrects something."""
        return self.before != self.after


class _Undo(Exception):
    """Leave the transaction without a trace."""


def keep_upload(file: UploadedFile, *, by: User) -> TerritoryUpload:
    """Keep a workbook to be previewed. Raises PermissionDenied, or Refused: empty, or too heavy."""
    _demand_a_region(by)
    content = received(file)
    forget_old(TerritoryUpload.objects.all())
    made = TerritoryUpload.objects.create(**content, base=base_of(), by=by, at=timezone.now())
    keep_the_last(TerritoryUpload.objects.filter(by=by))
    return made


def preview(upload: TerritoryUpload, *, by: User) -> tuple[list[BookRow], Found]:
    """What an upload says of each entity now, and what is wrong or odd in it."""
    workbook = read_form(BytesIO(bytes(upload.content)), [SPEC])
    found = Found([*workbook.errors, *workbook.warnings])
    return (_rows(list(workbook[SHEET]), found, by) if SHEET in workbook else []), found


def apply_upload(upload: TerritoryUpload, *, by: User) -> tuple[list[BookRow], Found]:
    """Write a previewed workbook, once; nothing is written with any error, nor when what was compared changed (IM11).

    Raises PermissionDenied.
    """
    _demand_a_region(by)
    rows: list[BookRow] = []
    found = Found()
    try:
        with transaction.atomic():
            list(managed_regions(by).select_for_update(no_key=True).order_by("pk").values_list("pk"))
            if not TerritoryUpload.objects.filter(pk=upload.pk, applied_at=None).update(applied_at=timezone.now()):
                raise _Undo
            base = base_of()
            rows, found = preview(upload, by=by)
            if base != upload.base:
                found.add(Place("", {}), "", _changed_meanwhile())
            if found.errors:
                raise _Undo
            _write(upload, rows, by)
    except _Undo:
        if found.errors:
            TerritoryUpload.objects.filter(pk=upload.pk).update(base=base_of())
    return rows, found


def base_of() -> str:
    """Digest of every entity: what a preview compares with; two queries."""
    rows = TerritorialEntity.objects.select_related("region").prefetch_related("ecosystems").order_by("dane_code")
    return hashlib.sha256(audit.canonical([facts_of(one).said() for one in rows])).hexdigest()


def _demand_a_region(by: User) -> None:
    if not managed_regions(by).exists():
        raise PermissionDenied("Usted no administra ninguna región.")


def _rows(sheet: Sequence[Row], found: Found, by: User) -> list[BookRow]:
    regions = {one.code: one for one in managed_regions(by)}
    stored = TerritorialEntity.objects.select_related("region").prefetch_related("ecosystems")
    known = {one.dane_code: one for one in stored}
    rows = [row for raw in sheet if (row := _row(raw, known, regions, found)) is not None]
    repeated(rows, lambda one: one.after.code, CODE, found)
    return rows


def _row(
    raw: Row,
    known: Mapping[str, TerritorialEntity],
    regions: Mapping[str, OrganizationUnit],
    found: Found,
) -> BookRow | None:
    place = Place(SHEET, raw.cells)
    code = _code(raw)
    entity = known.get(code)
    before = facts_of(entity) if entity else None
    wrong: list[tuple[str, Problem]] = []
    after = _facts(raw, code, before or _BLANK, regions, wrong)
    if before is not None and before.region.code not in regions and after != before:
        message = f"Usted no administra {before.region}, la región de {before.name}."
        wrong.append((CODE, Problem("forbidden", "AZ1", message, fix="Quite la fila.")))
    if after != before and not wrong:
        wrong += [(_COLUMN_OF.get(one.code, VARIABLES[0]), one) for one in facts_problems(after)]
    for header, problem in wrong:
        found.add(place, header, problem, raw.written(header))
    return None if wrong else BookRow(entity, before, after, place)


def _code(raw: Row) -> str:
    """The DANE code; what Excel kept as a number gets the zero that it lost."""
    said = str(raw[CODE] or "").strip()
    if not (said.isascii() and said.isdigit()):
        return said
    return said.zfill(DEPARTMENT_DIGITS if len(said) <= DEPARTMENT_DIGITS else MUNICIPALITY_DIGITS)


def _facts(
    raw: Row,
    code: str,
    before: EntityFacts,
    regions: Mapping[str, OrganizationUnit],
    wrong: list[tuple[str, Problem]],
) -> EntityFacts:
    """What a row says; a column that is not in the workbook leaves what is stored."""

    def said(header: str, stored: Any) -> Any:
        return raw[header] if header in raw.values else stored

    kind = before.kind or (EntityKind.GOBERNACION if len(code) == DEPARTMENT_DIGITS else EntityKind.MUNICIPIO)
    if raw.values.get(KIND):
        kind = _choice(str(raw[KIND]), KINDS, KIND, wrong)
    region = before.region
    if raw.values.get(REGION) and raw[REGION] != region.code:
        region = regions.get(str(raw[REGION]), region)
        if region.code != raw[REGION]:
            message = f"«{raw[REGION]}» no es una región que usted administre."
            wrong.append((REGION, Problem("region_unknown", "AZ1", message, fix="Escriba el código de la suya.")))
    elif not region.code:
        wrong.append((REGION, Problem("region_missing", "GP-05", "Falta la región.", fix="Escriba su código.")))
    variables = [said(header, value) for header, value in zip(VARIABLES, before.variables, strict=True)]
    partner = said(PARTNER, before.partner) or ""
    return EntityFacts(
        code, said(NAME, before.name) or "", kind, said(DEPARTMENT, before.department) or "", region, *variables,
        _choice(partner, {one.value: one.value for one in Partner}, PARTNER, wrong) if partner else "",
        frozenset(_ecosystems(raw, before, wrong)),
    )  # fmt: skip


def _ecosystems(raw: Row, before: EntityFacts, wrong: list[tuple[str, Problem]]) -> Iterator[str]:
    if ECOSYSTEMS not in raw.values:
        yield from before.ecosystems
        return
    for part in str(raw[ECOSYSTEMS] or "").split(";"):
        if part.strip():
            yield _choice(part.strip(), NAMES, ECOSYSTEMS, wrong)


def _choice(text: str, choices: Mapping[str, str], header: str, wrong: list[tuple[str, Problem]]) -> str:
    """The value of a word, however it is written."""
    value = {fold(words): value for words, value in choices.items()}.get(fold(text))
    if value is None:
        fix = f"Escriba {', '.join(choices)}."
        wrong.append((header, Problem("choice_unknown", "IM1", f"«{text}» no es una opción.", fix=fix)))
    return value or ""


def _write(upload: TerritoryUpload, rows: Iterable[BookRow], by: User) -> None:
    """Everything that differs, with one event that has both sides of each entity."""
    new = [one for one in rows if one.entity is None]
    changed = [one for one in rows if one.entity is not None and one.is_changed]
    put_entities([one.after for one in new])
    rewrite_entities([(one.entity, one.after) for one in changed])  # type: ignore[misc]
    before: dict[str, Any] = {}
    after: dict[str, Any] = {one.after.code: one.after.said() for one in new}
    for one in changed:
        before[one.after.code], after[one.after.code] = audit.differences(one.before.said(), one.after.said())  # type: ignore[union-attr]
    counts = {"created": len(new), "updated": len(changed)}
    TerritoryUpload.objects.filter(pk=upload.pk).update(**counts)
    said = {"file": upload.name, "sha256": upload.sha256, **counts, "entity": after}
    audit.record("territory_imported", upload, by=by, before={"entity": before} if before else None, after=said)


def _changed_meanwhile() -> Problem:
    message = "Las entidades cambiaron después de la vista previa; nada se ha escrito."
    return Problem("entities_changed", "IM11", message, fix="Revise las diferencias con lo que dicen ahora y aplique.")
