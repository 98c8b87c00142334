"""Why a whole workbook is not read, in the words of the person who sent it."""

from __future__ import annotations

from dataclasses import dataclass

from pes.workbooks import limits
from pes.workbooks.items import Item, Refusal

PLAIN = "un libro de Excel (.xlsx) simple"
RESAVE = "Ábralo en Excel o LibreOffice y guárdelo de nuevo como «Libro de Excel (.xlsx)»."
ROWS = f"{limits.MAX_ROWS:,}".replace(",", ".")


@dataclass(frozen=True, slots=True)
class Reason:
    rule: str
    expected: str
    message: str
    fix: str


REFUSALS: dict[str, Reason] = {
    "not_a_workbook": Reason("IM7", PLAIN, "El archivo no es un libro de Excel (.xlsx).", RESAVE),
    "old_or_protected": Reason(
        "IM7",
        PLAIN,
        "El archivo está protegido con contraseña o es un .xls antiguo.",
        "Quite la contraseña y guárdelo como «Libro de Excel (.xlsx)».",
    ),
    "damaged": Reason("IM7", PLAIN, "El archivo está dañado y no se puede leer completo.", RESAVE),
    "not_plain_xlsx": Reason(
        "IM7", PLAIN, "El archivo tiene macros, es una plantilla o usa otro formato de libro.", RESAVE
    ),
    "macros": Reason(
        "IM7",
        "un libro sin macros",
        "El libro contiene macros.",
        "Guárdelo como «Libro de Excel (.xlsx)», que las descarta.",
    ),
    "embedded_object": Reason(
        "IM7",
        "un libro sin objetos incrustados",
        "El libro contiene objetos incrustados (OLE).",
        "Elimine los objetos o copie solo los valores en la plantilla.",
    ),
    "external_link": Reason(
        "IM7",
        "un libro sin vínculos externos",
        "El libro está vinculado a otros archivos o a datos externos.",
        "En Excel use Datos › Editar vínculos › Romper vínculo y guarde de nuevo.",
    ),
    "dde": Reason(
        "IM7",
        "fórmulas que no llamen a otros programas",
        "Una fórmula intenta llamar a otro programa (DDE).",
        "Borre esa fórmula y escriba el valor.",
    ),
    "nested_archive": Reason(
        "IM7", "un libro sin archivos dentro", "El libro trae otro archivo comprimido adentro.", RESAVE
    ),
    "unsafe_path": Reason("IM7", PLAIN, "El archivo comprimido contiene rutas no permitidas.", RESAVE),
    "too_many_parts": Reason(
        "IM7",
        f"máximo {limits.MAX_PARTS} partes",
        "El libro tiene demasiadas partes internas.",
        "Deje solo las hojas de la plantilla y guarde de nuevo.",
    ),
    "too_big": Reason(
        "IM7",
        f"máximo {limits.MAX_UNPACKED // limits.MEBIBYTE} MB descomprimido",
        "El libro es demasiado grande.",
        "Deje solo las hojas y filas con datos y guarde de nuevo.",
    ),
    "zip_bomb": Reason(
        "IM7",
        f"compresión de máximo {limits.MAX_RATIO} a 1",
        "El archivo se expande de forma desproporcionada al abrirlo.",
        "Copie solo las celdas con datos en una plantilla nueva.",
    ),
    "forbidden_xml": Reason(
        "IM7", "XML sin DOCTYPE ni entidades", "El libro declara entidades XML, que Excel nunca escribe.", RESAVE
    ),
    "too_many_rows": Reason(
        "IM6",
        f"máximo {ROWS} filas de datos por hoja",
        "La hoja tiene datos más allá de la última fila admitida.",
        "Borre las filas que sobran o reparta los datos en varios archivos.",
    ),
    "too_many_columns": Reason(
        "IM6",
        f"máximo {limits.MAX_COLUMNS} columnas por hoja",
        "La hoja tiene datos más allá de la última columna admitida.",
        "Borre las columnas que no son de la plantilla.",
    ),
    "too_heavy": Reason(
        "IM6",
        "un libro que se lea en pocos segundos",
        "El libro es demasiado pesado para leerlo con seguridad.",
        "Copie solo las celdas con datos en una plantilla nueva.",
    ),
}


def as_item(refusal: Refusal) -> Item:
    """The refusal as an error item; an unknown code is told as damage."""
    reason = REFUSALS.get(refusal.code, REFUSALS["damaged"])
    return Item(
        sheet=refusal.sheet,
        cell=refusal.cell,
        code=refusal.code,
        rule=reason.rule,
        found=refusal.found,
        expected=reason.expected,
        message=reason.message,
        fix=reason.fix,
    )
