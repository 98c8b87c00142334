"""The form that takes a workbook."""

from __future__ import annotations

from django import forms

from pes.forms.base import ActionForm


class UploadForm(ActionForm):
    """One file; what it holds is judged by the preview."""

    file = forms.FileField(
        label="Libro de Excel",
        help_text="Un archivo .xlsx de hasta 5 MB: el que descargó de aquí, u otro con las mismas columnas.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        allow_empty_file=True,  # the verb says it with what to do
        error_messages={"required": "Elija el archivo que quiere cargar."},
    )
