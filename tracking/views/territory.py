"""How the territory goes: all of it, a region, an entity with its road as a picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pes.access import can, requires
from pes.dates import long_date
from pes.downloads import workbook_response
from pes.forms.territory import GraduateForm
from pes.models import EntityRoad, TerritorialEntity
from pes.permissions import Permission
from pes.roads.rows import proofs_of
from pes.rules.numbers import HUNDRED, format_percent
from pes.rules.territory import BY_LETTER, EntityKind
from pes.territory.frame import READ, entity_links, find_entity, find_region, frame
from pes.territory.listing import visible_entities
from pes.territory.reading import EntityBoard, boards_of, mean_progress, regions_of
from pes.workbooks.writer import write_workbook
from tracking.models import TerritoryReport
from tracking.territory.sheets import road_sheet
from tracking.territory.shown import (
    advanced,
    delayed,
    heat_row,
    hito_means,
    of_part,
    phase_rows,
    report_rows,
    road_name,
    stations,
)

HISTORY_SHOWN = 10
STAGES = (1, 2)
LEGEND = (("ok", "Completa"), ("course", "En curso"), ("risk", "Con hitos atrasados"), ("none", "Sin empezar"))


@require_safe
@requires(READ)
def progress(request: HttpRequest) -> HttpResponse:
    """Progress by region and by hito, the most advanced and the most delayed."""
    found = _Territory(visible_entities(request.user, READ).select_related("region"))
    regions = [
        {
            "name": region.name,
            "url": reverse("tracking:territory-region", args=[region.code]),
            **found.summary({one.entity.pk for one in own}),
        }
        for region, own in regions_of(found.boards).items()
    ]
    context = frame(request.user, "progress", ("Avance", "")) | found.lists() | {
        "regions": regions,
        "summary": found.summary(),
    }  # fmt: skip
    return render(request, "tracking/territory/progress.html", context)


@require_safe
@requires(READ)
def region(request: HttpRequest, slug: str) -> HttpResponse:
    """The heat of a region: its entities by their phases, a table a stage."""
    place = find_region(request.user, slug)
    found = _Territory(TerritorialEntity.objects.filter(region=place).select_related("region"))
    context = frame(request.user, "progress", ("Avance", reverse("tracking:territory-progress")), (place.name, ""))
    context |= found.lists() | {
        "region": place,
        "summary": found.summary(),
        "legend_entries": LEGEND,
        "tables": [_heat(stage, own) for stage, own in found.stages.items() if own],
        "roadless": [heat_row(one) for one in found.boards if one.road is None],
    }
    return render(request, "tracking/territory/region.html", context)


@require_safe
@requires(READ)
def entity(request: HttpRequest, dane: str) -> HttpResponse:
    """The road of an entity: its last one, or that of `?hoja=`."""
    found = find_entity(request.user, dane)
    roads, board = _chosen(request, found)
    proofs = _proofs(board)
    context = frame(request.user, "entities", (str(found), "")) | {
        "entity": found,
        "about": _about(board),
        "board": board,
        "road_title": road_name(board.road) if board.road else "",
        "of_part": of_part(board.road) if board.road else "",
        "export_url": f"{reverse('tracking:territory-road-export', args=[dane])}?hoja={board.road.pk}"
        if board.road
        else "",
        "roads": _road_tabs(roads, board),
        "stations": stations(board),
        "phases": phase_rows(board, proofs, lambda pk: reverse("tracking:territory-hito", args=[dane, pk])),
        "percent": format_percent(board.whole) if board.whole is not None else "",
        "history": report_rows(_reports(found)[:HISTORY_SHOWN]),
        "links": list(entity_links(request.user, found)),
        **_graduation(request, board),
    }
    return render(request, "tracking/territory/entity.html", context)


@require_safe
@requires(READ)
def export(request: HttpRequest, dane: str) -> HttpResponse:
    """The hitos of the road on screen as a workbook; 404 without a road."""
    _, board = _chosen(request, find_entity(request.user, dane))
    if board.road is None:
        raise Http404("Aún no tiene hoja de ruta.")
    sheet, created = road_sheet(board, board.road, _proofs(board)), timezone.localtime()
    return workbook_response(
        f"hoja-de-ruta-{dane}", lambda target: write_workbook(target, [sheet], created=created, title=str(board.entity))
    )


def _chosen(request: HttpRequest, found: TerritorialEntity) -> tuple[list[EntityRoad], EntityBoard]:
    """The roads of an entity, the last first, and the board of the one of `?hoja=`, or of the last."""
    roads = list(EntityRoad.objects.filter(entity=found).select_related("schedule").order_by("-first_year", "-stage"))
    asked = request.GET.get("hoja", "")
    chosen = next((one for one in roads if str(one.pk) == asked), None)
    (board,) = boards_of([found], timezone.localdate(), road=chosen)
    return roads, board


def _proofs(board: EntityBoard) -> dict[int, int]:
    return proofs_of([hito.pk for hito in board.hitos])  # type: ignore[misc]


def _reports(found: TerritorialEntity) -> Any:
    return TerritoryReport.objects.filter(entity=found).select_related("report__activity", "report__by")


class _Territory:
    """Some entities as they stand: with their last road, and in each stage."""

    def __init__(self, entities: Iterable[TerritorialEntity]) -> None:
        rows, today = list(entities), timezone.localdate()
        first, second = (boards_of(rows, today, stage=stage) for stage in STAGES)
        self.boards = [max(pair, key=lambda one: one.when) for pair in zip(first, second, strict=True)]
        self.stages = {
            stage: [one for one in own if one.road is not None]
            for stage, own in zip(STAGES, (first, second), strict=True)
        }

    def summary(self, only: Collection[int] | None = None) -> dict[str, Any]:
        """Figures of the entities, or of some (ids), in words."""
        own = [one for one in self.boards if only is None or one.entity.pk in only]
        return {
            "entities": len(own),
            "walking": sum(one.road is not None for one in own),
            "first": self._mean(1, only),
            "second": self._mean(2, only),
            "late": sum(bool(one.overdue) for one in own),
            "passed": sum(one.road is not None and one.road.stage == 2 for one in own),
            "alone": sum(one.assignment is None for one in own),
        }

    def lists(self) -> dict[str, Any]:
        """The most advanced, the most delayed, and each hito of each stage."""
        hitos = [{"title": f"Fase {'I' * stage}", "rows": hito_means(own)} for stage, own in self.stages.items() if own]
        return {"advanced": advanced(self.boards), "delayed": delayed(self.boards), "hitos": hitos}

    def _mean(self, stage: int, only: Collection[int] | None) -> str:
        own = [one for one in self.stages[stage] if only is None or one.entity.pk in only]
        found = mean_progress(own)
        return format_percent(found) if found is not None else "–"


def _heat(stage: int, own: list[EntityBoard]) -> dict[str, Any]:
    """The table of the entities in a stage, the most advanced first."""
    own = sorted(own, key=lambda one: one.distance, reverse=True)
    return {
        "title": f"Fase {'I' * stage}",
        "phases": [{"code": str(one.number), "name": one.name} for one in own[0].phases],
        "rows": [heat_row(one) for one in own],
    }


def _about(board: EntityBoard) -> list[tuple[str, str]]:
    """What is known of an entity, as pairs."""
    one, who = board.entity, board.assignment
    letter = one.universe
    universe = f"{letter}: {BY_LETTER[letter].words}" if letter else "Sin clasificar"
    return [
        ("Clase", EntityKind(one.kind).label),
        ("Departamento", one.department),
        ("Región", one.region.name),
        ("Universo", universe),
        ("Foco de asistencia", "Sí" if one.is_focus else "No"),
        ("Entidad nacional", one.partner or "Ninguna"),
        ("Asesor(a)", f"{who.advisor} desde el {long_date(who.starts_on)}" if who else "Sin asesor(a)"),
        ("Coordinador(a)", str(who.coordinator) if who and who.coordinator else "Sin coordinador(a)"),
        ("Ecosistemas", ", ".join(str(each) for each in one.ecosystems.all()) or "Ninguno"),
    ]


def _road_tabs(roads: list[EntityRoad], board: EntityBoard) -> list[dict[str, Any]]:
    """The other roads of the entity, when it has several."""
    if len(roads) < 2:
        return []
    return [{"label": road_name(one), "url": f"?hoja={one.pk}", "current": one == board.road} for one in roads]


def _graduation(request: HttpRequest, board: EntityBoard) -> dict[str, Any]:
    """Whether it passed to phase II, and the box to let it."""
    if board.road is None or board.road.stage != 1:
        return {}
    if board.graduation is not None:
        one = board.graduation
        why = f" por excepción: {one.reason}" if one.reason else ", con la fase I completa"
        return {"graduated": f"Pasó a la fase II el {long_date(one.at)}{why}."}
    if not can(request.user, Permission.TERRITORY_MANAGE, board.entity):
        return {}
    form = GraduateForm(start=board.road, auto_id="graduar_%s")
    complete = board.whole == HUNDRED
    form.fields["reason"].required = not complete
    may_except = can(request.user, Permission.ADVISOR_RATE, board.entity)
    reason = "" if form.fields["schedule"].queryset.exists() else "Cree antes el cronograma de la fase II."
    if not reason and not complete and not may_except:
        reason = "La fase I no está completa; la excepción la decide quien coordina la región."
    return {"graduate_form": form, "is_complete": complete, "graduate_reason": reason}


def find_road_hito(entity: TerritorialEntity, pk: int) -> tuple[EntityRoad, EntityBoard]:
    """The road of an entity that has a hito (id), and its board; Http404 otherwise."""
    rows = EntityRoad.objects.filter(entity=entity, road__phases__activities__pk=pk).select_related("schedule")
    road = get_object_or_404(rows)
    (board,) = boards_of([entity], timezone.localdate(), road=road)
    return road, board
