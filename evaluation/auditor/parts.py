"""Parts that several documents share: groups of units, their goals, their analyses, and how to verify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from evaluation.auditor.context import CloseProof, GoalYearLine, UnitYear, YearContext
from evaluation.auditor.wording import (
    DASH,
    GROUPS,
    LEVELS,
    METHOD,
    TITLES,
    amount,
    class_key,
    cutoff_text,
    percent,
    preliminary_text,
)
from evaluation.models import AuditorKind
from pes.dates import long_date, long_instant
from pes.documents.blocks import Block, Document, Facts, Grid, Note, Section, Text
from pes.rules.numbers import NO_BREAK_SPACE

GOAL_HEADERS = ("Meta", "Descripción", "Indicador", "Unidad", "Programado", "Ejecutado", "Avance")
NO_ANALYSIS = "No hay análisis validado."


def document_of(context: YearContext, sections: Iterable[Section]) -> Document:
    """The document of a year with its cover and its proof; every draft and preliminary one says so first."""
    return Document(
        title=TITLES[AuditorKind(context.kind)],
        institution=context.institution,
        entity=context.entity,
        period=f"Vigencia {context.vigencia}",
        cutoff=cutoff_text(context),
        edition=f"Edición {context.edition}" if context.edition else "Borrador",
        dated=long_date(context.dated_at),
        dated_at=context.dated_at,
        digest=context.digest,
        marks=context.marks,
        correction=context.correction,
        sections=(*sections, _verification(context)),
    )


def notes(context: YearContext) -> Iterator[Note]:
    """What every document warns of before anything else."""
    if said := preliminary_text(context):
        yield Note("Cifras preliminares", said)
    if context.correction:
        yield Note("Corrección", f"Esta edición corrige la anterior: {context.correction}")


def groups(units: Iterable[UnitYear]) -> Iterator[tuple[str, str, tuple[UnitYear, ...]]]:
    """Group (key and title) by group, with its units; those without any are left out."""
    for key, found in groupby(units, key=class_key):
        yield key or "otros", GROUPS[key], tuple(found)


def goals_grid(unit: UnitYear) -> Block:
    """What each goal of a unit promised for the year and reached."""
    if not unit.goals:
        return Text("El plan no tiene metas consolidadas.")
    rows = tuple(
        (
            goal_name(goal), described(goal), goal.indicator or DASH, goal.unit or DASH, amount(goal.magnitude),
            amount(goal.accumulated), percent(goal.progress),
        )
        for goal in unit.goals
    )  # fmt: skip
    return Grid(f"Metas de {unit.name}", GOAL_HEADERS, rows, frozenset({4, 5, 6}), hide_caption=True)


def goal_name(goal: GoalYearLine) -> str:
    """«Meta 1», never cut."""
    return f"Meta{NO_BREAK_SPACE}{goal.number}"


def described(goal: GoalYearLine) -> str:
    """The goal's text; an eliminated one says so."""
    return f"{goal.text} (Meta eliminada)" if goal.is_eliminated else goal.text


def analyses(unit: UnitYear) -> Facts:
    """«Meta 1…n»: the last validated analysis of each goal, with the causes of its delay."""
    return Facts(tuple((goal_name(goal), _analysis(goal)) for goal in unit.goals))


def _analysis(goal: GoalYearLine) -> str:
    causes = f"Causas del retraso: {goal.delay_causes}" if goal.delay_causes else ""
    return " ".join(part for part in (goal.analysis or NO_ANALYSIS, causes) if part)


def method() -> Section:
    """How the figures were made."""
    return Section("metodologia", "Cómo se calcula", tuple(Text(sentence) for sentence in METHOD))


def _verification(context: YearContext) -> Section:
    return Section(
        "verificacion",
        "Cómo verificar este documento",
        (
            Text(
                "El PDF lleva adentro el libro datos.xlsx con todas las cifras. Cada una sale de uno de estos cierres."
            ),
            Facts(tuple(_proof(proof) for proof in context.closes)),
            Facts((("Huella SHA-256 de los datos de este documento", context.digest),)),
            Text("Los mismos cierres dan siempre la misma huella: si una cifra cambia, la huella cambia."),
        ),
    )


def _proof(proof: CloseProof) -> tuple[str, str]:
    """A close, and what proves it."""
    said = (
        f"consolidado el {long_instant(proof.closed_at)}", f"metodología {proof.methodology or DASH}",
        f"huella {proof.digest}",
    )  # fmt: skip
    return f"T{proof.quarter}, {LEVELS[proof.level]}, corrida {proof.run}", f"{'; '.join(said)}."
