"""Forms of the road: open a PES, program a phase, report an activity, set it aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from pes.edits import fingerprint
from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from pes.forms.files import FIELD_OF, evidence_fields
from pes.forms.numbers import NumberField
from pes.models import OrganizationUnit, RoadActivity, User
from pes.roads.opening import FIRST_POSSIBLE, LAST_POSSIBLE
from pes.roads.schedule import Programme, schedule_facts
from pes.roads.templates import OF_PLANS, template
from pes.rules.problems import Refused

_FIELD_OF = {
    "progress_not_valid": "percentage",
    "reason_missing": "note",
    "date_in_future": "on",
    "date_too_early": "on",
    "year_not_valid": "on",
    **FIELD_OF,
}


class PlanOpenForm(ActionForm):
    """The sector, the name and the first vigencia of a PES."""

    sector = forms.ModelChoiceField(
        OrganizationUnit.objects.none(), label="Sector", empty_label=None, help_text="El que formula el plan."
    )
    name = forms.CharField(
        label="Nombre", max_length=250, help_text="Por ejemplo: «Plan estratégico del sector Gobierno 2024–2028»."
    )
    first_vigencia = forms.IntegerField(
        label="Primera vigencia",
        min_value=FIRST_POSSIBLE,
        max_value=LAST_POSSIBLE,
        help_text="El año en que empieza. Cuatro años de gobierno tocan cinco vigencias: 2024 abre 2024–2028.",
    )

    template_code = forms.ChoiceField(
        label="Cómo se construye",
        choices=[(code, template(code).name) for code in OF_PLANS],
        help_text="Las fases, las puertas y los productos son los mismos; cambian las actividades de la elaboración.",
    )

    def __init__(self, *args: Any, sectors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].queryset = sectors


class _RoadForm(ActionForm):
    def refuse(self, refused: Refused) -> None:
        """Show each refusal beside its field."""
        for problem in refused.problems:
            name = _FIELD_OF.get(problem.code)
            self.add_error(name if name in self.fields else None, f"{problem.message} {problem.fix}".strip())


class ActivityReportForm(_RoadForm):
    """How far an activity is, since when, in words and with proof."""

    percentage = NumberField(
        label="Avance", max_digits=5, decimal_places=2, help_text="De 0 a 100. Con 100 queda terminada."
    )
    on = forms.DateField(label="Fecha", widget=DateInput(), help_text="El día al que corresponde ese avance.")
    note = forms.CharField(
        label="Nota",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Qué se hizo, qué falta. Si el avance baja o la fecha va hacia atrás, explique por qué.",
    )
    files, link = evidence_fields()


class ActivityEvidenceForm(_RoadForm):
    """More proof of an activity."""

    files, link = evidence_fields()

    def clean(self) -> dict[str, Any]:
        """At least one of the two."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("files") and not values.get("link"):
            self.add_error("files", "Elija un archivo o escriba un enlace.")
        return values


class ScheduleForm(EditForm):
    """The days and the responsible people of every activity of a phase, in one table."""

    def __init__(
        self,
        *args: Any,
        activities: Sequence[RoadActivity],
        people: Iterable[User],
        entities: Iterable[OrganizationUnit],
        **kwargs: Any,
    ) -> None:
        facts = fingerprint(schedule_facts(activities))
        super().__init__(*args, initial={"read": facts} | _stored(activities), **kwargs)
        self.activities = activities
        self.people = {str(one.pk): one for one in people} | {
            str(one.person_id): one.person for one in activities if one.person
        }
        self.entities = {str(one.pk): one for one in entities} | {
            str(one.entity_id): one.entity for one in activities if one.entity
        }
        who = [("", "Sin asignar"), *((pk, str(one)) for pk, one in self.people.items())]
        where = [("", "Sin asignar"), *((pk, one.short_name) for pk, one in self.entities.items())]
        for one in activities:
            self._add_row(one, who, where)

    def _add_row(self, one: RoadActivity, who: list[tuple[str, str]], where: list[tuple[str, str]]) -> None:
        def named(label: str) -> dict[str, str]:
            return {"aria-label": f"{label} de {one.code}"}

        for name, label in (("from", "Inicio previsto"), ("until", "Fin previsto")):
            self.fields[f"{name}-{one.pk}"] = forms.DateField(
                label=f"{one.code}: {label.lower()}", required=False, widget=DateInput(attrs=named(label))
            )
        for name, label, options in (("person", "Responsable", who), ("entity", "Entidad", where)):
            self.fields[f"{name}-{one.pk}"] = forms.ChoiceField(
                label=f"{one.code}: {label.lower()}",
                required=False,
                choices=options,
                widget=forms.Select(attrs=named(label)),
            )

    def rows(self) -> list[dict[str, Any]]:
        """What the template lays out: each activity with its four boxes."""
        return [
            {"activity": one} | {name: self[f"{name}-{one.pk}"] for name in ("from", "until", "person", "entity")}
            for one in self.activities
        ]

    def programme(self) -> dict[int, Programme]:
        """What was typed, by activity (id)."""
        typed = self.cleaned_data
        return {
            one.pk: Programme(
                typed.get(f"from-{one.pk}"),
                typed.get(f"until-{one.pk}"),
                self.people.get(typed.get(f"person-{one.pk}") or ""),
                self.entities.get(typed.get(f"entity-{one.pk}") or ""),
            )
            for one in self.activities
        }

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        codes = {one.pk: one.code for one in self.activities}
        return {codes[pk]: row.facts() for pk, row in self.programme().items()}

    def clean(self) -> dict[str, Any]:
        """A row whose last day is before its first says so in its own box."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for one in self.activities:
            begins, ends = values.get(f"from-{one.pk}"), values.get(f"until-{one.pk}")
            if begins and ends and ends < begins:
                self.add_error(f"until-{one.pk}", "Termina antes de empezar.")
            elif bool(begins) != bool(ends):
                self.add_error(f"{'from' if ends else 'until'}-{one.pk}", "Falta esta fecha.")
        return values


def _stored(activities: Iterable[RoadActivity]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in activities:
        found |= {f"from-{one.pk}": one.planned_from, f"until-{one.pk}": one.planned_until}
        found |= {f"person-{one.pk}": one.person_id or "", f"entity-{one.pk}": one.entity_id or ""}
    return found
