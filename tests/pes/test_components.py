"""The components that every template composes: accessible, escaped, free of inline style."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, engines
from django.test import RequestFactory
from django.test.html import parse_html

from pes.forms.base import PlainTextarea, PlainTextInput
from pes.rules.problems import Problem
from pes.views.gallery import gallery

D = Decimal
HOSTILE = "<b onclick=x>&"


def render(template: str, **values) -> str:
    return engines["django"].from_string(template).render(values)


class Form(forms.Form):
    amount = forms.DecimalField(label="Ejecutado", help_text="En puntos.")
    note = forms.CharField(label="Nota", required=False)
    evidence = forms.FileField(label="Evidencia", required=False)


@pytest.fixture(scope="module")
def page() -> str:
    return gallery(RequestFactory().get("/componentes/")).content.decode()


def test_no_component_breaks_the_content_security_policy(page: str):
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page) == []


def test_no_identifier_is_repeated_in_the_gallery(page: str):
    found = re.findall(r'\sid="([^"]+)"', page)

    assert sorted(found) == sorted(set(found))


def test_every_reference_of_the_gallery_has_its_target(page: str):
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    wanted = {name for names in re.findall(r'(?:aria-describedby|\sfor)="([^"]+)"', page) for name in names.split()}

    assert wanted - ids == set()


def test_texts_are_escaped():
    html = render(
        "{% card t t %}{% endcard %}{% kpi t t note=t %}{% badge t %}{% term t t %}{% button t reason=t %}"
        "{% event t t %}{% endevent %}{% download '#' t format=t %}{% objective_row t t None %}{% notice 'ok' t %}"
        "{% endnotice %}{% th t %}{% empty t %}{% endempty %}{% confirm t t %}{% endconfirm %}",
        t=HOSTILE,
    )

    assert "<b onclick" not in html
    assert html.count("&lt;b onclick") >= 20


def test_a_missing_figure_says_so_and_zero_stays_a_figure():
    assert "Sin información" in render('{% kpi "Resultado" value %}', value=None)
    assert "Sin información" not in render('{% kpi "Resultado" value %}', value=0)
    assert "Sin información" in render('{% term "Fórmula" "" %}')


def test_a_blocked_button_is_focusable_announced_and_says_why():
    html = render('{% button "Bloquear" reason="Los pesos suman 99,90." %}')

    why = re.search(r'aria-describedby="([^"]+)"', html)

    assert 'type="button"' in html
    assert 'aria-disabled="true"' in html
    assert why
    assert f'id="{why[1]}"' in html
    assert "Los pesos suman 99,90." in html


def test_a_post_button_carries_the_token_and_a_refused_one_cannot_post():
    allowed = render('{% post_button "/x/" "Enviar" %}', csrf_token="abc")
    refused = render('{% post_button "/x/" "Enviar" reason="Falta la evidencia." %}', csrf_token="abc")

    assert '<form method="post" action="/x/">' in allowed
    assert 'value="abc"' in allowed
    assert "<form" not in refused


def test_a_field_ties_its_label_help_and_error():
    html = render("{% field form.amount %}", form=Form({"amount": "x"}))

    assert '<label for="id_amount">' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_amount_error"' in html


@pytest.mark.parametrize(
    ("ours", "theirs"), [(PlainTextarea, forms.Textarea), (PlainTextInput, forms.TextInput)], ids=["text", "line"]
)
def test_a_box_written_as_one_string_is_the_box_that_django_writes(ours, theirs):
    for value in (None, "", HOSTILE, 'dos\nlíneas y "comillas"', D("1.5")):
        attrs = {"id": "m1_a", "required": True, "hidden": False, "aria-label": HOSTILE}
        written, rendered = (kind(attrs={"rows": 3}).render("a", value, attrs=attrs) for kind in (ours, theirs))

        assert parse_html(written) == parse_html(rendered)


def test_a_form_lists_its_errors_with_a_way_to_each_field():
    html = render("{% form_fields form %}", form=Form({"amount": "x"}))

    assert '<a href="#id_amount">Ejecutado</a>' in html
    assert "data-pes-drop" in html
    assert "(opcional)" in html


def test_a_header_sorts_upwards_then_downwards_and_keeps_the_filters():
    request = RequestFactory().get("/?vigencia=2022&orden=peso")

    html = render('{% th "Peso" sort="peso" %}{% th "Código" sort="codigo" %}', request=request)

    assert 'aria-sort="ascending"' in html
    assert "?vigencia=2022&amp;orden=-peso" in html
    assert "?vigencia=2022&amp;orden=codigo" in html


def test_an_objective_without_a_light_shows_none_and_one_without_value_its_state():
    plain = render('{% objective_row "O2" "Paz" value %}', value=D("50.242045"))
    missing = render('{% objective_row "O1" "Talento" None state="not_programmed" %}')

    assert "50,24\u00a0%" in plain
    assert 'class="light"' not in plain
    assert "Sin programación" in missing


def test_problems_that_block_are_apart_from_warnings():
    found = [Problem("a", "W-02", "Suman 99."), Problem("b", "PT-14", "Supera 125.", blocking=False, fix="Explique.")]

    html = render("{% problems found %}", found=found)

    assert html.index("notice-risk") < html.index("Suman 99.") < html.index("notice-warn") < html.index("Supera 125.")
    assert "Explique." in html


def test_progress_without_a_value_promises_nothing():
    assert " value=" not in render('{% progress None "Preparando" %}')
    assert "40\u00a0%" in render('{% progress 40 "Preparando" %}')


def test_finished_work_stops_asking():
    assert "hx-get" in render('{% job_progress "/x/" 40 %}')
    assert "hx-get" not in render('{% job_progress "/x/" 100 done=True %}')


def test_a_date_is_written_in_full():
    assert render("{{ day|long_date }}", day=date(2022, 4, 18)) == "18 de abril de 2022"


def test_the_base_page_offers_the_way_past_the_menu_and_leaves_by_post():
    class Person:
        is_authenticated = True
        pk = 7
        initials = "DR"
        email = "diana@ejemplo.invalid"

    values = {"user": Person(), "demo": True, "menu": [{"label": "Tablero", "url": "/t/", "current": True}]}
    html = engines["django"].engine.get_template("base.html").render(Context(values))

    assert html.index('href="#contenido"') < html.index("<header")
    assert "Datos de demostración — no son cifras oficiales" in html
    assert 'aria-current="page">Tablero' in html


def test_htmx_comes_from_our_own_static_files_without_inline_code():
    html = render("{% use_htmx %}")

    assert re.fullmatch(r'<script src="/static/django_htmx/[^"]+" defer></script>\s*', html)


def test_a_button_travels_with_its_form_by_name_or_to_an_address_of_its_own():
    html = render(
        '{% button "Iguales" name="helper" value="iguales" action="/x/" %}{% button "Guardar" action="/y/" %}'
    )

    assert 'name="helper" value="iguales" formaction="/x/"' in html
    assert 'formaction="/y/"' in html
    assert "&quot;" not in html
