"""Excel in the browser, for a report and for the table of an area: see what changes, apply it, or take it annotated."""

from __future__ import annotations

from decimal import Decimal
from html import unescape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from pes.models import AuditEvent
from pes.workbooks.names import column_letter
from tests import people
from tests.answers import page_of
from tests.tracking import report_books
from tests.tracking.report_books import changed, exported, line, save
from tracking.filling import EntryChange, write_entries
from tracking.models import GoalReport, ReportUpload
from tracking.report_workbook import shape

pytestmark = pytest.mark.django_db
EXCEL = "/planes/PLE-PIN/2022/trimestres/1/excel/"
TABLE = "/metas-centrales/GET/2022/1/excel/"


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def area(them):
    return report_books.central_area(them)


@pytest.fixture
def report(them, area):
    return report_books.open_report(them, area[0])


def sent(page: Client, path, address: str = EXCEL):
    return page.post(f"{address}cargar/", {"file": SimpleUploadedFile(path.name, path.read_bytes())})


def said(answer) -> str:
    return unescape(answer.content.decode())


def column(headers, name):
    return column_letter(headers.index(name) + 1)


def entry(report, number=1):
    return GoalReport.objects.get(report=report, goal__number=number)


@pytest.mark.rule("IM14", "WF1", "IMP-05")
def test_a_workbook_is_previewed_applied_once_and_answered_with_its_receipt(them, report, tmp_path):
    pilar = page_of(them.pilar)
    address = sent(pilar, save(tmp_path / "a.xlsx", [line(1, ejecutado_q=20)]))["Location"]

    page = said(pilar.get(address))
    assert "Planeación Institucional · Meta 1" in page
    assert "<ins>80,00\u00a0%</ins>" in page
    assert "faltan las causas del retraso" in page
    assert entry(report).achieved is None

    assert pilar.post(f"{address}aplicar/")["Location"] == address
    assert pilar.post(f"{address}aplicar/")["Location"] == address
    assert entry(report).achieved == 20
    assert AuditEvent.objects.filter(verb="report_imported").count() == 1
    assert "1 meta cambiada." in said(pilar.get(address))


@pytest.mark.rule("IM11")
def test_nothing_is_applied_when_the_report_changed_after_the_preview(them, report, tmp_path):
    pilar = page_of(them.pilar)
    address = sent(pilar, save(tmp_path / "a.xlsx", [line(1, ejecutado_q=20)]))["Location"]
    write_entries(report, [EntryChange(1, {"achieved": Decimal(22)})], by=them.luis)

    stale = pilar.post(f"{address}aplicar/")

    assert (stale.status_code, entry(report).achieved) == (409, 22)
    assert "<del>22</del>" in said(stale)
    assert pilar.post(f"{address}aplicar/").status_code == 302
    assert entry(report).achieved == 20


@pytest.mark.rule("IM8")
def test_a_workbook_with_errors_is_not_applied_and_comes_back_annotated(them, report, tmp_path):
    pilar = page_of(them.pilar)
    rows = [line(1, ejecutado_q="1.234"), line(2, ejecutado_q=90)]
    address = sent(pilar, save(tmp_path / "a.xlsx", rows))["Location"]

    refused = pilar.post(f"{address}aplicar/")
    book = load_workbook(BytesIO(pilar.get(f"{address}anotado/").content))

    assert refused.status_code == 422
    assert not GoalReport.objects.exclude(achieved=None).exists()
    sheet = book[shape.REPORT]
    cell = sheet.cell(2, shape.HEADERS.index("ejecutado_q") + 1)
    assert (cell.value, "se puede leer como" in cell.comment.text) == ("1.234", True)
    assert book["Observaciones"]["B2"].value == cell.coordinate


@pytest.mark.rule("AZ2", "WF18")
def test_who_does_not_fill_the_report_may_only_take_it(them, area, report, tmp_path):
    path = save(tmp_path / "a.xlsx", [line(1)])
    ana = page_of(them.ana)
    assert ana.get(f"{EXCEL}descargar/").status_code == 200
    assert "Lo carga el equipo del plan." in said(ana.get(EXCEL))
    assert sent(ana, path).status_code == 403
    assert sent(page_of(them.marta), path).status_code == 404
    assert page_of(them.oscar).get(EXCEL).status_code == 404
    kept = sent(page_of(them.pilar), path)["Location"]
    assert page_of(them.luis).get(kept).status_code == 404
    assert ReportUpload.objects.count() == 1


@pytest.mark.rule("PG-08", "IM14", "IM10")
def test_the_table_of_an_area_goes_out_and_comes_back(area, report, tmp_path):
    rosa = page_of(area[1])
    answer = rosa.get(f"{TABLE}descargar/")
    path = tmp_path / "a.xlsx"
    path.write_bytes(answer.content)
    headers = [cell.value for cell in load_workbook(path)[shape.REPORT][1]]
    assert headers[:3] == ["unidad", "proceso_o_alcaldia", "no_meta"]
    assert "no hay nada que aplicar" in said(rosa.get(sent(rosa, path, TABLE)["Location"]))

    changed(path, {f"{column(headers, 'ejecutado_q')}2": 9, f"{column(headers, 'analisis_q')}2": "Se sembró."})
    address = sent(rosa, path, TABLE)["Location"]
    assert rosa.post(f"{address}aplicar/").status_code == 302
    assert entry(report, 3).achieved == 9
    assert entry(report, 3).supplied_at is not None
    assert AuditEvent.objects.filter(verb="central_imported", actor=area[1]).count() == 1


@pytest.mark.rule("IM9", "AZ10")
def test_the_table_refuses_rows_of_other_plans_and_books_of_other_quarters(area, report, tmp_path):
    rosa = page_of(area[1])
    rows = [line(3, unidad="PLE-PIN", ejecutado_q=9), line(1, unidad="PLE-PIN"), line(3, unidad="AL-02")]
    page = said(rosa.get(sent(rosa, save(tmp_path / "a.xlsx", rows), TABLE)["Location"]))
    assert page.count("no tiene una meta") == 2
    other = save(tmp_path / "b.xlsx", rows[:1], vigencia=2022, trimestre=2)
    assert "El libro es de «2» y se está cargando en la tabla de 1." in said(
        rosa.get(sent(rosa, other, TABLE)["Location"])
    )


@pytest.mark.rule("AZ3", "PG-08")
def test_the_team_sees_the_cells_of_an_area_but_its_workbook_does_not_change_them(them, report, tmp_path):
    path = exported(tmp_path / "a.xlsx", them.process)
    headers = [cell.value for cell in load_workbook(path)[shape.REPORT][1]]
    changed(path, {f"{column(headers, 'ejecutado_q')}4": 9})

    luis = page_of(them.luis)
    page = said(luis.get(sent(luis, path)["Location"]))

    assert "La meta 3 la reporta Gestión Territorial: usted no puede escribirla." in page
