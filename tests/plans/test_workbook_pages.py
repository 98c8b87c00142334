"""Excel in the browser: take the workbook, send it, see what changes, apply it or take it annotated (issue §6)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from pes.models import AuditEvent, User
from pes.planner import plan_due_work
from pes.workbooks import uploads
from plans.content import facts_of
from plans.editing import CellChange, change_goals
from plans.models import Goal, PlanUpload
from tests import make, people
from tests.answers import page_of
from tests.plans.books import changed, exported, line, save

pytestmark = pytest.mark.django_db
EXCEL = "/planes/PLE-PIN/2022/excel/"
NEW_TEXT = "Atender ciento veinte solicitudes de la ciudadanía"


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture
def plan(them):
    return make.management_plan(unit=them.process, by=them.luis, status="draft", goals=2)


@pytest.fixture
def luis(them, plan) -> Client:
    return page_of(them.luis)


def sent(page: Client, path, address: str = EXCEL):
    """The answer to a workbook that was sent."""
    return page.post(f"{address}cargar/", {"file": SimpleUploadedFile(path.name, path.read_bytes())})


def previewed(page: Client, path) -> tuple[str, str]:
    """The address of the preview, and what it says."""
    address = sent(page, path)["Location"]
    return address, page.get(address).content.decode()


@pytest.fixture
def edited(them, plan, tmp_path):
    """The plan's own workbook with another text in goal 1 and a third goal."""
    path = exported(tmp_path / "mi plan.xlsx", them.process)
    cells = dict(zip("ABCDEFGHIJKLMNOPQRSTUVW", line(3, ponderacion=5).values(), strict=True))
    return changed(path, {"C2": NEW_TEXT} | {f"{letter}4": value for letter, value in cells.items()})


@pytest.mark.rule("IM14")
def test_the_page_hands_over_the_workbook_that_it_takes_back(luis, plan, tmp_path):
    answer = luis.get(f"{EXCEL}descargar/")

    assert answer["Content-Disposition"] == 'attachment; filename="plan-de-gestion-PLE-PIN-2022.xlsx"'
    (tmp_path / "a.xlsx").write_bytes(answer.content)
    _address, said = previewed(luis, tmp_path / "a.xlsx")
    assert "El libro dice lo mismo que el plan: no hay nada que aplicar." in said
    assert "Libro del plan" in luis.get(EXCEL).content.decode()


def test_what_changes_is_shown_goal_by_goal_and_applied_by_a_click(them, luis, plan, edited):
    address, said = previewed(luis, edited)
    assert "<h3>Meta 1</h3>" in said
    assert "<del>100</del>" in said
    assert "<ins>ciento veinte</ins>" in said
    assert "Meta 3 · Atender 100 solicitudes" in said
    assert plan.goals.count() == 2

    answer = luis.post(f"{address}aplicar/", follow=True)

    assert answer.redirect_chain == [(address, 302)]
    assert "1 meta nueva, 1 cambio, 1 meta sin cambio." in answer.content.decode()
    assert [goal.text for goal in facts_of(plan).goals][::2] == [NEW_TEXT, line(3)["meta"]]
    event = AuditEvent.objects.get(verb="plan_imported")
    assert (event.actor_id, event.after["file"]) == (them.luis.pk, "mi plan.xlsx")
    assert (event.after["sha256"], event.after["upload"]) == (PlanUpload.objects.get().sha256, address.split("/")[-2])


@pytest.mark.rule("WF1", "IM10")
def test_a_second_click_shows_the_same_receipt_and_writes_nothing(luis, plan, edited):
    address, _said = previewed(luis, edited)
    first = luis.post(f"{address}aplicar/", follow=True).content.decode()
    revision = facts_of(plan), Goal.objects.count(), AuditEvent.objects.filter(verb="plan_imported").count()

    second = luis.post(f"{address}aplicar/", follow=True).content.decode()

    receipt = "1 meta nueva, 1 cambio, 1 meta sin cambio."
    assert (first.count(receipt), second.count(receipt)) == (2, 2)
    assert revision == (facts_of(plan), Goal.objects.count(), AuditEvent.objects.filter(verb="plan_imported").count())


@pytest.mark.rule("IM11", "WF3")
def test_a_plan_that_changed_after_the_preview_is_shown_anew_and_nothing_is_overwritten(them, luis, plan, edited):
    address, _said = previewed(luis, edited)
    change_goals(plan, [CellChange(1, "responsible", "Otra persona escribió")], by=them.pilar)

    answer = luis.post(f"{address}aplicar/")

    assert answer.status_code == 409
    assert "El plan cambió después de la vista previa" in answer.content.decode()
    assert "<del>escribió</del>" in answer.content.decode()
    assert facts_of(plan).goals[0].responsible == "Otra persona escribió"
    assert luis.post(f"{address}aplicar/").status_code == 302
    assert facts_of(plan).goals[0].responsible == "Equipo del proceso"


