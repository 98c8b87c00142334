"""The sheets and headers of the PES workbook: one description for reading and for writing.

Columns are found by their header, never by position (IMP-01). The optional ones exist so that an export loses
nothing; a file without them leaves what they hold as it is.
"""

from __future__ import annotations

from pes.workbooks.cells import Kind
from pes.workbooks.tables import Column, SheetSpec

PLAN, ENTITIES, OBJECTIVES, INDICATORS = "PES", "Entidades", "Objetivos", "Indicadores"
WEIGHTS, MEASUREMENTS, OBJECTIVE_WEIGHTS = "Ponderaciones", "Mediciones", "PonderacionesObjetivos"

# Rows of the sheet PES. `nombre_sector` is optional: a code does not say how a sector is spelled.
PLAN_KEYS = ("sector", "nombre", "cabeza", "inicio", "fin")
OPTIONAL_PLAN_KEYS = ("nombre_sector",)

PROGRAMME_PATTERN = r"p_(\d{4})"
OPTIONAL_COLUMNS = ("formula", "tipo_indicador", "fuente", "tipo_deducido", "proyecto", "nombre_proyecto")


def _filled(kind: Kind) -> Column:
    return Column(kind, filled=True)


def _optional(kind: Kind) -> Column:
    return Column(kind, required=False)


SPECS = (
    SheetSpec(PLAN, {"clave": _filled(Kind.TEXT), "valor": Column(Kind.TEXT)}),
    SheetSpec(
        ENTITIES,
        {
            "codigo": _filled(Kind.KEY),
            "nombre": _filled(Kind.TEXT),
            "sigla": Column(Kind.TEXT),
            "cabeza": Column(Kind.FLAG),
        },
    ),
    SheetSpec(OBJECTIVES, {"numero": _filled(Kind.INTEGER), "texto": _filled(Kind.PROSE)}),
    SheetSpec(
        INDICATORS,
        {
            "clave": _filled(Kind.KEY),
            "objetivo": _filled(Kind.INTEGER),
            "clase_meta": _filled(Kind.TEXT),
            "codigo_meta": _filled(Kind.KEY),
            "meta": _filled(Kind.PROSE),
            "codigo_indicador": Column(Kind.KEY),
            "indicador": _filled(Kind.PROSE),
            "entidad": _filled(Kind.KEY),
            "tipo_programacion": Column(Kind.TEXT),
            "linea_base": Column(Kind.PROGRAMME),
            "unidad": Column(Kind.TEXT),
            "p_total": Column(Kind.PROGRAMME),
            "formula": _optional(Kind.PROSE),
            "tipo_indicador": _optional(Kind.TEXT),
            "fuente": _optional(Kind.PROSE),
            "tipo_deducido": _optional(Kind.FLAG),
            "proyecto": _optional(Kind.KEY),
            "nombre_proyecto": _optional(Kind.PROSE),
        },
        patterns={PROGRAMME_PATTERN: _optional(Kind.PROGRAMME)},
    ),
    SheetSpec(
        WEIGHTS,
        {"indicador": _filled(Kind.KEY), "vigencia": _filled(Kind.INTEGER), "ponderacion": _filled(Kind.PERCENT)},
    ),
    SheetSpec(
        MEASUREMENTS,
        {
            "indicador": _filled(Kind.KEY),
            "corte": _filled(Kind.DATE),
            "ejecutado": _filled(Kind.NUMBER),
            "analisis": Column(Kind.PROSE),
        },
    ),
    SheetSpec(
        OBJECTIVE_WEIGHTS,
        {"objetivo": _filled(Kind.INTEGER), "vigencia": _filled(Kind.INTEGER), "ponderacion": _filled(Kind.PERCENT)},
        required=False,
    ),
)
