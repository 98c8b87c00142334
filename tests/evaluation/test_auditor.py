"""Documents for control offices and of the year: their figures, words, columns and files (act. 14, 15; REP-04, 07, 08)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import docx
import openpyxl
import pikepdf
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx.oxml.ns import qn

from evaluation.auditor import cb0404, files
from evaluation.auditor.columns import DEFAULT, Column, Columns, in_force
from evaluation.auditor.context import GoalYearLine, UnitYear, YearContext, year_of
from evaluation.auditor.wording import cutoff_text
from evaluation.auditor_acts import define_columns
from evaluation.models import AuditorColumns, GoalResult, UnitResult
from evaluation.quarter_closes import consolidate
from pes.models import AuditEvent
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes
from tests.evaluation import years
from tests.once import once
from tracking import lifecycle
from tracking.corrections import correct
from tracking.models import QuarterReport

pytestmark = pytest.mark.django_db
FACTORY = Columns(0, DEFAULT)


@pytest.fixture(scope="module")
def world_of_module(django_db_setup, django_db_blocker) -> Iterator[people.Cast]:
    yield from once(years.year, django_db_blocker, years.NOW)


@pytest.fixture
def them(world_of_module, db, settings) -> Iterator[people.Cast]:
    settings.PES_DEMO = True
    with time_machine.travel(years.NOW, tick=False):
        yield world_of_module


def told(them: people.Cast, kind: str = "gestion", **more) -> YearContext:
    context = year_of(them.head, years.VIGENCIA, kind, **more)
    assert context is not None
    return context


def unit(context: YearContext, code: str) -> UnitYear:
    return next(one for one in context.units if one.code == code)


def goal(context: YearContext, code: str, number: int) -> GoalYearLine:
    return next(one for one in unit(context, code).goals if one.number == number)


@pytest.mark.rule("REP-07")
def test_misional_processes_come_first_and_alcaldias_last(them):
    assert [one.code for one in told(them).units] == ["M-01", "A-01", "AL-08", "AL-09"]


@pytest.mark.rule("REP-04")
def test_every_figure_is_the_one_that_the_last_run_froze(them):
    context = told(them)

    last = GoalResult.objects.get(goal__plan__unit__code="M-01", goal__number=2, close__quarter=4)
    line = goal(context, "M-01", 2)
    assert (line.progress, line.accumulated, line.weight) == (last.progress, last.accumulated, last.weight)
    assert [one.result for one in goal(context, "AL-08", 1).quarters] == [1, Decimal("0.8"), 1, 1]
    score = UnitResult.objects.get(plan__unit__code="AL-08", close__quarter=2)
    assert unit(context, "AL-08").quarters[1].score == score.score
    assert {one.achieved for one in goal(context, "AL-09", 1).quarters} == {None}  # never reported: not a zero
    assert unit(context, "AL-09").quarters[3].is_reported is False


@pytest.mark.rule("REP-04")
def test_a_year_is_read_in_as_many_queries_whatever_its_size(them):
    with CaptureQueriesContext(connection) as queries:
        told(them)

    assert len(queries) == 6


@pytest.mark.rule("REP-04", "WF18")
def test_a_report_that_was_reopened_says_nothing_new_until_it_is_consolidated_again(them):
    before = told(them)
    report = QuarterReport.objects.get(plan__unit__code="AL-08", quarter=4)
    lifecycle.reopen(report, reason="La cifra estaba mal.", by=them.jorge)
    entry = report.entries.get(goal__number=1)
    correct(entry, "accumulated_analysis", "Se cumplió después.", reason="Faltaba una palabra.", by=them.jorge)
    assert told(them).digest == before.digest
    lifecycle.validate(QuarterReport.objects.get(pk=report.pk), by=them.jorge)
    assert told(them).digest == before.digest
    assert goal(told(them), "AL-08", 1).analysis == "La meta avanza según lo programado."

    later = years.NOW + timedelta(days=1)
    with time_machine.travel(later, tick=False):
        consolidate(them.head, years.VIGENCIA, 4, "local", by=them.ana, reason="Se corrigió un reporte.", now=later)
        make.run_jobs()
        after = told(them)
    assert after.digest != before.digest
    assert [proof.run for proof in after.closes if proof.quarter == 4] == [1, 2]
    assert goal(after, "AL-08", 1).analysis == "Se cumplió después."


@pytest.mark.rule("PT-16b", "REP-08")
def test_the_variables_of_the_year_are_known_when_one_pair_tells_it(them):
    line = goal(told(them), "M-01", 2)

    assert (line.numerator, line.denominator) == (160, 50 + 60 + 70 + 80)  # a constant: the sums
    assert goal(told(them), "M-01", 1).numerator is None  # executed was typed, not computed


@pytest.mark.rule("REP-08")
def test_cb0404_has_a_row_a_goal_with_numbers_as_numbers(them):
    context = told(them, "cb0404")
    made = files.workbook(context, cb0404.document(context, FACTORY), FACTORY)

    book = openpyxl.load_workbook(io.BytesIO(made))
    headers, *rows = book["CB-0404"].iter_rows(values_only=True)
    assert headers == tuple(column.header for column in DEFAULT)
    said = dict(zip(headers, rows[1], strict=True))
    assert (said["Proceso"], said["Variable 1 valor"], said["Meta"]) == ("Convivencia", 160, 80)
    assert said["% cumplimiento"] == pytest.approx(79.32)
    assert said["Fórmula"] == "(Peticiones a tiempo) / (Peticiones recibidas)"
    assert len(rows) == 5
    proof = {row[0]: row[1] for row in book["Documento"].iter_rows(values_only=True)}
    assert proof["huella SHA-256 de los datos"] == context.digest
    assert len(list(book["Cierres"].iter_rows())) == 1 + 8


@pytest.mark.rule("REP-08")
def test_columns_are_ordered_renamed_numbered_and_added_with_a_trace(them):
    wanted = (Column("Meta", "meta", 8), Column("Proceso", "proceso", 4), Column("Sector", "", 12, "Gobierno"))

    made = define_columns(wanted, base=0, by=them.jorge)

    assert in_force() == Columns(1, wanted)
    context = told(them, "cb0404")
    sheet = cb0404.sheet(context, in_force())
    assert sheet.headers == ("(8) Meta", "(4) Proceso", "(12) Sector")
    assert next(iter(sheet.rows)) == (Decimal(100), "Convivencia", "Gobierno")
    assert AuditEvent.objects.get(verb="auditor_columns_defined").object_id == str(made.pk)
    define_columns(wanted[:2], base=1, by=them.jorge)
    assert AuditorColumns.objects.count() == 2  # the earlier version stays


@pytest.mark.rule("REP-08")
@pytest.mark.parametrize(
    ("columns", "base", "code"),
    [
        ((), 0, "columns_empty"),
        (DEFAULT, 0, "columns_same"),
        (DEFAULT[:2], 3, "columns_moved"),
        ((Column("", "meta"),), 0, "header_not_valid"),
        ((Column("Meta", "contraseña"),), 0, "source_unknown"),
        ((Column("Meta", "meta", 0),), 0, "number_not_valid"),
        ((Column("Meta", "meta"), Column("META", "unidad")), 0, "header_repeated"),
        (tuple(Column(f"C{at}", "meta") for at in range(61)), 0, "columns_too_many"),
    ],
    ids=["none", "same", "stale", "no-header", "unknown", "zero", "repeated", "many"],
)
def test_columns_that_cannot_be_are_refused(them, columns, base, code):
    with pytest.raises(Refused) as refused:
        define_columns(columns, base=base, by=them.jorge)

    assert codes(refused) == [code]


@pytest.mark.rule("AZ4")
def test_an_analyst_does_not_define_the_columns(them):
    with pytest.raises(PermissionDenied):
        define_columns(DEFAULT[:2], base=0, by=them.ana)


@pytest.fixture(scope="module")
def rendered() -> dict[str, files.Files]:
    """The files of each kind, made once."""
    return {}


def made(them: people.Cast, kind: str, rendered: dict[str, files.Files]) -> dict[str, bytes]:
    if kind not in rendered:
        rendered[kind] = files.make(told(them, kind), FACTORY, lambda done: None)
    return rendered[kind].contents


@pytest.mark.rule("REP-07")
def test_cb1090_is_a_docx_with_real_headings_and_repeated_table_headers(them, rendered):
    document = docx.Document(io.BytesIO(made(them, "cb1090", rendered)["docx"]))

    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings[:5] == [
        "1. Introducción", "2. Procesos misionales", "Convivencia", "METAS – Convivencia",
        "ANÁLISIS CUALITATIVO – Convivencia",
    ]  # fmt: skip
    assert headings.index("3. Procesos de apoyo") < headings.index("4. Alcaldías locales")
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
    text = "\n".join(one.text for one in document.paragraphs)
    assert "corte al 31 de diciembre de 2022" in text
    assert "Meta\xa01. " in text
    assert document.core_properties.language == "es-CO"
    assert {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))} == {"es-CO"}
    assert "Borrador" in document.core_properties.title


@pytest.mark.rule("PD2", "PD4")
def test_pdfs_are_accessible_carry_their_data_and_run_no_mark_up_of_people(them, rendered):
    contents = made(them, "cb1090", rendered)

    with pikepdf.open(io.BytesIO(contents["pdf"])) as document:
        said = document.Root.Metadata.read_bytes().decode()
        assert 'pdfuaid:part="1"' in said
        assert "<pdfaid:part>3</pdfaid:part>" in said or 'pdfaid:part="3"' in said
        assert str(document.Root.Lang) == "es-CO"
        assert document.attachments["datos.xlsx"].get_file().read_bytes() == contents["xlsx"]
    html = contents["html"].decode()
    assert "<script>" not in html
    assert html.count("</main>") == 1
    assert "&lt;script&gt;" in html


@pytest.mark.rule("PD4")
def test_the_same_year_gives_the_same_bytes(them):
    context = told(them, "cb1090")
    document = files.document_of_kind(context, FACTORY)

    assert files.docx_of(document) == files.docx_of(document)
    assert files.workbook(context, document, FACTORY) == files.workbook(context, document, FACTORY)
    with zipfile.ZipFile(io.BytesIO(files.docx_of(document))) as archive:
        assert {one.date_time[0] for one in archive.infolist()} == {1980}


@pytest.mark.rule("REP-04")
def test_the_institutional_report_tells_rankings_delays_evidence_and_what_is_missing(them):
    document = files.document_of_kind(told(them), FACTORY)

    said = {section.anchor: section for section in document.sections}
    assert [*said][:7] == ["resumen", "trimestres", "ranking", "anual", "retrasos", "evidencia", "pendiente"]
    delays = said["retrasos"].blocks[0].rows
    assert ("Alcaldía Local de Kennedy", "Meta\xa01", "T2", "25", "20", "80,00\xa0%", "Faltó personal.") in delays
    silent = [row for block in said["pendiente"].blocks for row in block.rows]
    assert ("Alcaldía Local de Fontibón", "T4", "Alcaldías locales") in silent
    assert not any("Convivencia" in row for row in silent)
    first = said["ranking"].blocks[2].rows
    assert first[0][:2] == ("1", "Apoyo jurídico")


@pytest.mark.rule("REP-04")
def test_an_unfinished_year_says_how_far_it_goes(them):
    whole = told(them)
    part = replace(whole, closes=tuple(one for one in whole.closes if one.quarter < 4), quarter=3)

    assert not part.is_complete
    assert part.marks == ("Borrador", "Preliminar", "Datos de demostración")
    assert cutoff_text(part) == "30 de septiembre de 2022"
    notes = files.document_of_kind(part, FACTORY).sections[0].blocks[0]
    assert notes.title == "Cifras preliminares"
    assert "alcaldías locales hasta T3" in notes.text


@pytest.mark.rule("SM-1")
def test_the_reports_of_a_closed_plan_are_not_reopened(them):
    report = QuarterReport.objects.select_related("plan").get(plan__unit__code="AL-08", quarter=4)
    report.plan.move("close", closed_by=them.jorge, closed_at=years.NOW)

    with pytest.raises(Refused) as refused:
        lifecycle.reopen(QuarterReport.objects.get(pk=report.pk), reason="La cifra estaba mal.", by=them.jorge)

    assert codes(refused) == ["plan_closed"]
