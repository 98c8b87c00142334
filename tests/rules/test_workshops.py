"""The attendance of a mesa de trabajo, read from text; what a mesa must say."""

from __future__ import annotations

from datetime import date

import pytest

from pes.rules.workshops import (
    MOST_PEOPLE,
    Attendee,
    attendance_problems,
    content_problems,
    day_problems,
    outsiders_problems,
    read_attendance,
)

pytestmark = pytest.mark.rule("SM-1")
TODAY = date(2026, 3, 10)


def found(people: list[Attendee]) -> list[str]:
    return [problem.code for problem in attendance_problems(people)]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ana Ruiz; Analista", [("Ana Ruiz", "Analista")]),
        ("Ana Ruiz\tAnalista\r\nLuis Gil\tLíder", [("Ana Ruiz", "Analista"), ("Luis Gil", "Líder")]),
        ("  Ana   Ruiz ;  Analista  \n\n   \n", [("Ana Ruiz", "Analista")]),
        ("; Representante de la comunidad", [("", "Representante de la comunidad")]),
        ("Ana; Jefe; encargada", [("Ana", "Jefe; encargada")]),
        ("Ana Ruiz", [("Ana Ruiz", "")]),
        ("Ana\tRuiz; Analista", [("Ana Ruiz", "Analista")]),
        ("", []),
    ],
)
def test_each_line_is_a_person(text, people):
    assert [(person.name, person.position) for person in read_attendance(text)] == people


def test_what_is_written_of_a_person_reads_as_the_same_person():
    for person in (Attendee("Ana Ruiz", "Analista; encargada"), Attendee("", "Vecino")):
        assert read_attendance(str(person)) == [person]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["attendance_missing"]),
        ("Ana Ruiz", ["position_missing"]),
        (";", ["position_missing"]),
        ("Ana; Analista\nLuis; Líder", []),
        ("Ana; Analista\nAna; Analista", ["attendee_repeated"]),
        ("; Vecino\n; Vecino", []),
        (f"{'a' * 150}; {'b' * 150}", []),
        (f"{'a' * 151}; {'b' * 151}", ["attendee_too_long", "attendee_too_long"]),
        ("\n".join(f"{n}; x" for n in range(MOST_PEOPLE)), []),
        ("\n".join(f"{n}; x" for n in range(MOST_PEOPLE + 1)), ["attendance_too_long"]),
    ],
    ids=["none", "no-position", "nothing", "two", "twice", "unnamed-twice", "long", "too-long", "many", "too-many"],
)
def test_a_list_of_attendance_says_who_and_as_what(text, expected):
    assert found(read_attendance(text)) == expected


def test_a_finding_names_the_person_and_what_to_write():
    (problem,) = attendance_problems(read_attendance("Ana; Analista\nLuis Gil"))

    assert problem.message == "Persona 2: falta el cargo de «Luis Gil»."
    assert problem.fix == "Escriba «nombre; cargo», una persona por línea."


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 3, 9), []), (TODAY, []), (date(2026, 3, 11), ["workshop_in_future"])],
    ids=["yesterday", "today", "tomorrow"],
)
def test_a_mesa_has_been_held(day, expected):
    assert [problem.code for problem in day_problems(day, TODAY)] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"topic": " "}, ["topic_missing"]),
        ({"minutes": " \n"}, ["minutes_missing"]),
        ({"unit_count": 0}, ["workshop_without_units"]),
    ],
    ids=["whole", "topic", "minutes", "units"],
)
def test_a_mesa_says_what_about_what_was_agreed_and_who_took_part(said, expected):
    whole = {"topic": "Metas", "minutes": "Se acordó.", "unit_count": 1}

    assert [problem.code for problem in content_problems(**(whole | said))] == expected


def test_each_unit_of_another_entity_is_named():
    messages = [problem.message for problem in outsiders_problems(["Usme", "Suba"], "Secretaría")]

    assert messages == [f"«{name}» no es un proceso ni una alcaldía de «Secretaría»." for name in ("Usme", "Suba")]
