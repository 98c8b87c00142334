"""What a goal must still say of a quarter before its report is sent."""

import pytest

from tests.rules.goal_years import CRECIENTE, DECRECIENTE, codes, entry, goal, places, results, row
from tracking.rules.completeness import completeness, missing_of

NOTHING = entry(words=False)


def missing(one, quarter=1):
    return missing_of(one, quarter, results(one, quarter))


@pytest.mark.rule("PG-R1", "PG-R3")
@pytest.mark.parametrize("entries", [(), (None,), (NOTHING,)], ids=["never-opened", "no-entry", "empty"])
def test_a_programmed_goal_needs_figure_analyses_and_evidence(entries):
    found = missing(goal(entries=entries))

    assert places(found) == ["achieved", "analysis", "accumulated_analysis", "evidence"]
    assert {finding.goal for finding in found} == {3}


@pytest.mark.rule("PG-R1")
def test_what_is_missing_names_goal_quarter_and_remedy():
    sentence = missing(goal())[0].as_sentence()

    assert sentence.message == "Meta 3: Falta el ejecutado de T1, programado en 10."
    assert sentence.fix == "Escriba el ejecutado, o el numerador y el denominador."


@pytest.mark.rule("PG-R1", "PT-16b")
@pytest.mark.parametrize("given", [entry(10), entry(numerator=20, denominator=2)], ids=["amount", "terms"])
def test_a_goal_that_reached_its_programme_needs_nothing_more(given):
    assert missing(goal(entries=[given])) == ()


@pytest.mark.rule("PG-R1")
@pytest.mark.parametrize("field", ["analysis", "accumulated_analysis", "evidence"])
def test_spaces_are_no_analysis_and_each_lack_is_told_alone(field):
    given = entry(10, **{field: 0 if field == "evidence" else " \n "})

    assert places(missing(goal(entries=[given]))) == [field]


@pytest.mark.rule("PG-R2")
@pytest.mark.parametrize(
    ("achieved", "asked"),
    [("9.9999", False), ("9.99", True), (0, True), (10, False)],
    ids=["shown-100", "99.9", "0", "100"],
)
def test_below_one_hundred_percent_as_it_is_shown_the_causes_are_needed(achieved, asked):
    found = missing(goal(entries=[entry(achieved)]))

    assert places(found) == (["delay_causes"] if asked else [])
    assert missing(goal(entries=[entry(achieved, delay_causes="Faltó contratar.")])) == ()


@pytest.mark.rule("PG-R2")
def test_the_causes_are_asked_with_the_percentage():
    [finding] = missing(goal(entries=[entry("8.005")]))

    assert finding.problem.message == "El resultado de T1 es 80,05\u00a0% y faltan las causas del retraso."


EXPLAINED = [
    ("PT-13", goal([None, 10, 10, 10], [entry(1)], magnitude=30), 1),
    ("PT-14", goal(entries=[entry("12.51")]), 1),
    ("PT-15", goal([90, 80, 70, 60], [entry(105)], kind=DECRECIENTE, magnitude=60, baseline=100), 1),
    ("PT-15", goal([10, 20, 30, 40], [entry(25), entry(22)], kind=CRECIENTE), 2),
    ("PT-16", goal(entries=[entry(numerator=0, denominator=0)]), 1),
]


@pytest.mark.rule("PT-13", "PT-14", "PT-15", "PT-16")
@pytest.mark.parametrize(
    ("rule", "one", "quarter"), EXPLAINED, ids=["no-programme", "over-execution", "worse", "backwards", "no-demand"]
)
def test_an_odd_figure_must_be_explained(rule, one, quarter):
    found = [finding for finding in missing(one, quarter) if finding.field != "delay_causes"]

    assert [(finding.field, finding.problem.rule) for finding in found] == [("explanation", rule)]


@pytest.mark.rule("PT-14")
def test_an_explanation_given_is_enough():
    assert missing(goal(entries=[entry(20, explanation="Se amplió el equipo.")])) == ()


@pytest.mark.rule("PT-12", "PT-13")
@pytest.mark.parametrize("given", [None, NOTHING, entry(0, words=False)], ids=["none", "empty", "zero"])
def test_a_goal_not_programmed_that_executes_nothing_needs_nothing(given):
    assert missing(goal([None, 10, 10, 10], [given])) == ()


@pytest.mark.rule("PT-03b")
def test_without_linea_base_the_report_is_asked_and_no_causes():
    one = goal([90, 80, 70, 60], [entry(95)], kind=DECRECIENTE, magnitude=60)

    assert missing(one) == ()
    assert places(missing(goal([90, 80, 70, 60], kind=DECRECIENTE, magnitude=60)))[0] == "achieved"


@pytest.mark.rule("PG-09h")
def test_an_eliminated_goal_needs_nothing():
    assert missing(goal(eliminated=True)) == ()


@pytest.mark.rule("PG-08")
def test_a_central_area_owes_its_figure_and_its_observations_and_is_named():
    found = missing(goal(is_central=True, central_area="Gestión Local"))

    assert places(found) == ["achieved", "analysis"]
    assert {finding.problem.fix for finding in found} == {"Lo suministra Gestión Local."}
    assert found[0].problem.rule == "PG-08"


@pytest.mark.rule("PG-R1", "PG-08")
def test_the_bar_counts_what_is_asked_of_the_team_and_names_what_is_missing():
    rows = [
        row(goal(entries=[entry(10)], number=1)),
        row(goal(entries=[entry(5, evidence=0)], number=2)),
        row(goal([None, 10, 10, 10], number=4)),
        row(goal(number=5, is_central=True)),
        row(goal(number=6, eliminated=True)),
    ]

    team, area = completeness(rows, 1), completeness(rows, 1, central=True)

    assert (team.done, team.total, team.goals_done, team.goals_total) == (7, 9, 1, 2)
    assert [(finding.goal, finding.field) for finding in team.missing] == [(2, "evidence"), (2, "delay_causes")]
    assert (area.done, area.total, area.goals_total) == (0, 2, 1)


@pytest.mark.rule("PG-R1")
def test_a_report_of_which_nothing_is_asked_is_complete():
    assert completeness([row(goal([None, 10, 10, 10]))], 1).total == 0


def test_the_codes_are_stable():
    assert codes([finding.problem for finding in missing(goal())]) == [
        "figure_missing", "analysis_missing", "accumulated_analysis_missing", "evidence_missing",
    ]  # fmt: skip


@pytest.mark.rule("PT-16b")
@pytest.mark.parametrize(
    ("given", "place"),
    [(entry(numerator=1), "denominator"), (entry(denominator=1), "numerator")],
    ids=["over", "under"],
)
def test_half_a_formula_is_missing_its_other_term(given, place):
    assert [found.problem.code for found in missing(goal(entries=[given])) if found.field == place] == ["term_missing"]
