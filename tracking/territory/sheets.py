"""The road of an entity as a sheet: its hitos with what each is worth of its part and of the whole (GP-01)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pes.demo_mark import demo_mark
from pes.models import EntityRoad
from pes.rules.numbers import round_half_up
from pes.territory.reading import EntityBoard, Hito
from pes.workbooks.sheets import Cell, SheetData
from tracking.territory.shown import hito_state, weight_in_part

IN_WHOLE, PROGRESS, MONTH, DONE = "Peso en el total (%)", "Avance (%)", "Mes esperado", "Completo el"


def road_sheet(board: EntityBoard, road: EntityRoad, proofs: Mapping[int, int]) -> SheetData:
    """The hitos of the screen: codes first and as text, numbers as numbers; `proofs` by hito (id)."""
    in_part = f"{weight_in_part(road)} (%)"
    headers = ("Hito", "Nombre", road.level, in_part, IN_WHOLE, MONTH, PROGRESS, "Estado", DONE, "Evidencias", "Dudoso")
    rows = [
        _cells(f"{phase.number}. {phase.name}", one, proofs.get(one.pk, 0))
        for phase in board.phases
        for one in phase.hitos
    ]
    widths = {"Nombre": 60, road.level: 40, "Estado": 22, "Dudoso": 40}
    formats = {in_part: "0.00", IN_WHOLE: "0.00", PROGRESS: "0.00", MONTH: "mm/yyyy", DONE: "dd/mm/yyyy"}
    name = f"Fase {road.stage_label}"
    return SheetData(name, headers, rows, widths=widths, formats=formats, mark=demo_mark(), freeze="B2")


def _cells(part: str, one: Hito, proofs: int) -> Sequence[Cell]:
    state, _ = hito_state(one)
    return [
        one.code, one.title, part, one.weight, one.weight_in_whole, one.expected, round_half_up(one.progress, 2), state,
        one.done_on, proofs, one.doubt or None,
    ]  # fmt: skip
