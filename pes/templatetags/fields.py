"""Forms: a field with its label, help and error; a whole form; the live sum of weights."""

from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pes.templatetags.figures import light

register = template.Library()

_OPTIONAL = SafeString(' <span class="optional">(opcional)</span>')
_HELP = '<span class="field-help" id="{}">{}</span>'
_BOX = '<div class="{}"><label for="{target}">{label}</label>{help}{error}{widget}</div>'
_MARKUP = {
    "plain": _BOX,
    "num": _BOX,
    "check": '<div class="{}">{widget}<label for="{target}">{name}</label>{help}{error}</div>',
    "group": '<div class="{}"><fieldset{described}><legend>{label}</legend>{help}{error}{widget}</fieldset></div>',
}
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


@register.simple_tag
def field(bound: BoundField, unit: str = "", wide: bool = False) -> SafeString:
    """Label, help, widget and error of one form field; `unit` stands after the box.

    Written here and not in a template, because a page may have hundreds (a third of the time of a report's page).
    """
    kind = _kind(bound)
    classes = ["field", f"field-{kind}", "field-wide" if wide else "", "has-error" if bound.errors else ""]
    widget = _widget(bound, **({"inputmode": "decimal"} if kind == "num" else {}))
    if unit:
        widget = format_html('<span class="field-unit">{}<span>{}</span></span>', widget, unit)
    return format_html(_MARKUP[kind], " ".join(name for name in classes if name), **_parts(bound), widget=widget)


def _parts(bound: BoundField) -> dict[str, Any]:
    """What stands around a widget; `described` is of a group of boxes, whose help belongs to all of them."""
    help_id = f"{bound.auto_id}_helptext"
    optional = "" if bound.field.required else _OPTIONAL
    return {
        "target": bound.id_for_label,
        "name": bound.label,
        "label": format_html("{}{}", bound.label, optional),
        "described": format_html(' aria-describedby="{}"', help_id) if bound.help_text else "",
        "help": format_html(_HELP, help_id, bound.help_text) if bound.help_text else "",
        "error": _error(bound),
    }


def _error(bound: BoundField) -> SafeString:
    if not bound.errors:
        return SafeString()
    words = format_html_join(" ", "{}", ([error] for error in bound.errors))
    text = '<span class="field-error" id="{}_error">{}<span>{}</span></span>'
    return format_html(text, bound.auto_id, light("risk", " "), words)


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
