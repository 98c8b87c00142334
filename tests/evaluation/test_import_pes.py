"""Importing a PES: all or nothing, twice the same, every problem with its sheet and cell (issue §5, IM1–IM14)."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evaluation.models import Cutoff, IndicatorWeight
from pes.models import (
    AuditEvent,
    Indicator,
    OrganizationUnit,
    SectorPlan,
)
from pes.permissions import Role
from tests import people
from tests.pes_books import imported, published, refused, row, run, save, written
from tracking.models import Measurement

pytestmark = pytest.mark.django_db


@pytest.mark.rule("PES-04", "PES-11", "PT-20")
def test_the_published_plan_is_imported_into_an_empty_database(tmp_path):
    answer, code = imported(published(), tmp_path)

    assert (code, answer) == (0, {"created": 35, "updated": 0, "unchanged": 0, "errors": [], "warnings": []})
    plan = SectorPlan.objects.get()
    assert (plan.sector.code, plan.sector.name, plan.sector.parent.code, plan.period) == (
        "gestion-publica",
        "Gestión Pública",
        "bogota",
        "2020–2024",
    )
    assert dict(plan.indicators.values_list("key", "programming_type")) == {
        "321": "CRECIENTE", "P4": "CRECIENTE", "464": "SUMA", "465": "SUMA", "466": "SUMA", "644": "SUMA",
        "543": "SUMA", "554": "CRECIENTE", "555": "SUMA",
    }  # fmt: skip
    one = plan.indicators.get(key="464")
    assert (one.type_was_inferred, one.unit, one.baseline, one.goal.text[:10]) == (True, "", None, "Posicionar")
    assert list(one.targets.values_list("vigencia", flat=True)) == [2021, 2022, 2023]
    assert plan.indicators.get(key="P4").code == ""


@pytest.mark.rule("IM10", "IMP-05")
def test_the_same_file_twice_changes_nothing_and_its_hash_is_recorded(tmp_path):
    imported(published(), tmp_path)
    before = written()

    answer, code = imported(published(), tmp_path)

    assert (code, answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 0, 35)
    after = written()
    assert (after[:-1], after[-1]) == (before[:-1], before[-1] + 1)
    digest = hashlib.sha256((tmp_path / "pes.xlsx").read_bytes()).hexdigest()
    assert AuditEvent.objects.filter(verb="pes_imported").first().after["sha256"] == digest


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(tmp_path):
    before = written()

    answer, code = imported(published(), tmp_path, dry_run=True)

    assert (code, answer["created"], answer["errors"]) == (0, 35, [])
    assert written() == before


def test_a_change_is_counted_by_rows_and_leaves_both_values_in_the_audit(tmp_path):
    imported(published(), tmp_path)
    tables = published()
    row(tables, "Indicadores", "clave", "321")["unidad"] = "Porcentaje"
    row(tables, "Objetivos", "numero", "1")["texto"] = "Otro texto."
    row(tables, "Mediciones", "indicador", "321")["ejecutado"] = "28,5"

    answer, _code = imported(tables, tmp_path)

    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 3, 32)
    event = AuditEvent.objects.get(verb="indicator_changed")
    assert (event.before, event.after) == ({"unit": ""}, {"unit": "Porcentaje"})
    assert AuditEvent.objects.get(verb="measurement_corrected").after["achieved"] == "28.5000"


def test_an_import_computes_the_cutoffs_that_it_changes(tmp_path):
    imported(published(), tmp_path)
    assert Cutoff.objects.get().sector_result.objectives[1].compliance.quantize(Decimal("0.0001")) == Decimal("0.5024")
    tables = published()
    row(tables, "Indicadores", "clave", "321").update(p_2022="50")

    imported(tables, tmp_path)

    assert Cutoff.objects.get().sector_result.objectives[1].indicators[0].progress == Decimal("0.55")


@pytest.mark.rule("IM1", "IMP-01")
def test_columns_are_found_by_header_in_any_order(tmp_path):
    tables = published()
    tables["Indicadores"] = [dict(reversed(line.items())) for line in tables["Indicadores"]]
    tables["Ponderaciones"] = [{k.upper(): v for k, v in line.items()} for line in tables["Ponderaciones"]]

    assert imported(tables, tmp_path)[0]["created"] == 35


@pytest.mark.rule("IM1")
def test_every_missing_header_and_sheet_is_told_at_once(tmp_path):
    tables = published()
    for line in tables["Indicadores"]:
        line["indicadr"] = line.pop("indicador")
        del line["entidad"]
    del tables["Mediciones"]

    answer = refused(
        tables,
        tmp_path,
        ("Indicadores", "A1", "missing_header"),
        ("Indicadores", "A1", "missing_header"),
        ("Mediciones", "", "missing_sheet"),
    )
    assert "¿Es la columna «indicadr»?" in answer["errors"][0]["fix"]


@pytest.mark.rule("IM2", "IM8")
def test_a_formula_without_value_refuses_the_whole_file(tmp_path):
    tables = published()
    row(tables, "Mediciones", "indicador", "644")["ejecutado"] = "=10+9"

    refused(tables, tmp_path, ("Mediciones", "C7", "formula_without_value"))


@pytest.mark.rule("IM3", "IMP-06")
@pytest.mark.parametrize("typed", ["89,35%", "89.35", "89,35", 89.35, "\u00a089,35 %"])
def test_a_weight_may_be_typed_in_every_usual_way(tmp_path, typed):
    tables = published()
    row(tables, "Ponderaciones", "indicador", "321")["ponderacion"] = typed

    assert imported(tables, tmp_path)[1] == 0
    assert IndicatorWeight.objects.get(indicator__key="321").weight == Decimal("89.35")


@pytest.mark.rule("IM3")
def test_an_ambiguous_thousand_is_asked_never_guessed(tmp_path):
    tables = published()
    row(tables, "Mediciones", "indicador", "644")["ejecutado"] = "1.234"

    answer = refused(tables, tmp_path, ("Mediciones", "C7", "number_ambiguous"))
    assert "1234" in answer["errors"][0]["message"]


@pytest.mark.rule("IM4")
@pytest.mark.parametrize("typed", ["31/03/2022", "2022-03-31", date(2022, 3, 31), "31 de marzo de 2022"])
def test_a_cutoff_may_be_typed_in_every_usual_way(tmp_path, typed):
    tables = published()
    for line in tables["Mediciones"]:
        line["corte"] = typed

    assert imported(tables, tmp_path)[1] == 0
    assert set(Measurement.objects.values_list("on", flat=True)) == {date(2022, 3, 31)}


@pytest.mark.rule("IM4")
def test_a_day_that_does_not_exist_is_refused(tmp_path):
    tables = published()
    row(tables, "Mediciones", "indicador", "321")["corte"] = "31/06/2022"

    refused(tables, tmp_path, ("Mediciones", "B2", "impossible_date"))


@pytest.mark.rule("IM13")
def test_invisible_characters_are_normalised_and_reported(tmp_path):
    tables = published()
    row(tables, "Indicadores", "clave", "321")["indicador"] = "Avance\u00a0de la\u200b estrategia"

    answer, code = imported(tables, tmp_path)

    assert (code, Indicator.objects.get(key="321").name) == (0, "Avance de la estrategia")
    assert [(item["cell"], item["code"]) for item in answer["warnings"]] == [("G2", "normalised_text")]


@pytest.mark.rule("IM7")
def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "pes.xlsx"
    path.write_bytes(b"PK\x03\x04 not really")

    answer, code = run("import_pes", str(path))

    assert (code, len(answer["errors"]), answer["created"]) == (1, 1, 0)


@pytest.mark.rule("IM8")
def test_every_unknown_reference_and_repetition_has_its_cell(tmp_path):
    tables = published()
    tables["Mediciones"].append({"indicador": "999", "corte": "2022-03-31", "ejecutado": "1", "analisis": ""})
    row(tables, "Indicadores", "clave", "321").update(objetivo="9")
    row(tables, "Indicadores", "clave", "P4").update(entidad="sdp")

    refused(
        tables,
        tmp_path,
        ("Indicadores", "B2", "objective_unknown"),
        ("Indicadores", "H3", "entity_unknown"),
        ("Mediciones", "A11", "indicator_unknown"),
    )
    again = published()
    again["Indicadores"].append(dict(again["Indicadores"][0]))
    again["Ponderaciones"].append(dict(again["Ponderaciones"][0]))
    refused(again, tmp_path, ("Indicadores", "A11", "repeated_row"), ("Ponderaciones", "A11", "repeated_row"))


def test_the_period_may_be_given_as_dates(tmp_path):
    tables = published()
    row(tables, "PES", "clave", "inicio")["valor"] = date(2020, 6, 1)
    row(tables, "PES", "clave", "fin")["valor"] = "31/12/2024"

    assert imported(tables, tmp_path)[0]["warnings"] == []
    assert SectorPlan.objects.get().period == "2020–2024"


def test_a_period_that_crosses_another_plan_is_refused(tmp_path):
    imported(published(), tmp_path)
    tables = published()
    row(tables, "PES", "clave", "inicio")["valor"] = "2019"

    refused(tables, tmp_path, ("PES", "B6", "plan_overlaps"))


def test_the_head_is_the_same_in_both_sheets(tmp_path):
    tables = published()
    row(tables, "PES", "clave", "cabeza")["valor"] = "DASCD"
    refused(tables, tmp_path, ("PES", "B5", "heads_differ"))
    row(tables, "Entidades", "codigo", "sgamb")["cabeza"] = "no"

    assert imported(tables, tmp_path)[1] == 0
    assert OrganizationUnit.objects.get(is_head=True).code == "dascd"
    back, _code = imported(published(), tmp_path)
    assert (back["updated"], OrganizationUnit.objects.get(is_head=True).code) == (2, "sgamb")


def test_a_person_imports_only_into_a_sector_of_theirs(tmp_path):
    them = people.cast()
    imported(published(), tmp_path)

    refused(published(), tmp_path, ("PES", "B2", "forbidden"), email=them.oscar.email)
    assert imported(published(), tmp_path, email=them.ana.email)[0]["unchanged"] == 35
    assert AuditEvent.objects.filter(verb="pes_imported").first().actor == them.ana


def test_a_new_sector_needs_power_over_the_district(tmp_path):
    them = people.cast()
    tables = published()
    row(tables, "PES", "clave", "sector")["valor"] = "sector-nuevo"
    row(tables, "PES", "clave", "nombre_sector")["valor"] = "Sector Nuevo"
    tables["Entidades"] = [{"codigo": "nueva", "nombre": "Entidad Nueva", "sigla": "EN", "cabeza": "sí"}]
    row(tables, "PES", "clave", "cabeza")["valor"] = "EN"
    for line in tables["Indicadores"]:
        line["entidad"] = "Entidad Nueva"

    refused(tables, tmp_path, ("PES", "B2", "forbidden"), email=them.ana.email)
    chief = people.person("Jefa Distrital", Role.JEFE_OAP, them.district)
    assert imported(tables, tmp_path, email=chief.email)[1] == 0
    assert OrganizationUnit.objects.get(code="nueva").parent.name == "Sector Nuevo"


def test_wrong_use_ends_with_two(tmp_path):
    with pytest.raises(CommandError) as missing:
        call_command("import_pes", str(tmp_path / "none.xlsx"))
    path = save(published(), tmp_path / "pes.xlsx")
    with pytest.raises(CommandError) as unknown:
        call_command("import_pes", str(path), email="nadie@ejemplo.invalid")

    assert (missing.value.returncode, unknown.value.returncode) == (2, 2)


@pytest.mark.parametrize(
    ("typed", "code", "name"),
    [
        ("Salud", "salud", "Salud"),
        ("Sector de Prueba", "sector-de-prueba", "Sector de Prueba"),
        ("otro-mas", "otro-mas", "Otro mas"),
    ],
)
def test_a_new_sector_may_be_given_by_name_or_code(tmp_path, typed, code, name):
    tables = published()
    tables["PES"] = [line for line in tables["PES"] if line["clave"] != "nombre_sector"]
    row(tables, "PES", "clave", "sector")["valor"] = typed

    assert imported(tables, tmp_path)[1] == 0
    assert imported(tables, tmp_path)[0]["unchanged"] == 35
    sector = SectorPlan.objects.get().sector
    assert (sector.code, sector.name) == (code, name)
