"""The viability check: what it counts in a PES, its questions, its frozen runs and its page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from evaluation.gate_facts import gate_facts
from evaluation.models import ViabilityAnswer, ViabilityCheck, WeightSet
from evaluation.rules.viability import compare
from evaluation.rules.viability_terms import Answer, Requirement, Status
from evaluation.viability import document
from evaluation.viability.checks import answer_question, current, frozen, run_check
from evaluation.viability.facts import counted
from pes.models import EntityProblem, GoalKind, InvestmentProject, ProjectResource
from pes.rules.problems import Refused
from tests import make
from tests.answers import codes, page_of
from tests.evaluation.sector import sector

pytestmark = pytest.mark.django_db
WHY = "Lo dice el acta de la mesa del 4 de abril."
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def failing(found: dict, code: str) -> list[str]:
    return [item.key for item in found[code].failing]


def test_the_check_names_what_the_data_lacks():
    it = sector()
    project = InvestmentProject.objects.create(entity=it.them.head, code="7868", name="Gestión pública")
    idle = InvestmentProject.objects.create(entity=it.them.head, code="7869", name="Otro")
    paid = make.goal(objective=it.objective, code="P1", kind=GoalKind.PROYECTO, project=project)
    loose = make.goal(objective=it.objective, code="P2", kind=GoalKind.PROYECTO)
    for one, programmed in ((project, "100"), (idle, "50")):
        ProjectResource.objects.create(
            project=one, vigencia_id=2022, programmed=Decimal(programmed), committed=Decimal("60"),
            cutoff_on=date(2022, 3, 31), source="Presupuesto",
        )  # fmt: skip
    answered = EntityProblem.objects.create(plan=it.plan, entity=it.them.head, number=1, text="Desconfianza")
    answered.objectives.add(it.objective)
    EntityProblem.objects.create(plan=it.plan, entity=it.them.head, number=2, text="Trámites lentos")

    found = counted(it.plan, 2022)

    assert failing(found, "objectives_without_goal") == ["2"]
    assert failing(found, "objectives_without_project") == ["2"]
    assert failing(found, "objectives_without_problem") == ["2"]
    assert [item.label for item in found["problems_without_objective"].failing] == ["SG, problema 2: Trámites lentos"]
    assert found["problems_without_objective"].failing[0].url.endswith("/pes/2020/marco/entidades/")
    assert failing(found, "goals_without_project") == [str(loose.pk)]
    assert failing(found, "goals_without_indicator") == [str(paid.pk), str(loose.pk)]
    assert failing(found, "goals_without_resources") == [str(loose.pk)]
    assert failing(found, "resources_without_goal") == failing(found, "resources_overcommitted") == [str(idle.pk)]
    assert failing(found, "indicators_without_owner") == ["1", "2"]
    assert (found["programme_without_weight"].total, failing(found, "programme_without_weight")) == (2, [])
    assert (found["indicators_unmeasured"].total, failing(found, "indicators_unmeasured")) == (2, [])
    assert set(failing(found, "entities_without_policy")) == {"secretaria-general", "dascd"}


def test_weights_and_programme_that_do_not_meet_are_named():
    it = sector()
    goal = it.objective.goals.get()
    make.indicator(goal=goal, entity=it.them.head, key="9", targets={2022: 5})
    make.indicator(goal=goal, entity=it.them.head, key="10", targets={})

    found = counted(it.plan, 2022)
    later = counted(it.plan, 2023)

    assert failing(found, "programme_without_weight") == ["9"]
    assert failing(found, "indicators_never_programmed") == ["10"]
    assert failing(later, "objectives_unbalanced") == ["1"]


def test_an_answer_is_kept_with_its_author_and_the_last_one_counts():
    it = sector()
    answer_question(it.plan, Requirement.BUDGET, Answer.NO, WHY, by=it.them.ana)
    answer_question(it.plan, Requirement.BUDGET, Answer.PARTLY, WHY, by=it.them.jorge)
    again = answer_question(it.plan, Requirement.BUDGET, Answer.PARTLY, WHY, by=it.them.jorge)

    said = next(one.said for one in current(it.plan, 2022).requirements if one.requirement is Requirement.BUDGET)

    assert ViabilityAnswer.objects.count() == 2
    assert (said.answer, said.by, again.answered_by) == (Answer.PARTLY, it.them.jorge.pk, it.them.jorge)


def test_only_who_edits_the_pes_answers_and_only_what_is_asked():
    it = sector()

    with pytest.raises(PermissionDenied):
        answer_question(it.plan, Requirement.BUDGET, Answer.YES, WHY, by=it.them.elena)
    with pytest.raises(PermissionDenied):
        run_check(it.plan, 2022, by=it.them.diana)
    with pytest.raises(Refused) as refused:
        answer_question(it.plan, Requirement.RESOURCES, Answer.YES, " ", by=it.them.ana)

    assert codes(refused) == ["no_question"]


def test_a_run_is_frozen_and_compared_with_the_one_before():
    it = sector()
    first = run_check(it.plan, 2022, by=it.them.ana)
    same = run_check(it.plan, 2022, by=it.them.jorge)
    answer_question(it.plan, Requirement.PRIORITIES, Answer.YES, WHY, by=it.them.ana)
    second = run_check(it.plan, 2022, by=it.them.ana)

    assert (same.pk, second.run) == (first.pk, 2)
    assert second.is_intact
    assert frozen(first).requirements[5].status is Status.CANNOT_TELL
    assert frozen(second).requirements[5].status is Status.MET
    with pytest.raises(DatabaseError), transaction.atomic():
        ViabilityCheck.objects.filter(pk=first.pk).update(digest="0" * 64)
    page = page_of(it.them.diana).get(it.url("pes/2020/viabilidad/revisiones/2/")).content.decode()
    assert "Pasa de «No se sabe» a «Cumple»." in page


def test_a_run_is_compared_only_with_the_last_one_of_its_vigencia():
    it = sector()
    for year in (2022, 2024):
        run_check(it.plan, year, by=it.them.ana)
    browser, base = page_of(it.them.diana), it.url("pes/2020/viabilidad/")

    of_2022 = browser.get(f"{base}?vigencia=2022").content.decode()
    of_2023 = browser.get(f"{base}?vigencia=2023").content.decode()
    second = browser.get(f"{base}revisiones/2/").content.decode()
    answer_question(it.plan, Requirement.PRIORITIES, Answer.YES, WHY, by=it.them.ana)
    run_check(it.plan, 2022, by=it.them.ana)
    third = browser.get(f"{base}revisiones/3/").content.decode()

    assert "Cambios desde la revisión 1" in of_2022
    assert "Nada cambió." in of_2022
    assert "Todavía no se ha guardado una revisión de la vigencia 2023" in of_2023
    assert "Cambios desde" not in of_2023
    assert "Es la primera revisión guardada de la vigencia 2024" in second
    assert "Respecto de la revisión 1, la anterior de la vigencia 2022" in third
    with pytest.raises(ValueError, match="not compared"):
        compare(current(it.plan, 2022), current(it.plan, 2024))


def test_the_page_drills_to_what_is_mended_and_escapes_what_people_wrote():
    it = sector()
    browser = page_of(it.them.ana)
    data = {"policies-answer": "partly", "policies-text": HOSTILE}

    answered = browser.post(it.url("pes/2020/viabilidad/policies/responder/"), data)
    page = browser.get(it.url("pes/2020/viabilidad/?vigencia=2022")).content.decode()
    blank = browser.post(it.url("pes/2020/viabilidad/policies/responder/"), {"policies-answer": "yes"})
    unknown = browser.post(it.url("pes/2020/viabilidad/otro/responder/"), data)

    assert (answered.status_code, blank.status_code, unknown.status_code) == (302, 422, 404)
    assert "&lt;script&gt;alert(1)" in page
    assert "<img src=x" not in page
    assert 'href="/sectores/gestion-publica/indicadores/1/"' in page
    assert "/pes/2020/responsables/" in page
    assert HOSTILE not in "".join(str(block) for block in document._viability(it.plan))


def test_keeping_a_run_from_the_page_needs_the_power():
    it = sector()
    url = it.url("pes/2020/viabilidad/guardar/")

    assert page_of(it.them.ana).post(url, {"vigencia": "2022"}).status_code == 302
    assert page_of(it.them.diana).post(url, {"vigencia": "2022"}).status_code == 403
    assert page_of(it.them.oscar).get(it.url("pes/2020/viabilidad/")).status_code == 404
    assert ViabilityCheck.objects.get().vigencia_id == 2022


def test_the_last_run_goes_in_the_document():
    it = sector()
    (table,) = document.document_tables(it.plan)

    empty = table.build()
    run_check(it.plan, 2022, by=it.them.ana)
    grid, words = table.build()

    assert empty == ()
    assert len(grid.rows) == len(Requirement)
    assert "Huella SHA-256" in words.text


def test_the_check_asks_the_same_of_a_small_and_of_a_large_pes():
    small, large = sector(indicators=2), None
    with CaptureQueriesContext(connection) as few:
        counted(small.plan, 2022)
    goal = small.objective.goals.get()
    for n in range(10, 22):
        make.indicator(goal=goal, entity=small.them.head, key=str(n))
        make.objective(plan=small.plan, number=n)
    with CaptureQueriesContext(connection) as many:
        large = counted(small.plan, 2022)

    assert len(many) == len(few)
    assert large["indicators_without_owner"].total == 14


@pytest.mark.rule("LC-02")
def test_the_gates_say_what_evaluation_still_lacks():
    it = sector()

    facts = {fact.code: fact for fact in gate_facts(it.plan)}

    assert len(facts) == 6
    weighed = facts["objectives_have_indicators_and_weights"]
    assert (weighed.is_met, weighed.missing) == (False, "Objetivo 2 sin indicadores.")
    assert "Objetivo 1 sin ponderación aprobada en 2022" in facts["programme_in_force"].missing
    assert "Indicador 1 sin responsable ni fuente" in facts["indicators_have_owner_source_project"].missing
    assert facts["cutoff_closed"].missing == "El corte del 31 de marzo de 2022 no está consolidado."
    assert "2024" in facts["final_evaluation_published"].missing
    assert "2024, que no se ha publicado" in facts["evaluation_socialised"].missing


@pytest.mark.rule("LC-02", "W-02")
def test_the_gates_open_when_weights_programme_and_cutoff_are_firm():
    it = sector()
    it.plan.objectives.get(number=2).delete()
    WeightSet.of(it.objective, 2022).lock(act="Acta 3", act_on=date(2022, 2, 1), by=it.them.jorge)
    it.cutoff.consolidate(by=it.them.jorge)

    facts = {fact.code: fact.is_met for fact in gate_facts(it.plan)}

    assert facts["objectives_have_indicators_and_weights"]
    assert facts["programme_in_force"]
    assert facts["cutoff_closed"]
