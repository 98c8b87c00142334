"""The page of the cascade, and that of resources beside what was achieved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.cascade_providers import document_tables
from pes.models import DevelopmentPlan, GoalKind, InvestmentProject, PddProgramme, ProjectResource, StrategicObjective
from tests import make, people
from tests.answers import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-07")]
SCRIPT = '<script>alert("x")</script>'


@pytest.fixture
def ours():
    """Objective 1 is served by an objective of the head without goals; objective 2 by nobody."""
    them = people.cast()
    plan = make.plan(sector=them.sector)
    first = make.objective(plan=plan, text="Construir la paz")
    make.objective(plan=plan, number=2, text="Servir mejor")
    framework = make.framework(entity=them.head, by=them.ana)
    make.strategic_objective(framework=framework, by=them.ana, sector_objective=first, text="Acompañar a las víctimas")
    return them, plan, first


def cascade(who, rest: str = "?vigencia=2022") -> str:
    answer = page_of(who).get(f"/sectores/gestion-publica/pes/2020/cascada/{rest}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_picture_and_its_table_say_who_serves_whom_and_what_is_missing(ours):
    them, plan, first = ours
    pdd = DevelopmentPlan.objects.create(plan=plan, name="PDD")
    PddProgramme.objects.create(development_plan=pdd, code="42", name="Paz").objectives.add(first)

    shown = cascade(them.luis)

    for text in (
        "SG · Objetivo 1",
        "Acompañar a las víctimas",
        "Sin metas en planes publicados",
        "Ninguna entidad le sirve",
        "Sin programa del PDD",
        "Objetivos del sector a los que nadie sirve",
        "Entidades sin marco estratégico en la vigencia",
        "42 · Paz",
        "Ver la cascada como tabla",
        "Objetivos del sector sin metas del PES",
        "Objetivos del sector sin programa del PDD",
        "Enlace programas y objetivos",
        'href="/sectores/gestion-publica/pes/2020/viabilidad/?vigencia=2022"',
    ):
        assert text in shown


def test_a_cascade_is_not_complete_while_the_pdd_or_the_pes_lacks_something(ours):
    them, plan, first = ours
    plan.objectives.get(number=2).delete()
    make.framework(entity=them.second_entity, by=them.ana)
    make.management_plan(unit=them.process)
    serving = StrategicObjective.objects.filter(framework__unit=them.head)
    serving.update(sector_objective=first)

    page = page_of(them.luis)

    def shown() -> str:
        return page.get("/sectores/gestion-publica/pes/2020/cascada/?vigencia=2022").content.decode()

    bare = shown()
    make.goal(objective=first)
    with_goal = shown()
    pdd = DevelopmentPlan.objects.create(plan=plan, name="PDD")
    PddProgramme.objects.create(development_plan=pdd, code="42", name="Paz").objectives.add(first)
    whole = shown()

    assert ["La cascada está completa" in one for one in (bare, with_goal, whole)] == [False, False, True]
    assert ["Sin metas del PES" in one for one in (bare, with_goal, whole)] == [True, False, False]
    assert ["Registre en «Marco» los programas" in one for one in (bare, with_goal, whole)] == [True, True, False]


def test_the_document_has_the_same_rows(ours):
    _them, plan, _first = ours
    (table,) = [one for one in document_tables(plan) if one.key == "cascada"]

    (grid,) = table.build()

    assert [row[2:] for row in grid.rows] == [("SG", "1. Acompañar a las víctimas", "0"), ("Ninguna", "–", "0")]


def test_a_stranger_finds_no_cascade_and_a_plan_without_objectives_says_what_to_do(ours):
    them, plan, _first = ours
    StrategicObjective.objects.all().delete()
    plan.objectives.all().delete()

    assert "El plan no tiene objetivos" in cascade(them.ana, "")
    assert page_of(them.oscar).get("/sectores/gestion-publica/pes/2020/cascada/").status_code == 404


def test_a_hostile_text_stays_a_text(ours):
    them, plan, _first = ours
    plan.objectives.update(text=SCRIPT)
    StrategicObjective.objects.update(text=SCRIPT)

    shown = cascade(them.ana)

    assert "alert" in shown
    assert SCRIPT not in shown


@pytest.mark.rule("REP-01")
def test_what_was_achieved_stands_beside_what_was_paid(ours):
    them, _plan, first = ours
    project = InvestmentProject.objects.create(entity=them.head, code="7868", name="Gobierno abierto")
    goal = make.goal(objective=first, code="4", kind=GoalKind.PROYECTO, project=project)
    indicator = make.indicator(goal=goal, entity=them.head, targets={2022: 12}, unit="Agendas")
    make.measurement(indicator=indicator, by=them.elena, achieved=6, analysis="Va bien.")
    ProjectResource.objects.create(
        project=project, vigencia_id=2022, programmed=Decimal(1000), committed=Decimal(800), paid=Decimal(400),
        cutoff_on=date(2022, 3, 31), source="Predis",
    )  # fmt: skip
    page = page_of(them.gabriel)
    page.get("/sectores/gestion-publica/pes/2020/recursos/avance/")

    with CaptureQueriesContext(connection) as small:
        shown = page.get("/sectores/gestion-publica/pes/2020/recursos/avance/?vigencia=2022").content.decode()
    make.indicator(
        goal=make.goal(objective=first, code="5", kind=GoalKind.PROYECTO, project=project), entity=them.head, key="9"
    )
    with CaptureQueriesContext(connection) as big:
        page.get("/sectores/gestion-publica/pes/2020/recursos/avance/?vigencia=2022")

    for text in ("$ 400", "40,00", "12 Agendas", "6 Agendas", "50,00"):
        assert text in shown
    assert len(big) == len(small)
