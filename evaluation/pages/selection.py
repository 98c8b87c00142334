"""What a page is about: the plan of a sector, a vigencia and one of its cut-offs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

from evaluation.models import Cutoff, CutoffStatus
from pes.dates import long_date
from pes.models import SectorPlan
from pes.permissions import Permission


@dataclass(frozen=True)
class CutoffRow:
    """A cut-off without its result: enough to choose it, and to know whether it changed."""

    pk: int
    on: date
    status: str
    version: int

    @property
    def is_consolidated(self) -> bool:
        """Whether its figures are official."""
        return self.status == CutoffStatus.CONSOLIDATED

    @property
    def label(self) -> str:
        """«31 de marzo · consolidado»."""
        return f"{long_date(self.on).rpartition(' de ')[0]}{' · consolidado' if self.is_consolidated else ''}"


@dataclass(frozen=True)
class Selection:
    """The plan, the vigencia and the cut-off that a page shows; no cut-off while nothing was measured."""

    plan: SectorPlan
    vigencia: int
    cutoffs: tuple[CutoffRow, ...]
    chosen: CutoffRow | None

    @property
    def slug(self) -> str:
        """The sector in addresses."""
        return self.plan.sector.code

    @property
    def query(self) -> str:
        """What keeps the choice when one follows a link."""
        return f"?corte={self.chosen.on:%Y-%m-%d}" if self.chosen else f"?vigencia={self.vigencia}"

    @property
    def vigencia_options(self) -> list[tuple[int, str]]:
        """Every vigencia of the plan, the latest first."""
        return [(year, str(year)) for year in reversed(self.plan.vigencias)]

    @property
    def cutoff_options(self) -> list[tuple[str, str]]:
        """The cut-offs of the vigencia, the latest first."""
        found = [(f"{row.on:%Y-%m-%d}", row.label) for row in self.of_vigencia]
        return found or [("", "Sin cortes")]

    @property
    def cutoff_value(self) -> str:
        """The chosen option of `cutoff_options`."""
        return f"{self.chosen.on:%Y-%m-%d}" if self.chosen else ""

    @property
    def of_vigencia(self) -> list[CutoffRow]:
        """The cut-offs of the vigencia."""
        return [row for row in self.cutoffs if row.on.year == self.vigencia]

    @property
    def lead(self) -> str:
        """The line under the heading."""
        cutoff = f"corte al {long_date(self.chosen.on)}" if self.chosen else "sin cortes"
        return f"Vigencia {self.vigencia} · {cutoff} · PES {self.plan.period}"

    def url(self, name: str, *args: Any, **query: Any) -> str:
        """Address of an `evaluation` page of this sector that keeps the choice."""
        more = "".join(f"&{key}={value}" for key, value in query.items())
        return reverse(f"evaluation:{name}", args=[self.slug, *args]) + self.query + more


def select(user: Any, slug: str, query: QueryDict, plans: Sequence[SectorPlan] = ()) -> Selection:
    """What the person asked to see, among what may be seen; the last cut-off by default. Http404 otherwise."""
    plans = plans or visible_plans(user, slug)
    wanted_on, wanted_year = _date(query.get("corte", "")), _year(query.get("vigencia", ""))
    if wanted_on and wanted_year and wanted_on.year != wanted_year:
        wanted_on = None  # the vigencia was changed in the form: its own last cut-off
    year = wanted_on.year if wanted_on else wanted_year
    plan = next((plan for plan in plans if year in plan.vigencias), plans[0])
    rows = Cutoff.objects.filter(plan=plan).order_by("-on").values_list("pk", "on", "status", "version")
    cutoffs = tuple(CutoffRow(*row) for row in rows)
    if year not in plan.vigencias:
        year = cutoffs[0].on.year if cutoffs else plan.last_vigencia
    of_year = [row for row in cutoffs if row.on.year == year]
    chosen = next((row for row in of_year if row.on == wanted_on), of_year[0] if of_year else None)
    return Selection(plan, year, cutoffs, chosen)


def select_vigencia(user: Any, slug: str, vigencia: int) -> Selection:
    """A vigencia of a plan, with its last cut-off; Http404 for a year that no plan has."""
    selection = select(user, slug, QueryDict(f"vigencia={vigencia:04}"))
    if selection.vigencia != vigencia:
        raise Http404
    return selection


def seen_plans(request: HttpRequest) -> list[SectorPlan]:
    """Every plan that the person may see, by sector and the latest first; asked once a request (menu and page)."""
    found: list[SectorPlan] | None = getattr(request, "_pes_seen_plans", None)
    if found is None:
        rows = SectorPlan.objects.visible_to(request.user).select_related("sector")
        found = list(rows.order_by("sector__sort_key", "sector__code", "-first_vigencia"))
        request._pes_seen_plans = found  # type: ignore[attr-defined]
    return found


def menu_sector(request: HttpRequest) -> str:
    """The sector that the menu is about: that of the page, else the first that the person may see; empty without any."""
    codes = [plan.sector.code for plan in seen_plans(request)]
    wanted = request.resolver_match.kwargs.get("slug") if request.resolver_match else None
    return wanted if wanted in codes else next(iter(codes), "")


def visible_plans(user: Any, slug: str, permission: Permission = Permission.PES_READ) -> list[SectorPlan]:
    """The plans of a sector that a person may see, the latest first; Http404 without any."""
    found = SectorPlan.objects.visible_to(user, permission).filter(sector__code=slug)
    plans = list(found.select_related("sector").order_by("-first_vigencia"))
    if not plans:
        raise Http404
    return plans


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
