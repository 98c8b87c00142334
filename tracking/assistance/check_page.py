"""Product checklists in words, and the form that applies one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from pes.dates import long_instant
from pes.files.inspection import VERDICTS
from pes.models import OrganizationUnit, RoadActivity, TerritorialEntity, UnitKind
from pes.permissions import Permission
from pes.roads.templates import GOVERNMENT_TO_PLAN, template
from pes.rules.files import ACCEPTED, LONGEST_LINK
from pes.rules.numbers import format_percent
from tracking.assistance.forms import PlacedForm
from tracking.models import ProductCheck, ProductChecklist, ProductReview
from tracking.rules.checklist import Answer, Decision, completeness

TONES = {"accepted": "ok", "returned": "warn"}


class ChecklistForm(PlacedForm):
    """What the product of a hito must have, in a region."""

    places = {
        "hito_unknown": "hito", "product_missing": "product", "item_count": "items", "item_too_long": "items",
        "item_repeated": "items",
    }  # fmt: skip
    unit = forms.ModelChoiceField(OrganizationUnit.objects.none(), label="Región", empty_label=None)
    hito = forms.ChoiceField(label="Hito")
    product = forms.CharField(label="Producto", max_length=150, help_text="Por ejemplo «Plan de desarrollo».")
    items = forms.CharField(
        label="Criterios", widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000, help_text="Uno por línea."
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = OrganizationUnit.objects.visible_to(user, Permission.TERRITORY_MANAGE).filter(kind=UnitKind.REGION)
        self.fields["unit"].queryset = regions.order_by("sort_key", "code")
        self.fields["hito"].choices = hito_choices()


class CheckForm(PlacedForm):
    """Each item answered, the product, and how good it is."""

    places = {
        "evidence_missing": "upload", "quality_missing": "quality", "link_not_accepted": "link",
        **dict.fromkeys(VERDICTS, "upload"),
    }  # fmt: skip
    upload = forms.FileField(label="Producto revisado", required=False, help_text=f"{ACCEPTED}; hasta 20 MB.")
    link = forms.CharField(label="o su enlace", required=False, max_length=LONGEST_LINK, help_text="Solo https.")
    quality = forms.CharField(
        label="Valoración cualitativa", max_length=3000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Qué tan bueno es el producto y qué le falta.",
    )  # fmt: skip

    def __init__(self, *args: Any, checklist: ProductChecklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in checklist.items.all():
            choices = [(one.value, one.label) for one in Answer]
            self.fields[f"item_{item.number}"] = forms.ChoiceField(
                label=str(item), choices=choices, widget=forms.RadioSelect
            )

    def answers(self) -> dict[int, str]:
        """Number of item → its answer."""
        return {
            int(name.removeprefix("item_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("item_")
        }

    def items(self) -> list[Any]:
        """The boxes of the items, in order."""
        return [self[name] for name in self.fields if name.startswith("item_")]


class ReviewForm(PlacedForm):
    """What who coordinates decides."""

    places = {"note_missing": "note"}
    decision = forms.ChoiceField(label="Decisión", choices=ProductReview.DECISIONS, widget=forms.RadioSelect)
    note = forms.CharField(label="Nota", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


def hito_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every hito of both stages, by stage: «template:code»."""
    found = []
    for code in GOVERNMENT_TO_PLAN:
        read = template(code)
        hitos = [one for phase in read.phases for one in phase.everything]
        named = [(f"{code}:{one.code}", f"{one.code}. {(one.text or 'Por completar')[:90]}") for one in hitos]
        found.append((f"Fase {'I' * (len(found) + 1)}", named))
    return found


def check_row(one: ProductCheck) -> dict[str, Any]:
    """A check in the list; its answers and its review are prefetched."""
    review = getattr(one, "review", None)
    answers = [row.answer for row in one.answers.all()]
    return {
        "url": one.get_absolute_url(),
        "entity": one.entity.name,
        "code": one.entity.dane_code,
        "product": one.checklist.product,
        "hito": f"Hito {one.hito.code}",
        "percent": percent_of(answers),
        "met": f"{answers.count(Answer.MET)} de {len(answers) - answers.count(Answer.NA)}",
        "state": Decision(review.decision).label if review else "Por revisar",
        "tone": TONES[review.decision] if review else "neutral",
        "who": f"{one.checked_by}, {long_instant(one.checked_at)}",
    }


def percent_of(answers: Iterable[str]) -> str:
    """How complete, in words; where nothing applies there is no figure."""
    found = completeness(answers)
    return format_percent(found) if found is not None else "No aplica"


def hitos_with_lists(entity: TerritorialEntity) -> list[dict[str, Any]]:
    """The hitos of an entity that have a checklist in its region, with their last check; three queries and the answers."""
    rows = ProductChecklist.objects.filter(unit=entity.region).order_by("edition")
    lists = {(one.template, one.code): one for one in rows}
    hitos = RoadActivity.objects.filter(phase__road__entity_road__entity=entity).order_by(
        "phase__road", "phase__number", "number"
    )
    checks = {one.hito_id: one for one in checks_shown(ProductCheck.objects.filter(entity=entity)).order_by("pk")}
    found = []
    for hito in hitos.select_related("phase__road__entity_road__schedule"):
        wanted = lists.get((hito.phase.road.entity_road.schedule.template, hito.code))
        if wanted is not None:
            last = checks.get(hito.pk)
            found.append({"hito": hito, "list": wanted, "last": check_row(last) if last else None})
    return found


def checks_shown(rows: Any) -> Any:
    """Checks with everything that their row says."""
    rows = rows.select_related("entity", "hito", "checklist", "checked_by", "review")
    return rows.prefetch_related("answers")
