"""A goal as a form of its own: for who has no JavaScript, or a phone in the hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from pes.forms.base import ActionForm
from pes.models import User
from plans.editing import CellChange, StaleCells, change_goals
from plans.models import PlanGestion
from plans.pages.grid import GROUPS, NAMES, NUMERIC, why_locked
from plans.rules.fields import BY_NAME, FieldKind
from plans.rules.goals import GoalFacts
from plans.rules.values import ValueProblem, read, show, spoken, typed, value_of

WAS = "was_"
Options = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of the sheet: a box, or what it says and why it has no box."""

    label: str
    value: str
    why: str
    box: BoundField | None
    is_wide: bool
    unit: str


class TypedField(forms.CharField):
    """A text that the rules read. `required` tells the person what sending needs; a draft may lack it."""

    def validate(self, value: Any) -> None:
        """Nothing to refuse yet: a draft may be blank."""


class GoalForm(ActionForm):
    """The fields of a goal that the plan may write, each with what it held when the page was made (WF3)."""

    stale: tuple[tuple[str, str, str], ...] = ()  # rows: field, held now, typed

    def __init__(self, data: Any = None, *, facts: GoalFacts, options: Options) -> None:
        self.facts, self.options = facts, options
        self.names = [name for name in NAMES if not why_locked(facts, name)]
        held = typed(facts)
        self.base_fields = {name: box(name, options.get(name), held[name]) for name in self.names} | {
            WAS + name: forms.CharField(required=False, widget=forms.HiddenInput()) for name in self.names
        }
        super().__init__(data, initial={n: held[n] for n in self.names} | {WAS + n: held[n] for n in self.names})
        self.values: dict[str, Any] = {}
        if self.is_bound:
            self.full_clean()

    @property
    def sections(self) -> list[tuple[str, list[Entry]]]:
        """The fields in the groups of the grid."""
        return [(title, [self._entry(name) for name in names]) for title, names in GROUPS]

    def clean(self) -> dict[str, Any]:
        """Read each text as the grid does."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.names:
            try:
                self.values[name] = read(name, cleaned.get(name, ""))
            except ValueProblem as found:
                self.add_error(name, f"{found.problem.message} {found.problem.fix}".strip())
        return cleaned

    def save(self, plan: PlanGestion, *, by: User) -> bool:
        """Write what the person changed; False when nothing did. Raises as change_goals."""
        changes = [
            CellChange(self.facts.number, name, value, was)
            for name, value in self.values.items()
            if show(name, value) != (was := self._was(name))
        ]
        if changes:
            change_goals(plan, changes, by=by)
        return bool(changes)

    def renew(self, stale: StaleCells) -> None:
        """Show another's change beside what was typed; saving again is then a decision (WF3)."""
        self.refuse(stale)
        self.data = self.data.copy()
        rows = []
        for one in stale.conflicts:
            rows.append((BY_NAME[one.field].label, one.theirs or "vacío", self.data.get(one.field, "") or "vacío"))
            self.data[WAS + one.field] = one.theirs
        self.stale = tuple(rows)

    def _was(self, name: str) -> str:
        return str(self.cleaned_data.get(WAS + name, "")).replace("\r\n", "\n")

    def _entry(self, name: str) -> Entry:
        field = BY_NAME[name]
        has_unit = field.kind in (FieldKind.AMOUNT, FieldKind.QUARTER)
        return Entry(
            label=field.label,
            value=told(name, self.facts, self.options),
            why=why_locked(self.facts, name),
            box=self[name] if name in self.fields else None,
            is_wide=field.kind in (FieldKind.PROSE, FieldKind.OBJECTIVE),
            unit="%" if field.kind is FieldKind.WEIGHT else self.facts.unit[:20] if has_unit else "",
        )


def told(name: str, facts: GoalFacts, options: Options) -> str:
    """What a goal has in a field, to be read: of a list, the words of the choice and not its number or code."""
    value = value_of(facts, name)
    chosen = dict(options.get(name, ())).get(show(name, value), "") if value else ""
    return chosen or spoken(name, value)


def box(name: str, options: Sequence[tuple[str, str]] | None, held: str) -> forms.CharField:
    """The box of a field: what it is called, what is written in it, and its options when it has a list."""
    field = BY_NAME[name]
    return TypedField(
        label=field.label, help_text=field.help, required=field.required, widget=_widget(field.kind, options, held)
    )


def _widget(kind: FieldKind, options: Sequence[tuple[str, str]] | None, held: str) -> forms.Widget:
    if options is not None:
        known = any(value == held for value, _ in options)
        return forms.Select(choices=options if known else [*options, (held, held)])
    if kind is FieldKind.PROSE:
        return forms.Textarea(attrs={"rows": 3})
    if kind in NUMERIC:
        return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})
    return forms.TextInput(attrs={"autocomplete": "off"})
