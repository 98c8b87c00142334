"""Territorial entities, who accompanies them, and their roads (Gobierno al Plan; rules GP-01 to GP-09).

Interfaces for what stands on these models:

- `TerritorialEntity.objects.visible_to(user, Permission.TERRITORY_READ)`; every model here has that scope, by region.
- `entity.universe` (A–H or ""), `TerritorialEntity.objects.of_universes("ABCD")`, `.of_advisor(user)`.
- `AdvisorAssignment.objects.open()`: who advises each entity today; `.on(day)`: who did on a day (half-open dates).
- `EntityRoad`: the road of an entity in a stage (1 or 2) of a government period; its hitos are
  `RoadActivity` rows with `phase__road__entity_road__entity`, and `activity.reports` is their history.
- `pes.territory.reading.boards_of(entities, today)` → one frozen `EntityBoard` an entity (progress, hitos, delays,
  advisor): seven queries whatever their number; `stage=` asks for phase I or II, which are never averaged together.
  Monitoreo 360 reads it; do not compute progress anywhere else.
- Pages: `pes.territory.frame` (find_entity, find_region, frame; template `pes/territory/frame.html`). Other parts add
  tabs by `registry.provide("territory_tabs", fn(user))` and buttons to the page of an entity by
  `registry.provide("territory_entity_links", fn(user, entity))`.
- `tracking.models.TerritoryReport`: who advised the entity when a hito was reported, and what a report corrects.
- Verbs: `pes.territory.entities` (register, change), `.assignments.assign` (and advisors_of, coordinators_of a region),
  `.segments.create_segment`, `.schedules` (create, write_months), `.opening` (ask_to_open, open_roads),
  `.graduation.graduate`; tracking: `territory.reporting.report_hito`, `territory.lessons`. Makers for tests: tests/territory_world.py.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from pes.access import Scope, ScopedQuerySet
from pes.models.organization import OrganizationUnit
from pes.models.road import Road
from pes.models.uploaded_workbook import UploadedWorkbook
from pes.models.user import User
from pes.permissions import Permission
from pes.rules.territory import BY_LETTER, Ecosystem, EntityKind, Partner, period_of, universe_of

TERRITORY_POWERS = (
    Permission.TERRITORY_READ,
    Permission.TERRITORY_MANAGE,
    Permission.HITO_REPORT,
    Permission.ASSISTANCE_LOG,
    Permission.ADVISOR_RATE,
)


LEVELS = {1: "Fase", 2: "Interruptor"}  # stage → what its roads are made of


def territory_scope(unit: str) -> Scope:
    """Paths of what belongs to a region (or to the entity that coordinates several), given the path to it."""
    return dict.fromkeys(TERRITORY_POWERS, (unit,))


def _of_universes(letters: str) -> Q:
    wanted = Q(pk__in=())
    for one in (BY_LETTER[letter] for letter in letters):
        wanted |= Q(high_investment=one.investment, high_fiscal=one.fiscal, high_results=one.results)
    return wanted


class TerritorialEntityQuerySet(ScopedQuerySet["TerritorialEntity"]):
    """Questions about territorial entities."""

    def of_universes(self, letters: str) -> TerritorialEntityQuerySet:
        """Those of some universes, by their three variables (GP-07)."""
        return self.filter(_of_universes(letters))

    def of_advisor(self, user: User) -> TerritorialEntityQuerySet:
        """Those that a person advises today."""
        return self.filter(assignments__advisor=user, assignments__until__isnull=True)

    def without_advisor(self) -> TerritorialEntityQuerySet:
        """Those that nobody advises today."""
        return self.exclude(assignments__in=AdvisorAssignment.objects.open())


class TerritorialEntity(models.Model):
    """A gobernación or a municipality that is accompanied; its DANE code is its key, as text.

    Its universe follows from three variables (GP-07) and is never stored; without them it is not classified.
    """

    ACCESS: ClassVar[Scope] = territory_scope("region")
    KINDS: ClassVar[list[tuple[str, str]]] = [(kind.value, kind.label) for kind in EntityKind]
    PARTNERS: ClassVar[list[tuple[str, str]]] = [(one.value, one.value) for one in Partner]

    dane_code = models.CharField(
        "código DANE", max_length=5, unique=True, validators=[RegexValidator(r"^(\d{2}|\d{5})\Z")]
    )
    name = models.CharField("nombre", max_length=120)
    kind = models.CharField("clase", max_length=11, choices=KINDS)
    department = models.CharField("departamento", max_length=80)
    region = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="territorial_entities", verbose_name="región"
    )
    high_investment = models.BooleanField("inversión alta", null=True, blank=True)
    high_fiscal = models.BooleanField("desempeño fiscal alto", null=True, blank=True)
    high_results = models.BooleanField("resultados altos", null=True, blank=True)
    partner = models.CharField("entidad nacional", max_length=4, choices=PARTNERS, blank=True)

    objects: ClassVar[TerritorialEntityQuerySet] = TerritorialEntityQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "entidad territorial"
        verbose_name_plural = "entidades territoriales"
        ordering = ("dane_code",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(high_investment__isnull=True, high_fiscal__isnull=True, high_results__isnull=True)
                | Q(high_investment__isnull=False, high_fiscal__isnull=False, high_results__isnull=False),
                name="universe_takes_three_variables",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.department}" if self.kind == EntityKind.MUNICIPIO else self.name

    @property
    def universe(self) -> str:
        """Its letter A–H, or empty while it is not classified (GP-07)."""
        return universe_of(self.high_investment, self.high_fiscal, self.high_results)

    @property
    def is_focus(self) -> bool:
        """Whether assistance goes to it first (universes A–D)."""
        return bool(self.universe) and BY_LETTER[self.universe].is_focus

    def get_absolute_url(self) -> str:
        """Its page, with its road."""
        return reverse("tracking:territory-entity", args=[self.dane_code])


class EntityEcosystem(models.Model):
    """A thematic ecosystem in which an entity takes part."""

    ECOSYSTEMS: ClassVar[list[tuple[str, str]]] = [(one.value, one.label) for one in Ecosystem]

    entity = models.ForeignKey(TerritorialEntity, on_delete=models.CASCADE, related_name="ecosystems")
    ecosystem = models.CharField("ecosistema", max_length=20, choices=ECOSYSTEMS)

    class Meta:
        verbose_name = "ecosistema de una entidad"
        verbose_name_plural = "ecosistemas de las entidades"
        ordering = ("entity", "ecosystem")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entity", "ecosystem"], name="one_ecosystem_once_per_entity"),
        ]

    def __str__(self) -> str:
        return Ecosystem(self.ecosystem).label


class AssignmentQuerySet(ScopedQuerySet["AdvisorAssignment"]):
    """Questions about who advises whom."""

    def open(self) -> AssignmentQuerySet:
        """Those of today."""
        return self.filter(until__isnull=True)

    def on(self, day: date) -> AssignmentQuerySet:
        """Those of a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), starts_on__lte=day)


