"""Forms of the territory: segments, schedules, who advises, graduation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from pes.dates import long_date
from pes.edits import fingerprint
from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from pes.models import EntityEcosystem, EntityRoad, HitoSchedule, OrganizationUnit, TerritorialEntity, TerritorySegment
from pes.roads.templates import GOVERNMENT_TO_PLAN
from pes.rules.territory import FIRST_YEAR, LAST_YEAR, UNIVERSES
from pes.territory.assignments import advisors_of, coordinators_of
from pes.territory.entities import EntityFacts, facts_of
from pes.territory.graduation import schedules_for
from pes.territory.schedules import hitos_of, month_facts

_ENTITY_FIELDS = (
    "code", "name", "kind", "department", "region", "investment", "fiscal", "results", "partner",
)  # fmt: skip
STAGES = {GOVERNMENT_TO_PLAN[0]: "Fase I: formulación", GOVERNMENT_TO_PLAN[1]: "Fase II: ejecución y seguimiento"}


def _variable(high: str, low: str) -> dict[str, Any]:
    """A variable of the universe: high, low, or not known."""
    return {
        "choices": [("", "Sin dato"), ("True", high), ("False", low)],
        "coerce": lambda value: value == "True",
        "empty_value": None,
        "required": False,
    }


class ScheduleLabel(forms.ModelChoiceField):
    """A schedule by the road it dates, its period and its place."""

    def label_from_instance(self, obj: Any) -> str:
        """«Fase I: formulación · 2024–2027 · Región Sur»."""
        return schedule_name(obj)


class EntityForm(EditForm):
    """What is known of a territorial entity; its code is given once."""

    code = forms.CharField(
        label="Código DANE", max_length=5, help_text="Dos dígitos una gobernación, cinco un municipio."
    )
    name = forms.CharField(label="Nombre", max_length=120)
    kind = forms.ChoiceField(label="Clase", choices=TerritorialEntity.KINDS)
    department = forms.CharField(label="Departamento", max_length=80)
    region = forms.ModelChoiceField(
        OrganizationUnit.objects.none(),
        label="Región",
        empty_label=None,
        help_text="Si cambia, lleva su hoja de ruta y deja a quien la asesoraba.",
    )
    investment = forms.TypedChoiceField(label="Ejecución de recursos e inversión", **_variable("Alta", "Baja"))
    fiscal = forms.TypedChoiceField(label="Desempeño fiscal", **_variable("Alto", "Bajo"))
    results = forms.TypedChoiceField(label="Resultados de desarrollo", **_variable("Altos", "Bajos"))
    partner = forms.ChoiceField(
        label="Entidad nacional", required=False, choices=[("", "Ninguna"), *TerritorialEntity.PARTNERS]
    )
    ecosystems = forms.MultipleChoiceField(
        label="Ecosistemas temáticos",
        required=False,
        choices=EntityEcosystem.ECOSYSTEMS,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, regions: Any, entity: TerritorialEntity | None = None, **kwargs: Any) -> None:
        if entity is not None:
            known = facts_of(entity)
            said = {name: getattr(known, name) for name in _ENTITY_FIELDS} | {"ecosystems": sorted(known.ecosystems)}
            kwargs.setdefault("initial", said | {"read": fingerprint(known.said())})
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions
        if entity is not None:
            self.fields["code"].disabled = True

    def entity_facts(self) -> EntityFacts:
        """What was typed."""
        typed = {name: self.cleaned_data[name] for name in _ENTITY_FIELDS}
        return EntityFacts(**typed, ecosystems=frozenset(self.cleaned_data["ecosystems"]))

    def facts(self) -> Mapping[str, Any]:
        """What was typed, as the audit names it."""
        return self.entity_facts().said()


class SegmentForm(ActionForm):
    """A part of the territory."""

    unit = forms.ModelChoiceField(
        OrganizationUnit.objects.none(),
        label="Dónde",
        empty_label=None,
        help_text="Una región, o la entidad que las coordina.",
    )
    name = forms.CharField(label="Nombre", max_length=120, help_text="Por ejemplo: «Foco A–D, municipios».")
    universes = forms.MultipleChoiceField(
        label="Universos",
        required=False,
        choices=[(one.letter, f"{one.letter}: {one.words}") for one in UNIVERSES],
        widget=forms.CheckboxSelectMultiple,
        help_text="Ninguno es todos, también sin clasificar.",
    )
    kind = forms.ChoiceField(label="Clase", required=False, choices=[("", "Todas"), *TerritorialEntity.KINDS])
    partner = forms.ChoiceField(
        label="Entidad nacional", required=False, choices=[("", "Todas"), *TerritorialEntity.PARTNERS]
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def clean_universes(self) -> str:
        """Their letters."""
        return "".join(self.cleaned_data["universes"])


class OpenRoadsForm(ActionForm):
    """By which schedule the roads of a segment are opened."""

    segment = forms.ModelChoiceField(TerritorySegment.objects.none(), label="Segmento", empty_label=None)
    schedule = ScheduleLabel(HitoSchedule.objects.none(), label="Hoja de ruta y cronograma", empty_label=None)

    def __init__(self, *args: Any, segments: Any, schedules: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = segments
        self.fields["schedule"].queryset = schedules


class ScheduleOpenForm(ActionForm):
    """A schedule: where, of which road, for which government."""

    unit = forms.ModelChoiceField(
        OrganizationUnit.objects.none(),
        label="Dónde rige",
        empty_label=None,
        help_text="Una región, o la entidad que las coordina.",
    )
    template_code = forms.ChoiceField(label="Hoja de ruta", choices=list(STAGES.items()))
    first_year = forms.IntegerField(
        label="Primer año del gobierno",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text="El período son cuatro años: 2024 es 2024–2027.",
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class MonthInput(forms.DateInput):
    """A native month picker; its value travels as yyyy-mm."""

    input_type = "month"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m", **kwargs)


class MonthsForm(EditForm):
    """The expected month of every hito of a schedule, in one table."""

    def __init__(self, *args: Any, schedule: HitoSchedule, **kwargs: Any) -> None:
        self.known = known = month_facts(schedule)
        kwargs.setdefault("initial", {"read": fingerprint(known)})
        super().__init__(*args, **kwargs)
        self.hitos = hitos_of(schedule)
        for _, one in self.hitos:
            month = known[one.code]
            self.fields[f"m{one.code}"] = forms.DateField(
                label=f"Mes del hito {one.code}",
                required=False,
                input_formats=["%Y-%m", "%Y-%m-%d"],
                initial=date.fromisoformat(month) if month else None,
                widget=MonthInput(attrs={"aria-label": f"Mes esperado del hito {one.code}", "placeholder": "aaaa-mm"}),
            )

    def months(self) -> dict[str, date | None]:
        """Hito (code) → its month."""
        return {one.code: self.cleaned_data.get(f"m{one.code}") for _, one in self.hitos}

    def facts(self) -> Mapping[str, Any]:
        """As the audit keeps it."""
        return {code: month.isoformat() if month else None for code, month in self.months().items()}

    def rows(self) -> Iterable[dict[str, Any]]:
        """Each hito with its box, and the phase where a new one begins."""
        last = ""
        for phase, one in self.hitos:
            yield {
                "phase": phase if phase != last else "",
                "code": one.code,
                "title": one.text or "Por completar",
                "field": self[f"m{one.code}"],
                "month": month_words(self.known[one.code]),
            }
            last = phase


class AssignForm(ActionForm):
    """Who advises an entity from a day on."""

    advisor = forms.ModelChoiceField(
        None, label="Asesor(a)", empty_label="Elija", help_text="Quien registra asistencias en la región."
    )
    coordinator = forms.ModelChoiceField(None, label="Coordinador(a)", required=False, empty_label="Sin coordinador(a)")
    starts_on = forms.DateField(label="Desde", widget=DateInput(), help_text="Quien asesoraba termina ese día.")

    def __init__(self, *args: Any, entity: TerritorialEntity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["advisor"].queryset = advisors_of(entity.region)
        coordinators = coordinators_of(entity.region)
        self.fields["coordinator"].queryset = coordinators
        first = list(coordinators[:2])
        if len(first) == 1:
            self.fields["coordinator"].initial = first[0]


class GraduateForm(ActionForm):
    """Pass to phase II, as an exception with why when phase I is not complete."""

    schedule = ScheduleLabel(HitoSchedule.objects.none(), label="Cronograma de la fase II", empty_label=None)
    reason = forms.CharField(
        label="Motivo de la excepción",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Solo si la fase I no está completa; la decide quien coordina la región.",
    )

    def __init__(self, *args: Any, start: EntityRoad, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = HitoSchedule.objects.filter(pk__in=[one.pk for one in schedules_for(start)])
        self.fields["schedule"].queryset = found.select_related("unit")


def schedule_name(schedule: HitoSchedule) -> str:
    """A schedule in words."""
    return f"{STAGES.get(schedule.template, schedule.template)} · {schedule.period} · {schedule.unit.name}"


def month_words(month: str | None) -> str:
    """«marzo de 2025», of a month in ISO."""
    return long_date(date.fromisoformat(month)).partition(" de ")[2] if month else "Sin mes"
