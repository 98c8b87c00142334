"""Small sectors with everything that pages and documents show: texts, analyses, several cut-offs, stored results."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from benchmarks.nation import NOW
from evaluation.models import IndicatorWeight, WeightSet
from pes import jobs
from pes.models import (
    Indicator,
    IndicatorTarget,
    Membership,
    Objective,
    OrganizationUnit,
    SectorGoal,
    SectorPlan,
    User,
    Vigencia,
)
from pes.permissions import Role
from tracking.models import Measurement
from tracking.models.measurement import MeasurementAnalysis, ask_for_cutoffs

WORDS = (
    "avance meta entidad gestión pública servicio ciudadanía proceso indicador trimestre equipo contrato obra "
    "capacitación evidencia reporte resultado programa inversión localidad"
).split()


@dataclass(frozen=True)
class Sample:
    """How large a sample sector is: indicators of each objective, months measured in each year, words of an analysis."""

    code: str
    objectives: int
    indicators: int
    years: tuple[int, ...] = (2022, 2023)
    months: tuple[int, ...] = (3, 6, 9, 12)
    words: int = 40
    entities: int = 4

    @property
    def cutoffs(self) -> list[date]:
        """Month ends at which everything is measured."""
        return [date(year, month, monthrange(year, month)[1]) for year in self.years for month in self.months]


def build(sample: Sample) -> SectorPlan:
    """Make the sector with its figures and compute its cut-offs as the product's job does."""
    sector = OrganizationUnit.objects.create(code=sample.code, name=f"Sector {sample.code}", kind="sector", parent_id=1)
    entities = [
        OrganizationUnit.objects.create(
            code=f"{sample.code}-{at}",
            name=f"Entidad {at} de {sample.code}",
            kind="entity",
            parent=sector,
            is_head=not at,
        )
        for at in range(sample.entities)
    ]
    for year in sample.years:
        Vigencia.objects.get_or_create(year=year)
    plan = SectorPlan.objects.create(
        sector=sector, name=f"PES {sample.code}", first_vigencia=sample.years[0], last_vigencia=sample.years[-1]
    )
    dice = Random(sample.code)
    for number in range(1, sample.objectives + 1):
        _objective(plan, number, entities, sample, dice)
    for year in sample.years:
        jobs.run_now(ask_for_cutoffs(plan.pk, year, by=None))
    return plan


def viewer(plan: SectorPlan) -> User:
    """Somebody who may read the sector."""
    user = User.objects.create_user(f"{plan.sector.code}@ejemplo.invalid", full_name="Diana Directora")
    Membership.grant(user=user, unit=plan.sector, role=Role.DIRECTIVO, starts_on=date(2020, 1, 1), by=None)
    return user


def prose(dice: Random, words: int) -> str:
    """Sentences of some length."""
    said = [dice.choice(WORDS) for _ in range(words)]
    return " ".join(f"{word}." if at % 12 == 11 else word for at, word in enumerate(said)).capitalize()


def _objective(plan: SectorPlan, number: int, entities: list[OrganizationUnit], sample: Sample, dice: Random) -> None:
    objective = Objective.objects.create(plan=plan, number=number, text=prose(dice, 14))
    goal = SectorGoal.objects.create(objective=objective, kind="sectorial", code=f"M{number}", text=prose(dice, 12))
    made = Indicator.objects.bulk_create(
        Indicator(
            plan=plan, goal=goal, key=f"{number}-{at}", code=f"{number}{at:02d}", name=prose(dice, 9), unit="Unidades",
            entity=entities[(number + at) % len(entities)], programming_type="SUMA", baseline=None,
        )
        for at in range(sample.indicators)
    )  # fmt: skip
    _programme(objective, made, sample, dice)
    _figures(made, sample, dice)


def _programme(objective: Objective, made: list[Indicator], sample: Sample, dice: Random) -> None:
    for year in sample.years:
        IndicatorTarget.objects.bulk_create(
            IndicatorTarget(indicator=one, vigencia_id=year, programmed=Decimal(dice.randint(10, 400))) for one in made
        )
        weights = WeightSet.of(objective, year)
        equal = (Decimal(100) / len(made)).quantize(Decimal("0.01"))
        rest = 100 - equal * (len(made) - 1)
        IndicatorWeight.objects.bulk_create(
            IndicatorWeight(weight_set=weights, indicator=one, vigencia_id=year, weight=equal if at else rest)
            for at, one in enumerate(made)
        )


def _figures(made: list[Indicator], sample: Sample, dice: Random) -> None:
    measured = Measurement.objects.bulk_create(
        Measurement(indicator=one, on=on, achieved=dice.randint(0, 40) * on.month, recorded_by_id=1, recorded_at=NOW)
        for one in made
        for on in sample.cutoffs
    )
    MeasurementAnalysis.objects.bulk_create(
        MeasurementAnalysis(measurement=one, text=prose(dice, sample.words)) for one in measured
    )
