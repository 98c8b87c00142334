"""Boxes for files and links, wherever something is proven with them."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.files.inspection import VERDICTS
from pes.rules.files import ACCEPTED, LONGEST_LINK

#: Problems of a link and of a file, by code → the field that they belong to.
FIELD_OF = {
    "link_not_accepted": "link",
    **dict.fromkeys(
        (
            "format_not_accepted",
            "empty_file",
            "file_too_large",
            "quota_reached",
            "repeated_file",
            "disk_full",
            "infected",
            "not_scanned",
            *VERDICTS,
        ),
        "files",
    ),
}


class ManyFilesInput(forms.ClearableFileInput):
    """A box for several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, as a list; each is judged when it is kept, not here."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files; an empty one passes, so that the refusal can say which."""
        return [file for file in (data if isinstance(data, list | tuple) else [data]) if file is not None]


def evidence_fields() -> tuple[forms.Field, forms.Field]:
    """A box for files and another for one link, both optional."""
    files = ManyFilesField(
        label="Archivos de evidencia",
        required=False,
        help_text=f"{ACCEPTED}; hasta 20 MB cada uno. Puede arrastrarlos aquí.",
    )
    link = forms.CharField(
        label="Enlace",
        required=False,
        max_length=LONGEST_LINK,
        help_text="Solo https. El sistema no lo abre ni lo guarda: queda marcado como «no custodiado».",
    )
    return files, link
