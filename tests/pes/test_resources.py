"""Resources of the projects: written on the page and in Excel, by the same verb (LC-07, chapter 4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pes.edits import StaleEdit, fingerprint
from pes.models import AuditEvent, GoalKind, InvestmentProject, ProjectResource, ResourceUpload, SectorGoal
from pes.profile.document_tables import document_tables
from pes.profile.resource_book import book_sheets
from pes.profile.resource_import import apply_upload, keep_upload, preview
from pes.profile.resources import money_facts, record_resources, resources_of, totals_by_vigencia
from pes.rules.problems import Refused
from pes.rules.resources import Money
from pes.workbooks.writer import write_workbook
from tests import make, people
from tests.answers import codes, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-07")]
NOTHING = fingerprint(money_facts(Money()))
SPENT = Money(Decimal(1000), Decimal(800), Decimal(400), date(2022, 3, 31), "Predis")


@pytest.fixture
def ours() -> SimpleNamespace:
    """Two entities with a project each; that of the head has a physical goal."""
    them = people.cast()
    plan = make.plan(sector=them.sector)
    project = InvestmentProject.objects.create(entity=them.head, code="7868", name="Gobierno abierto")
    other = InvestmentProject.objects.create(entity=them.second_entity, code="7869", name="Talento humano")
    objective = make.objective(plan=plan)
    goal = SectorGoal.objects.create(
        objective=objective, kind=GoalKind.PROYECTO, code="4", text="Meta.", project=project
    )
    make.indicator(goal=goal, entity=them.head, targets={2022: 12}, unit="Agendas")
    return SimpleNamespace(
        them=them, plan=plan, project=project, other=other, url="/sectores/gestion-publica/pes/2020/"
    )


def spend(ours, said: Money = SPENT, *, read: str = NOTHING, by=None, project=None) -> bool:
    return record_resources(project or ours.project, 2022, said, read=read, by=by or ours.them.elena)


def book(ours, **cells) -> SimpleUploadedFile:
    """The workbook of 2022 as it is downloaded, with some cells of the first project changed."""
    sheet, guide = book_sheets(ours.plan, resources_of(ours.plan, 2022), 2022)
    rows = [list(row) for row in sheet.rows]
    for header, value in cells.items():
        rows[0][list(sheet.headers).index(header)] = value
    content = BytesIO()
    changed = sheet.__class__(sheet.title, sheet.headers, rows, formats=sheet.formats)
    write_workbook(content, [changed, guide], created=timezone.localtime())
    return SimpleUploadedFile("recursos.xlsx", content.getvalue())


def test_the_table_puts_the_physical_goal_beside_the_pesos(ours):
    spend(ours)

    head, second = resources_of(ours.plan, 2022)

    (line,) = head.lines
    assert (line.money, head.total.committed_percent) == (SPENT, Decimal("80.00"))
    assert [(goal.programmed, goal.unit) for goal in line.goals] == [(Decimal(12), "Agendas")]
    assert second.total == Money()
    assert dict(totals_by_vigencia(ours.plan))[2022].paid == Decimal(400)


def test_chapter_four_tells_the_physical_goal_with_its_magnitude_as_the_page_does(ours):
    spend(ours)

    (table,) = next(one for one in document_tables(ours.plan) if one.key == "recursos-secretaria-general").build()

    assert table.headers[-1] == "Meta física programada"
    assert table.rows[0][-1] == "4 · Meta: 12 Agendas"


@pytest.mark.rule("WF3")
def test_the_verb_keeps_what_was_before_and_refuses_a_stale_edit(ours):
    assert spend(ours)
    with pytest.raises(StaleEdit):
        spend(ours, Money(Decimal(1)))
    assert not spend(ours, read=fingerprint(money_facts(SPENT)))
    assert spend(ours, Money(), read=fingerprint(money_facts(SPENT)))

    assert not ProjectResource.objects.exists()
    last = AuditEvent.objects.filter(verb="resources_recorded").order_by("pk").last()
    assert (last.before["paid"], last.after["paid"]) == ("400.00", None)


@pytest.mark.rule("AZ1")
def test_only_who_edits_the_entity_writes_its_resources(ours):
    them = ours.them
    for by, project in ((them.gabriel, ours.project), (them.elena, ours.other), (them.diana, ours.project)):
        with pytest.raises(PermissionDenied):
            spend(ours, by=by, project=project)

    assert spend(ours, by=them.ana, project=ours.other)


def test_paying_more_than_was_committed_is_refused(ours):
    with pytest.raises(Refused) as refused:
        spend(ours, Money(Decimal(1000), Decimal(800), Decimal(801), date(2022, 3, 31), "Predis"))

    assert codes(refused) == ["paid_over_committed"]


def test_the_page_saves_all_rows_or_none(ours):
    page = page_of(ours.them.ana)
    first, second = f"r{ours.project.pk}-", f"r{ours.other.pk}-"
    typed = {f"{first}read": NOTHING, f"{second}read": NOTHING, f"{first}programmed": "$ 1.234.567,5"}
    url = f"{ours.url}recursos/2022/editar/"

    wrong = page.post(url, typed | {f"{second}programmed": "5", f"{second}paid": "9"})
    kept = ProjectResource.objects.count()
    right = page.post(url, typed | {f"{second}programmed": "1.234"})

    assert (wrong.status_code, kept, right.status_code) == (422, 0, 302)
    assert "Hay un pagado sin comprometido" in wrong.content.decode()
    assert list(ProjectResource.objects.order_by("pk").values_list("programmed", flat=True)) == [
        Decimal("1234567.50"),
        Decimal(1234),
    ]


def test_everybody_in_the_sector_reads_the_pages_and_only_writers_edit(ours):
    spend(ours)
    reads = [page_of(who).get(f"{ours.url}recursos/?vigencia=2022") for who in (ours.them.luis, ours.them.gabriel)]
    edits = [
        page_of(who).get(f"{ours.url}recursos/2022/editar/").status_code for who in (ours.them.diana, ours.them.elena)
    ]
    stranger = page_of(ours.them.oscar).get(f"{ours.url}recursos/").status_code
    outside = page_of(ours.them.ana).get(f"{ours.url}recursos/2019/editar/").status_code

    assert all("$ 1.000" in page.content.decode() and "12 Agendas" in page.content.decode() for page in reads)
    assert (edits, stranger, outside) == ([403, 200], 404, 404)


@pytest.mark.rule("IM14")
def test_the_workbook_comes_back_without_changes(ours):
    spend(ours, Money(Decimal("1000.55"), Decimal("800.10"), None, date(2022, 3, 31), "Predis"))
    kept = keep_upload(ours.plan, book(ours), by=ours.them.ana)

    rows, found = preview(kept, by=ours.them.ana)

    assert [row.is_changed for row in rows] == [False, False]
    assert found.items == []


@pytest.mark.rule("WF1")
def test_a_workbook_is_applied_once_and_the_same_file_again_changes_nothing(ours):
    file = book(ours, programado=Decimal(2000), comprometido=Decimal(500), corte=date(2022, 6, 30), fuente="Predis")
    content = file.read()

    for expected in (1, 0):
        again = SimpleUploadedFile("recursos.xlsx", content)
        kept = keep_upload(ours.plan, again, by=ours.them.elena)
        rows, found = preview(kept, by=ours.them.elena)
        apply_upload(kept, by=ours.them.elena)
        apply_upload(kept, by=ours.them.elena)
        assert (sum(row.is_changed for row in rows), found.errors) == (expected, [])

    row = ProjectResource.objects.get()
    assert (row.programmed, row.committed, row.cutoff_on) == (Decimal(2000), Decimal(500), date(2022, 6, 30))
    assert AuditEvent.objects.filter(verb="resources_imported").count() == 2
    assert list(ResourceUpload.objects.order_by("at").values_list("changed", flat=True)) == [1, 0]


@pytest.mark.rule("IM9")
@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"proyecto": "9999"}, "project_unknown"),
        ({"vigencia": 2019}, "vigencia_outside"),
        ({"programado": Decimal(10), "pagado": Decimal(5)}, "paid_alone"),
        ({"proyecto": "7869", "entidad": "dascd", "programado": Decimal(1)}, "repeated_row"),
    ],
)
def test_a_wrong_row_is_told_at_its_cell_and_nothing_is_written(ours, cells, code):
    kept = keep_upload(ours.plan, book(ours, **cells), by=ours.them.ana)

    _rows, found = apply_upload(kept, by=ours.them.ana)

    assert code in [item.code for item in found.errors]
    assert all(item.cell for item in found.errors)
    assert not ProjectResource.objects.exists()


@pytest.mark.rule("AZ1")
def test_a_workbook_changes_only_the_entities_of_who_sends_it(ours):
    kept = keep_upload(
        ours.plan,
        book(ours, entidad="dascd", proyecto="7869", vigencia=2023, programado=Decimal(1)),
        by=ours.them.elena,
    )

    _rows, found = apply_upload(kept, by=ours.them.elena)

    assert [item.code for item in found.errors] == ["forbidden"]
    with pytest.raises(PermissionDenied):
        keep_upload(ours.plan, book(ours), by=ours.them.diana)


@pytest.mark.rule("IM11")
def test_what_changed_after_the_preview_is_shown_again(ours):
    kept = keep_upload(ours.plan, book(ours, programado=Decimal(2000)), by=ours.them.ana)
    spend(ours)

    _rows, first = apply_upload(kept, by=ours.them.ana)
    kept.refresh_from_db()
    _rows, second = apply_upload(kept, by=ours.them.ana)

    assert ([item.code for item in first.errors], second.errors) == (["resources_changed"], [])


def test_the_pages_of_the_workbook_walk_from_upload_to_receipt(ours):
    page = page_of(ours.them.elena)
    url = f"{ours.url}recursos/2022/libro/"

    download = page.get(f"{ours.url}recursos/2022/libro.xlsx")
    sent = page.post(url, {"file": book(ours, programado=Decimal(2000))})
    shown = page.get(sent.url).content.decode()
    applied = page.post(f"{sent.url}aplicar/", follow=True).content.decode()
    empty = page.post(url, {})

    assert (download.status_code, sent.status_code, empty.status_code) == (200, 302, 422)
    assert "$ 2.000" in shown
    assert "Aplicar" in shown
    assert "filas que cambió: 1" in applied
    assert page_of(ours.them.ana).get(sent.url).status_code == 404


def test_the_page_asks_as_many_queries_for_many_projects_as_for_two(ours):
    page = page_of(ours.them.ana)
    page.get(f"{ours.url}recursos/")
    counts = []
    for first in (0, 5):
        with CaptureQueriesContext(connection) as asked:
            page.get(f"{ours.url}recursos/?vigencia=2022")
        counts.append(len(asked))
        for at in range(first, first + 5):
            InvestmentProject.objects.create(entity=ours.them.head, code=f"P{at}", name="Otro")

    assert counts[0] == counts[1]
