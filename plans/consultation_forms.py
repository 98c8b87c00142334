"""Forms of the citizen consultation: its days, its waiver, what was said, and the answers."""

from __future__ import annotations

from django import forms

from pes.forms.base import ActionForm, DateInput
from pes.forms.prose import Prose
from pes.forms.public import PublicForm
from plans.rules.consultations import (
    CHANNEL_LIMIT,
    CHANNELS_LIMIT,
    NAME_LIMIT,
    TEXT_LIMIT,
    WAIVER_LIMIT,
    WITHHELD_LIMIT,
)


class TermForm(ActionForm):
    """Between which days citizens may speak, and where."""

    opens_on = forms.DateField(label="Abre", widget=DateInput(), help_text="El día cuenta completo.")
    closes_on = forms.DateField(label="Cierra", widget=DateInput(), help_text="El día cuenta completo.")
    channel = forms.CharField(
        label="Canales",
        max_length=CHANNELS_LIMIT,
        help_text="Por ejemplo «Página web y encuentro en la Casa de la Participación».",
    )


class WaiverForm(ActionForm):
    """Why a plan has no consultation."""

    reason = Prose(
        label="Motivo de la exención",
        limit=WAIVER_LIMIT,
        help_text="Queda en la bitácora y en esta página. No se puede deshacer.",
    )


class RecordForm(ActionForm):
    """What arrived on paper, by mail or at a meeting."""

    text = Prose(label="Aporte", limit=TEXT_LIMIT, rows=5, help_text="Con las palabras de quien lo hizo.")
    author_name = forms.CharField(
        label="Nombre de quien aporta",
        required=False,
        max_length=NAME_LIMIT,
        help_text="Se publica con el aporte; déjelo vacío si la persona no lo autoriza.",
    )
    channel = forms.CharField(label="Por dónde llegó", max_length=CHANNEL_LIMIT, help_text="Por ejemplo «Carta».")
    received_on = forms.DateField(label="Recibido el", widget=DateInput(), help_text="Un día de la consulta.")


class AnswerForm(ActionForm):
    """The answer to a contribution, and perhaps why its words are not published."""

    text = Prose(
        label="Respuesta", limit=TEXT_LIMIT, help_text="Se publica junto al aporte. Después no se puede corregir."
    )
    withheld_reason = forms.CharField(
        label="Por qué no se publica el aporte",
        required=False,
        max_length=WITHHELD_LIMIT,
        help_text="Solo si trae insultos o datos personales. El motivo no se publica; la respuesta, sí.",
    )


class CommentForm(PublicForm):
    """What a citizen says about a proposal."""

    text = Prose(
        label="Su aporte",
        limit=TEXT_LIMIT,
        rows=7,
        help_text="Diga qué cambiaría, qué falta o qué le parece bien. Hasta 3.000 caracteres.",
    )
    author_name = forms.CharField(
        label="Su nombre o el de su organización",
        required=False,
        max_length=NAME_LIMIT,
        help_text="Si lo escribe, se publica con su aporte.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
