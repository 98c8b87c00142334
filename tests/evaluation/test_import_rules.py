"""The domain's rules while a PES is imported: programme, weights, measurements, projects."""

from datetime import date

import pytest

from evaluation.models import Cutoff, ObjectiveWeight, WeightSet
from pes.models import (
    IndicatorTarget,
    InvestmentProject,
    Objective,
    OrganizationUnit,
    SectorGoal,
)
from pes.permissions import Role
from tests import make, people
from tests.pes_books import imported, published, refused, row

pytestmark = pytest.mark.django_db


@pytest.mark.rule("PT-20")
def test_an_ambiguous_programme_is_refused_and_its_types_named(tmp_path):
    tables = published()
    row(tables, "Indicadores", "clave", "644").update(p_2020="", p_2021="", p_2022="430", p_2023="", p_2024="")

    answer = refused(tables, tmp_path, ("Indicadores", "I7", "type_ambiguous"))
    assert "SUMA o CONSTANTE o CRECIENTE" in answer["errors"][0]["message"]


@pytest.mark.rule("PT-12")
@pytest.mark.parametrize("blank", ["", "NP", "N/A", "-", "0", 0])
def test_what_is_not_programmed_is_stored_as_nothing(tmp_path, blank):
    tables = published()
    row(tables, "Indicadores", "clave", "464").update(p_2020=blank, p_2024=blank)

    assert imported(tables, tmp_path)[1] == 0
    assert IndicatorTarget.objects.filter(indicator__key="464").count() == 3


@pytest.mark.rule("PT-12", "PT-03b")
def test_zero_is_a_level_of_a_decreciente_that_has_a_baseline(tmp_path):
    tables = published()
    falling = {"p_2020": "8", "p_2021": "6", "p_2022": "4", "p_2023": "2", "p_2024": "0", "p_total": "0"}
    row(tables, "Indicadores", "clave", "644").update(falling, tipo_programacion="decreciente")
    refused(tables, tmp_path, ("Indicadores", "J7", "baseline_missing"))
    row(tables, "Indicadores", "clave", "644")["linea_base"] = "10"

    assert imported(tables, tmp_path)[1] == 0
    assert IndicatorTarget.objects.get(indicator__key="644", vigencia=2024).programmed == 0


@pytest.mark.rule("IMP-04", "PES-07")
def test_a_total_that_is_not_the_computed_one_is_refused_naming_both(tmp_path):
    tables = published()
    row(tables, "Indicadores", "clave", "644").update(tipo_programacion="SUMA", p_total="431")

    answer = refused(tables, tmp_path, ("Indicadores", "Q7", "total_differs"))
    assert "430" in answer["errors"][0]["message"]
    assert "431" in answer["errors"][0]["message"]


@pytest.mark.rule("PT-02")
def test_a_rounding_of_the_total_is_only_a_warning(tmp_path):
    tables = published()
    row(tables, "Indicadores", "clave", "644").update(tipo_programacion="SUMA", p_total="430,01")

    answer, code = imported(tables, tmp_path)

    assert (code, [item["code"] for item in answer["warnings"]]) == (0, ["total_differs"])


@pytest.mark.rule("W-02")
def test_weights_that_do_not_add_up_are_refused(tmp_path):
    tables = published()
    row(tables, "Ponderaciones", "indicador", "P4")["ponderacion"] = "10"

    answer = refused(tables, tmp_path, ("Ponderaciones", "C2", "weights_do_not_add_up"))
    assert "99,35" in answer["errors"][0]["message"]


@pytest.mark.rule("W-03")
def test_a_weight_without_programme_is_refused_at_its_row(tmp_path):
    tables = published()
    tables["Ponderaciones"] += [
        {"indicador": key, "vigencia": "2024", "ponderacion": weight}
        for key, weight in (("644", "10"), ("543", "30"), ("554", "50"), ("464", "10"))
    ]

    refused(tables, tmp_path, ("Ponderaciones", "C14", "weight_without_programme"))


@pytest.mark.rule("W-03")
def test_a_programme_never_leaves_weights_behind(tmp_path):
    imported(published(), tmp_path)
    tables = published()
    row(tables, "Indicadores", "clave", "555").update(p_2022="", p_total="75", tipo_programacion="SUMA")
    tables["Ponderaciones"] = [line for line in tables["Ponderaciones"] if line["indicador"] in ("321", "P4")]

    refused(tables, tmp_path, ("Indicadores", "N10", "weights_out_of_step"))


