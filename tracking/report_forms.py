"""Forms of the quarterly report: what a goal reports, and what the team says about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from pes.forms.base import ActionForm, PlainTextarea, PlainTextInput
from plans.goal_forms import WAS, TypedField
from plans.rules.findings import Finding
from plans.rules.values import ValueProblem
from tracking.comments import COMMENT_LIMIT
from tracking.filling import EntryChange, FieldConflict, StaleFields, Value, shown
from tracking.rules.entry_values import read_entry
from tracking.rules.goal_reports import ENTRY_BY_NAME, Entry, EntryField


class EntryForm(ActionForm):
    """What the team reports of one goal, each field with what it held when the page was made (WF3).

    Without JavaScript it is sent with its button; with it, it sends itself.
    """

    stale: tuple[tuple[str, str, str], ...] = ()  # rows: field, held now, typed
    conflicts: tuple[FieldConflict, ...] = ()

    def __init__(self, data: Any = None, *, number: int, entry: Entry | None = None, prefix: str | None = None) -> None:
        self.number = number
        held = {name: shown(getattr(entry, name)) for name in ENTRY_BY_NAME} if entry else {}
        self.base_fields = _FIELDS
        initial = {"goal": number, **held, **{WAS + name: text for name, text in held.items()}}
        super().__init__(data, initial=initial, auto_id="%s" if prefix else f"m{number}_%s", prefix=prefix)
        self.values: dict[str, Value] = {}

    def clean(self) -> dict[str, Any]:
        """Read what differs from what the person saw: what stayed as it was is not theirs to write."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ENTRY_BY_NAME:
            if name not in cleaned or self.add_prefix(name) not in self.data:
                continue  # refused already, or not sent
            if _lines(cleaned[name]) == self._was(name):
                continue
            try:
                self.values[name] = read_entry(name, cleaned[name])
            except ValueProblem as found:
                self.add_error(name, f"{found.problem.message} {found.problem.fix}".strip())
        return cleaned

    def change(self, names: Collection[str]) -> EntryChange | None:
        """What the person writes in some of the fields, with the texts that it takes the place of."""
        values = {name: value for name, value in self.values.items() if name in names}
        return EntryChange(self.number, values, {name: self._was(name) for name in values}) if values else None

    def place(self, findings: Iterable[Finding]) -> None:
        """Put what the rules found at its field."""
        for finding in findings:
            self.add_error(finding.field, f"{finding.problem.message} {finding.problem.fix}".strip())

    def renew(self, stale: StaleFields) -> None:
        """Show another's change beside what was typed; saving again is then a decision (WF3)."""
        self.refuse(stale)
        self.data = self.data.copy()
        self.conflicts += stale.conflicts
        self.stale += tuple(self._compared(one) for one in stale.conflicts)
        for one in stale.conflicts:
            self.data[self.add_prefix(WAS + one.field)] = one.theirs

    def demand(self, names: Collection[str]) -> None:
        """Mark the fields that sending the report needs; a draft may lack them."""
        for name in ENTRY_BY_NAME:
            self.fields[name].required = name in names

    @property
    def seen(self) -> SafeString:
        """The goal and what each box held, as hidden boxes; by hand, because a page has hundreds of them."""
        held = [("goal", self.number), *((WAS + name, self[WAS + name].value() or "") for name in ENTRY_BY_NAME)]
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', held)

    def explain(self, texts: Mapping[str, str]) -> None:
        """Say under some boxes what is meant, as the goal's own formula does."""
        for name, text in texts.items():
            self.fields[name].help_text = text or self.fields[name].help_text

    def _compared(self, one: FieldConflict) -> tuple[str, str, str]:
        return (
            ENTRY_BY_NAME[one.field].label,
            one.theirs or "vacío",
            str(self.data.get(self.add_prefix(one.field), "")) or "vacío",
        )

    def _was(self, name: str) -> str:
        return _lines(str(self.cleaned_data.get(WAS + name, "")))


class CommentForm(ActionForm):
    """Something that a member of the team tells the others about a goal."""

    text = forms.CharField(
        label="Comentario para su equipo",
        max_length=COMMENT_LIMIT,
        widget=PlainTextarea(attrs={"rows": 2}),
        help_text="La oficina de planeación no lo lee. No se cambia ni se borra.",
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _box(field: EntryField) -> forms.CharField:
    if field.is_amount:
        widget: forms.Widget = PlainTextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})
    else:
        widget = PlainTextarea(attrs={"rows": 3})
    return TypedField(label=field.label, help_text=field.help, required=False, widget=widget)


# Made once: each form takes its own copy of them, as Django's do.
_FIELDS: dict[str, forms.Field] = {
    "goal": forms.CharField(widget=forms.HiddenInput()),
    **{name: _box(field) for name, field in ENTRY_BY_NAME.items()},
    **{WAS + name: forms.CharField(required=False, widget=forms.HiddenInput()) for name in ENTRY_BY_NAME},
}
