"""Monitoreo 360: the four links of the value chain for some regions and a month (GP-05), from what others compute.

A figure without data is None and says so; it is never a zero. Levels 1, 2 and 4 are of the month; level 3 is how the
roads stand today, with what was reported in the month, because the roads keep no picture of each month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from evaluation.models import AdvisorScore, TeamAssessment
from evaluation.rules.advisor_rating import SCALES, mean_score
from evaluation.territory.quantities import TOP, Quantity, count, percent, score
from evaluation.territory.rating import in_force
from pes.models import OrganizationUnit, TerritorialEntity
from pes.models.territory import LEVELS
from pes.rules.numbers import NO_BREAK_SPACE, NO_INFORMATION, format_percent
from pes.rules.territory import mean
from pes.territory.reading import EntityBoard, boards_of, mean_progress
from tracking.assistance.months import written
from tracking.assistance.perception_page import rate_of, together
from tracking.assistance.report_page import was_late
from tracking.models import (
    AdvisorReport,
    Assistance,
    PerceptionResponse,
    PerceptionSurvey,
    ProductCheck,
    TerritoryReport,
)
from tracking.rules.assistance import Kind, month_after
from tracking.rules.checklist import Decision, completeness
from tracking.rules.perception import VARIABLES, margin_of

FORTNIGHT = 15


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, or None where there is no information, and where it comes from."""

    label: str
    quantity: Quantity | None
    url: str
    note: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether nothing is known: it is never a zero."""
        return self.quantity is None

    @property
    def value(self) -> str:
        """As it is read."""
        return NO_INFORMATION if self.quantity is None else str(self.quantity)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The figures of a level by something: rows of name, mean progress and number of entities."""

    title: str
    parts: tuple[tuple[str, Quantity | None, Quantity], ...]

    @property
    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """As they are read."""
        return tuple(
            (name, NO_INFORMATION if progress is None else str(progress), str(entities))
            for name, progress, entities in self.parts
        )


@dataclass(frozen=True, slots=True)
class Level:
    """A link of the chain: what is measured, with what and how often, and its figures; the first one leads."""

    number: int
    name: str
    instrument: str
    figures: tuple[Figure, ...]
    breakdowns: tuple[Breakdown, ...] = ()


def levels_of(
    regions: Sequence[OrganizationUnit], month: date, today: date, *, rated: Iterable[int] = ()
) -> tuple[Level, ...]:
    """The four levels of some regions and a month; ratings only of the regions (ids) in `rated`."""
    rated = set(rated)
    query = f"?mes={written(month)}" + (f"&region={regions[0].code}" if len(regions) == 1 else "")
    return (
        _results(regions, month, today),
        _products(regions, month),
        _processes(regions, month, today),
        _activities(regions, month, today, query, rated),
    )


def _results(regions: Sequence[OrganizationUnit], month: date, today: date) -> Level:
    surveys = list(PerceptionSurvey.objects.filter(unit__in=regions, month=month))
    rows = list(PerceptionResponse.objects.filter(sampled__survey__in=surveys).select_related("sampled"))
    url = surveys[0].get_absolute_url() if len(surveys) == 1 else reverse("tracking:perception")
    figures = [Figure("Calificación general", None, url)]
    if surveys:
        by_survey = [(one, [row for row in rows if row.sampled.survey_id == one.pk]) for one in surveys]
        found = together(by_survey, today)
        general = mean(one.mean for one in found.scores)
        figures = [
            Figure("Calificación general", score(general, TOP), url, found.withheld or _precision(surveys, len(rows)))
        ]
        figures += [Figure(VARIABLES[one.name], score(one.mean), url) for one in found.scores]
        note = f"{found.answered} de {found.asked} entidades"
        figures.append(Figure("Tasa de respuesta", percent(rate_of(found)), url, note))
    return Level(1, "Resultados", "Encuesta de percepción, mensual", tuple(figures))


def _precision(surveys: list[PerceptionSurvey], answers: int) -> str:
    """The margin of a region; regions drawn apart have theirs on the page of each one."""
    if len(surveys) > 1:
        return "Regiones juntas; el margen está en la encuesta de cada una"
    reached = margin_of(answers, surveys[0].population)
    return (
        f"Margen de las proporciones: ±{NO_BREAK_SPACE}{format_percent(reached)} al 90 %" if reached is not None else ""
    )


def _products(regions: Sequence[OrganizationUnit], month: date) -> Level:
    url = reverse("tracking:products")
    rows = ProductCheck.objects.filter(entity__region__in=regions, checked_at__date__gte=month)
    rows = rows.filter(checked_at__date__lt=month_after(month)).select_related("review").prefetch_related("answers")
    checks = list(rows)
    if not checks:
        return Level(2, "Productos", "Lista de chequeo", (Figure("Criterios cumplidos", None, url),))
    whole = mean(completeness(answer.answer for answer in one.answers.all()) for one in checks)
    states = Counter(one.review.decision if hasattr(one, "review") else "" for one in checks)
    figures = (
        Figure("Criterios cumplidos", percent(whole), url, "Media de los chequeos"),
        Figure("Productos revisados", count(len(checks)), url),
        Figure("Aceptados", count(states[Decision.ACCEPTED]), url),
        Figure("Devueltos", count(states[Decision.RETURNED]), url),
        Figure("Por decidir", count(states[""]), url),
    )
    return Level(2, "Productos", "Lista de chequeo", figures)


