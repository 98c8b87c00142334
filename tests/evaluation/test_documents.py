"""Documents of a report: what they say, that they reach nothing, and that they are what they claim (PD1–PD5, EX1–EX4)."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pikepdf
import pytest

from evaluation.documents import context as parts
from evaluation.documents import files, sector_report
from evaluation.documents.context import ReportContext
from evaluation.documents.workbook import workbook
from evaluation.rules.periods import Period
from pes.documents import pdf
from pes.documents.assets import asset
from tests import make
from tests.evaluation import reports

pytestmark = [pytest.mark.django_db, pytest.mark.rule("REP-01", "REP-02", "REP-03", "PD1", "PD2", "PD4", "PD5", "EX1")]
PERIODS = [reports.MARCH, reports.HALF, reports.YEAR]
HOSTILE = (
    "<img src=http://169.254.169.254/x><script>alert(1)</script></main><style>@import 'http://x/y'</style>"
    '<svg><image href="file:///etc/passwd"/></svg><link rel=attachment href=file:///etc/passwd> =HYPERLINK("http://x")'
)


BUILT: dict[tuple[str, str], ReportContext] = {}
MADE: dict[str, files.Files] = {}


def built(period: Period = reports.MARCH, analysis: str = reports.ANALYSIS) -> ReportContext:
    """The context of a case. It is frozen and stands apart from the database, so that one will do for every test."""
    place = (period.code, analysis)
    if place not in BUILT:
        BUILT[place] = sector_report.build(reports.case(analysis).plan, period, reports.ON)
    return BUILT[place]


def made(context: ReportContext) -> dict[str, bytes]:
    """The files of a context, likewise."""
    if context.digest not in MADE:
        MADE[context.digest] = files.make(context, lambda percent: None)
    return MADE[context.digest].contents


def text_of(content: bytes) -> str:
    """Text of a PDF read through its fonts' own ToUnicode maps, as a reader or a screen reader does."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return "\n".join(_text_of_page(page) for page in document.pages)


def _text_of_page(page: pikepdf.Page) -> str:
    maps = {name: _to_unicode(font) for name, font in page.resources.get("/Font", {}).items()}
    current, out = {}, []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
        elif str(operator) in {"Tj", "TJ"}:
            strings = operands[0] if str(operator) == "TJ" else [operands[0]]
            codes = b"".join(bytes(one) for one in strings if isinstance(one, pikepdf.String))
            out.append("".join(current.get(codes[i : i + 2], "") for i in range(0, len(codes), 2)))
        elif str(operator) == "ET":
            out.append("\n")
    return "".join(out)


def _to_unicode(font: pikepdf.Object) -> dict[bytes, str]:
    table = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    pairs = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", table)
    return {bytes.fromhex(code): bytes.fromhex(words).decode("utf-16-be") for code, words in pairs}


@pytest.mark.parametrize("period", PERIODS, ids=lambda p: p.code)
def test_the_three_reports_say_the_published_figures(period):
    context = built(period)
    contents = made(context)

    figures = {objective.code: objective.compliance.text for objective in context.objectives}
    assert figures == {"O2": "50,24\u00a0%", "O3": "24,15\u00a0%", "O4": "Sin información"}
    read, page = text_of(contents["pdf"]), contents["html"].decode()
    for figure in (
        "50,24\u00a0%",
        "24,15\u00a0%",
        "Sin información",
        "Construcción de la paz",
        "señalización",
        "ñandúes",
    ):
        assert figure in read.replace("\n", " ") or figure.replace("\u00a0", " ") in read.replace("\n", " ")
        assert figure in page
    book = openpyxl.load_workbook(io.BytesIO(contents["xlsx"]))
    assert [row[3] for row in book["Objetivos"].iter_rows(min_row=2, values_only=True)] == [50.24, 24.15, None]


