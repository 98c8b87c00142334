"""Read an untrusted workbook: the container is judged here, its XML in a child process.

The web process never parses the file: a child with limits on memory, time and system
calls does, and answers plain JSON. Norm: cases IM1–IM7, IM13 and UP2, UP5 of the
quality plan; rules IMP-01, IMP-02, IMP-05, IMP-06.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any, BinaryIO

from pes import sandbox
from pes.workbooks import limits
from pes.workbooks.archive import check_archive
from pes.workbooks.cells import Note
from pes.workbooks.findings import Findings
from pes.workbooks.form import OWN_SHEETS
from pes.workbooks.items import Item, Refusal, Severity
from pes.workbooks.names import fold
from pes.workbooks.refusals import as_item
from pes.workbooks.tables import Sheet, SheetSpec, build_sheet


@dataclass(frozen=True, slots=True)
class Workbook:
    """What was read. With any error nothing of it may be applied (all or nothing)."""

    sheets: Mapping[str, Sheet]
    errors: tuple[Item, ...]
    warnings: tuple[Item, ...]
    sha256: str  # of the file as received (IMP-05)
    peak_kib: int  # of the child, 0 when it was not started or not measured

    def __getitem__(self, name: str) -> Sheet:
        return self.sheets[name]

    def __contains__(self, name: object) -> bool:
        return name in self.sheets


def read_workbook(
    source: str | os.PathLike[str] | BinaryIO, specs: Iterable[SheetSpec], *, ignored: Iterable[str] = ()
) -> Workbook:
    """Sheets of `specs` with typed rows, and everything wrong or odd as items.

    Sheets called as in `ignored` (`form.OWN_SHEETS`) are passed over without a word.
    Never raises for the file's content; an `OSError` of opening a path is the caller's.
    """
    specs = tuple(specs)
    findings = Findings()
    with tempfile.TemporaryFile() as copy:
        digest = _take(source, copy)
        try:
            check_archive(copy)
            answer = _ask_child(copy, specs)
        except Refusal as refusal:
            return Workbook({}, (as_item(refusal),), (), digest, 0)
    if "refused" in answer:
        code, found, sheet, cell = answer["refused"]
        item = as_item(Refusal(code, found=found, sheet=sheet, cell=cell))
        return Workbook({}, (item,), (), digest, answer["peak_kib"])
    sheets = _build(specs, answer, findings, {fold(title) for title in ignored})
    return Workbook(sheets, findings.errors(), findings.warnings(), digest, answer["peak_kib"])


def read_form(source: str | os.PathLike[str] | BinaryIO, specs: Sequence[SheetSpec]) -> Workbook:
    """Read a form of ours; its last sheet, when it is missing, is the only unknown one if there is one.

    Raises OSError when a path cannot be opened, and nothing for what the file holds.
    """
    workbook = read_workbook(source, specs, ignored=OWN_SHEETS)
    unknown = [item.sheet for item in workbook.warnings if item.code == "unknown_sheet"]
    if [item.code for item in workbook.errors] != ["missing_sheet"] or len(unknown) != 1:
        return workbook
    if not isinstance(source, (str, os.PathLike)):
        source.seek(0)
    *others, last = specs
    only = replace(last, aliases=(*last.aliases, unknown[0]))
    return read_workbook(source, (*others, only), ignored=OWN_SHEETS)


def _take(source: str | os.PathLike[str] | BinaryIO, copy: IO[bytes]) -> str:
    """Copy the file so that what is judged is what is read; its SHA-256."""
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as stream:
            return _take(stream, copy)
    digest = hashlib.sha256()
    while chunk := source.read(limits.MEBIBYTE):
        digest.update(chunk)
        if copy.tell() <= limits.MAX_UNPACKED:  # a larger one is refused as a bad container
            copy.write(chunk)
    copy.flush()
    return digest.hexdigest()


def _ask_child(copy: IO[bytes], specs: Iterable[SheetSpec]) -> dict[str, Any]:
    wanted = sorted(title for spec in specs for title in spec.titles())
    try:
        return sandbox.ask("pes.workbooks.child", copy, wanted, limits.OF_THE_CHILD)
    except sandbox.NoAnswer as silence:
        late = f"más de {limits.OF_THE_CHILD.wall_seconds} s"
        raise Refusal("too_heavy", found=late if silence.late else "la lectura se interrumpió") from silence


def _build(specs: Iterable[SheetSpec], answer: dict[str, Any], findings: Findings, known: set[str]) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    for spec in specs:
        known = known | spec.titles()
        found = [raw for raw in answer["sheets"] if fold(raw["title"]) in spec.titles()]
        if len(found) > 1:
            findings.add(spec.name, "", ", ".join(raw["title"] for raw in found), DUPLICATE_SHEET, Severity.ERROR)
        elif found:
            sheets[spec.name] = build_sheet(spec, found[0], answer["is_1904"], findings)
        elif spec.required:
            titles = ", ".join(answer["titles"])[:200]
            findings.add(spec.name, "", f"hojas: {titles}", _missing_sheet(spec.name), Severity.ERROR)
    for title in answer["titles"]:
        if fold(title) not in known:
            findings.add(title, "", title, UNKNOWN_SHEET, Severity.WARNING)
    return sheets


DUPLICATE_SHEET = Note(
    "duplicate_sheet", "IM1", "una sola hoja con ese nombre", "Hay varias hojas con el mismo nombre.", "Deje una sola."
)
UNKNOWN_SHEET = Note(
    "unknown_sheet",
    "IM1",
    "una hoja de la plantilla",
    "La hoja no es de la plantilla y no se leyó.",
    "Si trae datos, corrija su nombre.",
)


def _missing_sheet(name: str) -> Note:
    return Note(
        "missing_sheet",
        "IM1",
        f"la hoja «{name}»",
        f"Falta la hoja «{name}».",
        f"Agregue la hoja «{name}» o corrija el nombre de la que la contiene.",
    )
