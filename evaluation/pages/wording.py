"""The formula of each programming type in words, with the numbers of one indicator."""

from __future__ import annotations

from evaluation.pages.reading import percent_text
from evaluation.rules.policy import Policy
from evaluation.rules.results import IndicatorResult
from pes.rules.numbers import format_magnitude
from pes.rules.programming import ProgrammingType
from pes.rules.states import FigureState

#: value, label, sign before it, whether it is the result.
Piece = tuple[str, str, str, bool]

#: What each rule of the method says, for the proof of a figure.
RULES = {
    "PES-03": "El resultado de un indicador es lo ejecutado frente a lo programado en la vigencia, no en el trimestre.",
    "PES-04": "El objetivo es el promedio de sus indicadores programados, ponderado por la ponderación de la vigencia.",
    "PES-05": "Se calcula con cifras exactas; solo se redondea el resultado final.",
    "PES-09": "Cada indicador entra al objetivo hasta el tope de la metodología (100\u00a0% si no dice otra cosa), aunque su resultado sea mayor.",
    "PES-10": "El índice es el promedio de los objetivos con información, con pesos iguales si no hay otros aprobados.",
    "PT-05": "Suma y constante: ejecutado ÷ programado. Creciente y decreciente: avance desde la base ÷ avance programado.",
    "PT-14": "Un resultado mayor de 100\u00a0% se muestra completo y califica hasta el tope de la metodología.",
    "PT-17": "Sin medición, antes de consolidar no cuenta; al consolidar se aplica la metodología de la vigencia.",
    "PT-18": "Los porcentajes se muestran con dos decimales, redondeando la mitad hacia arriba.",
    "W-05": "Si un indicador no cuenta, las ponderaciones de los demás se llevan de nuevo a 100.",
    "W-06": "Un objetivo sin indicadores programados no tiene valor: ni cero ni cien.",
}

_MEANING = {
    ProgrammingType.SUMA: "Suma: lo ejecutado dentro de la vigencia ÷ lo programado para la vigencia.",
    ProgrammingType.CONSTANTE: "Constante: nivel de la última medición ÷ nivel programado.",
    ProgrammingType.CRECIENTE: "Creciente: nivel alcanzado ÷ nivel programado en la vigencia.",
    ProgrammingType.DECRECIENTE: "Decreciente: lo que bajó desde la línea base ÷ lo que debía bajar.",
}


def indicator_formula(result: IndicatorResult, policy: Policy, unit: str) -> tuple[str, list[Piece]]:
    """The sentence and the line of arithmetic of a reported indicator; no line when it has no result."""
    if result.progress is None:
        return unmeasured_sentence(result, closed=False), []
    sentence = _MEANING[result.type]
    if result.rating is not None and result.rating != result.progress:
        sentence += f" Califica {percent_text(result.rating)} (tope o piso de la metodología)."
    ends: Piece = (percent_text(result.progress), "resultado", "=", True)
    achieved: Piece = (format_magnitude(result.achieved), f"ejecutado {unit}".strip(), "", False)
    programmed: Piece = (format_magnitude(result.programmed), "programado en la vigencia", "÷", False)
    if result.type is ProgrammingType.DECRECIENTE:
        drop = f"línea base − {format_magnitude(result.achieved)}"
        return sentence, [
            (drop, "avance", "", False),
            (f"línea base − {format_magnitude(result.programmed)}", "avance programado", "÷", False),
            ends,
        ]
    if result.type is ProgrammingType.CRECIENTE and policy.discount_baseline:
        sentence += " La metodología descuenta la línea base a ambos términos, cuando está registrada."
    return sentence, [achieved, programmed, ends]


def unmeasured_sentence(result: IndicatorResult, closed: bool) -> str:
    """Why an indicator has no result, and what that does to its objective."""
    return {
        FigureState.NOT_PROGRAMMED: "No está programado en esta vigencia: no tiene resultado ni cuenta en el objetivo.",
        FigureState.PENDING: "Aún no se ha medido en la vigencia. Mientras el corte esté abierto no cuenta en el objetivo.",
        FigureState.MISSING: "No se midió en la vigencia; el corte consolidado aplica la regla de la metodología.",
        FigureState.NO_INFORMATION: "Falta información para calcularlo, por ejemplo la línea base de un indicador decreciente.",
    }.get(result.state, "No hay medición guardada de esta cifra." if closed else "")
