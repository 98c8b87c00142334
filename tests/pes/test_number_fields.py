"""Numbers as people type them: what a field answers when there are too many figures."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from pes.forms.numbers import NumberField


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("50,555", "Tiene demasiados decimales. Escriba 2 como máximo."),
        ("5000,5", "Es demasiado grande. Escriba un número de 3 cifras enteras como máximo."),
        ("123456", "Tiene demasiadas cifras. Escriba 5 como máximo, contando los decimales."),
    ],
)
def test_a_number_with_too_many_figures_says_what_to_type(typed, told):
    field = NumberField(max_digits=5, decimal_places=2)

    with pytest.raises(ValidationError) as refused:
        field.clean(typed)

    assert told in refused.value.messages
