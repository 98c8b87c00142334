"""The workbook of resources: its sheet, its columns, and how it is written (docs/formatos/recursos.md)."""

from __future__ import annotations

from collections.abc import Iterable

from pes.demo_mark import demo_mark
from pes.models import SectorPlan
from pes.profile.resources import EntityLines, ProjectLine, physical_text
from pes.workbooks.cells import Kind
from pes.workbooks.instructions import instructions
from pes.workbooks.sheets import Cell, SheetData
from pes.workbooks.tables import Column, SheetSpec

SHEET = "Recursos"
ENTITY, PROJECT, NAME, VIGENCIA = "entidad", "proyecto", "nombre", "vigencia"
AMOUNTS = {"programado": "programmed", "comprometido": "committed", "pagado": "paid"}
CUTOFF, SOURCE, PHYSICAL = "corte", "fuente", "meta_fisica"
HEADERS = (ENTITY, PROJECT, NAME, VIGENCIA, *AMOUNTS, CUTOFF, SOURCE, PHYSICAL)
LOCKED = frozenset({ENTITY, PROJECT, NAME, VIGENCIA, PHYSICAL})
HELP = {
    ENTITY: "Código de la entidad.",
    PROJECT: "Código del proyecto de inversión.",
    NAME: "Nombre del proyecto. Informa y no se toma.",
    VIGENCIA: "Año de los recursos.",
    "programado": "Pesos programados para la vigencia. Vacío: no se conoce; cero es cero.",
    "comprometido": "Pesos comprometidos hasta el corte.",
    "pagado": "Pesos pagados hasta el corte; no supera lo comprometido.",
    CUTOFF: "Hasta qué día van lo comprometido y lo pagado.",
    SOURCE: "De qué reporte salen las cifras.",
    PHYSICAL: "Lo programado en las metas del proyecto. Informa y no se toma.",
}
STEPS = (
    "Cada fila es un proyecto en una vigencia. La entidad, el proyecto y la vigencia dicen cuál; no los cambie.",
    "Escriba pesos, sin el signo. Vacío es «no se conoce» y borra lo registrado; cero es cero.",
    "Lo comprometido lleva su corte y su fuente. Lo pagado no supera lo comprometido.",
    "Puede quitar filas y columnas: lo que no está en el libro se queda como está.",
    "Al cargar el libro verá qué cambia antes de aplicarlo. Con un solo error no se escribe nada.",
)
_WIDTHS = {ENTITY: 12, PROJECT: 14, NAME: 48, VIGENCIA: 10, CUTOFF: 13, SOURCE: 34, PHYSICAL: 60} | dict.fromkeys(
    AMOUNTS, 20
)
_FORMATS = dict.fromkeys(AMOUNTS, "#,##0.00")

SPEC = SheetSpec(
    SHEET,
    {
        ENTITY: Column(Kind.TEXT, filled=True, aliases=("Código de la entidad",)),
        PROJECT: Column(Kind.KEY, filled=True, aliases=("Código del proyecto", "Proyecto de inversión")),
        VIGENCIA: Column(Kind.INTEGER, filled=True, aliases=("Año",)),
        NAME: Column(Kind.PROSE, required=False, aliases=("Nombre del proyecto",)),
        "programado": Column(Kind.PROGRAMME, required=False, aliases=("Apropiación", "Recursos programados")),
        "comprometido": Column(Kind.PROGRAMME, required=False, aliases=("Compromisos", "Recursos comprometidos")),
        "pagado": Column(Kind.PROGRAMME, required=False, aliases=("Giros", "Pagos", "Recursos pagados")),
        CUTOFF: Column(Kind.DATE, required=False, aliases=("Fecha de corte",)),
        SOURCE: Column(Kind.TEXT, required=False, aliases=("Fuente de información",)),
        PHYSICAL: Column(Kind.PROSE, required=False, aliases=("Meta física",)),
    },
)


def book_sheets(plan: SectorPlan, found: Iterable[EntityLines], vigencia: int) -> list[SheetData]:
    """The sheets of the resources of a vigencia, so that loading them again changes nothing (IM14)."""
    mark = demo_mark()
    sheet = SheetData(
        SHEET,
        HEADERS,
        [_row(line, vigencia) for one in found for line in one.lines],
        widths=_WIDTHS,
        formats=_FORMATS,
        mark=mark,
        help=HELP,
        locked=LOCKED,
        wrap=frozenset({NAME, SOURCE, PHYSICAL}),
        spare_rows=0,
        freeze="C2",
    )
    return [sheet, instructions(f"Recursos {vigencia} · {plan.name}", STEPS, HELP, mark=mark)]


def _row(line: ProjectLine, vigencia: int) -> list[Cell]:
    money = line.money
    goals = "\n".join(physical_text(goal) for goal in line.goals)
    about: list[Cell] = [line.project.entity.code, line.project.code, line.project.name, vigencia]
    return [*about, money.programmed, money.committed, money.paid, money.cutoff_on, money.source, goals]
