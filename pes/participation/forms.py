"""Forms of a DOFA board: how it presents itself, notes, groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from pes.forms.prose import Prose
from pes.models import DofaBoard, OrganizationUnit, Quadrant
from pes.models.dofa import MOST_VOTES
from pes.participation.boards import BoardFacts, voice_name
from pes.rules.dofa import NAME_LIMIT, NOTE_LIMIT, PROMPT_LIMIT, TITLE_LIMIT


class BoardForm(ActionForm):
    """A workshop that is going to be held, or to be written down."""

    title = forms.CharField(
        label="Título", max_length=TITLE_LIMIT, help_text="Por ejemplo: «DOFA con las entidades del sector»."
    )
    held_on = forms.DateField(label="Fecha del taller", widget=DateInput(), help_text="El día en que se hace.")
    prompt = Prose(
        label="Pregunta que orienta",
        limit=PROMPT_LIMIT,
        rows=3,
        required=False,
        help_text="La leen todas las personas antes de escribir. Hasta 600 caracteres.",
    )
    votes_each = forms.IntegerField(
        label="Votos por persona",
        min_value=1,
        max_value=MOST_VOTES,
        initial=3,
        help_text="Cuántas ideas prioriza cada quien.",
    )
    may_repeat = forms.BooleanField(label="Se pueden dar varios votos a una misma idea", required=False)

    def said(self) -> BoardFacts:
        """What was typed, once it is valid."""
        return BoardFacts(**{name: self.cleaned_data[name] for name in BoardFacts.__dataclass_fields__})


class BoardEditForm(BoardForm, EditForm):
    """A board that is on the wall already."""

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return self.said().tidied().facts()


class NoteForm(ActionForm):
    """A note for a quadrant."""

    quadrant = forms.ChoiceField(choices=Quadrant.choices, widget=forms.HiddenInput())
    text = Prose(label="Nota", limit=NOTE_LIMIT, rows=2)
    unit = forms.ChoiceField(label="En nombre de", required=False)

    def __init__(self, *args: Any, voices: Sequence[OrganizationUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(unit.code, voice_name(unit)) for unit in voices]
        if len(voices) < 2:
            del self.fields["unit"]


class NoteEditForm(ActionForm):
    """One's own note, said better."""

    text = Prose(label="Nota", limit=NOTE_LIMIT, rows=3, help_text="Una idea por nota. Hasta 280 caracteres.")


class GroupForm(ActionForm):
    """A group of notes of a quadrant."""

    quadrant = forms.ChoiceField(choices=Quadrant.choices, widget=forms.HiddenInput())
    name = forms.CharField(label="Grupo nuevo", max_length=NAME_LIMIT)


class GroupEditForm(ActionForm):
    """A better name for a group."""

    name = forms.CharField(label="Nombre del grupo", max_length=NAME_LIMIT)


class MoveForm(ActionForm):
    """Notes that go together, and the group they go to; without it they stand alone."""

    quadrant = forms.ChoiceField(choices=Quadrant.choices)
    notes = forms.TypedMultipleChoiceField(coerce=int, required=False)
    group = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, board: DofaBoard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = board.notes.values_list("pk", flat=True)
        self.fields["notes"].choices = [(str(pk), "") for pk in ids]
        self.fields["group"].choices = [(str(pk), "") for pk in board.groups.values_list("pk", flat=True)]


class VoteForm(ActionForm):
    """What a vote is for: a group, or a note that stands alone."""

    group = forms.IntegerField(required=False, min_value=1)
    note = forms.IntegerField(required=False, min_value=1)