def test_what_is_missing_is_never_a_zero():
    context = built()
    last = context.objectives[-1]

    assert (last.compliance.value, last.coverage) == (None, "Sin indicadores registrados")
    assert {line.executed.text for line in context.indicators} == {"Sin medición anterior"}


def test_weights_are_told_with_two_decimals_as_on_the_screens():
    assert all(re.fullmatch("[0-9]+,[0-9]{2}\u00a0%", line.weight.text) for line in built().indicators)


def test_there_is_no_light_before_the_last_cutoff_of_the_vigencia():
    assert {line.light for line in built().indicators} == {"En curso"}


def test_the_pdf_claims_pdfa_3a_and_pdfua_1_and_is_tagged():
    context = built()

    with pikepdf.open(io.BytesIO(made(context)["pdf"])) as document:
        said = bytes(document.Root.Metadata.read_bytes()).decode()
        assert re.search(r'pdfaid:part="3"', said)
        assert re.search(r'pdfaid:conformance="A"', said)
        assert re.search(r'pdfuaid:part="1"', said)
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "es-CO"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in document.Root
        assert str(document.docinfo.Title) == context.full_title
        assert context.digest in str(document.docinfo.Keywords)


def test_the_pdf_carries_the_same_workbook_that_is_stored():
    contents = made(built())

    with pikepdf.open(io.BytesIO(contents["pdf"])) as document:
        attached = document.attachments[pdf.DATA_NAME]
        assert attached.get_file().read_bytes() == contents["xlsx"]
        assert str(document.Root.AF[0].AFRelationship) == "/Data"


@pytest.mark.parametrize("period", PERIODS, ids=lambda p: p.code)
def test_the_same_context_gives_the_same_bytes(period):
    context = built(period)

    again = files.make(context, lambda percent: None)

    assert again.contents == made(context)


def test_every_font_is_ours_and_embedded():
    content = made(built())["pdf"]

    with pikepdf.open(io.BytesIO(content)) as document:
        fonts = [font for page in document.pages for font in page.resources.get("/Font", {}).values()]
        names = {str(font.DescendantFonts[0].FontDescriptor.FontName) for font in fonts}
        assert all(re.search("Nunito", name) for name in names), names
        assert all(
            "/FontFile3" in f.DescendantFonts[0].FontDescriptor or "/FontFile2" in f.DescendantFonts[0].FontDescriptor
            for f in fonts
        )


def test_a_missing_font_stops_the_document():
    with pytest.raises(FileNotFoundError, match="Falta el archivo"):
        asset("fonts/no-existe.woff2")


def test_marks_in_an_analysis_are_printed_as_text_and_no_socket_is_opened(socket_disabled):
    context = built(analysis=HOSTILE)

    contents = made(context)
    page, read = contents["html"].decode(), text_of(contents["pdf"])

    assert "<img src=http" not in page
    assert "&lt;img src=http://169.254.169.254/x&gt;" in page
    assert page.count("</main>") == 1
    assert "<img" in read


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='http://169.254.169.254/latest'>",
        "<img src='file:///etc/passwd'>",
        "<img src='https://pes.invalid/../settings.py'>",
        "<img src='https://pes.invalid/fonts/../../manage.py'>",
        "<link rel=stylesheet href='http://x.invalid/a.css'>",
        "<style>@import 'http://x.invalid/a.css';</style>",
        "<style>@font-face{font-family:x;src:url(http://x.invalid/f.woff2)}p{font-family:x}</style><p>x</p>",
        "<svg><image href='file:///etc/passwd' width=9 height=9 /></svg>",
        "<link rel=attachment href='file:///etc/passwd'>",
        "<a rel=attachment href='file:///etc/passwd'>x</a>",
    ],
)
def test_markup_that_got_through_is_refused_by_the_fetcher(markup, socket_disabled):
    whole = f"<!doctype html><html lang=es-CO><title>x</title><body>{markup}"

    with pytest.raises(pdf.Blocked):
        pdf.render_html(whole, b"x", dated_at=datetime(2022, 4, 1, tzinfo=UTC), description="x")


