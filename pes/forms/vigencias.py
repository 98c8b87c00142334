"""Forms of what is set for a year: vigencia, methodology, days off."""

from __future__ import annotations

from typing import Any

from django import forms

from pes.forms.base import ActionForm, DateInput
from pes.models import Metodologia

_HELP = {
    "cap_percent": "Un resultado mayor se muestra completo y califica hasta este tope.",
    "discount_baseline": "Sin marcar, el avance de un indicador CRECIENTE es lo ejecutado sobre lo programado.",
    "constant_rule_plan": "Cómo se acumulan los trimestres de una meta CONSTANTE en los planes de gestión.",
    "constant_rule_pes": "Cómo se acumula un indicador CONSTANTE en el plan estratégico sectorial.",
    "missing_rule": "Qué pasa al consolidar con lo programado que nadie reportó.",
    "lights_enabled": "Sin marcar, las cifras se muestran sin colores.",
    "light_red_to": "Hasta este resultado, inclusive, el semáforo es rojo.",
    "light_yellow_to": "Después del rojo y hasta aquí, amarillo.",
    "light_green_to": "Después del amarillo y hasta aquí, verde; por encima, naranja.",
}


class VigenciaForm(ActionForm):
    """A plan year to open."""

    year = forms.IntegerField(label="Año", min_value=1990, max_value=2100, help_text="Cuatro cifras, por ejemplo 2026.")


class MethodologyForm(forms.ModelForm):
    """The draft of a methodology; each rule says what it does."""

    use_required_attribute = False

    class Meta:
        model = Metodologia
        fields = (*Metodologia.RULE_FIELDS, "memo")
        localized_fields = "__all__"  # decimals with a comma
        help_texts = {**_HELP, "memo": "Número y fecha. Se exige para publicar (PLE-PIN-P005, actividad 1)."}

    def clean(self) -> dict[str, Any]:
        """Lights go upwards; the cap is at least 100."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        red, yellow, green = (values.get(f"light_{name}_to") for name in ("red", "yellow", "green"))
        if None not in (red, yellow, green) and not red < yellow < green:  # type: ignore[operator]
            self.add_error("light_yellow_to", "Los límites del semáforo deben crecer: rojo, amarillo, verde.")
        if values.get("cap_percent") is not None and values["cap_percent"] < 100:
            self.add_error("cap_percent", "El tope no puede ser menor que 100,00 %.")
        weight = values.get("technical_weight")
        if weight is not None and not 0 < weight < 100:
            self.add_error("technical_weight", "El peso debe estar entre 0 y 100, o quedar vacío.")
        return values


class DayOffForm(ActionForm):
    """A day off by decree."""

    on = forms.DateField(label="Día", widget=DateInput(), help_text="Hoy o un día por venir.")
    reason = forms.CharField(label="Motivo", max_length=200, help_text="Por ejemplo: «Día cívico».")
    act = forms.CharField(
        label="Acto administrativo", max_length=200, required=False, help_text="Número y fecha del decreto."
    )
