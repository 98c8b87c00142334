"""Vigencias and the methodology that the OAP sets for each (PLE-PIN-P005 v8, act. 1; REP-09)."""

import pytest
from django.urls import reverse

from pes import vigencias
from pes.models import (
    AuditEvent,
    Metodologia,
    Vigencia,
)
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people.cast()


RULES = {
    "cap_percent": "120,00",
    "constant_rule_plan": "PROMEDIO",
    "constant_rule_pes": "ULTIMO",
    "missing_rule": "EXCLUIR",
    "lights_enabled": "on",
    "light_red_to": "40",
    "light_yellow_to": "80,5",
    "light_green_to": "125",
    "technical_weight": "",
    "memo": "Memorando 7",
}


def draft(client, **changes):
    return client.post(reverse("administration:methodology-draft", args=[2022]), RULES | changes)


@pytest.mark.rule("REP-09")
def test_a_methodology_is_drafted_compared_and_published(them):
    make.vigencia(2022)
    client = page_of(them.jorge)

    draft(client)
    page = client.get(reverse("administration:methodology-year", args=[2022]))
    client.post(reverse("administration:methodology-publish", args=[2022]))

    assert ("Tope de calificación (%)", "100,00\xa0%", "120,00\xa0%") in page.context["changes"]
    in_force = Metodologia.in_force(2022)
    assert (in_force.label, str(in_force.light_yellow_to), in_force.missing_rule) == ("2022-v1", "80.50", "EXCLUIR")
    assert AuditEvent.objects.get(verb="methodology_published").before["cap_percent"] == "100.00"


@pytest.mark.rule("REP-09")
def test_what_is_published_never_changes_the_next_version_does(them):
    make.methodology(by=them.jorge, year=2022, memo="Memorando 1")
    client = page_of(them.jorge)

    draft(client)
    still = Metodologia.in_force(2022)
    client.post(reverse("administration:methodology-publish", args=[2022]))

    first = Metodologia.objects.get(version=1)
    assert (still.label, str(first.cap_percent), first.memo) == ("2022-v1", "100.00", "Memorando 1")
    assert Metodologia.in_force(2022).label == "2022-v2"
    with pytest.raises(Refused):
        first.publish(by=them.jorge)


def test_a_draft_saved_twice_is_one_draft(them):
    make.vigencia(2022)
    client = page_of(them.jorge)

    draft(client)
    draft(client, memo="")

    assert [(m.version, m.memo) for m in Metodologia.objects.all()] == [(1, "")]


def test_a_methodology_without_memo_is_not_published(them):
    make.vigencia(2022)
    client = page_of(them.jorge)
    draft(client, memo=" ")

    answer = client.post(reverse("administration:methodology-publish", args=[2022]), follow=True)

    assert "Falta el memorando" in answer.content.decode()
    assert Metodologia.in_force(2022).version == 0


def test_without_a_draft_there_is_nothing_to_publish(them):
    make.vigencia(2022)

    with pytest.raises(Refused) as refused:
        vigencias.publish_methodology(2022, by=them.jorge)

    assert codes(refused) == ["no_draft"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("light_yellow_to", "30"),
        ("cap_percent", "99,99"),
        ("technical_weight", "100"),
        ("missing_rule", "OTRA"),
        ("light_red_to", "mucho"),
    ],
)
def test_rules_that_contradict_each_other_are_refused(them, field, value):
    make.vigencia(2022)

    answer = draft(page_of(them.jorge), **{field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Metodologia.objects.count() == 0


def test_a_vigencia_is_opened_once(them):
    client = page_of(them.jorge)

    client.post(reverse("administration:vigencia-new"), {"year": 2027})
    client.post(reverse("administration:vigencia-new"), {"year": 2027})
    wrong = client.post(reverse("administration:vigencia-new"), {"year": 1800})

    assert Vigencia.objects.filter(year=2027).count() == 1
    assert AuditEvent.objects.filter(verb="vigencia_opened").count() == 1
    assert wrong.status_code == 422
