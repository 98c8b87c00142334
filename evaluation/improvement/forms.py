"""Forms of phases 5 and 6: responsible people, bottlenecks, actions and their follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from evaluation.improvement.actions import ActionDraft
from evaluation.improvement.bottlenecks import Draft
from evaluation.improvement.responsibilities import candidates, facts_of
from evaluation.rules.improvement import TEXT_LIMIT, TITLE_LIMIT
from evaluation.rules.improvement_states import ActionKind, Severity
from pes.forms.base import ActionForm, DateInput
from pes.forms.edits import EditForm
from pes.models import Indicator, InvestmentProject, Objective, OrganizationUnit, SectorPlan, User
from pes.rules.files import ACCEPTED, LONGEST_LINK, MEDIA_TYPES
from plans.consultation_forms import Prose

PEOPLE = "responsables"  # id of the list of people that the boxes offer


class OwnersForm(EditForm):
    """Who answers for each goal and indicator, by e-mail; a blank box is nobody."""

    def __init__(self, *args: Any, plan: SectorPlan, rows: Iterable[tuple[str, int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.keys: dict[str, tuple[str, int]] = {}
        for kind, pk, label in rows:
            name = f"{kind}-{pk}"
            self.keys[name] = (kind, pk)
            box = forms.EmailInput(attrs={"list": PEOPLE, "aria-label": f"Responsable de {label}", "size": 30})
            self.fields[name] = forms.EmailField(
                label=label, required=False, widget=box,
                error_messages={"invalid": "Escriba un correo, o elija uno de la lista."},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Each e-mail as a person who works in the sector."""
        typed = {name: self.cleaned_data.get(name, "").strip().lower() for name in self.keys}
        wanted = {email for email in typed.values() if email}
        people = {person.email.lower(): person.pk for person in candidates(self.plan)} if wanted else {}
        for name, email in typed.items():
            if email and email not in people:
                self.add_error(name, f"{email} no tiene un rol en este sector. Elija un correo de la lista.")
        self.owners = {self.keys[name]: people.get(email) for name, email in typed.items()}
        return self.cleaned_data

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        return facts_of(self.owners)


