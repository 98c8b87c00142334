"""The pages of the document: read, written with and without JavaScript, commented, shared out; hostile texts anywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import unescape
from io import BytesIO

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx.oxml.ns import qn

from pes.documents.blocks import Document, Figure, Section
from pes.documents.docx import docx_of
from pes.documents.html import html_of
from pes.documents.pdf import render_html
from pes.models import DocumentSection, SectionComment, SectorPlan, UnitKind
from pes.writing.assignment import Task, assign_sections, read_of, sections_of
from pes.writing.comments import comment_section
from pes.writing.content import content_of
from pes.writing.inbox import inbox
from pes.writing.structure import rename_chapter, renew_structure
from pes.writing.texts import write_section
from pes.writing.whole import document_of
from tests.answers import page_of
from tests.evaluation.test_documents import text_of
from tests.people import unit
from tests.pes.writing.papers import paper

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "{{ 7|add:7 }}{% csrf_token %}",
)
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def made(db):
    return paper()


def at(made, name, *args):
    return reverse(f"pes:{name}", args=[made.plan.sector.code, made.plan.first_vigencia, *args])


def html(made, client, name, *args):
    answer = client.get(at(made, name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_of_the_sector_reads_and_strangers_find_nothing(made):
    assert "1.1 Estructura del sector" in html(made, page_of(made.people.pilar), "document")
    assert page_of(made.people.oscar).get(at(made, "document")).status_code == 404


def test_who_leads_opens_the_document_and_nobody_else(db):
    made = paper()
    other = SectorPlan.objects.create(
        sector=made.people.sector, name="Siguiente", first_vigencia=2029, last_vigencia=2032
    )
    url = reverse("pes:document-open", args=[other.sector.code, 2029])

    assert page_of(made.people.elena).post(url).status_code == 403
    assert (
        "Abrir el documento"
        in page_of(made.people.ana).get(reverse("pes:document", args=[other.sector.code, 2029])).content.decode()
    )
    assert page_of(made.people.jorge).post(url).status_code == 302
    assert other.document.chapters.count() == 9


def test_a_text_is_saved_from_the_plain_box_and_from_the_editor(made):
    client, section = page_of(made.people.ana), made.section("background")
    url = at(made, "section-save", section.pk)

    plain = client.post(url, {"text": "## Origen\n\nUno **dos**", "form": "markup", "read": 0})
    assert plain.status_code == 302
    assert made.section("background").html == "<h3>Origen</h3><p>Uno <strong>dos</strong></p>"

    saved = client.post(url, {"text": "<p>Tres</p>", "form": "html", "read": 1}, **JSON).json()
    assert (saved["revision"], made.section("background").html) == (2, "<p>Tres</p>")


@pytest.mark.rule("WF3")
def test_a_stale_save_answers_with_the_difference_and_keeps_both_texts(made):
    client, section = page_of(made.people.ana), made.section("background")
    write_section(section, "<p>Lo de Jorge</p>", read=0, by=made.people.jorge)
    url = at(made, "section-save", section.pk)

    told = client.post(url, {"text": "<p>Lo de Ana</p>", "form": "html", "read": 0}, **JSON)
    assert told.status_code == 409
    assert "<del>Jorge</del>" in told.json()["conflicts"][0]["differences"]

    lost = client.post(url, {"text": "<p>Lo de <b>Jorge</b></p>", "form": "html", "read": 0}, **JSON)
    assert "<ins>**Jorge**</ins>" in lost.json()["conflicts"][0]["differences"]
    assert "**…** es negrita." in lost.json()["conflicts"][0]["differences"]

    shown = client.post(url, {"text": "Lo de Ana", "form": "markup", "read": 0})
    assert shown.status_code == 409
    assert shown.context["form"].initial == {"text": "Lo de Ana", "form": "markup", "read": 1}
    assert made.section("background").html == "<p>Lo de Jorge</p>"


@pytest.mark.rule("WF3")
def test_the_difference_and_the_history_name_the_live_table_that_one_of_the_texts_lacks(made):
    client, section = page_of(made.people.ana), made.section("pdd")
    write_section(section, '<p>Uno.</p><figure data-live="programas-pdd"></figure>', read=0, by=made.people.jorge)
    url, said = at(made, "section-save", section.pk), "<del>Tabla de datos: Programas del PDD</del>"

    told = client.post(url, {"text": "<p>Uno. Dos.</p>", "form": "html", "read": 0}, **JSON)
    shown = client.post(url, {"text": "Uno. Dos.", "form": "markup", "read": 0})
    assert f"<p>{said}</p>" in told.json()["conflicts"][0]["differences"]  # a line of its own
    assert "En redacción" in told.json()["panel"]["state"]
    assert said in shown.content.decode()

    client.post(url, {"text": "<p>Uno. Dos.</p>", "form": "html", "read": 1}, **JSON)
    assert said in html(made, client, "section-history", section.pk)
    same = client.get(at(made, "section-history", section.pk), {"texto": 2, "con": 2}).content.decode()
    assert "Los dos textos son iguales." in same


def test_the_answer_to_a_save_brings_the_panel_as_the_section_now_stands(made):
    client, section = page_of(made.people.ana), made.section("background")
    url, page = at(made, "section-save", section.pk), html(made, client, "section", section.pk)
    assert "Por empezar" in page
    assert "La sección no tiene texto." in page

    panel = client.post(url, {"text": "<p>Tres</p>", "form": "html", "read": 0}, **JSON).json()["panel"]
    page = html(made, client, "section", section.pk)
    assert "En redacción" in panel["state"]
    assert '<button type="submit"' in panel["finish"]
    assert panel["state"] in page
    assert panel["finish"] in page

    panel = client.post(url, {"text": "", "form": "html", "read": 1}, **JSON).json()["panel"]
    assert "La sección no tiene texto." in panel["finish"]


def test_a_text_beyond_the_limits_comes_back_with_what_was_typed(made):
    client, section = page_of(made.people.ana), made.section("background")
    typed = "\n\n".join(f"| a |\n| {number} |" for number in range(31))

    answer = client.post(at(made, "section-save", section.pk), {"text": typed, "form": "markup", "read": 0})

    assert answer.status_code == 422
    assert "caben 30 en una sección" in unescape(answer.content.decode())
    assert answer.context["form"]["text"].value() == typed


def test_what_is_pasted_comes_back_clean_and_is_not_stored(made):
    section = made.section("background")
    client = page_of(made.people.ana)

    answer = client.post(at(made, "section-clean", section.pk), {"text": "<p style='x:y'>Uno<script>2</script></p>"})

    assert answer.json() == {"html": "<p>Uno</p>", "words": 1}
    assert made.section("background").html == ""


def test_a_comment_is_answered_resolved_and_opened_again(made):
    section, people = made.section("background"), made.people
    write_section(section, "<p>Las metas se <strong>cumplen</strong> tarde.</p>", read=0, by=people.ana)
    elena, ana = page_of(people.elena), page_of(people.ana)
    comment = {"quote": "metas se cumplen", "text": "¿Cuáles?"}

    for _ in range(2):  # a second click is the same comment
        assert elena.post(at(made, "section-comment", section.pk), comment).status_code == 302
    thread = SectionComment.objects.get()
    ana.post(at(made, "comment-answer", section.pk, thread.pk), {"text": "Las del plan anterior."})
    assert [item["kind"] for item in inbox(people.elena)] == ["document_comment"]
    elena.post(at(made, "comment-resolve", section.pk, thread.pk))

    thread.refresh_from_db()
    assert (thread.resolved_by, thread.turns.count()) == (people.elena, 2)
    assert list(inbox(people.elena)) == []
    ana.post(at(made, "comment-reopen", section.pk, thread.pk))
    assert SectionComment.objects.open().count() == 1
    lost = elena.post(at(made, "section-comment", section.pk), {"quote": "no lo dice", "text": "Hola"})
    assert (lost.status_code, SectionComment.objects.count()) == (422, 1)


def test_sections_are_shared_out_in_one_table_and_reach_mi_trabajo(made):
    client, people = page_of(made.people.jorge), made.people
    section = made.section("mipg")
    page = client.get(at(made, "document-assign"))
    sent = {f"who-{row.pk}": "" for row in sections_of(made.document)} | {"read": page.context["form"]["read"].value()}
    sent |= {f"who-{section.pk}": str(people.elena.pk), f"due-{section.pk}": "2026-12-01"}

    assert client.post(at(made, "document-assign"), sent).status_code == 302

    assert [(item["title"], item["due_on"]) for item in inbox(people.elena)] == [
        ("Escribir «Articulación con el MIPG» del PES", date(2026, 12, 1))
    ]
    stale = client.post(at(made, "document-assign"), sent | {f"who-{section.pk}": ""})
    assert stale.status_code == 409
    assert page_of(people.elena).get(at(made, "document-assign")).status_code == 403


def test_the_history_shows_what_changed_and_gives_an_earlier_text_back(made):
    section, people = made.section("background"), made.people
    write_section(section, "<p>Uno dos</p>", read=0, by=people.ana)
    write_section(section, "<p>Uno tres</p>", read=1, by=people.jorge)
    client = page_of(people.ana)

    assert "<del>dos</del>" in html(made, client, "section-history", section.pk)
    client.post(at(made, "section-restore", section.pk, 1), {"read": 2})

    assert made.section("background").html == "<p>Uno dos</p>"


@pytest.mark.rule("DA10")
def test_hostile_texts_are_words_in_every_page_and_document(made):
    people, section = made.people, made.section("background")
    words = " ".join(HOSTILE)
    escaped = words.replace("<", "&lt;")
    chapter = made.document.chapters.get(key="3")
    write_section(
        section,
        f"<p>{escaped}</p><table><caption>{escaped}</caption><tr><td>{escaped}</td></tr></table>",
        read=0,
        by=people.ana,
    )
    comment_section(section, words, quote=HOSTILE[0], by=people.elena)
    rename_chapter(chapter, title=words, read=read_title(chapter), by=people.jorge)
    DocumentSection.objects.filter(pk=section.pk).update(title=words)
    client = page_of(people.ana)
    document = document_of(
        content_of(made.plan), edition=words, dated_at=datetime(2026, 1, 2, tzinfo=UTC), digest="0", marks=(words,)
    )

    pages = [html(made, client, name, *args) for name, args in (
        ("document", ()), ("section", (section.pk,)), ("section-history", (section.pk,)), ("document-assign", ()),
    )]  # fmt: skip
    for page in (*pages, html_of(document)):
        assert not any(text in page for text in HOSTILE if "<" in text)
        assert all(text in unescape(page) for text in HOSTILE)
    pdf = render_html(html_of(document), b"datos", dated_at=document.dated_at, description="Datos")
    said = "".join(text_of(pdf.content).split())
    assert all("".join(text.split()) in said for text in HOSTILE)
    written = docx.Document(BytesIO(docx_of(document)))
    assert any(words in paragraph.text for paragraph in written.paragraphs)
    assert any(words in cell.text for table in written.tables for row in table.rows for cell in row.cells)


def test_a_name_longer_than_a_property_of_the_file_still_makes_its_docx():
    long = "Mesa técnica para revisar los compromisos de la vigencia. " * 5
    document = Document(
        title=long, institution="Alcaldía", entity="Sector", period="2024–2028", cutoff="", edition="", dated="",
        dated_at=datetime(2026, 1, 2, tzinfo=UTC), digest="0", marks=(), correction="", sections=(),
    )  # fmt: skip

    written = docx.Document(BytesIO(docx_of(document)))

    assert written.core_properties.title.endswith("…")
    assert written.paragraphs[0].text == long


def word(document):
    return docx.Document(BytesIO(docx_of(document)))


def codes_in(element):
    """The fields that a part of the file asks the word processor to fill in."""
    return [one.text for one in element.iter(qn("w:instrText"))]


@pytest.mark.rule("LC-07")
def test_the_docx_asks_word_for_its_pages_and_says_that_a_figure_is_told_as_a_table(made):
    table = "<table><caption>Cifras</caption><tr><th>A</th></tr><tr><td>1</td></tr></table>"
    write_section(made.section("background"), table, read=0, by=made.people.ana)
    figure = Section("anexo", "Anexo", (Figure("Índice por vigencia", "%", (("2026", "100", "80.5"),)),))
    document = document_of(
        content_of(made.plan), edition="Versión 2", dated_at=datetime(2026, 1, 2, tzinfo=UTC), digest="0",
        annexes=(figure,),
    )  # fmt: skip

    written = word(document)

    assert written.settings.element.find(qn("w:updateFields")).get(qn("w:val")) == "true"
    assert codes_in(written.element) == [
        'TOC \\o "1-2" \\h', 'TOC \\h \\z \\c "Tabla"', 'TOC \\h \\z \\c "Figura"',
        "SEQ Tabla \\* ARABIC", "SEQ Figura \\* ARABIC",
    ]  # fmt: skip
    said = [paragraph.text for paragraph in written.paragraphs]
    assert said.count("Tabla 1. Cifras") == 2  # in the list, and above the table
    at_figure = said.index("Figura 1. Índice por vigencia (datos en tabla)")
    assert said[at_figure + 1].startswith("El dibujo de esta figura está en el PDF")
    assert [cell.text for cell in written.tables[-1].rows[1].cells] == ["2026", "100", "80,5"]


def test_the_cover_of_the_docx_sets_the_institution_apart_from_the_version(made):
    document = document_of(
        content_of(made.plan), edition="Versión 2", dated_at=datetime(2026, 1, 2, 17, tzinfo=UTC), digest="0"
    )

    said = [paragraph.text for paragraph in word(document).paragraphs]

    assert said[3:5] == ["Alcaldía Mayor de Bogotá D.C.", "Versión 2 · 2 de enero de 2026"]
    assert not any(".." in line for line in said)


def read_title(chapter):
    from_page = page_of(chapter.document.opened_by).get(
        reverse("pes:document-assign", args=[chapter.document.plan.sector.code, chapter.document.plan.first_vigencia])
    )
    line = next(one for one in from_page.context["lines"] if one["chapter"].chapter.pk == chapter.pk)
    return line["title_form"]["read"].value()


def test_the_page_asks_as_many_queries_whatever_the_sections_and_comments(made):
    client, people = page_of(made.people.ana), made.people
    client.get(at(made, "document"))
    with CaptureQueriesContext(connection) as few:
        html(made, client, "document")
    for number in range(4):
        unit(f"entidad-{number}", UnitKind.ENTITY, people.sector, f"Entidad {number}")
    renew_structure(made.document, by=people.jorge)
    tasks = {row.pk: Task(people.ana.pk, date(2026, 1, 1)) for row in sections_of(made.document)}
    assign_sections(made.document, tasks, read=read_of(sections_of(made.document)), by=people.jorge)
    for row in sections_of(made.document)[:8]:
        comment_section(row, "Algo", by=people.ana)

    with CaptureQueriesContext(connection) as many:
        html(made, client, "document")

    assert len(many) <= len(few)
