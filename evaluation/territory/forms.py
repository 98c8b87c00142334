"""The ten questions about an advisory team, as a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from evaluation.rules.advisor_rating import ENDS, HIGHEST, LOWEST, QUESTIONS, SCALES, TEXT_LIMIT, WORDS
from pes.models import User
from tracking.assistance.forms import PlacedForm


def _scale(number: int, label: str = "") -> forms.Field:
    low, high = ENDS[number]
    choices = [
        (LOWEST, f"{LOWEST} ({low.lower()})"),
        *((n, str(n)) for n in range(2, HIGHEST)),
        (HIGHEST, f"{HIGHEST} ({high.lower()})"),
    ]
    return forms.TypedChoiceField(
        label=label or f"{number}. {QUESTIONS[number]}", choices=choices, coerce=int, widget=forms.RadioSelect
    )


class AssessmentForm(PlacedForm):
    """Questions 1 to 10; question 4 once for each advisor."""

    places = {"reason_missing": "reason"}
    read = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, advisors: Iterable[User], is_correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, number in SCALES.items():
            self.fields[name] = _scale(number)
        for one in advisors:
            self.fields[f"score_{one.pk}"] = _scale(4, f"4. {one}")
        for name, number in WORDS.items():
            self.fields[name] = forms.CharField(
                label=f"{number}. {QUESTIONS[number]}", required=False, max_length=TEXT_LIMIT,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
        if is_correction:
            self.fields["reason"] = forms.CharField(label="Motivo de la corrección", max_length=500)

    def scales(self) -> list[Any]:
        """The boxes of questions 1 to 3."""
        return [self[name] for name in SCALES]

    def scores(self) -> list[Any]:
        """The boxes of question 4."""
        return [self[name] for name in self.fields if name.startswith("score_")]

    def words(self) -> list[Any]:
        """The boxes of questions 5 to 10."""
        return [self[name] for name in WORDS]

    def said(self) -> dict[str, Any]:
        """What was typed, as the verb takes it."""
        typed = self.cleaned_data
        return {
            "scales": {name: typed[name] for name in SCALES},
            "scores": {int(name.removeprefix("score_")): typed[name] for name in typed if name.startswith("score_")},
            "words": {name: typed[name] for name in WORDS},
            "reason": typed.get("reason", ""),
            "read": typed["read"],
        }
