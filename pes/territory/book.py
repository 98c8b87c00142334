"""The workbook of entities: its sheet, its columns, and how it is written (docs/formatos/territorio.md)."""

from __future__ import annotations

from collections.abc import Iterable

from pes.demo_mark import demo_mark
from pes.models import TerritorialEntity
from pes.rules.territory import Ecosystem, EntityKind, Partner
from pes.workbooks.cells import Kind
from pes.workbooks.instructions import instructions
from pes.workbooks.sheets import Cell, SheetData
from pes.workbooks.tables import Column, SheetSpec

SHEET = "Entidades"
CODE, NAME, KIND, DEPARTMENT, REGION = "codigo_dane", "nombre", "clase", "departamento", "region"
VARIABLES = ("inversion_alta", "fiscal_alto", "resultados_altos")
PARTNER, ECOSYSTEMS, UNIVERSE = "entidad_nacional", "ecosistemas", "universo"
HEADERS = (CODE, NAME, KIND, DEPARTMENT, REGION, *VARIABLES, UNIVERSE, PARTNER, ECOSYSTEMS)
HELP = {
    CODE: "Es la clave, como texto: dos dígitos una gobernación, cinco un municipio.",
    NAME: "Nombre oficial.",
    KIND: "Gobernación o Municipio.",
    DEPARTMENT: "Departamento.",
    REGION: "Código de la región.",
    "inversion_alta": "Sí o no: ejecución de recursos e inversión alta. Vacío: no se conoce.",
    "fiscal_alto": "Sí o no: índice de desempeño fiscal alto.",
    "resultados_altos": "Sí o no: resultados de desarrollo por encima del promedio.",
    UNIVERSE: "Sale de las tres variables. Informa y no se toma.",
    PARTNER: "DNP, DAFP o ART. Vacío: ninguna.",
    ECOSYSTEMS: "Ecosistemas temáticos, separados por punto y coma.",
}
STEPS = (
    "Cada fila es una entidad. El código DANE dice cuál: si existe se corrige, si no se crea.",
    "Las tres variables van juntas: con las tres hay universo, sin ninguna queda sin clasificar. Una gobernación no las lleva.",
    "Puede quitar filas y columnas: lo que no está en el libro se queda como está. Una celda vacía borra lo registrado.",
    "Al cargar el libro verá qué cambia antes de aplicarlo. Con un solo error no se escribe nada.",
)
SPEC = SheetSpec(
    SHEET,
    {
        CODE: Column(Kind.TEXT, filled=True, aliases=("Código DANE", "DIVIPOLA", "Código")),
        NAME: Column(Kind.TEXT, required=False, aliases=("Entidad", "Municipio")),
        KIND: Column(Kind.TEXT, required=False),
        DEPARTMENT: Column(Kind.TEXT, required=False),
        REGION: Column(Kind.TEXT, required=False, aliases=("Región", "Código de la región")),
        "inversion_alta": Column(Kind.FLAG, required=False, aliases=("Inversión alta",)),
        "fiscal_alto": Column(Kind.FLAG, required=False, aliases=("Desempeño fiscal alto",)),
        "resultados_altos": Column(Kind.FLAG, required=False, aliases=("Resultados altos",)),
        UNIVERSE: Column(Kind.TEXT, required=False),
        PARTNER: Column(Kind.TEXT, required=False, aliases=("Socio",)),
        ECOSYSTEMS: Column(Kind.TEXT, required=False, aliases=("Ecosistemas temáticos",)),
    },
)
KINDS = {one.label: one.value for one in EntityKind}
NAMES = {one.label: one.value for one in Ecosystem}
_WIDTHS = {CODE: 12, NAME: 30, KIND: 14, DEPARTMENT: 22, REGION: 24, PARTNER: 17, ECOSYSTEMS: 44} | dict.fromkeys(
    VARIABLES, 16
)


def book_sheets(entities: Iterable[TerritorialEntity], regions: Iterable[str]) -> list[SheetData]:
    """The form with some entities in it, so that loading it again changes nothing (IM14); `regions` are codes."""
    mark, flags = demo_mark(), dict.fromkeys(VARIABLES, ("Sí", "No"))
    sheet = SheetData(
        SHEET,
        HEADERS,
        [_row(one) for one in entities],
        widths=_WIDTHS,
        mark=mark,
        choices={KIND: tuple(KINDS), REGION: tuple(regions), PARTNER: tuple(Partner), **flags},
        help=HELP,
        locked=frozenset({UNIVERSE}),
        wrap=frozenset({ECOSYSTEMS}),
        freeze="C2",
    )
    return [sheet, instructions("Entidades territoriales", STEPS, HELP, mark=mark)]


def _row(one: TerritorialEntity) -> list[Cell]:
    variables = (one.high_investment, one.high_fiscal, one.high_results)
    flags: list[Cell] = [None if value is None else "Sí" if value else "No" for value in variables]
    ecosystems = "; ".join(str(each) for each in one.ecosystems.all())
    about: list[Cell] = [one.dane_code, one.name, EntityKind(one.kind).label, one.department, one.region.code]
    return [*about, *flags, one.universe or None, one.partner or None, ecosystems or None]