@pytest.mark.rule("IM8")
def test_errors_and_warnings_are_told_apart_with_their_cell_and_nothing_can_be_applied(luis, plan, tmp_path):
    path = save(tmp_path / "a.xlsx", [line(1, p_t1="1.234"), line(2, ponderacion="0,5")])

    address, said = previewed(luis, path)

    assert said.index("Errores</h2>") < said.index("Advertencias</h2>")
    assert "«1.234» se puede leer como 1234 o como 1,234." in said
    assert 'data-label="Celda">L2</td>' in said
    assert "mientras haya uno no se escribe nada" in said
    assert luis.post(f"{address}aplicar/").status_code == 422
    assert [goal.weight for goal in facts_of(plan).goals] == [50, 50]


@pytest.mark.rule("IM8")
def test_the_annotated_copy_has_the_values_and_the_problems_on_their_cells(luis, plan, tmp_path):
    bad = line(7, p_t1="1.234", p_t2="NP", meta="Una meta del libro", tipo_meta="regional")
    rows = [dict(reversed(bad.items()))]
    address, _said = previewed(luis, save(tmp_path / "libro.xlsx", rows, {"lider": "Otra persona", "unidad": "AL-01"}))

    answer = luis.get(f"{address}anotado/")

    assert 'filename="libro-con-errores.xlsx"' in answer["Content-Disposition"]
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames[:4] == ["Observaciones", "Plan", "Metas", "Instrucciones"]
    sheet = book["Metas"]
    assert [sheet[cell].value for cell in ("A2", "C2", "L2", "M2", "D2")] == [
        7,
        "Una meta del libro",
        "1.234",
        "NP",
        "regional",
    ]
    assert "se puede leer como 1234" in sheet["L2"].comment.text
    assert "Transversal" in sheet["D2"].comment.text
    assert book["Plan"]["B2"].value == "Otra persona"
    assert "AL-01" in book["Plan"]["B3"].comment.text
    assert sheet["C2"].comment is None


@pytest.mark.rule("IM8")
def test_the_annotated_copy_is_corrected_and_sent_again(luis, plan, tmp_path):
    rows = [line(1, ponderacion=40, p_t1="1.234"), line(2, ponderacion=60)]
    address, _said = previewed(luis, save(tmp_path / "a.xlsx", rows))
    (tmp_path / "b.xlsx").write_bytes(luis.get(f"{address}anotado/").content)

    address, said = previewed(luis, changed(tmp_path / "b.xlsx", {"L2": 25}))

    assert ("Errores</h2>" in said, "Advertencias</h2>" in said) == (False, False)
    assert luis.post(f"{address}aplicar/").status_code == 302
    assert [goal.weight for goal in facts_of(plan).goals] == [40, 60]


@pytest.mark.rule("IM7", "IM8")
def test_what_cannot_be_read_is_told_and_its_copy_is_the_plan_with_the_reason(luis, plan, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"no soy un libro")

    address, said = previewed(luis, tmp_path / "a.xlsx")

    assert "El archivo no es un libro de Excel (.xlsx)." in said
    book = load_workbook(BytesIO(luis.get(f"{address}anotado/").content))
    assert book["Observaciones"]["E2"].value == "El archivo no es un libro de Excel (.xlsx)."


@pytest.mark.rule("UP4")
@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", "El archivo está vacío."), (b"x" * (uploads.MAX_BYTES + 1), "El archivo pesa más de 5 MB.")],
    ids=["empty", "heavy"],
)
def test_an_empty_or_heavy_file_is_refused_before_it_is_kept(luis, plan, content, expected):
    answer = luis.post(f"{EXCEL}cargar/", {"file": SimpleUploadedFile("a.xlsx", content)})

    assert (answer.status_code, expected in answer.content.decode()) == (422, True)
    assert not PlanUpload.objects.exists()


def test_without_a_file_the_form_says_so(luis, plan):
    answer = luis.post(f"{EXCEL}cargar/", {})

    assert (answer.status_code, "Elija el archivo que quiere cargar." in answer.content.decode()) == (422, True)


@pytest.mark.rule("UP7")
def test_the_name_of_a_file_is_only_its_name(luis, plan, tmp_path):
    path = exported(tmp_path / "a.xlsx", plan.unit)
    luis.post(f"{EXCEL}cargar/", {"file": SimpleUploadedFile("C:\\x\\\u202emi plan.xlsx", path.read_bytes())})

    assert PlanUpload.objects.get().name == "mi plan.xlsx"


