"""Forms of the goals that a leading area writes once for many plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from pes.forms.base import ActionForm, ReasonForm
from pes.models import OrganizationUnit
from plans.goal_forms import Options, box
from plans.models import GoalTemplate
from plans.rules.fields import BY_NAME, GOAL_FIELDS
from plans.rules.goals import GoalKind
from plans.rules.values import ValueProblem, read, show
from plans.shared_goals import common_values

NAMES = tuple(field.name for field in GOAL_FIELDS if field.common)
OPTIONS: dict[str, list[tuple[str, str]]] = {
    "kind": [(kind.label, kind.label) for kind in (GoalKind.TRANSVERSAL, GoalKind.LOCAL)],
    **{
        name: [("", "–"), *((label, label) for _, label in BY_NAME[name].choices)]
        for name in ("indicator_type", "programming_type")
    },
}
FIRST = ("weight", "t1", "t2", "t3", "t4", "magnitude", "baseline", "responsible")


class _TypedForm(ActionForm):
    """Fields of a goal typed as text; `values` is what they mean."""

    names: Sequence[str] = ()

    def add_boxes(self, names: Sequence[str], options: Options) -> None:
        """A box for each field."""
        self.names = names
        for name in names:
            self.fields[name] = box(name, options.get(name), self.initial.get(name, ""))

    def clean(self) -> dict[str, Any]:
        """Read each text as the grid does."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.values: dict[str, Any] = {}
        for name in self.names:
            try:
                self.values[name] = read(name, cleaned.get(name, ""))
            except ValueProblem as found:
                self.add_error(name, f"{found.problem.message} {found.problem.fix}".strip())
        return cleaned


class SharedGoalForm(_TypedForm):
    """The common fields, with the revision that the person saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def __init__(
        self, data: Any = None, *, areas: Sequence[tuple[str, str]], template: GoalTemplate | None = None
    ) -> None:
        held = {name: show(name, value) for name, value in common_values(template).items()} if template else {}
        super().__init__(data, initial={**held, "revision": template.revision if template else None})
        self.add_boxes(NAMES, OPTIONS | {"central_area": [("", "–"), *areas]})


class NewSharedGoalForm(SharedGoalForm):
    """A shared goal to be written: who leads it, and for which vigencia."""

    owner = forms.ModelChoiceField(
        OrganizationUnit.objects.none(),
        label="Área que la lidera",
        empty_label=None,
        help_text="Escribe los campos comunes y responde por ellos.",
    )
    vigencia = forms.ChoiceField(label="Vigencia", help_text="Se asigna a planes de esta vigencia.")

    def __init__(
        self, data: Any = None, *, owners: Any, years: Iterable[int], areas: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data, areas=areas)
        self.fields["owner"].queryset = owners
        self.fields["vigencia"].choices = [(str(year), str(year)) for year in years]
        self.order_fields(["owner", "vigencia", *NAMES])


class AssignForm(_TypedForm):
    """The plans that get the goal, and what all of them begin with."""

    units = forms.ModelMultipleChoiceField(
        OrganizationUnit.objects.none(),
        label="Planes",
        widget=forms.CheckboxSelectMultiple,
        help_text="Procesos y alcaldías cuyo plan se está escribiendo y aún no la tiene.",
    )

    def __init__(self, data: Any = None, *, units: Any) -> None:
        super().__init__(data)
        self.fields["units"].queryset = units
        self.add_boxes(FIRST, {})
        for name in FIRST:
            self.fields[name].required = False

    @property
    def first(self) -> list[forms.BoundField]:
        """The boxes of what every plan begins with."""
        return [self[name] for name in FIRST]

    @property
    def given(self) -> dict[str, Any]:
        """What was typed; blanks are for each plan to write."""
        return {name: value for name, value in self.values.items() if value not in (None, "")}


class WithdrawForm(ReasonForm):
    """The plan that loses the goal, and why."""

    unit = forms.CharField(widget=forms.HiddenInput())
