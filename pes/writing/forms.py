"""The forms of the document: a section's text, comments, who writes what, a chapter's title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput
from pes.models import DocumentSection
from pes.rules.rich_markup import from_markup
from pes.rules.threads import TEXT_LIMIT
from pes.rules.writing import MOST_OF_QUOTE
from pes.writing.assignment import Task
from pes.writing.structure import TITLE_LIMIT

MARKUP = "markup"
HTML = "html"
NOBODY = "Sin asignar"


class TextForm(ActionForm):
    """What a section says: light mark-up from the plain box, HTML from the editor; and the revision that was read."""

    text = forms.CharField(
        label="Texto",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
        help_text="Una línea en blanco separa párrafos. Abajo está cómo escribir títulos, listas, enlaces y tablas.",
    )
    form = forms.ChoiceField(choices=[(MARKUP, MARKUP), (HTML, HTML)], widget=forms.HiddenInput)
    read = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def html(self) -> str:
        """What was written, as HTML that is still to be cleaned."""
        typed = self.cleaned_data["text"]
        return typed if self.cleaned_data["form"] == HTML else from_markup(typed)


class CommentForm(ActionForm):
    """A comment about a section or a passage of it."""

    quote = forms.CharField(
        label="Pasaje",
        required=False,
        max_length=MOST_OF_QUOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Opcional: copie aquí las palabras del texto que comenta.",
    )
    text = forms.CharField(
        label="Comentario", max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3}), help_text="Qué propone."
    )


class AnswerForm(ActionForm):
    """One more turn of a comment."""

    text = forms.CharField(label="Respuesta", max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 2}))


class TitleForm(ActionForm):
    """Another title for a chapter."""

    title = forms.CharField(label="Título", max_length=TITLE_LIMIT)
    read = forms.CharField(widget=forms.HiddenInput)


class TasksForm(ActionForm):
    """Who writes each section and until when: two boxes a section, all in one table."""

    read = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, sections: Sequence[DocumentSection], writers: Sequence[tuple[int, str]], read: str
    ) -> None:
        self.sections, self.writers = sections, list(writers)
        super().__init__(data, initial={"read": read})
        for row in sections:
            self.fields[f"who-{row.pk}"] = self._who(row)
            self.fields[f"due-{row.pk}"] = forms.DateField(
                label="Plazo",
                required=False,
                initial=row.due_on,
                widget=DateInput(attrs={"aria-label": f"Plazo de {row}"}),
            )

    @property
    def tasks(self) -> dict[int, Task]:
        """What was asked for, by section."""
        found = self.cleaned_data
        return {
            row.pk: Task(int(found[f"who-{row.pk}"]) if found[f"who-{row.pk}"] else None, found[f"due-{row.pk}"])
            for row in self.sections
        }

    def _who(self, row: DocumentSection) -> forms.ChoiceField:
        choices = [("", NOBODY), *((str(pk), name) for pk, name in self.writers)]
        if row.responsible is not None and row.responsible_id not in {pk for pk, _ in self.writers}:
            choices.append((str(row.responsible_id), f"{row.responsible} (ya no puede escribir)"))
        return forms.ChoiceField(
            label="Responsable",
            required=False,
            choices=choices,
            initial=str(row.responsible_id or ""),
            widget=forms.Select(attrs={"aria-label": f"Responsable de {row}"}),
        )
