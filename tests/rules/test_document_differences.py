"""Two versions of a document beside each other: what was added, what is gone, which words and cells changed (LC-08)."""

from __future__ import annotations

import pytest

from pes.rules.document_differences import (
    ChangeKind,
    PlainSection,
    PlainTable,
    document_differences,
    merged,
)

pytestmark = pytest.mark.rule("LC-08")


def section(key, *items, label=""):
    return PlainSection(key, label or key, "1 Capítulo", items)


def table(*rows, caption="Metas", headers=("Meta", "2026")):
    return PlainTable(caption, headers, rows)


def test_versions_that_say_the_same_do_not_differ():
    said = [section("1.1", "Uno", table(("a", "1")))]

    assert document_differences(said, said) == []


def test_words_are_marked_in_their_place():
    assert merged("la meta es 10", "la meta es 12 ahora") == (
        ("same", "la meta es "),
        ("gone", "10"),
        ("new", "12 ahora"),
    )


def test_texts_that_share_few_words_are_told_whole():
    assert merged("Los actores del sector son muchos", "Otra cosa por completo del todo") == (
        ("gone", "Los actores del sector son muchos"),
        ("new", "Otra cosa por completo del todo"),
    )


def test_sections_are_told_in_the_order_of_reading_with_what_happened_to_each():
    before = [section("a", "Igual"), section("b", "Se va"), section("c", "Texto viejo")]
    after = [section("a", "Igual"), section("c", "Texto nuevo"), section("d", "Llega")]

    found = document_differences(before, after)

    assert [(one.key, one.kind) for one in found] == [
        ("b", ChangeKind.REMOVED),
        ("c", ChangeKind.CHANGED),
        ("d", ChangeKind.ADDED),
    ]
    assert found[1].parts[0].pieces == (("same", "Texto "), ("gone", "viejo"), ("new", "nuevo"))


def test_a_section_that_only_changed_its_name_says_so():
    [found] = document_differences([section("a", "x", label="1.4 PDD viejo")], [section("a", "x", label="1.4 PDD")])

    assert (found.renamed_from, found.parts) == ("1.4 PDD viejo", ())


def test_cells_are_compared_row_by_row_by_their_first_cell():
    before = [section("a", table(("Meta 1", "10"), ("Meta 2", "20"), ("Meta 3", "30")))]
    after = [section("a", table(("Meta 1", "10"), ("Meta 2", "25"), ("Meta 4", "40")))]

    [found] = document_differences(before, after)[0].parts

    assert found.same == 1
    assert [row.kind for row in found.rows] == [ChangeKind.CHANGED, ChangeKind.ADDED, ChangeKind.REMOVED]
    assert found.rows[0].cells[1] == (("gone", "20"), ("new", "25"))


def test_a_table_of_other_columns_is_told_whole():
    before = [section("a", table(("Meta 1", "10")))]
    after = [section("a", table(("Meta 1", "10", "12"), headers=("Meta", "2026", "2027")))]

    [found] = document_differences(before, after)[0].parts

    assert [row.kind for row in found.rows] == [ChangeKind.REMOVED, ChangeKind.ADDED]


def test_a_paragraph_that_became_a_table_is_one_gone_and_one_new():
    [found] = document_differences([section("a", "Un párrafo")], [section("a", table(("x", "1")))])

    assert {part.kind for part in found.parts} == {ChangeKind.ADDED, ChangeKind.REMOVED}


def test_a_table_tells_that_its_name_and_its_heads_changed():
    before = [section("1.1", table(("a", "1")))]
    after = [section("1.1", table(("a", "1"), caption="Recursos", headers=("Meta", "2027")))]

    [part] = document_differences(before, after)[0].parts

    assert (part.caption, part.renamed_from, part.rows, part.same) == ("Recursos", "Metas", (), 1)
    assert part.heads == ((("same", "Meta"),), (("gone", "2026"), ("new", "2027")))