def test_ones_last_workbooks_are_listed_and_old_ones_are_forgotten(them, luis, plan, edited):
    old = sent(luis, edited)["Location"]
    PlanUpload.objects.update(at=timezone.now() - uploads.KEPT_FOR - timedelta(minutes=1), name="viejo.xlsx")

    sent(luis, edited)

    said = luis.get(EXCEL).content.decode()
    assert ("mi plan.xlsx" in said, "viejo.xlsx" in said) == (True, False)
    assert luis.get(old).status_code == 404
    assert "mi plan.xlsx" not in page_of(them.pilar).get(EXCEL).content.decode()


def test_the_planner_forgets_old_workbooks_and_asks_for_no_job(luis, plan, edited):
    sent(luis, edited)
    PlanUpload.objects.update(at=timezone.now() - uploads.KEPT_FOR - timedelta(minutes=1))
    sent(luis, edited)
    PlanUpload.objects.update(at=timezone.now() - uploads.KEPT_FOR + timedelta(minutes=1))
    assert (plan_due_work(), PlanUpload.objects.count()) == ([], 1)

    PlanUpload.objects.update(at=timezone.now() - uploads.KEPT_FOR - timedelta(minutes=1))
    assert (plan_due_work(), PlanUpload.objects.count()) == ([], 0)


@pytest.mark.rule("AZ2", "AZ10")
@pytest.mark.rule("UP9")
def test_only_ones_last_workbooks_are_kept(them, luis, plan, edited):
    pilar = page_of(them.pilar)
    other = sent(pilar, edited)["Location"]
    addresses = [sent(luis, edited)["Location"] for _ in range(uploads.KEPT_EACH + 2)]

    found = [luis.get(address).status_code for address in addresses]

    assert found == [404] * 2 + [200] * uploads.KEPT_EACH
    assert pilar.get(other).status_code == 200


def test_somebody_elses_upload_is_not_there(them, luis, plan, edited):
    address, _said = previewed(luis, edited)
    pilar = page_of(them.pilar)

    assert [pilar.get(address).status_code, pilar.get(f"{address}anotado/").status_code] == [404, 404]
    assert pilar.post(f"{address}aplicar/").status_code == 404
    other = make.management_plan(unit=them.alcaldia, by=them.marta, status="draft")
    make.management_plan(unit=them.process, by=them.luis, vigencia=2023, status="draft")
    assert luis.get(address.replace("PLE-PIN", other.unit.code)).status_code == 404
    assert luis.get(address.replace("2022", "2023")).status_code == 404
    assert plan.goals.count() == 2


@pytest.mark.rule("AZ2", "AZ18")
@pytest.mark.parametrize(
    ("name", "page", "sends"), [("olga", 200, 403), ("ana", 200, 403), ("marta", 404, 404), ("oscar", 404, 404)]
)
def test_who_reads_takes_the_workbook_and_only_who_writes_sends_one(them, plan, edited, name, page, sends):
    person: User = getattr(them, name)
    browser = page_of(person)

    assert [browser.get(EXCEL).status_code, browser.get(f"{EXCEL}descargar/").status_code] == [page, page]
    assert sent(browser, edited).status_code == sends
    assert not PlanUpload.objects.exists()


@pytest.mark.rule("SM-1")
def test_outside_its_editable_states_the_page_says_why_nothing_can_be_sent(them, tmp_path):
    make.management_plan(unit=them.process, by=them.luis, status="published")
    luis = page_of(them.luis)

    said = luis.get(EXCEL).content.decode()

    assert "disabled" in said
    path = changed(exported(tmp_path / "a.xlsx", them.process), {"C2": "Otra"})
    address, preview = previewed(luis, path)
    assert "viene distinta" in preview
    assert luis.post(f"{address}aplicar/").status_code == 422


@pytest.mark.rule("IM8")
def test_a_large_workbook_makes_a_page_of_bounded_size(luis, plan, tmp_path):
    rows = [line(number, ponderacion="0,2", p_t4=5) for number in range(1, 301)]

    _address, said = previewed(luis, save(tmp_path / "a.xlsx", rows))

    assert "Hay 198 metas más que cambian" in said
    assert said.count("<details") < 150
    assert len(said) < 600_000


def test_acts_answer_only_to_post_and_carry_a_token(them, luis, plan, edited):
    address, _said = previewed(luis, edited)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(pk=them.luis.pk))

    assert [luis.get(f"{EXCEL}cargar/").status_code, luis.get(f"{address}aplicar/").status_code] == [405, 405]
    assert [sent(strict, edited).status_code, strict.post(f"{address}aplicar/").status_code] == [403, 403]