class NamedChoice(forms.ModelChoiceField):
    """A row by what people call it."""

    def __init__(self, *args: Any, name: Any, **kwargs: Any) -> None:
        self.name = name
        super().__init__(*args, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Its name, cut where nobody reads on."""
        return str(self.name(obj))[:140]


class BottleneckForm(ActionForm):
    """What holds the PES back, why, since when, and what it holds back."""

    unit = NamedChoice(
        OrganizationUnit.objects.none(),
        name=lambda one: one.name,
        label="A cargo de",
        empty_label="Elija quién lo atiende",
        help_text="La entidad que lo atiende, o el sector si es de todas.",
    )
    title = forms.CharField(
        label="Qué frena", max_length=TITLE_LIMIT, help_text="En una línea, por ejemplo «Contratación atrasada»."
    )
    cause = Prose(label="Causa", limit=TEXT_LIMIT, help_text="Por qué ocurre: lo que se corrige es la causa.")
    severity = forms.ChoiceField(
        label="Gravedad",
        choices=[(one.value, one.label) for one in Severity],
        initial=Severity.MEDIUM.value,
        help_text="Alta si la meta de la vigencia está en riesgo.",
    )
    since = forms.DateField(label="Desde", widget=DateInput(), help_text="Cuándo empezó a frenar.")
    indicator = NamedChoice(
        Indicator.objects.none(),
        name=lambda one: f"{one.code or one.key} · {one.name}",
        label="Indicador que frena",
        required=False,
        empty_label="Ninguno en particular",
        help_text="Con él se mide después el efecto de las acciones.",
    )
    objective = NamedChoice(
        Objective.objects.none(),
        name=lambda one: f"{one.number}. {one.text}",
        label="Objetivo que frena",
        required=False,
        empty_label="Ninguno en particular",
    )
    project = NamedChoice(
        InvestmentProject.objects.none(), name=str, label="Proyecto que frena", required=False,
        empty_label="Ninguno en particular",
    )  # fmt: skip

    def __init__(self, *args: Any, plan: SectorPlan, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["objective"].queryset = Objective.objects.filter(plan=plan).order_by("number")
        self.fields["indicator"].queryset = Indicator.objects.filter(plan=plan).order_by("key")
        projects = InvestmentProject.objects.filter(entity__parent=plan.sector_id).select_related("entity")
        self.fields["project"].queryset = projects.order_by("entity__sort_key", "code")

    def clean(self) -> dict[str, Any]:
        """At least one thing is held back."""
        said = self.cleaned_data
        if not any(said.get(name) for name in ("objective", "indicator", "project")):
            self.add_error("indicator", "Elija un indicador, un objetivo o un proyecto.")
        return said

    def draft(self) -> Draft:
        """What was typed, once it is valid."""
        said = self.cleaned_data
        names = ("unit", "title", "cause", "since", "objective", "indicator", "project")
        return Draft(severity=Severity(said["severity"]), **{name: said[name] for name in names})


class BottleneckEditForm(BottleneckForm, EditForm):
    """The same data of one that is registered already."""

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        values = self.draft().values()
        return {
            "unit": values["unit"].code,
            "title": values["title"],
            "cause": values["cause"],
            "severity": Severity(values["severity"]).label,
            "since": values["since"].isoformat(),
            "objective": values["objective"].number if values["objective"] else None,
            "indicator": values["indicator"].key if values["indicator"] else None,
            "project": values["project"].code if values["project"] else None,
        }


class ActionDataForm(ActionForm):
    """What is done, by whom, until when, and what it should change."""

    kind = forms.ChoiceField(
        label="Clase",
        choices=[(one.value, one.label) for one in ActionKind],
        help_text="El plan de choque responde a algo urgente que pone en riesgo la vigencia.",
    )
    text = Prose(
        label="Acción", limit=TEXT_LIMIT, rows=3, help_text="Qué se va a hacer, de modo que se pueda comprobar."
    )
    expected_effect = Prose(
        label="Efecto esperado",
        limit=TEXT_LIMIT,
        rows=2,
        help_text="Qué debe cambiar en el indicador o en el proyecto.",
    )
    owner = NamedChoice(
        User.objects.none(),
        name=lambda one: f"{one} · {one.email}",
        label="Responsable",
        empty_label="Elija una persona",
        help_text="La acción aparece en su bandeja de trabajo.",
    )
    starts_on = forms.DateField(
        label="Empieza", widget=DateInput(), help_text="El efecto se mide desde el corte anterior a este día."
    )
    due_on = forms.DateField(label="Vence", widget=DateInput(), help_text="El día cuenta completo.")

    def __init__(self, *args: Any, plan: SectorPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = candidates(plan)

    def draft(self) -> ActionDraft:
        """What was typed, once it is valid."""
        said = dict(self.cleaned_data)
        said.pop("read", None)
        return ActionDraft(**said | {"kind": ActionKind(said["kind"])})


class ActionEditForm(ActionDataForm, EditForm):
    """The same data of one that is registered already."""

    def facts(self) -> Mapping[str, Any]:
        """What was typed, named as the audit names it."""
        values = self.draft().values()
        return {
            "kind": ActionKind(values["kind"]).label,
            "text": values["text"],
            "expected_effect": values["expected_effect"],
            "user": values["owner"].pk,
            "starts_on": values["starts_on"].isoformat(),
            "due_on": values["due_on"].isoformat(),
        }


class FollowUpForm(ActionForm):
    """What has been done, and its proof."""

    progress = forms.IntegerField(label="Avance (%)", min_value=0, max_value=100, help_text="De 0 a 100.")
    text = Prose(label="Qué se hizo", limit=TEXT_LIMIT, rows=3)
    file = forms.FileField(
        label="Evidencia en archivo",
        required=False,
        allow_empty_file=True,  # so that the rules say what is wrong with it
        help_text=f"{ACCEPTED}; hasta 20 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(MEDIA_TYPES)}),
    )
    link = forms.CharField(
        label="Evidencia en un enlace",
        required=False,
        max_length=LONGEST_LINK,
        help_text="Solo https. El sistema no lo abre ni lo guarda.",
    )


class WordsForm(ActionForm):
    """Why or how, for an act that asks for it once."""

    text = Prose(label="Motivo", limit=TEXT_LIMIT, rows=3, help_text="Queda en la historia.")

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class SolveForm(WordsForm):
    """How a bottleneck was overcome; with actions that are not finished, that the person knows of them."""

    def __init__(self, *args: Any, unfinished: int, **kwargs: Any) -> None:
        super().__init__(*args, label="Cómo se superó", **kwargs)
        if unfinished:
            left = "queda 1 acción" if unfinished == 1 else f"quedan {unfinished} acciones"
            self.fields["confirmed"] = forms.BooleanField(
                label=f"Sé que {left} sin terminar, y aun así ya no frena",
                error_messages={"required": f"Confirme que sabe que {left} sin terminar, o termínelas antes."},
            )