def test_text_in_the_workbook_never_becomes_a_formula():
    book = openpyxl.load_workbook(io.BytesIO(workbook(built(analysis="=1+1"))))

    cell = next(row[-1] for row in book["Indicadores"].iter_rows(min_row=2) if row[4].value == "321")
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_control_characters_and_long_texts_do_not_break_the_files():
    context = built(analysis="a\x0bb" + "palabra " * 6_000)
    contents = made(context)

    book = openpyxl.load_workbook(io.BytesIO(contents["xlsx"]))
    texts = [row[-1] for row in book["Indicadores"].iter_rows(min_row=2, values_only=True) if row[-1]]
    assert len(texts[0]) == 32_767
    assert "el texto completo está en el libro de datos" in contents["html"].decode()


def test_the_workbook_has_codes_first_and_numbers_as_numbers():
    book = openpyxl.load_workbook(io.BytesIO(workbook(built(reports.YEAR))))

    rows = list(book["Indicadores"].iter_rows(min_row=2, values_only=True))
    assert [row[4] for row in rows] == ["321", "P4", "644"]
    assert [row[18] for row in rows] == [50, 52.27, 24.15]
    assert {"Informe", "Objetivos", "Indicadores", "Cortes", "Horizonte", "Metodología"} <= set(book.sheetnames)


def test_the_months_execution_is_the_difference_of_two_measurements():
    case = reports.case()
    for key, achieved in (("321", "30"), ("644", "3000")):
        indicator = case.plan.indicators.get(key=key)
        make.measurement(indicator=indicator, by=case.them.ana, achieved=achieved, on=date(2022, 4, 30))
    make.run_jobs()
    april = reports.parse_period("monthly", "2022-04")

    context = sector_report.build(case.plan, april, date(2022, 4, 30))

    executed = {line.key: line.executed.value for line in context.indicators}
    assert executed == {"321": Decimal("2.5"), "644": Decimal(585), "P4": None}
    assert [line.delay for line in context.delays] == [
        "Sin medición en abril de 2022; la última es del 31 de marzo de 2022."
    ]
    assert len(context.trend_points) == 2


def test_the_annual_report_tells_the_progress_over_the_whole_plan():
    lines = {line.key: line for line in built(reports.YEAR).indicators}

    assert lines["321"].horizon_progress.text == "30,56\u00a0%"
    assert [shown.exact for shown in lines["321"].horizon] == ["NP", "20", "55", "90", "NP"]


def test_what_holds_an_objective_back_is_listed_by_what_it_costs():
    found = built(reports.HALF).bottlenecks

    assert [(item.key, item.points.text) for item in found] == [("644", "75,85"), ("321", "44,68"), ("P4", "5,08")]


def test_a_report_with_too_many_rows_is_a_zip_with_one_document_per_entity(monkeypatch):
    monkeypatch.setattr(parts, "MOST_ROWS", 2)
    contents = files.make(built(), lambda percent: None).contents

    with zipfile.ZipFile(io.BytesIO(contents["zip"])) as archive:
        names = archive.namelist()
        entity = text_of(archive.read("entidades/dascd.pdf"))
        manifest = archive.read("manifiesto.json").decode()
        digest = hashlib.sha256(archive.read("entidades/dascd.pdf")).hexdigest()
    assert names == [
        "informe.pdf", "informe.xlsx", "entidades/secretaria-general.pdf", "entidades/dascd.pdf", "manifiesto.json",
    ]  # fmt: skip
    assert "644" in entity
    assert "P4" not in entity
    assert digest in manifest


def test_the_digest_covers_every_figure():
    context = built()

    assert context.digest == replace(context).digest
    assert context.digest != replace(context, index=parts.Shown("99,00 %")).digest
