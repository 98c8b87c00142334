"""Exporting a PES: what comes out goes back in and changes nothing (IM14)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from evaluation.models.objective_weights import change_objective_weights
from evaluation.pes_workbook import shape
from evaluation.pes_workbook.apply import import_workbook
from evaluation.pes_workbook.fixture import read_fixture
from pes.models import GoalKind, Indicator, IndicatorTarget, InvestmentProject, SectorPlan, User
from tests import make, people
from tests.pes_books import run

pytestmark = [pytest.mark.django_db, pytest.mark.rule("IM14")]

ODD = [
    "  con espacios  ",
    '=HYPERLINK("x")',
    "+57 1",
    "-5 %",
    "@aquí",
    "Comillas “tipográficas” y ‘simples’",
    "Línea uno\nLínea dos\r\nLínea tres\ttab",
    "Con\u00a0espacio duro y cero\u200bancho",
    "_x0041_ no es A",
    "<b>&amp;</b> ñandú é",
    "x" * 33_000,
    "1.234",
    "00321",
    "NP",
    "N/A",
]


def export(path, sector="gestion-publica"):
    answer, code = run("export_pes", sector=sector, out=path)
    assert code == 0
    return answer


@pytest.mark.rule("PES-04")
def test_the_published_plan_round_trips(tmp_path):
    import_workbook(read_fixture(), by=User.objects.console())

    export(tmp_path / "a.xlsx")
    answer, code = run("import_pes", str(tmp_path / "a.xlsx"))

    assert (code, answer) == (0, {"created": 0, "updated": 0, "unchanged": 35, "errors": [], "warnings": []})


def test_the_sheets_and_headers_are_the_documented_ones(tmp_path):
    import_workbook(read_fixture(), by=User.objects.console())

    export(tmp_path / "a.xlsx")

    book = load_workbook(tmp_path / "a.xlsx", read_only=True)
    headers = {sheet.title: [cell.value for cell in next(sheet.iter_rows())] for sheet in book}
    assert headers == {
        "PES": ["clave", "valor"],
        "Entidades": ["codigo", "nombre", "sigla", "cabeza"],
        "Objetivos": ["numero", "texto"],
        "Indicadores": [
            *"clave objetivo clase_meta codigo_meta meta codigo_indicador indicador entidad tipo_programacion".split(),
            *"linea_base unidad p_2020 p_2021 p_2022 p_2023 p_2024 p_total".split(),
            *shape.OPTIONAL_COLUMNS,
        ],
        "Ponderaciones": ["indicador", "vigencia", "ponderacion"],
        "Mediciones": ["indicador", "corte", "ejecutado", "analisis"],
    }
    first = [cell.value for cell in list(book["Indicadores"].iter_rows())[1]]
    assert first[:3] == ["321", 2, "sectorial"]
    assert first[8:17] == ["CRECIENTE", None, None, 5, 20, 55, 90, 100, 100]


@pytest.mark.rule("EX1", "EX2")
def test_odd_texts_round_trip(tmp_path):
    them = people.cast()
    plan = make.plan(sector=them.sector, name="Plan “raro”\u00a0")
    objective = make.objective(plan=plan, text=ODD[6])
    goal = make.goal(objective=objective, code="0301")
    for number, text in enumerate(ODD):
        one = make.indicator(
            goal=goal,
            entity=them.head,
            key=f"{number:03}-k",
            unit=text[:70],
            formula=text,
            source=text[:300],
            targets={2022: number + 1},
        )
        Indicator.objects.filter(pk=one.pk).update(name=f"Nombre {text}", code=text[:25])
        make.measurement(indicator=one, by=them.elena, achieved="0.0001", analysis=text)

    export(tmp_path / "a.xlsx")
    answer, code = run("import_pes", str(tmp_path / "a.xlsx"))

    assert (code, answer["created"], answer["updated"], answer["errors"]) == (0, 0, 0, [])
    assert Indicator.objects.get(key="010-k").formula == ODD[10]


def test_nothing_is_lost_between_two_databases(tmp_path):
    them = people.cast()
    plan = make.plan(sector=them.sector)
    objective = make.objective(plan=plan, number=2)
    project = InvestmentProject.objects.create(entity=them.head, code="7871", name="Paz")
    goal = make.goal(objective=objective, kind=GoalKind.PROYECTO, code="4", project=project)
    one = make.indicator(
        goal=goal, entity=them.head, key="P4", type="DECRECIENTE", targets={2022: Decimal("4.5"), 2023: 0},
        baseline=Decimal("9.25"), unit="Casos", formula="a / b", indicator_type="eficacia", source="Registro",
    )  # fmt: skip
    make.indicator(goal=make.goal(objective=objective), entity=them.second_entity, key="7", targets={})
    make.weights(objective=objective, by=them.ana, kP4="100.00")
    make.measurement(indicator=one, by=them.elena, achieved="7.1234", on=date(2022, 2, 28), analysis="Bien")
    change_objective_weights(plan, 2022, {2: Decimal(100)}, by=them.ana)
    export(tmp_path / "a.xlsx")
    make.run_jobs()
    before = everything()
    _empty(plan)

    answer, code = run("import_pes", str(tmp_path / "a.xlsx"))

    assert (code, answer["errors"]) == (0, [])
    assert everything() == before
    assert IndicatorTarget.objects.get(indicator__key="P4", vigencia=2023).programmed == 0


def test_an_unknown_sector_is_refused(tmp_path):
    answer, code = run("export_pes", sector="ninguno", out=tmp_path / "a.xlsx")

    assert (code, answer["errors"][0]["code"]) == (1, "plan_unknown")
    assert not (tmp_path / "a.xlsx").exists()


def everything():
    """What a plan says, without its ids."""
    plan = SectorPlan.objects.get()
    fields = "key code name entity__code programming_type type_was_inferred baseline unit formula indicator_type source"
    goal = "goal__kind goal__code goal__text goal__project__code goal__project__name goal__objective__number"
    rows = Indicator.objects.order_by("key")
    return [
        list(rows.values_list(*fields.split(), *goal.split())),
        list(rows.values_list("key", "targets__vigencia", "targets__programmed")),
        list(rows.values_list("key", "weights__vigencia", "weights__weight")),
        list(rows.values_list("key", "measurements__on", "measurements__achieved", "measurements__analysis__text")),
        list(plan.objectives.values_list("number", "text", "weights__vigencia", "weights__weight")),
        (plan.name, plan.first_vigencia, plan.last_vigencia),
    ]


def _empty(plan):
    """Take a plan away as another database would never have had it."""
    plan.cutoffs.all().delete()
    for indicator in plan.indicators.all():
        indicator.measurements.all().delete()
        indicator.weights.all().delete()
    for objective in plan.objectives.all():
        objective.weight_sets.all().delete()
        objective.weights.all().delete()
    plan.indicators.all().delete()
    for objective in plan.objectives.all():
        objective.goals.all().delete()
    plan.objectives.all().delete()
    InvestmentProject.objects.all().delete()
    plan.delete()


@pytest.mark.parametrize(("demo", "mark"), [(True, "Datos de demostración"), (False, None)])
def test_every_sheet_of_the_demonstration_says_so_and_still_comes_back(tmp_path, settings, demo, mark):
    settings.PES_DEMO = demo
    import_workbook(read_fixture(), by=User.objects.console())

    export(tmp_path / "a.xlsx")

    book = load_workbook(tmp_path / "a.xlsx")
    assert [sheet.oddHeader.center.text for sheet in book] == [mark] * 6
    assert book.properties.description == mark
    assert run("import_pes", str(tmp_path / "a.xlsx"))[0]["warnings"] == []


def test_a_file_that_cannot_be_written_is_explained_in_spanish(tmp_path):
    import_workbook(read_fixture(), by=User.objects.console())

    with pytest.raises(CommandError, match=r"no existe el archivo o su carpeta\.$") as refused:
        call_command("export_pes", sector="gestion-publica", out=tmp_path / "nada" / "a.xlsx")

    assert refused.value.returncode == 2
