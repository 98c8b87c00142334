"""The words of a report that do not depend on its figures: titles, sections, rules, glossary."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.documents.context import Section
from evaluation.rules.periods import Kind
from pes.rules.numbers import NO_BREAK_SPACE

TITLES = {
    Kind.MONTHLY: "Informe mensual de seguimiento al Plan Estratégico Sectorial",
    Kind.SEMIANNUAL: "Informe semestral de evaluación intermedia de resultados",
    Kind.ANNUAL: "Informe anual de gestión del sector",
}
KIND_LABELS = {Kind.MONTHLY: "Mensual", Kind.SEMIANNUAL: "Semestral", Kind.ANNUAL: "Anual"}

_SUMMARY = Section("resumen", "Resumen del sector", "documents/summary.html")
_OBJECTIVES = Section("objetivos", "Cumplimiento por objetivo", "documents/objectives.html", "new-page")
_ENTITIES = Section("entidades", "Ejecución por entidad, proyecto y meta", "documents/entities.html")
_GOALS = Section("metas", "Evaluación de objetivos y metas", "documents/goals.html")
_TREND = Section("tendencia", "Tendencia por cortes", "documents/trend.html")
_HORIZON = Section("horizonte", "Avance en el horizonte del plan", "documents/horizon.html")
_DELAYS = Section("atrasos", "Atrasos y pendientes", "documents/delays.html")
_BOTTLENECKS = Section("cuellos", "Cuellos de botella", "documents/bottlenecks.html")
_METHOD = Section("metodologia", "Cómo se calcula", "documents/methodology.html")
_VERIFY = Section("verificacion", "Cómo verificar este informe", "documents/verification.html")
_DATA = Section("datos", "Anexo: datos y resultados", "documents/data_annex.html", "wide")
_GLOSSARY = Section("glosario", "Glosario", "documents/glossary.html")

SECTIONS = {
    Kind.MONTHLY: (_SUMMARY, _OBJECTIVES, _ENTITIES, _DELAYS, _METHOD, _VERIFY, _GLOSSARY, _DATA),
    Kind.SEMIANNUAL: (_SUMMARY, _OBJECTIVES, _GOALS, _TREND, _BOTTLENECKS, _DELAYS, _METHOD, _VERIFY, _GLOSSARY, _DATA),
    Kind.ANNUAL: (
        _SUMMARY, _OBJECTIVES, _TREND, _ENTITIES, _HORIZON, _BOTTLENECKS, _DELAYS, _METHOD, _VERIFY, _GLOSSARY, _DATA,
    ),
}  # fmt: skip


def sections(kind: str) -> tuple[Section, ...]:
    """The numbered sections of a kind of report (REP-01…03)."""
    chosen = enumerate(SECTIONS[Kind(kind)], 1)
    return tuple(Section(s.anchor, s.title, s.template, s.layout, number) for number, s in chosen)


def rules_in_words(facts: Mapping[str, str]) -> tuple[str, ...]:
    """The methodology of the vigencia as sentences, from its stored rules (REP-09)."""
    cap = _percent(facts["cap_percent"])
    baseline = "se descuenta de" if facts["discount_baseline"] == "True" else "no se descuenta de"
    missing = (
        "califica 0" if facts["missing_rule"] == "CERO" else "se excluye y los pesos de los demás se reparten hasta 100"
    )
    return (
        (
            "El avance de un indicador es lo ejecutado dividido por lo programado para la vigencia completa; "
            "no se prorratea por mes ni por trimestre."
        ),
        f"Un avance mayor que {cap} se muestra completo y entra al promedio como {cap}.",
        f"La línea base {baseline} los indicadores de tipo creciente.",
        "El cumplimiento de un objetivo es el promedio de sus indicadores, ponderado con los pesos de la vigencia.",
        (
            f"Mientras el corte no está consolidado, lo que no se ha medido queda fuera del promedio y se dice cuánto pesa; "
            f"al consolidarlo, lo programado sin medición {missing}."
        ),
        (
            "El índice del sector es el promedio de los objetivos con resultado. Lo calcula la herramienta: "
            "no es una cifra de la fuente."
        ),
        "Se calcula con aritmética decimal exacta y se redondea una sola vez, al mostrar, a dos decimales.",
        _lights(facts),
    )


def _lights(facts: Mapping[str, str]) -> str:
    if facts["lights_enabled"] != "True":
        return "La vigencia no usa semáforo."
    red, yellow, green = (_percent(facts[name]) for name in ("light_red_to", "light_yellow_to", "light_green_to"))
    return (
        "El plan se programa por vigencia: antes del 31 de diciembre no hay semáforo y se lee «En curso». En el último "
        f"corte: rojo hasta {red}, amarillo hasta {yellow}, verde hasta {green} y naranja por encima."
    )


def _percent(text: str) -> str:
    number = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{number.replace('.', ',')}{NO_BREAK_SPACE}%"


GLOSSARY = (
    (
        "Corte",
        "Fecha a la que se mide el plan. Cada indicador entra con su última medición de la vigencia hasta esa fecha.",
    ),
    ("Corte consolidado", "Corte cuyos datos y resultados quedaron congelados con una huella SHA-256."),
    ("Creciente, constante, decreciente", "Tipos de programación en los que se mide el nivel alcanzado."),
    ("Suma", "Tipo de programación en el que se mide la cantidad acumulada dentro de la vigencia."),
    ("Ponderación", "Peso de un indicador en su objetivo; los de una vigencia suman 100."),
    ("Sin información", "No hay dato. Nunca se lee como cero."),
    ("Vigencia", "Año calendario para el que se programan las metas."),
)
