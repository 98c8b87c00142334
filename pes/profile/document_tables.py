"""What the profile shows in the document of a PES: PDD, policies, actors, problems and resources (chapters 1, 2 and 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial

from django.utils import timezone

from pes.documents.blocks import Block, Grid, Text
from pes.models import OrganizationUnit, SectorPlan
from pes.profile import shown
from pes.profile.money_shown import MoneyRow, money_row
from pes.profile.resources import EntityLines, physical_text, resources_of_all
from pes.rules.resources import total
from pes.writing.live import LiveTable

_FRAMEWORK = "Se escribe en la pestaña «Marco» del PES."
_MONEY = "Se escribe en la pestaña «Recursos» del PES."
_NOTHING = "–"
_AMOUNTS = ("Programado", "Comprometido", "Pagado")


def document_tables(plan: SectorPlan) -> Iterator[LiveTable]:
    """Provider of `document_tables`; one query, for the entities, and one more for each kind of data that is used."""
    today, nobody = timezone.localdate(), shown.Writer(plan, ())
    entities = list(OrganizationUnit.objects.entities_of(plan.sector))
    yield LiveTable("programas-pdd", "Programas del PDD", "pdd", partial(_pdd, plan, nobody, today), _FRAMEWORK)
    policies = cache(lambda: shown.policy_rows(plan, nobody, today))
    yield LiveTable("politicas", "Políticas públicas", "policies", partial(_policies, entities, policies), _FRAMEWORK)
    yield LiveTable("actores", "Actores y funciones", "actors", partial(_actors, plan, nobody), _FRAMEWORK)
    problems = cache(lambda: shown.problem_rows(plan, nobody))
    money = cache(lambda: resources_of_all(plan))
    for one in entities:
        title = f"Problemas de {one.short_name}"
        yield LiveTable(
            f"problemas-{one.code}", title, f"problems:{one.code}", partial(_problems, one, problems), _FRAMEWORK
        )
    for one in entities:
        title = f"Recursos de {one.short_name}"
        yield LiveTable(f"recursos-{one.code}", title, f"resources:{one.code}", partial(_resources, one, money), _MONEY)


def _pdd(plan: SectorPlan, nobody: shown.Writer, today: date) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for pdd in shown.pdd_rows(plan, nobody, today):
        act = f" ({pdd.act.text}). {pdd.act.standing}." if pdd.act and pdd.act.text else "."
        blocks.append(Text(f"{pdd.title}{act}"))
        rows = tuple((row.number, row.title, row.text or _NOTHING, _joined(row.links)) for row in pdd.rows)
        if rows:
            headers = ("Código", "Programa", "Propósito", "Objetivos del sector")
            blocks.append(Grid("Programas del plan de desarrollo a los que aporta el sector", headers, rows))
    return tuple(blocks)


def _policies(entities: list[OrganizationUnit], found: Callable[[], dict[int, list[shown.Shown]]]) -> tuple[Block, ...]:
    rows = tuple(
        (row.title, one.short_name, row.kind, row.text or _NOTHING, row.act.text if row.act else _NOTHING)
        for one in entities
        for row in found().get(one.pk, ())
    )
    headers = ("Política", "Entidad", "Papel", "Horizonte", "Acto y vigencia")
    return (Grid("Políticas públicas a cargo del sector", headers, rows),) if rows else ()


def _actors(plan: SectorPlan, nobody: shown.Writer) -> tuple[Block, ...]:
    rows = tuple(
        (f"{row.title} ({row.kind.lower()})", *(row.cells[name] or _NOTHING for name in row.cells))
        for row in shown.actor_rows(plan, nobody)
    )
    headers = ("Actor", "Planeación", "Ejecución", "Seguimiento y evaluación")
    return (Grid("Actores con los que interactúa el sector y qué hace cada uno", headers, rows),) if rows else ()


def _problems(one: OrganizationUnit, found: Callable[[], dict[int, list[shown.Shown]]]) -> tuple[Block, ...]:
    rows = tuple(
        (f"{row.number}. {row.title}", *(text or _NOTHING for _label, text in row.facts), _joined(row.links))
        for row in found().get(one.pk, ())
    )
    headers = ("Problema", "Causas", "Efectos", "Población afectada", "Lo atiende")
    return (Grid(f"Problemas de {one.short_name}", headers, rows),) if rows else ()


def _resources(one: OrganizationUnit, found: Callable[[], dict[int, list[EntityLines]]]) -> tuple[Block, ...]:
    """One table for each vigencia of which something is known, the physical goals beside the pesos."""
    blocks: list[Block] = []
    headers = ("Proyecto", *_AMOUNTS, "Corte y fuente", "Meta física programada")
    for vigencia, entities in found().items():
        mine = next((each for each in entities if each.entity.pk == one.pk), None)
        if mine is None or total(line.money for line in mine.lines).programmed is None:
            continue
        said = [(money_row(line.money, name=str(line.project)), line.goals) for line in mine.lines]
        rows = [_line(row, "; ".join(map(physical_text, goals))) for row, goals in said]
        whole = _line(money_row(mine.total, name="Total"), "")
        caption = f"Recursos de {one.short_name} en {vigencia}, en pesos"
        blocks.append(Grid(caption, headers, (*rows, whole), frozenset({1, 2, 3})))
    return tuple(blocks)


def _line(row: MoneyRow, goals: str) -> tuple[str, ...]:
    return row.name, row.programmed, row.committed, row.paid, row.origin or _NOTHING, goals or _NOTHING


def _joined(links: tuple[str, ...]) -> str:
    return ", ".join(links) or _NOTHING
