"""The form of the columns of CB-0404: a row a column, in the order of their positions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from evaluation.auditor.columns import (
    CONSTANT,
    LARGEST_NUMBER,
    LONGEST_CONSTANT,
    LONGEST_HEADER,
    MOST_COLUMNS,
    SOURCES,
    Column,
)

CHOICES = [(CONSTANT, "Texto fijo"), *((name, source.label) for name, source in SOURCES.items())]
SPARE = 3  # empty rows for columns to be added


class ColumnForm(forms.Form):
    """A column; without a position it is hidden, that is, it is left out."""

    position = forms.IntegerField(label="Orden", min_value=1, max_value=999, required=False)
    number = forms.IntegerField(label="Número", min_value=1, max_value=LARGEST_NUMBER, required=False)
    header = forms.CharField(label="Encabezado", max_length=LONGEST_HEADER, required=False)
    source = forms.ChoiceField(label="Dato", choices=CHOICES, required=False)
    constant = forms.CharField(label="Texto fijo", max_length=LONGEST_CONSTANT, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = int(str(self.prefix).rpartition("-")[2]) + 1 if str(self.prefix)[-1:].isdigit() else 0
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label} de la fila {at}"

    def column(self) -> Column:
        """What was typed."""
        said = self.cleaned_data
        constant = "" if said["source"] else said["constant"].strip()
        return Column(said["header"].strip(), said["source"], said["number"], constant)


ColumnFormSet = forms.formset_factory(ColumnForm, extra=SPARE, max_num=MOST_COLUMNS, absolute_max=MOST_COLUMNS + SPARE)


def initial_of(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """The rows of some columns."""
    return [{"position": at, **column.as_json()} for at, column in enumerate(columns, 1)]


def chosen(formset: forms.BaseFormSet[ColumnForm]) -> list[Column]:
    """The columns of a valid set of rows, in the order of their positions; equal ones stay as they come."""
    rows = [form for form in formset if form.cleaned_data.get("position")]
    return [form.column() for form in sorted(rows, key=lambda form: form.cleaned_data["position"])]
