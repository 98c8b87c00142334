"""Forms of requests: the proposal, the prior opinion, the decision, the HOLA case and the reason to give up."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from plans.change_facts import MODIFIABLE
from plans.change_requests import differing, draft_facts, print_of
from plans.goal_forms import Options, box, told
from plans.models import ChangeRequest
from plans.pages.grid import GROUPS
from plans.rules.changes import ChangeKind, Ground
from plans.rules.fields import BY_NAME, FieldKind
from plans.rules.goals import GoalFacts
from plans.rules.values import typed

GROUNDS = {
    Ground.ORDINARY: "Ordinaria: una vez por vigencia y hasta el 30 de junio",
    Ground.NORMATIVE: "Cambio normativo: sin esos límites; la OAP revisa el caso",
    Ground.FORCE_MAJEURE: "Fuerza mayor: sin esos límites; la OAP revisa el caso",
}
TEXT_LIMIT = 4000


class Asked:
    """A field that the act needs: the person is told so, and the rules say what is missing; a draft may lack it."""

    def validate(self, value: Any) -> None:
        """Nothing to refuse yet."""


class AskedText(Asked, forms.CharField):
    """Words that the act needs."""


class AskedDate(Asked, forms.DateField):
    """A date that the act needs."""


class AskedAnswer(Asked, forms.TypedChoiceField):
    """Yes or no that the act needs."""


class AskedOffice(Asked, forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit that the act needs."""


class ChangeForm(EditForm):
    """What a request asks, with what the goal says now beside each field; ended quarters are not open (PG-09e)."""

    ground = forms.ChoiceField(
        label="Causal",
        choices=[(ground.value, words) for ground, words in GROUNDS.items()],
        widget=forms.RadioSelect(),
    )
    justification = AskedText(
        label="Justificación técnica o legal",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Por qué debe cambiar la meta. Sin ella no se puede radicar.",
    )
    memo = AskedText(
        label="Memorando o correo dirigido a la jefatura de la OAP",
        max_length=120,
        help_text="Su número o su fecha: «Memorando 20225300012345».",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        request: ChangeRequest,
        facts: GoalFacts,
        options: Options,
        offices: Any,
        ended: Mapping[str, str],
    ) -> None:
        self.request, self.names = request, () if request.kind == ChangeKind.ELIMINATE else MODIFIABLE
        held = typed(facts)
        super().__init__(data, initial=_initial(request, held))
        if offices is not None:
            self.fields["local_office"] = _office_field(offices)
        for name in self.names:
            field = box(name, options.get(name), str(self.initial[name]))
            field.help_text = f"Hoy: {told(name, facts, options)}"
            if name in ended:
                field.disabled, field.help_text = True, ended[name]
            self.fields[name] = field

    @property
    def sections(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The fields that a request may propose, in the groups of the grid."""
        shown = [(title, [self._box(name) for name in names if name in self.names]) for title, names in GROUPS]
        return [(title, boxes) for title, boxes in shown if boxes]

    def proposed(self) -> dict[str, str]:
        """Field → text as typed."""
        return {name: self.cleaned_data.get(name, "") for name in self.names}

    def words(self) -> dict[str, Any]:
        """What the verb `save` asks for."""
        values = self.cleaned_data
        return {
            "ground": Ground(values["ground"]),
            "justification": values["justification"],
            "memo": values["memo"],
            "proposed": self.proposed(),
            "local_office": values.get("local_office"),
        }

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return {**dict.fromkeys(self.names), **draft_facts(self.as_typed())}

    def _box(self, name: str) -> dict[str, Any]:
        return {"box": self[name], "is_wide": BY_NAME[name].kind in (FieldKind.PROSE, FieldKind.OBJECTIVE)}

    def as_typed(self) -> ChangeRequest:
        """The request as it would be with what stands in the form; nothing is saved."""
        typed_ = copy(self.request)
        values = self.words()
        values["proposed"] = differing(self.request, values["proposed"])
        for name, value in values.items():
            setattr(typed_, name, value)
        return typed_


class OpinionForm(ActionForm):
    """A prior opinion (PG-09f, PG-09g)."""

    is_favourable = AskedAnswer(
        label="Concepto",
        choices=[("si", "Favorable"), ("no", "Desfavorable: la solicitud termina como no factible")],
        coerce=lambda text: text == "si",
        empty_value=None,
        widget=forms.RadioSelect(),
    )
    text = AskedText(
        label="En qué se basa",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lo leen quien solicita y la OAP.",
    )
    memo = AskedText(label="Memorando o correo", max_length=120, help_text="Con que se emite el concepto.")


class ApprovalForm(ActionForm):
    """Why a request is approved, if there is more to say than what the criteria say."""

    reason = forms.CharField(
        label="Motivo",
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lo lee quien solicita.",
    )


class DenialForm(ActionForm):
    """Why a request is denied; without a reason it is not (PG-09i)."""

    reason = AskedText(
        label="Motivo",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Por qué se niega. Lo lee quien solicita.",
    )


class HolaForm(ActionForm):
    """The HOLA case with the adjusted version (PG-09j); the rules say what is missing."""

    hola_case = AskedText(
        label="Número del caso HOLA",
        max_length=60,
        help_text="Con el que remitió a la OAP la versión ajustada.",
    )
    hola_on = AskedDate(label="Fecha del caso", widget=DateInput())


class WithdrawForm(ActionForm):
    """Why a request is given up."""

    reason = forms.CharField(
        label="Motivo",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Queda en la historia de la solicitud.",
    )


def _initial(request: ChangeRequest, held: Mapping[str, str]) -> dict[str, Any]:
    return {
        "read": print_of(request),
        "ground": request.ground,
        "justification": request.justification,
        "memo": request.memo,
        "local_office": request.local_office_id,
        **held,
        **request.proposed,
    }


def _office_field(offices: Any) -> AskedOffice:
    return AskedOffice(
        offices,
        label="Dependencia que da el concepto local",
        empty_label="Elija una",
        help_text="La que orienta la materia de la meta; se le pide el concepto al radicar.",
    )