class AdvisorAssignment(models.Model):
    """Who advised an entity, under which coordinator, from a day (counted) until another (not counted)."""

    ACCESS: ClassVar[Scope] = territory_scope("entity__region")

    entity = models.ForeignKey(
        TerritorialEntity, on_delete=models.PROTECT, related_name="assignments", verbose_name="entidad"
    )
    advisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="advised", verbose_name="asesor(a)")
    coordinator = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="coordinador(a)"
    )
    starts_on = models.DateField("desde")
    until = models.DateField("hasta (sin contar)", null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="asignó")
    at = models.DateTimeField("asignada")

    objects: ClassVar[AssignmentQuerySet] = AssignmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "asignación"
        verbose_name_plural = "asignaciones"
        ordering = ("entity", "-starts_on", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entity"], condition=Q(until__isnull=True), name="one_advisor_at_a_time"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("starts_on")), name="assignment_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity_id}: {self.advisor_id} desde {self.starts_on:%Y-%m-%d}"


class TerritorySegment(models.Model):
    """A part of the territory, by universes and more; who is in it follows from the entities, it is never a list."""

    ACCESS: ClassVar[Scope] = territory_scope("unit")

    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="segments", verbose_name="región o entidad"
    )
    name = models.CharField("nombre", max_length=120)
    universes = models.CharField("universos", max_length=8, blank=True)  # empty: whatever the universe
    kind = models.CharField("clase", max_length=11, choices=TerritorialEntity.KINDS, blank=True)
    partner = models.CharField("entidad nacional", max_length=4, choices=TerritorialEntity.PARTNERS, blank=True)

    objects: ClassVar[ScopedQuerySet[TerritorySegment]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "segmento"
        ordering = ("unit__sort_key", "name")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "name"], name="one_segment_per_name_and_unit"),
        ]

    def __str__(self) -> str:
        return self.name

    def entities(self) -> TerritorialEntityQuerySet:
        """Who is in it today."""
        return TerritorialEntity.objects.filter(self.condition)  # type: ignore[return-value]

    @property
    def condition(self) -> Q:
        """What makes an entity be in it: of its region, or of one below its entity, and of what it names."""
        wanted = Q(region=self.unit_id) | Q(region__parent=self.unit_id)
        wanted = wanted & _of_universes(self.universes) if self.universes else wanted
        named = {"kind": self.kind, "partner": self.partner}
        return wanted & Q(**{name: value for name, value in named.items() if value})


