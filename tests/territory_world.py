"""A territory made with the real verbs: two regions, a few entities, their roads, an advisor and a coordinator."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from pes.edits import fingerprint
from pes.models import HitoSchedule, OrganizationUnit, RoadActivity, TerritorialEntity, UnitKind, User
from pes.permissions import Role
from pes.roads.templates import GOVERNMENT_TO_PLAN
from pes.territory.assignments import assign
from pes.territory.entities import EntityFacts, register_entity
from pes.territory.opening import open_roads
from pes.territory.schedules import create_schedule, month_facts, write_months
from tests.people import Cast, cast, person, unit
from tracking.models import TerritoryReport
from tracking.territory.reporting import report_hito

NOW = datetime(2025, 6, 15, 15, tzinfo=UTC)
TODAY = date(2025, 6, 15)
FIRST = 2024
HUNDRED = Decimal(100)
NAMES = {"52019": "Albán", "52110": "Buesaco", "52207": "Consacá", "54109": "Bucarasica"}


@dataclass
class Territory:
    """The cast of a territory and its entities by DANE code."""

    cast: Cast
    region: OrganizationUnit
    foreign: OrganizationUnit
    asesora: User
    coordinador: User
    analista: User
    stranger: User
    schedule: HitoSchedule
    entities: dict[str, TerritorialEntity] = field(default_factory=dict)

    def hito(self, code: str, hito: str) -> RoadActivity:
        """A hito of an entity's road of phase I."""
        return RoadActivity.objects.get(
            phase__road__entity_road__entity=self.entities[code], phase__road__entity_road__stage=1, code=hito
        )

    def report(self, code: str, hito: str, percentage: int, **said: object) -> TerritoryReport:
        """Report a hito as the advisor would."""
        found = {"on": TODAY, "by": self.asesora, "now": NOW} | said
        return report_hito(self.hito(code, hito), Decimal(percentage), **found)  # type: ignore[arg-type]

    def complete(self, code: str) -> None:
        """Report every hito of an entity at 100."""
        road = self.entities[code].roads.get(stage=1).road
        for one in RoadActivity.objects.filter(phase__road=road):
            report_hito(one, HUNDRED, on=TODAY, by=self.asesora, now=NOW)


def facts(region: OrganizationUnit, code: str, **other: object) -> EntityFacts:
    """A municipality of a region."""
    said = {"name": NAMES.get(code, f"Municipio {code}"), "kind": "municipio", "department": "Nariño"} | other
    return EntityFacts(code=code, region=region, **said)  # type: ignore[arg-type]


def months(schedule: HitoSchedule, by: User, **said: date) -> None:
    """Date some hitos of a schedule: `months(schedule, by, h1=date(2025, 3, 1))`."""
    wanted = {name[1:]: month for name, month in said.items()}
    write_months(schedule, wanted, read=fingerprint(month_facts(schedule)), by=by)


def territory(*, codes: tuple[str, ...] = ("52019", "52110")) -> Territory:
    """A region of the sector's head with some entities, advised since 2025, and a foreign region with one."""
    people = cast()
    region = unit("region-prueba", UnitKind.REGION, people.head, "Región de prueba")
    foreign = unit("otra-region", UnitKind.REGION, people.other_entity, "Otra región")
    asesora = person("Aurora Asesora", Role.ASESOR_TERRITORIAL, region)
    coordinador = person("Ciro Coordinador", Role.COORDINADOR_REGIONAL, region)
    analista = person("Aída Analista", Role.ANALISTA_OAP, people.head)
    stranger = person("Ernesto Ajeno", Role.COORDINADOR_REGIONAL, foreign)
    schedule = create_schedule(region, template_code=GOVERNMENT_TO_PLAN[0], first_year=FIRST, by=coordinador)
    here = Territory(people, region, foreign, asesora, coordinador, analista, stranger, schedule)
    for code in codes:
        here.entities[code] = register_entity(facts(region, code), by=coordinador)
        assign(
            here.entities[code], advisor=asesora, coordinator=coordinador, starts_on=date(2025, 1, 10), by=coordinador,
            now=NOW,
        )  # fmt: skip
    open_roads(list(here.entities.values()), schedule, by=coordinador, now=NOW)
    here.entities["54109"] = register_entity(facts(foreign, "54109", department="Norte de Santander"), by=stranger)
    return here
