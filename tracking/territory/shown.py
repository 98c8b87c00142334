"""Boards of the territory in words: the road as a picture, its hitos, the heat of a region, the lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from pes.dates import long_date, long_instant
from pes.models import EntityRoad
from pes.roads.rows import points
from pes.rules.numbers import HUNDRED, ZERO, format_percent
from pes.rules.road_states import PhaseState
from pes.rules.territory import mean
from pes.territory.reading import EntityBoard, Hito, Phase, by_hito
from tracking.models import TerritoryReport

LISTED = 10
SECOND = 2


def month_words(month: date | None) -> str:
    """«marzo de 2025»."""
    return long_date(month).partition(" de ")[2] if month else "Sin mes"


def months_words(months: int) -> str:
    """«1 mes», «3 meses»."""
    return "1 mes" if months == 1 else f"{months} meses"


def stations(board: EntityBoard) -> list[dict[str, Any]]:
    """The phases as stations of the picture: complete, under way, or not begun."""
    return [_station(one, board.road.level) for one in board.phases] if board.road else []


def phase_rows(board: EntityBoard, proofs: Mapping[int, int], url: Callable[[int], str]) -> list[dict[str, Any]]:
    """Each phase with its hitos."""
    return [
        {
            "anchor": f"fase-{one.number}",
            "title": f"{one.number}. {one.name}",
            "subtitle": one.purpose,
            "doubt": one.doubt,
            "percent": format_percent(one.progress),
            "weight": f"{points(one.weight)} del total" if one.weight is not None else "",
            "hitos": [hito_row(hito, proofs.get(hito.pk, 0), url(hito.pk)) for hito in one.hitos],
        }
        for one in board.phases
    ]


def hito_row(one: Hito, proofs: int, url: str) -> dict[str, Any]:
    """A hito in words."""
    state, tone = hito_state(one)
    return {
        "code": one.code,
        "title": one.title,
        "doubt": one.doubt,
        "url": url,
        "weight": points(one.weight) or "–",
        "weight_in_whole": points(one.weight_in_whole) or "–",
        "expected": month_words(one.expected),
        "has_month": one.expected is not None,
        "percent": format_percent(one.progress),
        "value": one.progress,
        "state": state,
        "tone": tone,
        "proofs": "–" if not proofs else "1 evidencia" if proofs == 1 else f"{proofs} evidencias",
    }


def heat_row(board: EntityBoard) -> dict[str, Any]:
    """An entity and how each of its phases is, with what is late in it."""
    return {
        "name": board.entity.name,
        "code": board.entity.dane_code,
        "url": board.entity.get_absolute_url(),
        "advisor": str(board.assignment.advisor) if board.assignment else "Sin asesor(a)",
        "percent": format_percent(board.whole) if board.whole is not None else "Sin hoja de ruta",
        "cells": [_heat(one) for one in board.phases],
    }


def advanced(boards: Iterable[EntityBoard]) -> list[dict[str, str]]:
    """The most advanced entities, at most ten."""
    known = [one for one in boards if one.road is not None and one.distance > (1, ZERO)]
    known.sort(key=lambda one: one.distance, reverse=True)
    return [_listed(one, _distance(one)) for one in known[:LISTED]]


def delayed(boards: Iterable[EntityBoard]) -> list[dict[str, str]]:
    """The most delayed entities by months of delay added up, at most ten."""
    late = sorted((one for one in boards if one.overdue), key=lambda one: (-one.months_late, one.entity.dane_code))
    return [_listed(one, f"{_hitos(len(one.overdue))}, {months_words(one.months_late)}") for one in late[:LISTED]]


def hito_means(boards: Iterable[EntityBoard]) -> list[dict[str, Any]]:
    """How far each hito of a stage is in all the entities that have it."""
    return [
        {
            "code": code,
            "title": own[0].title,
            "percent": format_percent(mean(one.progress for one in own)),
            "value": mean(one.progress for one in own),
            "done": f"{sum(one.is_done for one in own)} de {len(own)}",
            "late": str(sum(one.is_overdue for one in own) or "–"),
        }
        for code, own in by_hito(boards).items()
    ]


def report_rows(rows: Iterable[TerritoryReport]) -> list[dict[str, str]]:
    """What was reported, as events of a timeline."""
    return [
        {
            "when": long_instant(one.report.at),
            "title": f"Hito {one.report.activity.code} · {format_percent(one.report.progress)} "
            f"al {long_date(one.report.on)}{' · corrección' if one.corrects_id else ''}",
            "who": str(one.report.by),
            "note": one.report.note,
            "tone": "ok" if one.report.progress == HUNDRED else "course",
        }
        for one in rows
    ]


def road_name(road: EntityRoad) -> str:
    """«Fase I · 2024–2027»."""
    return f"Fase {road.stage_label} · {road.period}"


def of_part(road: EntityRoad) -> str:
    """«De la fase», «Del interruptor»: of what the weight of a hito is a part, over a column."""
    return "Del interruptor" if road.stage == SECOND else "De la fase"


def weight_in_part(road: EntityRoad) -> str:
    """«Peso en la fase», «Peso en el interruptor»."""
    return "Peso en el interruptor" if road.stage == SECOND else "Peso en la fase"


def _station(one: Phase, kind: str) -> dict[str, Any]:
    progress = one.progress or ZERO
    state = PhaseState.CLOSED if progress == HUNDRED else PhaseState.OPEN if progress else PhaseState.WAITING
    done, late = sum(hito.is_done for hito in one.hitos), sum(hito.is_overdue for hito in one.hitos)
    words = {PhaseState.CLOSED: "Completa", PhaseState.OPEN: "En curso", PhaseState.WAITING: "Sin empezar"}
    return {
        "phase": {"kind": kind, "number": one.number, "name": one.name, "gate": ""},
        "state": state,
        "url": f"#fase-{one.number}",
        "progress": progress,
        "words": {
            "state": words[state],
            "tone": {"closed": "ok", "open": "info", "waiting": "neutral"}[state],
            "percent": format_percent(progress),
            "count": f"{done} de {_hitos(len(one.hitos))}",
            "late": "" if not late else "1 atrasado" if late == 1 else f"{late} atrasados",
        },
    }


def hito_state(one: Hito) -> tuple[str, str]:
    """How a hito stands, in words, and the tone of its badge."""
    if one.is_overdue:
        return f"Atrasado {months_words(one.late)}", "risk"
    if one.is_done:
        return (f"Completo, {months_words(one.late)} tarde", "warn") if one.late else ("Completo", "ok")
    return ("En curso", "info") if one.progress else ("Sin empezar", "neutral")


def _heat(one: Phase) -> dict[str, str]:
    late = sum(hito.is_overdue for hito in one.hitos)
    progress = one.progress or ZERO
    tone = "risk" if late else "ok" if progress == HUNDRED else "course" if progress else "pending"
    note = "" if not late else "1 atrasado" if late == 1 else f"{late} atrasados"
    return {"tone": tone, "words": format_percent(progress), "note": note, "number": str(one.number)}


def _distance(one: EntityBoard) -> str:
    """«Fase I, 78,00 %»."""
    assert one.road is not None  # those without one are not listed
    return f"Fase {one.road.stage_label}, {format_percent(one.whole)}"


def _listed(one: EntityBoard, value: str) -> dict[str, str]:
    return {"name": str(one.entity), "url": one.entity.get_absolute_url(), "value": value}


def _hitos(many: int) -> str:
    return "1 hito" if many == 1 else f"{many} hitos"
