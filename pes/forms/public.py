"""What the forms that anybody may send share: a box that only machines fill in."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.forms.base import ActionForm


class PublicForm(ActionForm):
    """A form without an account. `website` is for machines: people do not see it and leave it empty."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def clean(self) -> dict[str, Any]:
        """Refuse what a machine filled in; the box is emptied, so that a person may send again."""
        if self.data.get(self.add_prefix("website")):
            self.data = self.data.copy()
            self.data[self.add_prefix("website")] = ""
            self.add_error(
                None, "Se llenó una casilla oculta, como hacen los programas. Ya la vaciamos: envíe otra vez."
            )
        return self.cleaned_data
