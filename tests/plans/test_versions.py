"""Frozen versions on the screen: read, compared, and only by who reads the plan."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pes.rules.text_marks import mark
from plans import lifecycle, observations
from plans.editing import CellChange, add_goal, change_goals, change_identification, remove_goal
from plans.models import PlanGestion
from tests import make, people, plan_makers
from tests.answers import page_of

pytestmark = pytest.mark.django_db
HERE = "/planes/PLE-PIN/2022/versiones/"


@pytest.fixture
def them() -> people.Cast:
    return people.cast()


@pytest.fixture
def sent_twice(them) -> PlanGestion:
    """A plan that was sent, returned, changed and sent again."""
    plan = make.management_plan(unit=them.process, by=them.luis, status="with_observations", goals=3)
    change_goals(
        plan, [CellChange(1, "text", "Atender 120 solicitudes de la ciudadanía durante la vigencia")], by=them.luis
    )
    remove_goal(plan.goals.get(number=2), by=them.luis)
    half = plan_makers.shares(3)[1]
    add_goal(plan, by=them.luis, values={**plan_makers.GOAL, "weight": half, "text": "Resolver 40 recursos"})
    change_identification(plan, by=them.luis, scope="Toda la entidad y sus sedes")
    observations.answer(plan.observations.get(), "Hecho.", by=them.luis)
    lifecycle.submit(plan, by=them.luis)
    return plan


def text(answer) -> str:
    return answer.content.decode()


def test_each_act_that_others_rely_on_is_a_version(them):
    make.management_plan(unit=them.process, by=them.luis, status="published")

    rows = page_of(them.luis).get(HERE).context["rows"]

    assert [(row["number"], row["event"], row["edition"]) for row in rows] == [
        (3, "Publicada", "1"),
        (2, "Oficializada", ""),
        (1, "Enviada a revisión", ""),
    ]


def test_a_plan_that_was_never_sent_says_what_to_do(them):
    make.management_plan(unit=them.process, by=them.luis, status="draft")

    assert "La primera queda guardada cuando el plan se envíe" in text(page_of(them.luis).get(HERE))


def test_a_version_is_read_word_for_word_after_the_plan_changed(them, sent_twice):
    luis = page_of(them.luis)

    first, second = text(luis.get(f"{HERE}1/")), text(luis.get(f"{HERE}2/"))

    assert "Atender 120" not in first
    assert "Atender 120" in second
    assert "Íntegra" in first
    assert sent_twice.versions.get(number=1).digest in first


@pytest.mark.rule("DA5")
def test_a_version_that_does_not_match_its_digest_is_denounced(them, sent_twice):
    version = sent_twice.versions.get(number=2)
    version.pk, version.number, version.digest = None, 9, "0" * 64
    version.save(force_insert=True)

    page = text(page_of(them.luis).get(f"{HERE}9/"))

    assert "Alterada" in page
    assert "El contenido no corresponde a su huella" in page


def test_two_versions_side_by_side_mark_every_difference(them, sent_twice):
    page = text(page_of(them.luis).get(f"{HERE}1/2/"))

    assert "Atender <del>100</del> solicitudes" in page
    assert "Atender <ins>120</ins> solicitudes" in page
    assert "<ins> y sus sedes</ins>" in page
    assert "Metas nuevas" in page
    assert "Meta 4 · Resolver 40 recursos" in page
    assert "Metas que ya no están" in page
    assert "1 meta cambiada, 1 meta nueva, 1 meta que ya no está" in page


def test_the_comparison_may_go_backwards_or_find_nothing(them, sent_twice):
    luis = page_of(them.luis)

    assert "Atender <del>120</del> solicitudes" in text(luis.get(f"{HERE}2/1/"))
    assert "Las dos versiones dicen lo mismo" in text(luis.get(f"{HERE}2/2/"))


@pytest.mark.parametrize(
    ("query", "goes"),
    [("antes=1&despues=2", f"{HERE}1/2/"), ("antes=1&despues=7", None), ("antes=x&despues=2", None)],
)
def test_two_versions_are_chosen_without_javascript(them, sent_twice, query, goes):
    answer = page_of(them.luis).get(f"{HERE}?{query}")

    assert answer.headers.get("Location") == goes
    assert answer.status_code == (302 if goes else 200)


@pytest.mark.rule("AZ2")
@pytest.mark.parametrize("path", ["7/", "1/7/", "7/1/"])
def test_a_version_that_is_not_there(them, sent_twice, path):
    assert page_of(them.luis).get(f"{HERE}{path}").status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        ("uno dos tres", "uno tres", ["dos "], []),
        ("uno", "uno dos", [], [" dos"]),
        ("vacío", "1.234,5", ["vacío"], ["1.234,5"]),
        ("igual", "igual", [], []),
        ("a " * 300, "b " * 300, ["a " * 300], ["b " * 300]),
    ],
    ids=["taken out", "added", "replaced", "same", "long"],
)
def test_only_the_words_that_differ_are_marked(before, after, gone, new):
    left, right = mark(before, after)

    assert "".join(piece for _, piece in left) == before
    assert "".join(piece for _, piece in right) == after
    assert [piece for kind, piece in left if kind == "gone"] == gone
    assert [piece for kind, piece in right if kind == "new"] == new


@pytest.mark.parametrize("path", ["", "1/", "1/2/"])
def test_versions_cost_the_same_with_many_goals(them, path):
    make.management_plan(unit=them.process, by=them.luis, status="official", goals=2)
    make.management_plan(unit=them.alcaldia, by=them.marta, status="official", goals=40)
    jorge = page_of(them.jorge)
    jorge.get(HERE + path)

    with CaptureQueriesContext(connection) as few:
        jorge.get(HERE + path)
    with CaptureQueriesContext(connection) as many:
        jorge.get(f"/planes/AL-01/2022/versiones/{path}")

    assert len(many) == len(few)
