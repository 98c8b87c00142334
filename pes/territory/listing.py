"""The list of entities: what is asked of it, its rows, and the workbook of exactly those rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from pes.asked import whole_number
from pes.demo_mark import demo_mark
from pes.models import AdvisorAssignment, OrganizationUnit, TerritorialEntity
from pes.models.territory import TerritorialEntityQuerySet
from pes.rules.numbers import HUNDRED, ZERO, format_percent, round_half_up
from pes.rules.territory import FOCUS, LETTERS, EntityKind, Partner
from pes.territory.reading import EntityBoard, boards_of
from pes.workbooks.sheets import Cell, SheetData

Option = tuple[str, str]
NONE = "sin"
_ALL = ("", "Todas")
BANDS: dict[str, tuple[str, Callable[[EntityBoard], bool]]] = {
    NONE: ("Sin hoja de ruta", lambda one: one.whole is None),
    "nada": ("Sin empezar (0 %)", lambda one: one.whole == ZERO),
    "curso": ("En curso", lambda one: one.whole is not None and ZERO < one.whole < HUNDRED),
    "completa": ("Completa (100 %)", lambda one: one.whole == HUNDRED),
    "atraso": ("Con hitos atrasados", lambda one: bool(one.overdue)),
}
_ORDERS: dict[str, Callable[[EntityBoard], Any]] = {
    "avance": lambda one: one.distance,
    "atraso": lambda one: (one.months_late, len(one.overdue)),
}
_STORED = {
    "codigo": ("dane_code",),
    "nombre": ("name", "dane_code"),
    "departamento": ("department", "dane_code"),
    "region": ("region__sort_key", "region__code", "dane_code"),
}
HEADERS = (
    "Código DANE", "Entidad", "Clase", "Departamento", "Región", "Universo", "Entidad nacional", "Asesor(a)",
    "Coordinador(a)", "Fase", "Período", "Avance (%)", "Hitos completos", "Hitos atrasados", "Meses de atraso",
)  # fmt: skip


@dataclass(frozen=True)
class Listing:
    """What a person asked of the list, and the entities that answer it, in order; boards are read when asked."""

    asked: Mapping[str, str]
    entities: TerritorialEntityQuerySet
    today: date

    @property
    def needs_figures(self) -> bool:
        """Whether the order or a filter is of what is computed: then every board is read."""
        return bool(self.asked["avance"]) or self.asked["orden"].lstrip("-") in _ORDERS

    def boards(self) -> list[EntityBoard]:
        """Every board that answers, in order."""
        boards = boards_of(self.entities, self.today)
        if self.asked["avance"]:
            boards = [one for one in boards if BANDS[self.asked["avance"]][1](one)]
        key = self.asked["orden"]
        if key.lstrip("-") in _ORDERS:
            boards.sort(key=_ORDERS[key.lstrip("-")], reverse=key.startswith("-"))
        return boards


def listing(user_rows: TerritorialEntityQuerySet, query: QueryDict, today: date) -> Listing:
    """The list as the address asks for it; what cannot be understood is not asked."""
    asked = {name: query.get(name, "") for name in ("region", "departamento", "universo", "socio", "asesor")}
    asked["avance"] = query.get("avance", "") if query.get("avance", "") in BANDS else ""
    order = query.get("orden", "")
    asked["orden"] = order if order.lstrip("-") in {*_ORDERS, *_STORED} else ""
    asked["q"] = query.get("q", "")[:80]
    rows = _filtered(user_rows.select_related("region"), asked)
    stored = _STORED.get(asked["orden"].lstrip("-"), _STORED["region"])
    sign = "-" if asked["orden"].startswith("-") and asked["orden"].lstrip("-") in _STORED else ""
    return Listing(asked, rows.order_by(*(f"{sign}{name}" for name in stored)), today)


def options_of(rows: TerritorialEntityQuerySet) -> dict[str, list[Option]]:
    """The choices of each filter, from the entities that the person sees."""
    pks = rows.order_by().values("pk")
    regions = OrganizationUnit.objects.filter(territorial_entities__in=pks).distinct().order_by("sort_key", "code")
    open_ones = AdvisorAssignment.objects.open().filter(entity__in=pks).order_by()
    advisors = dict(open_ones.values_list("advisor_id", "advisor__full_name").distinct())
    departments = sorted(set(rows.order_by().values_list("department", flat=True)), key=str.casefold)
    by_name = sorted(advisors.items(), key=lambda one: one[1].casefold())
    return {
        "regions": [_ALL, *((one.code, one.name) for one in regions)],
        "departments": [("", "Todos"), *((one, one) for one in departments)],
        "universes": [
            ("", "Todos"), ("foco", "Foco (A–D)"), *((one, one) for one in LETTERS), (NONE, "Sin clasificar"),
        ],
        "partners": [_ALL, *((one.value, one.value) for one in Partner), (NONE, "Sin entidad nacional")],
        "advisors": [("", "Todos"), *((str(pk), name) for pk, name in by_name), (NONE, "Sin asesor(a)")],
        "bands": [("", "Todos"), *((key, words) for key, (words, _) in BANDS.items())],
    }  # fmt: skip


def row_of(one: EntityBoard) -> dict[str, Any]:
    """A board as the list shows it."""
    done = sum(hito.is_done for hito in one.hitos)
    late = len(one.overdue)
    return {
        "code": one.entity.dane_code,
        "name": one.entity.name,
        "url": one.entity.get_absolute_url(),
        "department": one.entity.department,
        "region": one.entity.region.name,
        "universe": one.entity.universe or "Sin clasificar",
        "is_focus": one.entity.is_focus,
        "partner": one.entity.partner or "–",
        "advisor": str(one.assignment.advisor) if one.assignment else "",
        "stage": f"Fase {one.road.stage_label}" if one.road else "",
        "percent": format_percent(one.whole) if one.whole is not None else "",
        "value": one.whole,
        "done": f"{done} de {len(one.hitos)}" if one.road else "",
        "late": "" if not late else "1 atrasado" if late == 1 else f"{late} atrasados",
        "months": one.months_late,
    }


def sheet_of(boards: Iterable[EntityBoard]) -> SheetData:
    """The rows of the screen as a sheet: codes first and as text, numbers as numbers."""
    widths = {"Entidad": 28, "Departamento": 22, "Región": 26, "Asesor(a)": 26, "Coordinador(a)": 26}
    return SheetData(
        "Entidades", HEADERS, [_cells(one) for one in boards], widths=widths, formats={"Avance (%)": "0.00"},
        mark=demo_mark(), freeze="C2",
    )  # fmt: skip


def _filtered(rows: TerritorialEntityQuerySet, asked: Mapping[str, str]) -> TerritorialEntityQuerySet:
    if asked["region"]:
        rows = rows.filter(region__code=asked["region"])
    if asked["departamento"]:
        rows = rows.filter(department=asked["departamento"])
    if asked["universo"] == NONE:
        rows = rows.filter(high_results__isnull=True)
    elif asked["universo"] == "foco" or asked["universo"] in tuple(LETTERS):
        rows = rows.of_universes(FOCUS if asked["universo"] == "foco" else asked["universo"])
    if asked["socio"]:
        rows = rows.filter(partner="" if asked["socio"] == NONE else asked["socio"])
    advisor = whole_number(asked["asesor"])
    if asked["asesor"] == NONE:
        rows = rows.without_advisor()
    elif advisor is not None:
        rows = rows.filter(assignments__advisor=advisor, assignments__until__isnull=True)
    return rows.filter(name__icontains=asked["q"]) if asked["q"] else rows


def _cells(one: EntityBoard) -> Sequence[Cell]:
    entity, road, who = one.entity, one.road, one.assignment
    return [
        entity.dane_code, entity.name, EntityKind(entity.kind).label, entity.department, entity.region.name,
        entity.universe or None, entity.partner or None, str(who.advisor) if who else None,
        str(who.coordinator) if who and who.coordinator else None, road.stage_label if road else None,
        road.period if road else None, None if one.whole is None else round_half_up(one.whole, 2),
        sum(hito.is_done for hito in one.hitos) if road else None, len(one.overdue) if road else None,
        one.months_late if road else None,
    ]  # fmt: skip


def visible_entities(user: Any, permission: Any) -> TerritorialEntityQuerySet:
    """The entities of the regions on which a person holds a power."""
    return TerritorialEntity.objects.visible_to(user, permission)  # type: ignore[return-value]
