"""Observations of a report: who says what, when, and what they keep from happening (act. 10 and 11; PG-08)."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from pes.models import AuditEvent, UnitKind, User
from pes.permissions import Role
from pes.rules.problems import Refused
from tests import people, plan_makers, report_makers
from tests.answers import codes
from tracking import lifecycle
from tracking.models import QuarterReport, ReportObservation, ReportObservationTurn
from tracking.pages.report_threads import threads_of
from tracking.report_observations import answer, raise_observation, unanswered
from tracking.report_returns import return_report
from tracking.rules.report_states import ReportStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


@pytest.fixture
def report(them: people.Cast) -> QuarterReport:
    """A report in review, of a plan with two goals."""
    plan = plan_makers.management_plan(unit=them.process, by=them.luis, goals=2)
    return report_makers.report(plan, status="in_review")


def rosa_reports(report: QuarterReport, number: int) -> User:
    """Who reports one of the goals, from a central area."""
    head = report.plan.unit.parent
    area = people.unit("SUBGL", UnitKind.OFFICE, head, "Subsecretaría de Gestión Local")
    report.plan.goals.filter(number=number).update(central_area=area)
    return people.person("Rosa Área", Role.AREA_CENTRAL, area)


def entry(report: QuarterReport, number: int):
    return report.entries.select_related("goal").get(goal__number=number)


@pytest.mark.rule("SM-2")
def test_an_observation_goes_back_is_answered_and_comes_again(report: QuarterReport, them: people.Cast) -> None:
    made = raise_observation(report, entry(report, 2), "analysis", "¿Qué efecto tuvo?", by=them.ana)
    again = raise_observation(report, entry(report, 2), "analysis", " ¿Qué efecto tuvo? ", by=them.ana)
    assert (again.pk, unanswered(report)) == (made.pk, 1)
    with pytest.raises(Refused) as refused:
        lifecycle.validate(report, by=them.ana)
    assert codes(refused) == ["observations_unanswered"]

    lifecycle.send_back(report, by=them.ana)
    with pytest.raises(Refused) as refused:
        lifecycle.submit(report, by=them.luis)
    assert codes(refused) == ["observations_unanswered"]
    answer(made, "Se atendió al doble de personas.", by=them.pilar)
    answer(made, "Se atendió al doble de personas.", by=them.pilar)
    lifecycle.submit(report, by=them.luis)

    assert [turn.side for turn in made.turns.all()] == ["reviewer", "team"]
    assert report_makers.again(report).status == ReportStatus.SUBMITTED
    verbs = ("report_observed", "report_observation_answered")
    assert [AuditEvent.objects.filter(verb=verb).count() for verb in verbs] == [1, 1]


@pytest.mark.rule("SM-2", "WF4")
def test_each_side_speaks_only_while_the_report_is_in_its_hands(report: QuarterReport, them: people.Cast) -> None:
    made = raise_observation(report, None, "", "Falta el acta.", by=them.ana)
    with pytest.raises(Refused) as refused:
        answer(made, "Ya va.", by=them.luis)
    assert codes(refused) == ["not_your_turn"]
    answer(made, "Es urgente.", by=them.ana)
    lifecycle.send_back(report, by=them.ana)
    for act in (
        lambda: raise_observation(report, None, "", "Otra cosa.", by=them.ana),
        lambda: answer(made, "Ya.", by=them.ana),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == ["not_under_review"]
    assert unanswered(report) == 1


@pytest.mark.rule("AZ2", "AZ10")
def test_nobody_else_speaks_and_only_of_what_the_report_has(report: QuarterReport, them: people.Cast) -> None:
    for who in (them.luis, them.pilar, them.diana, them.oscar):
        with pytest.raises(PermissionDenied):
            raise_observation(report, None, "", "Hola", by=who)
    other = plan_makers.management_plan(unit=them.alcaldia, by=them.marta)
    foreign = entry(report_makers.report(other), 1)
    for place, field, said, code in (
        (foreign, "", "Texto", "goal_unknown"),
        (entry(report, 1), "weight", "Texto", "field_unknown"),
        (None, "analysis", "Texto", "field_unknown"),
        (None, "", "  ", "text_missing"),
        (None, "", "a" * 4001, "text_too_long"),
    ):
        with pytest.raises(Refused) as refused:
            raise_observation(report, place, field, said, by=them.ana)
        assert codes(refused) == [code]
    made = raise_observation(report, None, "", "Falta el acta.", by=them.ana)
    with pytest.raises(PermissionDenied):
        answer(made, "Hola", by=them.diana)
    assert threads_of(report, them.marta) == {}


@pytest.mark.rule("PG-08")
def test_a_central_area_answers_about_its_goals_during_the_review(report: QuarterReport, them: people.Cast) -> None:
    rosa = rosa_reports(report, 2)
    about_hers = raise_observation(report, entry(report, 2), "achieved", "No cuadra.", by=them.ana)
    about_theirs = raise_observation(report, entry(report, 1), "", "Falta el acta.", by=them.ana)

    answer(about_hers, "Cuadra con el sistema.", by=rosa)
    with pytest.raises(PermissionDenied):
        answer(about_theirs, "No es mía.", by=rosa)

    assert unanswered(report) == 1
    [[shown]] = threads_of(report, rosa).values()
    assert (shown.title, shown.is_open, shown.label) == ("Meta 2 · Ejecutado", False, "Responder")


@pytest.mark.rule("SM-2", "JB15")
def test_returning_with_words_is_one_act(report: QuarterReport, them: people.Cast) -> None:
    with pytest.raises(Refused):
        return_report(report, "", by=them.ana)
    return_report(report, "Falta el acta del comité.", by=them.ana)
    with pytest.raises(Refused):
        return_report(report, "Otra vez.", by=them.ana)

    assert report_makers.again(report).status == ReportStatus.RETURNED
    assert ReportObservation.objects.count() == ReportObservationTurn.objects.count() == 1
