"""Forms of reports."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.forms.base import ActionForm


class IssueForm(ActionForm):
    """Issue an edition; from the second on, what it corrects and why."""

    reason = forms.CharField(
        label="Qué se corrige y por qué",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Es público: se imprime en la portada. No escriba nombres de personas.",
    )

    def __init__(self, *args: Any, edition: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = edition > 1