class HitoSchedule(models.Model):
    """In which month each hito of a template is expected, for a government period."""

    ACCESS: ClassVar[Scope] = territory_scope("unit")

    unit = models.ForeignKey(
        OrganizationUnit, on_delete=models.PROTECT, related_name="hito_schedules", verbose_name="región o entidad"
    )
    template = models.SlugField("hoja de ruta", max_length=60)
    first_year = models.PositiveSmallIntegerField("primer año del gobierno")

    objects: ClassVar[ScopedQuerySet[HitoSchedule]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "cronograma de hitos"
        verbose_name_plural = "cronogramas de hitos"
        ordering = ("unit__sort_key", "-first_year", "template")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "template", "first_year"], name="one_schedule_per_unit_template_and_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {period_of(self.first_year)}"

    @property
    def period(self) -> str:
        """«2024–2027»."""
        return period_of(self.first_year)


class ExpectedMonth(models.Model):
    """The month of a hito in a schedule, written as its first day."""

    schedule = models.ForeignKey(HitoSchedule, on_delete=models.CASCADE, related_name="months")
    code = models.CharField("hito", max_length=20)
    month = models.DateField("mes esperado")

    class Meta:
        verbose_name = "mes esperado"
        verbose_name_plural = "meses esperados"
        ordering = ("schedule", "month", "code")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["schedule", "code"], name="one_month_per_hito"),
            models.CheckConstraint(condition=Q(month__day=1), name="month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.month:%Y-%m}"


class EntityRoad(models.Model):
    """The road of an entity in a stage of the strategy (I or II) and a government period."""

    ACCESS: ClassVar[Scope] = territory_scope("entity__region")

    entity = models.ForeignKey(
        TerritorialEntity, on_delete=models.PROTECT, related_name="roads", verbose_name="entidad"
    )
    road = models.OneToOneField(Road, on_delete=models.PROTECT, related_name="entity_road", verbose_name="camino")
    schedule = models.ForeignKey(
        HitoSchedule, on_delete=models.PROTECT, related_name="roads", verbose_name="cronograma"
    )
    stage = models.PositiveSmallIntegerField("fase de la estrategia")
    first_year = models.PositiveSmallIntegerField("primer año del gobierno")

    objects: ClassVar[ScopedQuerySet[EntityRoad]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "hoja de ruta"
        verbose_name_plural = "hojas de ruta"
        ordering = ("entity", "-first_year", "-stage")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["entity", "first_year", "stage"], name="one_road_per_entity_stage_and_period"
            ),
            models.CheckConstraint(condition=Q(stage__in=(1, 2)), name="road_stage_is_one_or_two"),
        ]

    def __str__(self) -> str:
        return f"Fase {self.stage_label} {self.period}"

    @property
    def stage_label(self) -> str:
        """«I» or «II»."""
        return "I" * self.stage

    @property
    def level(self) -> str:
        """What its stage calls the parts of the road: phases in the first one, interruptores in the second."""
        return LEVELS[self.stage]

    @property
    def period(self) -> str:
        """«2024–2027»."""
        return period_of(self.first_year)


class Graduation(models.Model):
    """An entity passed from phase I to phase II: with the first one complete, or as an exception that says why."""

    ACCESS: ClassVar[Scope] = territory_scope("start__entity__region")
    append_only: ClassVar[bool] = True

    start = models.OneToOneField(EntityRoad, on_delete=models.PROTECT, related_name="graduation", verbose_name="fase I")
    road = models.OneToOneField(EntityRoad, on_delete=models.PROTECT, related_name="+", verbose_name="fase II")
    whole = models.DecimalField("avance de la fase I (%)", max_digits=5, decimal_places=2)
    reason = models.TextField("motivo de la excepción", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="decidió")
    at = models.DateTimeField("graduada")

    objects: ClassVar[ScopedQuerySet[Graduation]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "graduación"
        verbose_name_plural = "graduaciones"
        ordering = ("-at",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(whole=100, reason="") | (Q(whole__lt=100) & ~Q(reason="")),
                name="graduation_complete_or_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start} → {self.road}"


class TerritoryUpload(UploadedWorkbook):
    """A workbook of entities that somebody previewed, and the state it was compared with; forgotten after a day."""

    base = models.CharField("huella de lo comparado", max_length=64)
    created = models.PositiveIntegerField("entidades nuevas", default=0)
    updated = models.PositiveIntegerField("entidades que cambiaron", default=0)

    class Meta(UploadedWorkbook.Meta):
        verbose_name = "libro de entidades cargado"
        verbose_name_plural = "libros de entidades cargados"
