"""The form that answers a question of viability."""

from __future__ import annotations

from django import forms

from evaluation.rules.improvement import TEXT_LIMIT
from evaluation.rules.viability_terms import Answer
from pes.forms.base import ActionForm
from plans.consultation_forms import Prose


class AnswerForm(ActionForm):
    """Yes, partly or no, and why."""

    answer = forms.ChoiceField(
        label="Respuesta",
        choices=[(one.value, one.label) for one in Answer],
        widget=forms.RadioSelect,
        error_messages={"required": "Elija una respuesta."},
    )
    text = Prose(
        label="Explicación",
        limit=TEXT_LIMIT,
        rows=3,
        help_text="En qué se basa: el documento, la reunión o el dato que lo muestra.",
        error_messages={"required": "Escriba en qué se basa su respuesta."},
    )
