"""Writing sections: who may, what is kept, and that nothing of anybody is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from pes.models import AuditEvent, Objective
from pes.rules.problems import Refused
from pes.writing.assignment import Task, assign_sections, read_of, sections_of
from pes.writing.texts import StaleText, finish_section, restore_text, resume_section, write_section
from tests.answers import codes
from tests.pes.writing.papers import paper

NOON = datetime(2026, 3, 4, 17, tzinfo=UTC)


@pytest.fixture
def made(db):
    return paper()


def test_a_section_keeps_what_is_safe_of_what_was_written(made):
    section = made.section("background")

    saved = write_section(section, "<p>Hola <b>mundo</b><script>x</script></p>", read=0, by=made.people.ana)

    assert (saved.section.html, saved.words) == ("<p>Hola <strong>mundo</strong></p>", 2)
    assert made.section("background").status == "writing"


def test_who_had_read_an_older_text_is_told_and_overwrites_nothing(made):
    section = made.section("background")
    write_section(section, "<p>De Ana</p>", read=0, by=made.people.ana)

    with pytest.raises(StaleText) as refused:
        write_section(section, "<p>De Jorge</p>", read=0, by=made.people.jorge)

    assert (refused.value.section.html, refused.value.typed) == ("<p>De Ana</p>", "<p>De Jorge</p>")
    assert made.section("background").html == "<p>De Ana</p>"


def test_saving_the_same_text_twice_is_once(made):
    section = made.section("background")

    for _ in range(2):
        write_section(section, "<p>Igual</p>", read=0, by=made.people.ana)

    assert made.section("background").revision == 1
    assert AuditEvent.objects.filter(verb="section_written").count() == 1


def test_one_sitting_of_a_person_is_one_text_of_the_history(made):
    section, people = made.section("background"), made.people

    write_section(section, "<p>Uno</p>", read=0, by=people.ana, now=NOON)
    write_section(section, "<p>Uno dos</p>", read=1, by=people.ana, now=NOON + timedelta(minutes=5))
    write_section(section, "<p>Tres</p>", read=2, by=people.jorge, now=NOON + timedelta(minutes=6))
    write_section(section, "<p>Cuatro</p>", read=3, by=people.jorge, now=NOON + timedelta(hours=2))

    history = list(section.texts.values_list("number", "html", "by"))
    assert history == [
        (1, "<p>Uno dos</p>", people.ana.pk),
        (2, "<p>Tres</p>", people.jorge.pk),
        (3, "<p>Cuatro</p>", people.jorge.pk),
    ]


def test_an_earlier_text_comes_back_as_a_new_one(made):
    section, people = made.section("background"), made.people
    write_section(section, "<p>Primero</p>", read=0, by=people.ana)
    write_section(section, "<p>Segundo</p>", read=1, by=people.jorge)

    restore_text(section, 1, read=2, by=people.jorge)

    assert made.section("background").html == "<p>Primero</p>"
    assert list(section.texts.values_list("number", "restored")) == [(1, None), (2, None), (3, 1)]


def test_an_entity_writes_its_sections_and_those_it_was_given(made):
    elena, problems, background = made.people.elena, made.section("problems:secretaria-general"), made.section("legal")
    write_section(problems, "<p>Propio</p>", read=0, by=elena)
    with pytest.raises(PermissionDenied):
        write_section(background, "<p>Ajeno</p>", read=0, by=elena)

    read = read_of(sections_of(made.document))
    assign_sections(made.document, {background.pk: Task(elena.pk, None)}, read=read, by=made.people.jorge)

    assert write_section(made.section("legal"), "<p>Encargado</p>", read=0, by=elena).has_changed
    with pytest.raises(PermissionDenied):
        write_section(made.section("problems:dascd"), "<p>De otra</p>", read=0, by=elena)


def test_a_ready_section_is_written_only_after_it_is_opened_again(made):
    section, ana = made.section("background"), made.people.ana
    with pytest.raises(Refused) as refused:
        finish_section(section, by=ana)
    assert codes(refused) == ["section_empty"]
    write_section(section, "<p>Listo</p>", read=0, by=ana)

    assert (finish_section(section, by=ana), finish_section(section, by=ana)) == (True, False)
    with pytest.raises(Refused) as refused:
        write_section(section, "<p>Otro</p>", read=1, by=ana)
    assert codes(refused) == ["section_ready"]

    assert resume_section(section, by=ana)
    assert write_section(section, "<p>Otro</p>", read=1, by=ana).has_changed


@pytest.mark.rule("LC-02")
def test_a_section_filled_by_data_is_ready_without_words_and_without_data_it_is_not(made):
    section, ana = made.section("objectives"), made.people.ana
    with pytest.raises(Refused) as refused:
        finish_section(section, by=ana)
    assert codes(refused) == ["section_empty"]
    assert "ni datos" in str(refused.value)
    Objective.objects.create(plan=made.plan, number=1, text="Acercar la gestión.")

    assert finish_section(section, by=ana)

    assert (made.section("objectives").status, made.section("objectives").html) == ("ready", "")


def test_a_text_places_only_live_tables_that_exist_and_each_once(made):
    section, ana = made.section("background"), made.people.ana

    with pytest.raises(Refused) as refused:
        write_section(section, '<figure data-live="inventada"></figure>', read=0, by=ana)
    assert codes(refused) == ["live_unknown"]
    with pytest.raises(Refused) as refused:
        write_section(section, '<figure data-live="objetivos"></figure>' * 2, read=0, by=ana)
    assert codes(refused) == ["live_repeated"]


def test_only_who_writes_may_be_given_a_section(made):
    read = read_of(sections_of(made.document))
    task = {made.section("legal").pk: Task(made.people.diana.pk, None)}

    with pytest.raises(Refused) as refused:
        assign_sections(made.document, task, read=read, by=made.people.jorge)

    assert codes(refused) == ["not_a_writer"]
