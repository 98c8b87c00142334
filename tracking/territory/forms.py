"""Forms of who walks with an entity: report a hito, tell a lesson."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.files.inspection import VERDICTS
from pes.forms.base import ActionForm, DateInput
from pes.forms.files import FIELD_OF, evidence_fields
from pes.forms.numbers import NumberField
from pes.models import RoadActivity, TerritorialEntity
from pes.rules.files import ACCEPTED
from pes.rules.problems import Refused
from tracking.models import LessonKind

_DAYS = ("date_in_future", "date_too_early", "year_not_valid")
_FIELDS = {"progress_not_valid": "percentage", "reason_missing": "note", **dict.fromkeys(_DAYS, "on"), **FIELD_OF}


class HitoReportForm(ActionForm):
    """How far a hito is, with a photo: few boxes, for a phone in a municipality."""

    percentage = NumberField(
        label="Avance", max_digits=5, decimal_places=2, help_text="De 0 a 100; con 100 está completo."
    )
    on = forms.DateField(label="Fecha", widget=DateInput(), help_text="El día al que corresponde.")
    files, link = evidence_fields()
    note = forms.CharField(
        label="Nota",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Qué se hizo. Si el avance baja, la fecha va hacia atrás o es una corrección, por qué.",
    )
    is_correction = forms.BooleanField(label="Corrige el último reporte", required=False)

    def refuse(self, refused: Refused) -> None:
        """Show each refusal beside its field."""
        for problem in refused.problems:
            self.add_error(_FIELDS.get(problem.code), f"{problem.message} {problem.fix}".strip())


class LessonForm(ActionForm):
    """A lesson or a success case, short."""

    kind = forms.ChoiceField(label="Qué es", choices=LessonKind.choices)
    title = forms.CharField(label="Título", max_length=150, help_text="En una línea, de qué se trata.")
    text = forms.CharField(
        label="Texto",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Qué pasó y qué se aprendió. Sin datos personales.",
    )
    hito = forms.ModelChoiceField(
        RoadActivity.objects.none(), label="Hito", required=False, empty_label="De toda la hoja de ruta"
    )
    upload = forms.FileField(label="Archivo", required=False, help_text=f"{ACCEPTED}; hasta 20 MB.")

    def __init__(self, *args: Any, entity: TerritorialEntity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hitos = RoadActivity.objects.filter(phase__road__entity_road__entity=entity)
        self.fields["hito"].queryset = hitos.select_related("phase").order_by("phase__road", "phase__number", "number")

    def refuse(self, refused: Refused) -> None:
        """Show each refusal beside its field."""
        of = {"title_missing": "title", "text_missing": "text", **dict.fromkeys(VERDICTS, "upload")}
        for problem in refused.problems:
            self.add_error(of.get(problem.code), f"{problem.message} {problem.fix}".strip())
