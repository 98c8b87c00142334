"""The document as a whole: its structure (LC-07), its live tables, its gate, and its exact copy in JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pes.models import DevelopmentPlan, Objective, StrategicLine, UnitKind
from pes.writing.content import content_of, from_json, to_json, word_count
from pes.writing.gate_facts import gate_facts
from pes.writing.structure import pending_of, renew_structure
from pes.writing.texts import write_section
from pes.writing.whole import document_of
from tests.people import unit
from tests.pes.writing.papers import paper


@pytest.fixture
def made(db):
    return paper()


def names(content, chapter):
    return [f"{one.number} {one.title}" for one in content.chapters[chapter - 1].sections]


@pytest.mark.rule("LC-07")
def test_the_document_has_six_chapters_and_three_parts_with_a_section_for_each_entity(made):
    content = content_of(made.plan)

    assert [chapter.number or chapter.title for chapter in content.chapters] == [
        *"123456",
        "Glosario",
        "Bibliografía",
        "Anexos",
    ]
    assert names(content, 2)[:3] == [
        "2.1 Diagnóstico de problemáticas de la Secretaría General",
        "2.2 Diagnóstico de problemáticas del DASCD",
        "2.3 Principales problemáticas del Sector Gestión Pública",
    ]
    assert names(content, 2)[-1] == "2.4.4 Valores / Principios"
    assert names(content, 3) == ["3.1 Servicio cercano"]
    assert names(content, 4) == ["4.1 Recursos de la Secretaría General", "4.2 Recursos del DASCD"]


@pytest.mark.rule("LC-07")
def test_an_entity_added_later_gets_its_sections_and_one_that_left_keeps_its_text(made):
    people = made.people
    write_section(made.section("problems:dascd"), "<p>Lo nuestro.</p>", read=0, by=people.ana)
    people.second_entity.parent = people.other_sector
    people.second_entity.save()
    unit("veeduria", UnitKind.ENTITY, people.sector, "Veeduría Distrital")
    DevelopmentPlan.objects.create(plan=made.plan, name="Plan de prueba")

    assert len(pending_of(made.document).missing) == 2
    renew_structure(made.document, by=people.jorge)

    content = content_of(made.plan)
    assert [name for name in names(content, 2) if "Diagnóstico" in name] == [
        "2.1 Diagnóstico de problemáticas de la Secretaría General",
        "2.2 Diagnóstico de problemáticas del DASCD",
        "2.3 Diagnóstico de problemáticas de la Veeduría Distrital",
    ]
    assert [name for name in names(content, 4) if "DASCD" in name] == []  # it said nothing there
    assert names(content, 1)[3] == "1.4 Plan de prueba"
    assert not renew_structure(made.document, by=people.jorge)


def test_live_tables_stand_where_the_text_places_them_else_at_the_end_of_their_section(made):
    Objective.objects.create(plan=made.plan, number=1, text="Acercar la gestión.")
    html = '<p>Antes</p><figure data-live="objetivos"></figure><p>Después</p>'
    write_section(made.section("background"), html, read=0, by=made.people.ana)

    sections = {one.key: one for one in content_of(made.plan).sections}

    kinds = [type(block).__name__ for block in sections["background"].blocks]
    assert kinds == ["Rich", "Grid", "Rich"]
    assert sections["objectives"].blocks[0].rows == (("1", "Acercar la gestión."),)
    assert type(sections["indicators"].blocks[0]).__name__ == "Note"


def test_the_content_comes_back_from_json_exactly_and_as_the_same_document(made):
    Objective.objects.create(plan=made.plan, number=1, text="Acercar la gestión.")
    table = "<table><caption>Cifras</caption><tr><th>A</th></tr><tr><td>1</td></tr></table>"
    write_section(made.section("background"), f"<p>Uno dos</p>{table}", read=0, by=made.people.ana)
    content = content_of(made.plan)

    again = from_json(json.loads(json.dumps(to_json(content))))

    assert again == content
    whole = document_of(again, edition="Borrador", dated_at=datetime(2026, 1, 2, tzinfo=UTC), digest="0")
    assert [entry.text for entry in whole.lists[0][1]][:2] == [
        "Tabla 1. Cifras",
        "Tabla 2. Objetivos estratégicos del sector",
    ]
    assert [entry.text for entry in whole.contents][:2] == [
        "1. El Sector Gestión Pública dentro del Plan Distrital de Desarrollo",
        "1.1 Estructura del sector. Gestión institucional",
    ]
    assert word_count(content) > 5
    with pytest.raises(ValueError, match="formato"):
        from_json({"format": 0})


@pytest.mark.rule("LC-02")
def test_the_gate_names_the_chapters_and_sections_that_say_nothing(made):
    (fact,) = gate_facts(made.plan)
    assert (fact.code, fact.is_met) == ("chapters_have_content", False)
    assert "el capítulo 4" in fact.missing

    write_section(made.section("resources:dascd"), "<p>Algo.</p>", read=0, by=made.people.ana)

    (fact,) = gate_facts(made.plan)
    assert "el capítulo 4" not in fact.missing
    assert "4.1" in fact.missing

    unit("veeduria", UnitKind.ENTITY, made.people.sector, "Veeduría Distrital")
    (fact,) = gate_facts(made.plan)
    assert "«Recursos de la Veeduría Distrital»" in fact.missing


def test_reading_the_whole_document_takes_as_many_queries_whatever_its_size(made):
    with CaptureQueriesContext(
        connection,
    ) as few:
        content_of(made.plan)
    for number in range(2, 8):
        unit(f"entidad-{number}", UnitKind.ENTITY, made.people.sector, f"Entidad {number}")
        line = StrategicLine.objects.create(plan=made.plan, number=number, name=f"Línea {number}")
        line.objectives.add(Objective.objects.create(plan=made.plan, number=number, text="Uno más"))
    renew_structure(made.document, by=made.people.jorge)

    with CaptureQueriesContext(connection) as many:
        content_of(made.plan)

    assert len(many) == len(few)
