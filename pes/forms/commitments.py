"""Forms of the commitments that a meeting leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput, ReasonForm
from pes.forms.meetings import ACCEPT, person_label
from pes.meetings.commitments import Undertaking
from pes.models import OrganizationUnit, User
from pes.rules.files import ACCEPTED, LONGEST_LINK


class CommitmentForm(ActionForm):
    """What is undertaken, by whom and until when."""

    text = forms.CharField(
        label="Compromiso", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Qué se hará, de modo que se sepa cuándo está hecho.",
    )  # fmt: skip
    owner = forms.ChoiceField(label="Responsable", help_text="Lo verá en «Mi trabajo» hasta cumplirlo.")
    due_on = forms.DateField(label="Plazo", widget=DateInput())

    def __init__(self, *args: Any, entities: Iterable[OrganizationUnit], people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners: dict[str, Any] = {f"entity:{one.code}": one for one in entities}
        self.owners |= {f"person:{one.pk}": one for one in people}
        named = {key: one.name if key.startswith("entity") else person_label(one) for key, one in self.owners.items()}
        groups = [
            (title, [(key, label) for key, label in named.items() if key.startswith(prefix)])
            for title, prefix in (("Entidades", "entity"), ("Personas", "person"))
        ]
        self.fields["owner"].choices = [("", "Elija una entidad o una persona"), *groups]

    def undertaking(self) -> Undertaking:
        """What was typed, once it is valid."""
        said = self.cleaned_data
        chosen = self.owners[said["owner"]]
        name = "owner" if isinstance(chosen, User) else "owner_entity"
        return Undertaking(said["text"], said["due_on"], **{name: chosen})


class NoteForm(ActionForm):
    """How a commitment goes."""

    text = forms.CharField(
        label="Cómo va", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Lo que se ha hecho y lo que falta; queda con su nombre y la fecha.",
    )  # fmt: skip


class FulfilForm(ActionForm):
    """What was done, and its proof."""

    text = forms.CharField(label="Qué se hizo", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    file = forms.FileField(
        label="Evidencia",
        required=False,
        allow_empty_file=True,  # so that the rules say what is wrong with it
        help_text=f"{ACCEPTED}; hasta 20 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )
    link = forms.CharField(
        label="Enlace a la evidencia",
        required=False,
        max_length=LONGEST_LINK,
        help_text="Solo https. Archivo, enlace o ambos.",
    )


class RescheduleForm(ReasonForm):
    """Another day for a commitment, and why."""

    due_on = forms.DateField(label="Nuevo plazo", widget=DateInput())
    field_order = ("due_on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "El acta conserva el plazo que se acordó."


class StepBackForm(ReasonForm):
    """Why a commitment is opened again, or dropped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Lo lee quien responde por el compromiso."
