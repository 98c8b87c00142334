"""Forms of the approval of the PES: presenting, observing, answering, the committee, the act, the publication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from pes.approval.acts import ActDraft, act_facts
from pes.approval.versions import WHOLE
from pes.edits import fingerprint
from pes.files.inspection import VERDICTS
from pes.files.keeping import digest_of_upload
from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from pes.models import ActKind, AdministrativeAct, CommitteeDecision, PublicationChannel, Verdict
from pes.rules.problems import Refused
from pes.rules.threads import TEXT_LIMIT

PDF_HELP = "PDF; hasta 20 MB. Puede arrastrarlo aquí."
_FILE_PROBLEMS = (
    "format_not_accepted",
    "empty_file",
    "file_too_large",
    "disk_full",
    "infected",
    "not_scanned",
    *VERDICTS,
)
NO_SECTION = "Elija la sección"


class RuledForm(ActionForm):
    """Shows each refusal of the rules beside the field that it is about."""

    FIELD_OF: ClassVar[Mapping[str, str]] = {}

    @property
    def status(self) -> int:
        """HTTP status of the page that shows the form."""
        return 422 if self.errors else 200

    def refuse(self, refused: Refused) -> None:
        """Show what the rules refused, each beside its field."""
        for problem in refused.problems:
            name = self.FIELD_OF.get(problem.code)
            self.add_error(name if name in self.fields else None, f"{problem.message} {problem.fix}".strip())


class PresentForm(RuledForm):
    """The term to observe, and what the entities should know of this version."""

    FIELD_OF: ClassVar[Mapping[str, str]] = {"term_too_short": "respond_by"}

    respond_by = forms.DateField(
        label="Plazo para observar",
        widget=DateInput(),
        help_text="Último día en que las entidades pueden observar; cuenta completo.",
    )
    note = forms.CharField(
        label="Nota para las entidades",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Por ejemplo: qué cambió frente a la versión anterior.",
    )
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())


class WordsForm(RuledForm):
    """Why something is done or said, in one box."""

    text = forms.CharField(label="Motivo", max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: str = "", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label or self.fields["text"].label
        self.fields["text"].help_text = help_text


class ObservationForm(RuledForm):
    """What an entity observes, and of which section."""

    FIELD_OF: ClassVar[Mapping[str, str]] = {
        "section_unknown": "section", "text_missing": "text", "text_too_long": "text"
    }  # fmt: skip

    section = forms.ChoiceField(label="Sección", required=False, help_text="O todo el documento.")
    text = forms.CharField(
        label="Observación",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Qué debe cambiar y por qué. La cabeza de sector responde cada observación.",
        error_messages={"required": "Escriba qué observa su entidad."},
    )

    def __init__(self, *args: Any, labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [("", WHOLE), *labels.items()]  # type: ignore[attr-defined]


class AnswerForm(RuledForm):
    """Whether an observation is accepted, where it is taken up, and why."""

    FIELD_OF: ClassVar[Mapping[str, str]] = {
        "adjusted_missing": "adjusted", "text_missing": "text", "text_too_long": "text"
    }  # fmt: skip

    verdict = forms.ChoiceField(label="Respuesta", choices=Verdict.choices, widget=forms.RadioSelect)
    adjusted = forms.ChoiceField(
        label="Sección que se ajusta", required=False, help_text="Solo cuando la observación se acoge."
    )
    text = forms.CharField(
        label="Explicación",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Qué se ajustará, o por qué no se acoge.",
        error_messages={"required": "Escriba qué se ajustará o por qué no se acoge."},
    )

    def __init__(self, *args: Any, labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adjusted"].choices = [("", NO_SECTION), *labels.items()]  # type: ignore[attr-defined]


class SessionForm(RuledForm):
    """What the Comité Sectorial decided, with its minutes."""

    FIELD_OF: ClassVar[Mapping[str, str]] = {
        "session_in_future": "held_on", "session_too_early": "held_on", "reason_missing": "note",
        **dict.fromkeys(_FILE_PROBLEMS, "minutes"),
    }  # fmt: skip

    held_on = forms.DateField(label="Fecha de la sesión", widget=DateInput(), help_text="Hoy o antes.")
    decision = forms.ChoiceField(
        label="Decisión del Comité", choices=CommitteeDecision.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Qué dijo el Comité",
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Obligatorio si lo devuelve: dice qué debe ajustarse.",
    )
    minutes = forms.FileField(label="Acta de la sesión", help_text=PDF_HELP)


class ActForm(RuledForm):
    """An act with its file and its validity."""

    FIELD_OF: ClassVar[Mapping[str, str]] = {
        "act_kind_missing": "other_kind", "act_number_missing": "number", "act_day_missing": "issued_on",
        "act_in_future": "issued_on", "act_year_differs": "issued_on", "act_before_committee": "issued_on",
        "act_repeated": "number", "validity_out_of_order": "valid_until", "link_not_accepted": "link",
        "act_file_missing": "file", "repealed_too_early": "issued_on", **dict.fromkeys(_FILE_PROBLEMS, "file"),
    }  # fmt: skip

    kind = forms.ChoiceField(label="Tipo de acto", choices=ActKind.choices, initial=ActKind.RESOLUCION)
    other_kind = forms.CharField(
        label="Cuál", required=False, max_length=60, help_text="Solo si es de otro tipo; por ejemplo: «Directiva»."
    )
    number = forms.CharField(label="Número", max_length=30)
    issued_on = forms.DateField(label="Fecha del acto", widget=DateInput())
    issuer = forms.CharField(
        label="Quién lo expide",
        required=False,
        max_length=250,
        help_text="Por ejemplo: la secretaría cabeza de sector.",
    )
    subject = forms.CharField(label="Asunto", required=False, max_length=500)
    file = forms.FileField(label="Archivo del acto", help_text=PDF_HELP)
    valid_from = forms.DateField(
        label="Rige desde", required=False, widget=DateInput(), help_text="Vacío: desde la fecha del acto."
    )
    valid_until = forms.DateField(
        label="Rige hasta", required=False, widget=DateInput(), help_text="Vacío: sin fecha final."
    )

    def draft(self) -> ActDraft:
        """What was typed, once it is valid."""
        said = {name: value for name, value in self.cleaned_data.items() if name in ActDraft.__dataclass_fields__}
        return ActDraft(**said, year=said["issued_on"].year)


class EarlierActForm(ActForm):
    """The act of a PES that was adopted before this tool: perhaps only its year is known, and where it is published."""

    year = forms.IntegerField(label="Año", validators=[MinValueValidator(1990), MaxValueValidator(2200)])
    issued_on = forms.DateField(label="Fecha del acto", required=False, widget=DateInput(), help_text="Si la conoce.")
    file = forms.FileField(
        label="Archivo del acto", required=False, help_text=f"{PDF_HELP} Si no lo tiene, escriba el enlace."
    )
    link = forms.CharField(
        label="Enlace al acto", required=False, max_length=1000, help_text="Dónde está publicado. Solo https."
    )
    note = forms.CharField(
        label="Nota", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Por ejemplo: qué parte del PES adopta este acto.",
    )  # fmt: skip
    field_order = (
        "kind", "other_kind", "number", "year", "issued_on", "issuer", "subject", "file", "link", "valid_from",
        "valid_until", "note",
    )  # fmt: skip

    def draft(self) -> ActDraft:
        """What was typed; the year is the one that was typed, so that a day of another year is told."""
        said = {name: value for name, value in self.cleaned_data.items() if name in ActDraft.__dataclass_fields__}
        return ActDraft(**said)


class RepealForm(EarlierActForm):
    """The later act that repeals one, and from when."""

    repealed_on = forms.DateField(
        label="Derogado desde", widget=DateInput(), help_text="Primer día en que el acto anterior ya no rige."
    )
    field_order = (*EarlierActForm.field_order[:-1], "repealed_on")
    note = None  # type: ignore[assignment]


class CorrectActForm(EditForm, EarlierActForm):
    """What the act of an adoption really says, and why it said something else."""

    FIELD_OF: ClassVar[Mapping[str, str]] = {
        **ActForm.FIELD_OF, "act_not_earlier": "issued_on", "act_after_publication": "issued_on",
        "act_after_registration": "issued_on", "adoptions_reordered": "issued_on", "repealer_not_later": "repealed_on",
        "repealed_too_early": "repealed_on", "reason_missing": "reason", "reason_too_long": "reason",
    }  # fmt: skip

    repealed_on = forms.DateField(
        label="Derogado desde", required=False, widget=DateInput(), help_text="Vacío: el acto no está derogado."
    )
    reason = forms.CharField(
        label="Por qué se corrige",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lo lee la ciudadanía junto con lo que decía antes.",
    )
    field_order = (*EarlierActForm.field_order[:-1], "repealed_on", "reason")
    note = None  # type: ignore[assignment]

    def __init__(self, *args: Any, act: AdministrativeAct, **kwargs: Any) -> None:
        self.act = act
        said = {name: getattr(act, name) for name in (*ActDraft.__dataclass_fields__, "repealed_on")}
        super().__init__(*args, initial=said | {"read": fingerprint(act_facts(act))}, **kwargs)
        if act.file:
            self.fields["file"].help_text = f"{PDF_HELP} Vacío: se conserva «{act.file.display_name}»."
        if act.repealed_by is None:
            del self.fields["repealed_on"]
        elif self.is_bound and "repealed_on" not in self.data:  # it was repealed since this page was opened
            self.data = self.data.copy()
            self.data["repealed_on"] = act.repealed_on

    def facts(self) -> dict[str, Any]:
        """What was typed, named as the audit names it."""
        draft, file, repealed_on = self.draft(), self.cleaned_data["file"], self.cleaned_data.get("repealed_on")
        days = {name: getattr(draft, name) for name in ("issued_on", "valid_from", "valid_until")}
        said = {
            "act": draft.name, "issuer": draft.issuer, "subject": draft.subject, "url": draft.link,
            "repealed_by": str(self.act.repealed_by) if repealed_on else None,
        }  # fmt: skip
        days["repealed_on"] = repealed_on
        if file:
            said["sha256"] = digest_of_upload(file)
        return said | {name: day.isoformat() if day else None for name, day in days.items()}


class PublicationForm(RuledForm):
    """Where the adopted PES was published."""

    FIELD_OF: ClassVar[Mapping[str, str]] = {
        "link_not_accepted": "url", "published_in_future": "published_on", "published_too_early": "published_on"
    }  # fmt: skip

    channel = forms.ChoiceField(label="Medio", choices=PublicationChannel.choices)
    url = forms.CharField(label="Enlace", max_length=1000, help_text="Solo https.")
    published_on = forms.DateField(label="Publicado el", widget=DateInput())
