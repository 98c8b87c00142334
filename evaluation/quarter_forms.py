"""Forms of the close of a quarter: another run, its publication, the acta of the Comité."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput

_TEXT = forms.Textarea(attrs={"rows": 3})


class RunForm(ActionForm):
    """Why there is another run; the first has no reason."""

    reason = forms.CharField(
        label="Motivo de la nueva corrida",
        max_length=2000,
        required=False,
        widget=_TEXT,
        help_text="Qué cambió y por qué; queda con la corrida. Por ejemplo: «Se corrigió la meta 3 de Usaquén».",
    )


class OfRunForm(ActionForm):
    """An act upon the run that the person is looking at: a later one is not meant."""

    run = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class PublicationForm(OfRunForm):
    """The note that everybody reads when a public run is corrected."""

    note = forms.CharField(
        label="Nota de corrección",
        max_length=2000,
        required=False,
        widget=_TEXT,
        help_text="La lee la ciudadanía junto a los resultados: qué se corrigió y por qué.",
    )


class CommitteeForm(OfRunForm):
    """The session in which the Comité received the results."""

    act = forms.CharField(label="Acta n.º", max_length=60, help_text="Número del acta, formato GDI-GPD-F030.")
    held_on = forms.DateField(label="Fecha de la sesión", widget=DateInput(), help_text="Día en que sesionó el Comité.")
    conclusions = forms.CharField(
        label="Conclusiones",
        max_length=4000,
        required=False,
        widget=_TEXT,
        help_text="Lo que el Comité decidió con estos resultados. Opcional.",
    )

    def session(self) -> dict[str, Any]:
        """What the act keeps."""
        return {name: self.cleaned_data[name] for name in ("act", "held_on", "conclusions")}
