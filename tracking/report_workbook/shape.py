"""The sheets and columns of a quarter's workbook (rules §5.4): one description for reading and for writing.

Columns are found by their header, never by position (IMP-01). `_q` stands for the quarter that is imported; a book of
the whole year that numbers it (`numerador_t1`) is read too.
"""

from __future__ import annotations

import re

from pes.workbooks.cells import Kind
from pes.workbooks.pairs import pairs_spec
from pes.workbooks.tables import Column, SheetSpec
from tracking.rules.goal_reports import ENTRY_FIELDS, EntryField

ABOUT, REPORT = "Identificación", "Reporte"
UNIT, UNIT_NAME, NUMBER = "unidad", "proceso_o_alcaldia", "no_meta"
TEXT, MEASURE, PROGRAMMED = "meta", "unidad_medida", "programado_q"
RESULT, ACCUMULATED, PROGRESS = "resultado_q", "ejecutado_acum_q", "resultado_acum_q"
PROOFS, SUPPLIER = "evidencia_q", "suministrada_por"

ENTRY_HEADERS = tuple(field.header for field in ENTRY_FIELDS)
FIELD_OF = {field.header: field for field in ENTRY_FIELDS}
AMOUNT_HEADERS = tuple(field.header for field in ENTRY_FIELDS if field.is_amount)
OPTIONAL = frozenset({"explicacion_q"})  # ours: rules §5.4 has no column for it
COMPUTED = (PROGRAMMED, RESULT, ACCUMULATED, PROGRESS)  # compared and never taken (IMP-04)
HEADERS = (
    NUMBER, TEXT, MEASURE, PROGRAMMED, "numerador_q", "denominador_q", "ejecutado_q", RESULT, "analisis_q",
    "causas_retraso_q", "explicacion_q", PROOFS, ACCUMULATED, PROGRESS, "analisis_acum_q", SUPPLIER,
)  # fmt: skip
CENTRAL_HEADERS = (UNIT, UNIT_NAME, *HEADERS[:-1])
LOCKED = frozenset({UNIT, UNIT_NAME, NUMBER, TEXT, MEASURE, PROOFS, SUPPLIER, *COMPUTED})

# Rows of the sheet Identificación: which report or which table a workbook is of.
KEYS = ("vigencia", "trimestre", "unidad", "area", "proceso_o_alcaldia", "plan", "estado", "vence", "generado")
ABOUT_SPEC = pairs_spec(ABOUT)

_QUARTER_AT_THE_END = re.compile(r"_(t|q|trimestre_|trim_)?[1-4](_trimestre)?")
_ALIASES = {
    NUMBER: ("No. meta", "No. de meta", "Número de meta", "N° meta", "Número meta", "Meta No."),
    UNIT: ("Código de la unidad", "Código unidad", "Código"),
    MEASURE: ("Unidad de medida",),
    TEXT: ("Meta del plan", "Descripción de la meta"),
    "ejecutado_q": ("Ejecución", "Ejecutado del trimestre"),
    "analisis_q": ("Análisis", "Observaciones"),
    "analisis_acum_q": ("Análisis acumulado",),
    "causas_retraso_q": ("Causas de retraso",),
    RESULT: ("Resultado del trimestre", "% de cumplimiento"),
    PROGRESS: ("% acumulado",),
}


def specs(quarter: int, *, central: bool = False) -> tuple[SheetSpec, SheetSpec]:
    """What the workbook of a quarter holds; the table of a central area says the plan of each row."""
    columns = {NUMBER: Column(Kind.INTEGER, filled=True, aliases=_ALIASES[NUMBER])}
    columns[UNIT] = Column(Kind.TEXT, required=central, filled=central, aliases=_ALIASES[UNIT])
    for field in ENTRY_FIELDS:
        names = _names(field.header, quarter)
        columns[field.header] = Column(_kind(field), required=False, aliases=(*names, field.label))
    for header in (TEXT, MEASURE, UNIT_NAME, PROOFS, SUPPLIER, "observacion_oap_q"):
        columns[header] = Column(Kind.PROSE, required=False, aliases=_names(header, quarter))
    for header in COMPUTED:
        columns[header] = Column(Kind.PROGRAMME, required=False, computed=True, aliases=_names(header, quarter))
    return ABOUT_SPEC, SheetSpec(REPORT, columns, aliases=("Metas", "Seguimiento", "Reporte trimestral"))


def is_of_another_quarter(header: str) -> bool:
    """Whether a folded header that was not read names a quarter: that of a book of the whole year."""
    return bool(_QUARTER_AT_THE_END.search(header))


def _kind(field: EntryField) -> Kind:
    """NP, N/A and a dash are blanks: what is not reported is not 0 (PT-12)."""
    return Kind.PROGRAMME if field.is_amount else Kind.PROSE


def _names(header: str, quarter: int) -> tuple[str, ...]:
    """The ways of writing a header: without `_q`, with the number of the quarter, as people do."""
    base = header.removesuffix("_q")
    numbered = () if base == header else (base, f"{base}_t{quarter}", f"{base}_q{quarter}", f"{base}_{quarter}")
    spoken = () if base == header else (f"{base}_trimestre_{quarter}", f"{base}_t")
    return (*numbered, *spoken, *_ALIASES.get(header, ()))
