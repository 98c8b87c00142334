"""The gallery of components, only in DEBUG (the root URLconf decides whether it is reachable)."""

from decimal import Decimal as D  # noqa: N817 - a page of figures reads better with a short name
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pes.access import public
from pes.charts import ObjectiveBar, TrendPoint, VigenciaBar
from pes.rules.problems import Problem


class SampleForm(forms.Form):
    """One field of each kind, one of them wrong, to look at."""

    use_required_attribute = False

    achieved = forms.DecimalField(
        label="Ejecutado a la fecha",
        help_text="Nivel alcanzado desde el inicio del plan, en puntos porcentuales. Programado en 2022: 55,00.",
        localize=True,
    )
    kind = forms.ChoiceField(
        label="Tipo de programación",
        choices=[("SUMA", "Suma"), ("CRECIENTE", "Creciente")],
        help_text="Cómo se acumula lo ejecutado.",
    )
    analysis = forms.CharField(
        label="Análisis",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Logros del periodo y, si hay retraso, sus causas.",
    )
    measured_on = forms.DateField(label="Fecha de la medición", required=False, help_text="Día, mes y año.")
    is_final = forms.BooleanField(label="La cifra es definitiva", required=False)
    level = forms.ChoiceField(
        label="Nivel", choices=[("c", "Central"), ("l", "Local")], widget=forms.RadioSelect, required=False
    )
    evidence = forms.FileField(label="Evidencia", required=False, help_text="PDF, imagen o libro de Excel.")


@require_safe
@public
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with content like the real one."""
    form = SampleForm({"achieved": "veintisiete", "kind": "CRECIENTE", "analysis": "Se firmó el convenio."})
    return render(
        request,
        "pes/gallery.html",
        {"form": form, "blank": SampleForm(prefix="reabrir"), **_figures(), **_navigation()},
    )


def _figures() -> dict[str, Any]:
    return {
        "obj2": D("50.242045"),
        "obj3": D("24.150943"),
        "zero": D(0),
        "over": D("131.25"),
        "high": D("92.5"),
        "mid": D("61.2"),
        "marker": D("62.5"),
        "trend": [
            TrendPoint("I", D(12), D("10.4")),
            TrendPoint("II", D(24), None),
            TrendPoint("III", D(38), D("33.1")),
            TrendPoint("IV", D(55), D("50.24")),
        ],
        "trend_one": [TrendPoint("31 mar 2022", D(55), D("27.5"))],
        "trend_none": [TrendPoint("2022", None, None)],
        "vigencias": [
            VigenciaBar("2020", D(66), None),
            VigenciaBar("2021", D(120), D(118)),
            VigenciaBar("2022", D(100), D(19), is_current=True),
            VigenciaBar("2023", D(100), None),
            VigenciaBar("2024", None, None),
        ],
        "bars": [
            ObjectiveBar(
                "O2", "Paz, reparación, memoria y reconciliación en Bogotá Región", D("50.242045"), "Peso 20 %"
            ),
            ObjectiveBar("O3", "Gobierno abierto y gestión pública efectiva", D("24.150943"), "Peso 20 %"),
            ObjectiveBar("O4", "Transformación digital", None, "Peso 20 %", state="no_information"),
            ObjectiveBar("O5", "Servicio a la ciudadanía", None, "Peso 20 %", state="not_programmed"),
            ObjectiveBar("O6", "Capacidades institucionales", D("131.25"), "Peso 20 %", tone="over"),
        ],
        "indicators": [
            ("321", "Avance en la implementación de la estrategia de paz", "89,35", D("55"), D("27.5"), D("50")),
            ("P4", "Política pública distrital de víctimas", "10,65", D("55"), D("28.75"), D("52.272727")),
            ("555", "Sistema de información puesto en marcha", "28,33", D("25"), None, None),
        ],
        "lights": ["ok", "warn", "risk", "over", "course", "none", "off"],
        "found": [
            Problem("weights_sum", "W-02", "Los pesos suman 99,99.", fix="Agregue 0,01 a uno de los indicadores."),
            Problem("over", "PT-14", "El resultado de 131,25 % supera 125 %.", False, "Explique la causa."),
        ],
    }


def _navigation() -> dict[str, Any]:
    return {
        "crumbs": [
            {"label": "Sectores", "url": "#"},
            {"label": "Gestión Pública", "url": "#"},
            {"label": "Objetivo 2", "url": ""},
        ],
        "views": [
            {"label": "Indicadores", "url": "#", "current": True, "count": 9},
            {"label": "Mediciones", "url": "#", "count": 14},
            {"label": "Historial", "url": "#"},
        ],
        "road": [
            {"label": "Conocimiento del sector", "state": "done"},
            {"label": "Elaboración", "state": "done"},
            {"label": "Aprobación", "state": "current"},
            {"label": "Implementación", "state": "todo"},
            {"label": "Seguimiento", "state": "todo"},
            {"label": "Evaluación", "state": "todo"},
        ],
        "page": Paginator(range(240), 20).page(4),
        "vigencia_options": [(2022, "2022"), (2023, "2023")],
        "cutoff_options": [("2022-03-31", "31 de marzo"), ("2022-06-30", "30 de junio")],
    }
