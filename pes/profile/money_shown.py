"""The resources of a sector as its screens, its workbook and its document show them: rows of strings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pes.dates import long_date
from pes.models import SectorPlan
from pes.profile.resources import EntityLines, ProjectLine, physical_text, totals_by_vigencia
from pes.rules.numbers import format_percent
from pes.rules.resources import Money, money_problems, pesos, total


@dataclass(frozen=True)
class MoneyRow:
    """Pesos of something: what it is, its figures and shares of the programmed, ready to be shown."""

    code: str
    name: str
    programmed: str
    committed: str
    paid: str
    committed_share: str
    paid_share: str
    origin: str = ""
    goals: tuple[str, ...] = ()
    warning: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class EntityMoney:
    """The projects of an entity and their total."""

    code: str
    name: str
    rows: tuple[MoneyRow, ...]
    total: MoneyRow


def entity_rows(found: Iterable[EntityLines], vigencia: int) -> list[EntityMoney]:
    """Entities with their projects, as they are shown."""
    return [
        EntityMoney(
            one.entity.code,
            one.entity.name,
            tuple(_line(line, vigencia) for line in one.lines),
            money_row(one.total, name=f"Total {one.entity.short_name}", is_total=True),
        )
        for one in found
    ]


def horizon_rows(plan: SectorPlan) -> list[MoneyRow]:
    """The sector's money in each vigencia of the PES, and in all of them."""
    found = totals_by_vigencia(plan)
    rows = [money_row(money, code=str(year), name=f"Vigencia {year}") for year, money in found]
    whole = total(money for _year, money in found)
    return [*rows, money_row(whole, code="", name=f"Total {plan.period}", is_total=True)]


def money_row(
    money: Money, *, code: str = "", name: str, goals: tuple[str, ...] = (), warning: str = "", is_total: bool = False
) -> MoneyRow:
    """Figures and shares of some money; what is not known is a dash."""
    until = f"Corte al {long_date(money.cutoff_on)}" if money.cutoff_on else ""
    shares = [format_percent(one) if one is not None else "" for one in (money.committed_percent, money.paid_percent)]
    return MoneyRow(
        code,
        name,
        pesos(money.programmed),
        pesos(money.committed),
        pesos(money.paid),
        *shares,
        origin=" · ".join(word for word in (until, money.source) if word),
        goals=goals,
        warning=warning,
        is_total=is_total,
    )


def _line(line: ProjectLine, vigencia: int) -> MoneyRow:
    goals = tuple(physical_text(goal) for goal in line.goals)
    day = line.money.cutoff_on
    warned = (
        next((one.message for one in money_problems(line.money, vigencia, day) if not one.blocking), "") if day else ""
    )
    return money_row(line.money, code=line.project.code, name=line.project.name, goals=goals, warning=warned)
