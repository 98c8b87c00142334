"""The assistance log as a list: what is asked of it, its rows, and the workbook of exactly those rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import QueryDict

from pes.asked import whole_number
from pes.dates import long_date
from pes.demo_mark import demo_mark
from pes.models import OrganizationUnit, User
from pes.rules.numbers import format_magnitude
from pes.workbooks.sheets import SheetData
from tracking.assistance.months import last_months, month_options, read_month
from tracking.models import Assistance
from tracking.models.assistance import AssistanceQuerySet
from tracking.rules.assistance import Kind

ALL = ("", "Todas")
HEADERS = (
    "Fecha", "Código DANE", "Entidad", "Región", "Clase", "Tema", "Hitos", "Minutos", "Participantes", "Qué se hizo",
    "Acuerdos", "Asesor(a)", "Registrada", "Soporte", "Motivo de la corrección",
)  # fmt: skip
TONES = {"in_person": "ok", "virtual": "info", "call": "neutral", "question": "neutral", "workshop": "course"}


@dataclass(frozen=True)
class Log:
    """What a person asked of the log, and the rows in force that answer it, the latest first."""

    asked: Mapping[str, str]
    rows: AssistanceQuerySet

    @property
    def is_filtered(self) -> bool:
        """Whether something was asked."""
        return any(self.asked.values())

    def totals(self) -> str:
        """«12 asistencias · 18 horas · 45 participantes»."""
        many = self.rows.count()
        sums = self.rows.order_by().aggregate(minutes=Sum("minutes"), people=Sum("participants"))
        said = ["1 asistencia" if many == 1 else f"{format_magnitude(Decimal(many))} asistencias"]
        if sums["minutes"]:
            said.append(duration(sums["minutes"]))
        if sums["people"]:
            said.append(f"{format_magnitude(Decimal(sums['people']))} participantes")
        return " · ".join(said)


def log_of(visible: AssistanceQuerySet, query: QueryDict) -> Log:
    """The list as the address asks for it; what cannot be understood is not asked."""
    asked = {name: query.get(name, "")[:80] for name in ("mes", "clase", "region", "asesor", "q")}
    month, advisor = read_month(asked["mes"]), whole_number(asked["asesor"])
    rows = visible.in_force().select_related("entity__region", "advisor", "file")
    if month is not None:
        rows = rows.of_month(month)
    if asked["clase"] in set(Kind):
        rows = rows.filter(kind=asked["clase"])
    if asked["region"]:
        rows = rows.filter(entity__region__code=asked["region"])
    if advisor is not None:
        rows = rows.filter(advisor=advisor)
    if asked["q"]:
        rows = rows.filter(entity__name__icontains=asked["q"])
    return Log(asked, rows.prefetch_related("hitos__hito").order_by("-held_on", "-pk"))


def options_of(visible: AssistanceQuerySet, today: date) -> dict[str, list[tuple[str, str]]]:
    """The choices of each filter."""
    pks = visible.order_by().values("entity__region")
    regions = OrganizationUnit.objects.filter(pk__in=pks).order_by("sort_key", "code")
    advisors = User.objects.filter(pk__in=visible.order_by().values("advisor")).order_by("full_name")
    return {
        "months": [("", "Todos"), *month_options(last_months(today))],
        "kinds": [ALL, *((one.value, one.label) for one in Kind)],
        "regions": [ALL, *((one.code, one.name) for one in regions)],
        "advisors": [("", "Todos"), *((str(one.pk), str(one)) for one in advisors)],
    }


def row_of(one: Assistance) -> dict[str, Any]:
    """A row of the list."""
    return {
        "url": one.get_absolute_url(),
        "day": long_date(one.held_on),
        "entity": one.entity.name,
        "code": one.entity.dane_code,
        "kind": Kind(one.kind).label,
        "tone": TONES[one.kind],
        "theme": theme_of(one),
        "summary": one.summary,
        "duration": duration(one.minutes) if one.minutes else "–",
        "participants": one.participants or "–",
        "advisor": str(one.advisor),
        "is_correction": one.corrects_id is not None,
    }


def theme_of(one: Assistance) -> str:
    """«Hitos 3, 4 · tema»."""
    codes = [row.hito.code for row in one.hitos.all()]
    hitos = f"Hito {codes[0]}" if len(codes) == 1 else f"Hitos {', '.join(codes)}" if codes else ""
    return " · ".join(filter(None, (hitos, one.theme)))


def duration(minutes: int) -> str:
    """«45 min», «2 h», «1 h 30 min»."""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest else "")))


def sheet_of(rows: Iterable[Assistance]) -> SheetData:
    """The rows of the screen as a sheet."""
    widths = {"Entidad": 26, "Región": 24, "Qué se hizo": 60, "Acuerdos": 40, "Asesor(a)": 26, "Tema": 30}
    cells = (
        [
            one.held_on, one.entity.dane_code, one.entity.name, one.entity.region.name, Kind(one.kind).label,
            one.theme or None, ", ".join(row.hito.code for row in one.hitos.all()) or None, one.minutes,
            one.participants, one.summary, one.agreements or None, str(one.advisor), one.recorded_at.date(),
            one.file.display_name if one.file else None, one.reason or None,
        ]
        for one in rows
    )  # fmt: skip
    return SheetData("Asistencias", HEADERS, cells, widths=widths, mark=demo_mark(), freeze="D2")
