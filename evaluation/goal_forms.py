"""Forms of the goals of an investment project: a new one, a correction, the link to one that exists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from pes.dates import long_date
from pes.forms.base import ActionForm
from pes.forms.numbers import NumberField
from pes.goals import amounts_of, fingerprint
from pes.models import Indicator, Objective, SectorGoal
from pes.project_goals import GoalWords, NewGoal, targets_of
from pes.rules.problems import Problem, Refused
from pes.rules.programmes import first_open_vigencia, year_of
from pes.rules.programming import ProgrammingType

# Where each refusal is shown; the rest stand over the form.
PLACES = {
    "goal_repeated": "code",
    "key_not_safe": "key",
    "key_repeated": "key",
    "objective_of_other_sector": "objective",
    "baseline_missing": "baseline",
    "magnitude_not_below_baseline": "baseline",
    "quarters_do_not_add_up": "total",
}
WORDS = ("text", "name", "unit", "formula")


def _amount(**more: Any) -> NumberField:
    return NumberField(required=False, max_digits=18, decimal_places=4, **more)


class GoalWordsForm(ActionForm):
    """The words of a goal and its indicator, and one box for each vigencia; empty is not programmed (PT-12).

    `sealed` is the date of the last consolidated cut-off: the vigencias up to its own are shut.
    """

    text = forms.CharField(
        label="Meta",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="El texto completo, como está en el proyecto.",
    )
    name = forms.CharField(
        label="Indicador",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Qué se mide. Por ejemplo: «Encuentros ciudadanos realizados».",
    )
    unit = forms.CharField(
        label="Unidad de medida", max_length=80, required=False, help_text="Personas, documentos, %…"
    )
    formula = forms.CharField(
        label="Fórmula",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Cómo se calcula, si no es un conteo simple.",
    )

    def __init__(self, *args: Any, years: Sequence[int], sealed: date | None = None, **kwargs: Any) -> None:
        self.years = tuple(years)
        first_open = first_open_vigencia(self.years[0], sealed)
        boxes = {box(year): _year_field(year, sealed if year < first_open else None) for year in self.years}
        self.base_fields = {**type(self).base_fields, **boxes}  # of this form only: the base class logs the rest
        super().__init__(*args, **kwargs)

    @property
    def boxes(self) -> list[forms.BoundField]:
        """The bound boxes of the programme, in order."""
        return [self[box(year)] for year in self.years]

    def words(self) -> GoalWords:
        """The texts that were typed."""
        return GoalWords(**{name: self.cleaned_data[name].strip() for name in WORDS})

    def programme(self) -> dict[int, Decimal | None]:
        """The programme that was typed."""
        return {year: self.cleaned_data[box(year)] for year in self.years}

    def refuse(self, refused: Refused) -> None:
        """Show each problem at the box that it speaks of."""
        for problem in refused.problems:
            place = self._place(problem)
            self.add_error(place if place in self.fields else None, f"{problem.message} {problem.fix}".strip())

    def _place(self, problem: Problem) -> str | None:
        year = year_of(problem, self.years)
        return box(year) if year is not None else PLACES.get(problem.code)


class NewGoalForm(GoalWordsForm):
    """Everything of a goal that is entered with its first indicator."""

    objective = forms.ModelChoiceField(
        Objective.objects.none(),
        label="Objetivo estratégico",
        empty_label="Elija…",
        help_text="El que la meta ayuda a cumplir.",
    )
    code = forms.CharField(label="Código de la meta", max_length=30, help_text="Su número en el proyecto, como 4.")
    key = forms.CharField(
        label="Clave del indicador",
        max_length=40,
        help_text="Lo identifica en el plan, en el libro de Excel y en las direcciones, como P4. No cambia después.",
    )
    programming_type = forms.ChoiceField(
        label="Tipo de programación",
        choices=[("", "Elija…"), *((kind.value, kind.label) for kind in ProgrammingType)],
        help_text="Suma: las vigencias se suman. Constante: el mismo nivel cada vigencia. Creciente o decreciente: el nivel sube o baja.",
    )
    baseline = _amount(label="Línea base", help_text="Necesaria si es decreciente: desde ella se mide lo que baja.")
    total = _amount(
        label="Magnitud total del plan", help_text="Si lo escribe, se compara con lo programado; si no, se calcula."
    )

    def __init__(self, *args: Any, objectives: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["objective"]
        field.queryset = objectives
        field.label_from_instance = lambda one: f"{one} · {one.text[:90]}"

    def goal(self) -> NewGoal:
        """What was typed, as the verb takes it."""
        said = self.cleaned_data
        return NewGoal(
            objective=said["objective"],
            code=said["code"],
            key=said["key"],
            words=self.words(),
            kind=ProgrammingType(said["programming_type"]),
            baseline=said["baseline"],
            years=self.programme(),
            total=said["total"],
        )


class GoalEditForm(GoalWordsForm):
    """A correction; `read` says what the person was editing (WF3)."""

    read = forms.CharField(required=False, widget=forms.HiddenInput())


class LinkForm(ActionForm):
    """A goal of kind proyecto that has no project yet."""

    goal = forms.ModelChoiceField(
        SectorGoal.objects.none(),
        label="Meta existente",
        empty_label="Elija…",
        help_text="Metas de clase proyecto, de la entidad del proyecto, que aún no tienen proyecto.",
    )

    def __init__(self, *args: Any, goals: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["goal"]
        field.queryset = goals
        field.label_from_instance = lambda one: f"{one.code} · Objetivo {one.objective.number} · {one.text[:90]}"


def box(year: int) -> str:
    """Name of the box of a vigencia."""
    return f"p_{year}"


def initial_of(indicator: Indicator) -> dict[str, Any]:
    """What the form of a goal shows of a stored indicator, and the fingerprint of it."""
    programme = amounts_of(targets_of(indicator))
    words = {"text": indicator.goal.text, "name": indicator.name, "unit": indicator.unit, "formula": indicator.formula}
    boxes = {box(year): amount for year, amount in programme.items()}
    return {**words, **boxes, "read": fingerprint(indicator, programme)}


def _year_field(year: int, sealed: date | None) -> NumberField:
    """The box of a vigencia; shut when its figures are consolidated."""
    help_text = f"Consolidado hasta el {long_date(sealed)}: no cambia." if sealed else ""
    return _amount(label=str(year), disabled=sealed is not None, help_text=help_text)