def _processes(regions: Sequence[OrganizationUnit], month: date, today: date) -> Level:
    url = reverse("tracking:territory-progress")
    if len(regions) == 1:
        url = reverse("tracking:territory-region", args=[regions[0].code])
    rows = TerritorialEntity.objects.filter(region__in=regions).select_related("region").order_by("dane_code")
    entities = list(rows)
    boards = [one for one in boards_of(entities, today) if one.road is not None]
    on = list(
        TerritoryReport.objects.filter(
            entity__region__in=regions, report__on__gte=month, report__on__lt=month_after(month)
        ).values_list("report__on", "entity")
    )
    late = sum(bool(one.overdue) for one in boards)
    figures, staged = [], []
    for stage in (1, 2):  # never averaged together: who passes to phase II would seem to fall back to zero
        of_stage = [one for one in boards_of(entities, today, stage=stage) if one.road is not None]
        figures.append(Figure(f"Avance medio, fase {'I' * stage}", percent(mean_progress(of_stage)), url, "Hoy"))
        staged += of_stage
    if boards:
        figures.append(Figure("Entidades con hitos atrasados", count(late, len(boards)), url, "Hoy"))
    counts = [count(sum(day.day <= FORTNIGHT for day, _ in on)), count(sum(day.day > FORTNIGHT for day, _ in on))]
    figures += [
        Figure("Reportes de hitos, primera quincena", counts[0] if on else None, url),
        Figure("Reportes de hitos, segunda quincena", counts[1] if on else None, url),
        Figure("Entidades con reporte en el mes", count(len({one for _, one in on})) if on else None, url),
    ]
    return Level(3, "Procesos", "Avance de los hitos, quincenal", tuple(figures), tuple(_breakdowns(staged)))


def _breakdowns(boards: list[EntityBoard]) -> Iterable[Breakdown]:
    """By part of the road, national entity, advisor and territorial entity, as the source asks; each stage on its own.

    What the source calls «momento» is in the first stage a phase and in the second an interruptor: each says its name.
    """
    for stage, level in LEVELS.items():
        parts: dict[str, list[Decimal | None]] = {}
        for board in boards:
            if board.road is not None and board.road.stage == stage:
                for phase in board.phases:
                    parts.setdefault(_staged(board, f"{phase.number}. {phase.name}"), []).append(phase.progress)
        if parts:
            yield _broken(f"Por {level.lower()}", parts)
    yield _broken("Por entidad nacional", _grouped(boards, [one.entity.partner or "Ninguna" for one in boards]))
    names = [str(one.assignment.advisor) if one.assignment else "Sin asesor(a)" for one in boards]
    yield _broken("Por asesor(a)", _grouped(boards, names))
    yield _broken("Por entidad territorial", _grouped(boards, [str(one.entity) for one in boards]))


def _staged(board: EntityBoard, name: str) -> str:
    assert board.road is not None
    return f"Fase {board.road.stage_label}, {name}"


def _grouped(boards: list[EntityBoard], names: list[str]) -> dict[str, list[Decimal | None]]:
    found: dict[str, list[Decimal | None]] = {}
    for name, board in zip(names, boards, strict=True):
        found.setdefault(_staged(board, name), []).append(board.whole)
    return found


def _broken(title: str, groups: dict[str, list[Decimal | None]]) -> Breakdown:
    parts = ((name, percent(mean(values)), count(len(values))) for name, values in groups.items())
    return Breakdown(title, tuple(parts))


def _activities(
    regions: Sequence[OrganizationUnit], month: date, today: date, query: str, rated: set[int]
) -> Level:  # fmt: skip
    url = f"{reverse('tracking:assistances')}{query}"
    rows = Assistance.objects.in_force().of_month(month).filter(entity__region__in=regions)  # type: ignore[attr-defined]
    logged = list(rows.order_by().values_list("kind", "entity"))
    kinds = Counter(kind for kind, _ in logged)
    figures = [Figure("Asistencias registradas", count(len(logged)) if logged else None, url)]
    if logged:
        figures.append(Figure("Entidades asistidas", count(len({one for _, one in logged})), url))
        figures += [
            Figure(kind.label, count(kinds[kind.value]), f"{url}&clase={kind.value}")
            for kind in Kind
            if kinds[kind.value]
        ]
    figures.append(_reports(regions, month, today))
    figures += _ratings(regions, month, rated)
    return Level(4, "Actividades", "Registro, informes y calificación, mensual", tuple(figures))


def _reports(regions: Sequence[OrganizationUnit], month: date, today: date) -> Figure:
    url = f"{reverse('tracking:advisor-reports')}?mes={written(month)}"
    rows = list(AdvisorReport.objects.filter(unit__in=regions, month=month))
    late = sum(was_late(one, today) for one in rows)
    sent = sum(one.first_sent_at is not None for one in rows)
    note = "1 tarde" if late == 1 else f"{late} tarde" if late else ""
    return Figure("Informes enviados", count(sent, len(rows)) if rows else None, url, note)


def _ratings(regions: Sequence[OrganizationUnit], month: date, rated: set[int]) -> list[Figure]:
    """Means of the ratings, for who may read them in every one of these regions."""
    if not regions or not {one.pk for one in regions} <= rated:
        return []
    url = f"{reverse('evaluation:rating')}?mes={written(month)}"
    teams = in_force(TeamAssessment.objects.filter(unit__in=regions, month=month))
    scores = AdvisorScore.objects.filter(assessment__in=teams).values_list("score", flat=True)
    found = mean_score(scores)
    figures = [Figure("Calificación media de asesores", score(found, TOP), url)]
    named = {"communication": "Comunicación", "training": "Capacitaciones", "punctuality": "Puntualidad"}
    if teams:
        figures += [
            Figure(named[one], score(mean_score(getattr(team, one) for team in teams), TOP), url) for one in SCALES
        ]
    return figures
