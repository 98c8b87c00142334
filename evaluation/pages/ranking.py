"""The ranking de gestión on screen: one level at a time, its last official run, and how it went quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from evaluation.models import QuarterClose, UnitResult
from evaluation.pages.reading import percent_text
from evaluation.pages.standings import LEVEL_NAMES, Standing, in_order, standings
from evaluation.plan_facts import IN_FORCE
from evaluation.quarter_closes import last_runs
from pes.access import can
from pes.asked import whole_number
from pes.models import OrganizationUnit
from pes.permissions import Permission
from pes.rules.numbers import exact, ratio_to_percent
from pes.timecharts import TrendPoint
from plans.models import PlanLevel


@dataclass(frozen=True, slots=True)
class RankingRow:
    """A plan in the ranking, and its score in the quarter before."""

    standing: Standing
    before: str


@dataclass(frozen=True)
class RankingPage:
    """What was chosen, and the rows of the run that answers it; without any run, only the choices."""

    entity: OrganizationUnit | None
    level: str
    entities: list[tuple[str, str]]
    vigencias: list[tuple[int, str]]
    quarters: list[tuple[int, str]]
    tabs: list[dict[str, Any]]
    close: QuarterClose | None = None
    rows: list[RankingRow] = field(default_factory=list)
    unranked: list[Standing] = field(default_factory=list)
    points: list[TrendPoint] = field(default_factory=list)

    @property
    def level_name(self) -> str:
        """«Procesos centrales»."""
        return LEVEL_NAMES[self.level]

    @property
    def can_trend(self) -> bool:
        """Whether there is more than one quarter to compare."""
        return len(self.points) > 1

    @property
    def state(self) -> str:
        """Which run this is."""
        if self.close is None:
            return ""
        public = "publicada" if hasattr(self.close, "publication") else "sin publicar"
        return f"Corrida {self.close.run}, {public}"


def ranking_page(user: Any, asked: QueryDict) -> RankingPage:
    """The ranking that an address asks for, by default the last quarter that is closed; nine queries at most."""
    entities = list(ranked_entities(user))
    entity = next((one for one in entities if one.code == asked.get("entidad")), entities[0] if entities else None)
    closes = list(seen_closes(user, entity)) if entity else []
    level = asked.get("nivel", "")
    levels = [name for name in PlanLevel.values if any(close.level == name for close in closes)] or PlanLevel.values
    level = level if level in levels else levels[0]
    mine = [close for close in closes if close.level == level]
    close = chosen_close(mine, asked)
    page = RankingPage(
        entity=entity,
        level=level,
        entities=[(one.code, one.name) for one in entities],
        vigencias=[(year, str(year)) for year in sorted({one.vigencia for one in mine}, reverse=True)],
        quarters=[(one.quarter, f"T{one.quarter}") for one in mine if close and one.vigencia == close.vigencia],
        tabs=[_tab(asked, name, level) for name in levels],
        close=close,
    )
    return _with_rows(page, mine, asked.get("orden", "")) if close else page


def ranked_entities(user: Any) -> QuerySet[OrganizationUnit]:
    """Entities of the units whose plans a person may read."""
    units = OrganizationUnit.objects.visible_to(user, Permission.PLAN_READ)
    found = OrganizationUnit.objects.filter(children__in=units, children__management_plans__status__in=IN_FORCE)
    return found.distinct().order_by("sort_key", "code")


def seen_closes(user: Any, entity: OrganizationUnit) -> QuerySet[QuarterClose]:
    """The last runs of an entity; who reads only some of its units sees those that are public."""
    reads_all = can(user, Permission.PLAN_READ, entity)
    found = (last_runs() if reads_all else public_runs()).filter(entity=entity)
    return found.select_related("entity", "publication").order_by("-vigencia", "-quarter", "level")


def public_runs() -> QuerySet[QuarterClose]:
    """The last public run of each quarter and level: what everybody sees (AZ12)."""
    return last_runs(QuarterClose.objects.filter(publication__isnull=False))


def chosen_close(closes: Sequence[QuarterClose], asked: Mapping[str, Any]) -> QuarterClose | None:
    """The close of the vigencia and quarter that were asked for, else the last one."""
    year, quarter = (whole_number(asked.get(name, "")) for name in ("vigencia", "trimestre"))
    of_year = [one for one in closes if one.vigencia == year] or list(closes)
    return next((one for one in of_year if one.quarter == quarter), of_year[0] if of_year else None)


def _with_rows(page: RankingPage, closes: Sequence[QuarterClose], order: str) -> RankingPage:
    assert page.close is not None  # its caller looked
    year = [close for close in closes if close.vigencia == page.close.vigencia and close.quarter <= page.close.quarter]
    scores = _scores(year)
    before = scores.get(page.close.quarter - 1, {})
    rows = in_order(standings(page.close), order)
    page.rows.extend(RankingRow(row, _text(before.get(row.code))) for row in rows if row.rank is not None)
    page.unranked.extend(row for row in rows if row.rank is None)
    page.points.extend(_point(quarter, scores[quarter]) for quarter in sorted(scores))
    return page


def _scores(closes: Sequence[QuarterClose]) -> dict[int, dict[str, Decimal]]:
    """Quarter → code of a unit → its score, in the runs of a year; one query."""
    found: dict[int, dict[str, Decimal]] = {close.quarter: {} for close in closes}
    rows = UnitResult.objects.filter(close__in=closes, rank__isnull=False).order_by()
    for quarter, code, score in rows.values_list("close__quarter", "plan__unit__code", "score"):
        found[quarter][code] = score
    return found


def _point(quarter: int, scores: Mapping[str, Decimal]) -> TrendPoint:
    if not scores:
        return TrendPoint(f"T{quarter}", None, None)
    with exact():
        mean = sum(scores.values(), Decimal(0)) / len(scores)
    return TrendPoint(f"T{quarter}", ratio_to_percent(max(scores.values())), ratio_to_percent(mean))


def _tab(asked: QueryDict, name: str, level: str) -> dict[str, Any]:
    query = asked.copy()
    query["nivel"] = name
    return {
        "label": LEVEL_NAMES[name],
        "url": f"{reverse('evaluation:ranking')}?{query.urlencode()}",
        "current": name == level,
    }


def _text(score: Decimal | None) -> str:
    return "–" if score is None else percent_text(score)
