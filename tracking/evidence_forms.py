"""The form that proves a goal: one file or one link a time, perhaps as the next version of something."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.forms.base import ActionForm
from pes.rules.files import ACCEPTED, LONGEST_LINK, LONGEST_NAME, MEDIA_TYPES

ACCEPT = ",".join(MEDIA_TYPES)


class GoalEvidenceForm(ActionForm):
    """A file, or a link with its name; `replaces` is the evidence that it follows, `back` the page that held the form.

    `began` is when the browser says that the upload began: for words only, the server's instant is what counts (WF16).
    """

    file = forms.FileField(
        label="Archivo",
        required=False,
        allow_empty_file=True,  # so that the rules say what is wrong with it
        help_text=f"{ACCEPTED}; hasta 20 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )
    link = forms.CharField(
        label="Enlace",
        required=False,
        max_length=LONGEST_LINK,
        help_text="Solo https. El sistema no lo abre ni lo guarda: queda marcado como «no custodiado».",
    )
    name = forms.CharField(label="Nombre del enlace", required=False, max_length=LONGEST_NAME)
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput())
    back = forms.CharField(required=False, widget=forms.HiddenInput())
    began = forms.DateTimeField(required=False, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        """One of the two, and not both: each is an evidence of its own."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("file") is None and not values.get("link"):
            self.add_error(None, "Elija un archivo o escriba un enlace.")
        elif values.get("file") is not None and values.get("link"):
            self.add_error(None, "Aporte el archivo y el enlace por separado: cada uno es una evidencia.")
        return values
