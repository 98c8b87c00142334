"""Forms: a field with its label, help and error; a whole form; the live sum of weights."""

from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_NUMERIC = (forms.DecimalField, forms.IntegerField, forms.FloatField)


def _kind(bound: BoundField) -> str:
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return "check"
    if bound.use_fieldset:
        return "group"
    return "num" if isinstance(bound.field, _NUMERIC) else "plain"


def _widget(bound: BoundField, **attributes: str) -> SafeString:
    """The widget; Django adds aria-invalid and aria-describedby for help, errors are ours to add."""
    if bound.errors:
        described = [f"{bound.auto_id}_error"]
        if bound.help_text:
            described.insert(0, f"{bound.auto_id}_helptext")
        attributes["aria-describedby"] = " ".join(described)
    return bound.as_widget(attrs={**attributes})


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, unit: str = "", wide: bool = False) -> dict[str, Any]:
    """Label, help, widget and error of one form field; `unit` stands after the box."""
    kind = _kind(bound)
    extra = {"inputmode": "decimal"} if kind == "num" else {}
    classes = [f"field-{kind}", "field-wide" if wide else "", "has-error" if bound.errors else ""]
    return {
        "bound": bound,
        "kind": kind,
        "unit": unit,
        "widget": _widget(bound, **extra),
        "classes": " ".join(name for name in classes if name),
    }


@register.simple_tag
def cell_field(bound: BoundField, numeric: bool = True) -> SafeString:
    """A box inside a table: its row and column name it, so it needs an `aria-label` of its own; error below."""
    wrong = (
        format_html('<span class="field-error" id="{}_error">{}</span>', bound.auto_id, bound.errors[0])
        if bound.errors
        else ""
    )
    classes = f"field{' field-num' if numeric else ''}{' has-error' if bound.errors else ''}"
    widget = _widget(bound, inputmode="decimal") if numeric else _widget(bound)
    return format_html('<span class="{}">{}{}</span>', classes, widget, wrong)


@register.inclusion_tag("components/file_field.html")
def file_field(bound: BoundField) -> dict[str, Any]:
    """A file box where files may also be dropped, if there is JavaScript."""
    return {"bound": bound, "widget": _widget(bound)}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What must be corrected, each with a link to its field."""
    return {"form": form, "invalid": [bound for bound in form.visible_fields() if bound.errors]}


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """Hidden fields, summary of errors and every visible field of a form."""
    return {"form": form}


@register.inclusion_tag("components/weight_sum.html")
def weight_sum(target: str = "100,00", optional: bool = False) -> dict[str, str | bool]:
    """Live sum of the form's inputs marked data-pes-addend, against `target` percentage points (W-02).

    When the weights are optional, no sum is missing while every box is empty.
    """
    return {"target": target, "optional": optional}


@register.filter
def initials(name: str) -> str:
    """Two letters for an avatar."""
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