@pytest.mark.rule("W-07")
def test_locked_weights_are_refused_and_equal_ones_pass(tmp_path):
    imported(published(), tmp_path)
    cast_chief = people.person("Jorge Jefe", Role.JEFE_OAP, OrganizationUnit.objects.get(code="gestion-publica"))
    for weight_set in WeightSet.objects.all():
        weight_set.lock(act="Acta 1", act_on=date(2022, 1, 31), by=cast_chief)
    assert imported(published(), tmp_path)[0]["unchanged"] == 35
    tables = published()
    row(tables, "Ponderaciones", "indicador", "321")["ponderacion"] = "50"
    row(tables, "Ponderaciones", "indicador", "P4")["ponderacion"] = "50"

    answer = refused(tables, tmp_path, ("Ponderaciones", "C2", "weights_locked"))

    assert "objetivo 2 en 2022 están bloqueadas y el libro trae otras" in answer["errors"][0]["message"]


@pytest.mark.rule("IM9", "PG-09e")
def test_a_consolidated_cutoff_does_not_change_by_import(tmp_path):
    imported(published(), tmp_path)
    chief = people.person("Jorge Jefe", Role.JEFE_OAP, OrganizationUnit.objects.get(code="gestion-publica"))
    Cutoff.objects.get().consolidate(by=chief)
    assert imported(published(), tmp_path)[0]["unchanged"] == 35
    tables = published()
    row(tables, "Mediciones", "indicador", "321")["ejecutado"] = "30"
    tables["Mediciones"].append({"indicador": "P4", "corte": "2022-02-28", "ejecutado": "1", "analisis": ""})

    answer = refused(
        tables,
        tmp_path,
        ("Mediciones", "C2", "cutoff_consolidated"),
        ("Mediciones", "B11", "cutoff_consolidated"),
    )
    assert "27,5" in answer["errors"][0]["message"]


@pytest.mark.rule("PES-06")
def test_dates_and_vigencias_outside_the_plan_are_refused(tmp_path):
    tables = published()
    row(tables, "Mediciones", "indicador", "321")["corte"] = "2019-12-31"
    refused(tables, tmp_path, ("Mediciones", "B2", "date_outside_plan"))

    outside = published()
    row(outside, "Ponderaciones", "indicador", "321")["vigencia"] = "2025"
    refused(outside, tmp_path, ("Ponderaciones", "B2", "vigencia_outside_plan"))


def test_objective_weights_are_an_optional_sheet(tmp_path):
    tables = published()
    tables["PonderacionesObjetivos"] = [
        {"objetivo": number, "vigencia": "2022", "ponderacion": weight} for number, weight in (("2", "60"), ("3", "39"))
    ]
    refused(tables, tmp_path, ("PonderacionesObjetivos", "C2", "weights_do_not_add_up"))
    tables["PonderacionesObjetivos"][1]["ponderacion"] = "40"

    assert imported(tables, tmp_path)[0]["created"] == 37
    assert imported(tables, tmp_path)[0]["unchanged"] == 37
    assert dict(ObjectiveWeight.objects.values_list("objective__number", "weight")) == {2: 60, 3: 40}


def test_an_investment_project_may_come_with_its_goal(tmp_path):
    tables = published()
    row(tables, "Indicadores", "clave", "P4").update(proyecto="7871")
    refused(tables, tmp_path, ("Indicadores", "R3", "project_unknown"))
    row(tables, "Indicadores", "clave", "P4").update(nombre_proyecto="Paz y reconciliación")

    assert imported(tables, tmp_path)[1] == 0
    assert SectorGoal.objects.get(kind="proyecto").project == InvestmentProject.objects.get(code="7871")


@pytest.mark.rule("PT-14", "PT-19")
def test_a_figure_far_above_its_programme_is_warned(tmp_path):
    tables = published()
    row(tables, "Mediciones", "indicador", "321")["ejecutado"] = "80"

    answer, code = imported(tables, tmp_path)

    assert (code, [item["cell"] for item in answer["warnings"]]) == (0, ["C2"])


def test_correcting_a_goal_code_leaves_no_empty_goal(tmp_path):
    imported(published(), tmp_path)
    kept = make.goal(objective=Objective.objects.get(number=1), code="900")
    tables = published()
    row(tables, "Indicadores", "clave", "321")["codigo_meta"] = "302"

    answer, _code = imported(tables, tmp_path)

    assert answer["updated"] == 1
    assert not SectorGoal.objects.filter(code="301").exists()
    assert SectorGoal.objects.filter(pk=kept.pk).exists()


@pytest.mark.rule("PES-01")
@pytest.mark.parametrize("key", ["3/21", "META 4", "3?21", ".."])
def test_a_key_that_an_address_cannot_carry_is_refused_at_its_cell(tmp_path, key):
    tables = published()
    row(tables, "Indicadores", "clave", "P4")["clave"] = key

    answer = refused(tables, tmp_path, ("Indicadores", "A3", "key_not_safe"))

    assert answer["errors"][0]["fix"].startswith("Use letras sin tilde, cifras, punto")
