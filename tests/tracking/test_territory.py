"""Reports of hitos, lessons and the pages of the territory, as its people use them (GP-01, GP-04 to GP-09)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pes import registry
from pes.models import AdvisorAssignment, AuditEvent, TerritorialEntity, TerritoryUpload
from pes.rules.problems import Refused
from pes.territory.entities import register_entity
from pes.territory.opening import open_roads
from pes.territory.reference import beneficiaries, reference
from pes.territory.segments import create_segment
from tests.answers import codes, page_of
from tests.territory_world import NOW, TODAY, Territory, facts, months, territory
from tests.tracking.proofs import png
from tracking.models import LessonKind, TerritoryReport
from tracking.territory.lessons import publish_lesson, withdraw_lesson, write_lesson

pytestmark = pytest.mark.django_db
HITO = ("52019", "10")


@pytest.fixture
def here(media_root) -> Territory:
    return territory()


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("taller.png", png(), content_type="image/png")


@pytest.mark.rule("GP-04")
def test_a_correction_is_another_row_that_says_why(here):
    first = here.report(*HITO, 80, files=[photo()])

    with pytest.raises(Refused) as refused:
        here.report(*HITO, 60)
    with pytest.raises(Refused) as silent:
        here.report(*HITO, 90, is_correction=True)
    second = here.report(*HITO, 60, note="El acta era de otro municipio.", is_correction=True)

    assert codes(refused) == codes(silent) == ["reason_missing"]
    assert (second.corrects, first.report.progress, here.hito(*HITO).progress) == (first, 80, 60)
    assert here.report(*HITO, 60, note="El acta era de otro municipio.", is_correction=True) == second
    assert TerritoryReport.objects.count() == 2


@pytest.mark.rule("GP-04")
def test_the_same_report_with_the_same_photo_is_one(here):
    first = here.report(*HITO, 80, files=[photo()])

    assert here.report(*HITO, 80, files=[photo()]) == first
    assert (TerritoryReport.objects.count(), here.hito(*HITO).evidence.count()) == (1, 1)


@pytest.mark.rule("GP-05")
def test_a_report_keeps_who_advised_the_entity_that_day(here):
    AdvisorAssignment.objects.filter(entity=here.entities["52019"]).update(until=date(2025, 6, 1))

    before = here.report(*HITO, 10, on=date(2025, 5, 31))
    after = here.report(*HITO, 20, on=date(2025, 6, 1))

    assert (before.advisor, after.advisor) == (here.asesora, None)


def test_only_who_reports_in_the_region_and_reads_the_territory_reports(here):
    for somebody in (here.stranger, here.cast.diana, here.cast.elena):
        with pytest.raises(PermissionDenied):
            here.report(*HITO, 10, by=somebody)


@pytest.mark.rule("GP-06")
def test_a_lesson_is_published_by_another_person_and_read_without_account(here, client):
    one = here.entities["52019"]
    words = {"kind": LessonKind.SUCCESS, "title": "Mesas por vereda", "text": "Se oyó a todos."}
    lesson = write_lesson(one, **words, hito=here.hito(*HITO), upload=photo(), by=here.coordinador)
    page, file = reverse("tracking:public-lessons"), reverse("tracking:public-lesson-file", args=[lesson.pk])

    with pytest.raises(Refused) as own:
        publish_lesson(lesson, by=here.coordinador)
    assert "Mesas por vereda" not in client.get(page).content.decode()
    assert client.get(file).status_code == 404
    publish_lesson(lesson, by=here.analista)

    assert codes(own) == ["own_lesson"]
    assert "Mesas por vereda" in client.get(page).content.decode()
    assert client.get(file).status_code == 200
    whole = lesson.file.path.read_bytes()
    lesson.file.path.write_bytes(b"otra cosa")  # what is not as it came is not handed over (UP14)
    assert client.get(file).status_code == 404
    lesson.file.path.write_bytes(whole)
    withdraw_lesson(lesson, reason="Hay un dato por revisar.", by=here.analista)
    assert client.get(file).status_code == 404


def test_a_foreign_region_does_not_exist_and_a_reader_may_not_write(here):
    foreign, own = here.entities["54109"], here.entities["52019"]
    asesora = page_of(here.asesora)

    for name, args in (
        ("tracking:territory-entity", [foreign.dane_code]),
        ("tracking:territory-region", [here.foreign.code]),
        ("pes:territory-advisor", [foreign.dane_code]),
    ):
        assert asesora.get(reverse(name, args=args)).status_code == 404
    assert asesora.post(reverse("pes:territory-assign", args=[own.dane_code])).status_code == 403
    assert page_of(here.cast.pilar).get(reverse("pes:territory")).status_code == 403
    hito = reverse("tracking:territory-hito-report", args=[own.dane_code, here.hito(*HITO).pk])
    assert page_of(here.cast.olga).post(hito).status_code in {403, 404}
    too_long = reverse("tracking:territory-hito", args=[own.dane_code, 10**30])
    assert asesora.get(too_long).status_code == 404


def test_the_advisor_reports_from_the_page_of_the_hito(here):
    hito = here.hito(*HITO)
    page = page_of(here.asesora)
    address = reverse("tracking:territory-hito-report", args=["52019", hito.pk])

    wrong = page.post(address, {"percentage": "120", "on": "2025-06-01"})
    done = page.post(
        address, {"percentage": "45,5", "on": "2025-06-01", "note": "Taller", "files": photo()}, follow=True
    )

    assert (wrong.status_code, done.status_code) == (422, 200)
    hito.refresh_from_db()
    assert hito.progress == Decimal("45.50")
    words = done.content.decode()
    assert "taller.png" in words
    proof = hito.evidence.get()
    away = reverse("tracking:territory-evidence-withdraw", args=["52019", hito.pk, proof.pk])
    page.post(away, {"reason": "Se ve una cara."})
    assert "taller.png" not in page.get(reverse("tracking:territory-hito", args=["52019", hito.pk])).content.decode()
    assert AuditEvent.objects.filter(verb="activity_evidence_withdrawn").exists()
    assert "Taller" in words


@pytest.mark.rule("GP-01")
def test_every_page_of_the_territory_answers_and_shows_the_figures(here):
    here.report("52019", "1", 100)
    here.report(*HITO, 50)
    months(here.schedule, here.coordinador, h5=date(2025, 3, 1))
    page = page_of(here.coordinador)

    entity = page.get(reverse("tracking:territory-entity", args=["52019"])).content.decode()
    region = page.get(reverse("tracking:territory-region", args=[here.region.code])).content.decode()
    whole = page.get(reverse("tracking:territory-progress")).content.decode()
    listed = page.get(reverse("pes:territory"), {"orden": "-avance", "avance": "atraso"}).content.decode()

    assert "7,00\N{NO-BREAK SPACE}%" in entity
    assert "marzo de 2025" in entity
    assert "Atrasado" in entity
    assert "3,50\N{NO-BREAK SPACE}%" in region
    assert "3,50\N{NO-BREAK SPACE}%" in whole
    assert listed.index("Albán") < listed.index("Buesaco")
    for name, args in (
        ("pes:territory-setup", []), ("pes:territory-reference", []), ("pes:territory-book", []),
        ("pes:territory-schedule", [here.schedule.pk]), ("pes:territory-advisor", ["52019"]),
        ("tracking:territory-lessons", []), ("tracking:territory-lesson", ["52019"]),
    ):  # fmt: skip
        assert page.get(reverse(name, args=args)).status_code == 200, name


@pytest.mark.rule("GP-07")
def test_an_entity_is_written_and_corrected_on_its_form(here):
    page, typed = page_of(here.coordinador), {"code": "52207", "name": "Consacá", "kind": "municipio"}
    typed |= {"department": "Nariño", "region": here.region.pk, "investment": "True", "fiscal": "False"}

    wrong = page.post(reverse("pes:territory-entity-new"), typed)
    made = page.post(reverse("pes:territory-entity-new"), typed | {"results": "False", "ecosystems": ["paz"]})
    address = reverse("pes:territory-entity-edit", args=["52207"])
    read = page.get(address).context["form"].initial["read"]
    saved = page.post(address, typed | {"results": "True", "read": read})
    stale = page.post(address, typed | {"results": "False", "read": read})

    assert [one.status_code for one in (wrong, made, saved, stale)] == [422, 302, 302, 409]
    assert TerritorialEntity.objects.get(dane_code="52207").universe == "E"
    assert page_of(here.asesora).get(address).status_code == 403


def test_the_pages_of_many_take_the_same_queries_whatever_their_number(here, django_assert_max_num_queries):
    page = page_of(here.coordinador)
    region = reverse("tracking:territory-region", args=[here.region.code])
    addresses = (
        reverse("pes:territory"),
        region,
        reverse("tracking:territory-progress"),
        reverse("pes:territory-setup"),
    )

    def counted() -> list[int]:
        found = []
        for address in addresses:
            with django_assert_max_num_queries(45) as queries:
                page.get(address)
            found.append(len(queries))
        return found

    create_segment(here.region, name="Todas", by=here.coordinador)
    counted()  # the first visit asks what a session keeps
    few = counted()
    made = [register_entity(facts(here.region, code), by=here.coordinador) for code in ("52207", "52210", "52215")]
    open_roads(made, here.schedule, by=here.coordinador)
    create_segment(here.region, name="Foco", universes="ABCD", by=here.coordinador)

    assert counted() == few


@pytest.mark.rule("GP-07")
def test_the_book_of_entities_goes_both_ways_and_twice_is_the_same(here):
    page = page_of(here.coordinador)
    book = openpyxl.load_workbook(BytesIO(page.get(reverse("pes:territory-form")).content))
    sheet = book["Entidades"]
    assert [cell.value for cell in sheet["A"]] == ["codigo_dane", "52019", "52110"]
    sheet.append([52207, "Consacá", "municipio", "Nariño", here.region.code, "no", "no", "no", None, "art", "Academia; Paz, Víctimas y Seguridad"])  # fmt: skip
    content = BytesIO()
    book.save(content)

    assert "Consacá" in _applied(page, content.getvalue())
    again = _applied(page, content.getvalue())

    made = TerritorialEntity.objects.get(dane_code="52207")
    assert (made.universe, made.partner, made.ecosystems.count()) == ("C", "ART", 2)
    assert "Nada cambia" in again
    assert AuditEvent.objects.filter(verb="territory_imported").count() == 1


def test_a_book_with_one_error_writes_nothing(here):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Entidades"
    sheet.append(["codigo_dane", "nombre", "departamento", "region", "inversion_alta", "fiscal_alto"])
    sheet.append(["52207", "Consacá", "Nariño", here.region.code, None, None])
    sheet.append(["52210", "Contadero", "Nariño", here.foreign.code, None, None])
    sheet.append(["52215", "Córdoba", "Nariño", here.region.code, "sí", "no"])
    content = BytesIO()
    book.save(content)

    words = _applied(page_of(here.coordinador), content.getvalue())

    assert "no es una región que usted administre" in words
    assert "El universo pide las tres variables" in words
    assert not TerritorialEntity.objects.filter(dane_code="52207").exists()


def _applied(page, content: bytes) -> str:
    """Send a workbook, look at it, apply it; what was shown before."""
    name = "entidades.xlsx"
    sent = page.post(reverse("pes:territory-book"), {"file": SimpleUploadedFile(name, content)}, follow=True)
    upload = TerritoryUpload.objects.order_by("-at").first()
    if "Nada cambia" not in sent.content.decode():
        page.post(reverse("pes:territory-apply", args=[upload.pk]))
    return sent.content.decode()


def test_the_export_has_what_is_on_screen_with_codes_as_text(here):
    here.report(*HITO, 50)

    answer = page_of(here.asesora).get(reverse("pes:territory-export"), {"orden": "avance", "q": "albán"})

    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.values)
    assert [row[0] for row in rows] == ["Código DANE", "52019"]
    assert rows[1][11] == 6


def test_the_inbox_tells_the_advisor_what_is_late_and_the_coordinator_who_is_alone(here):
    months(here.schedule, here.coordinador, h1=date(2025, 3, 1))
    register_entity(facts(here.region, "52207"), by=here.coordinador)

    asesora = [one["title"] for one in registry.collect("inbox", here.asesora) if one["kind"] == "territory"]
    coordinador = [one["title"] for one in registry.collect("inbox", here.coordinador) if one["kind"] == "territory"]

    assert asesora == ["Albán: 1 hito atrasado", "Buesaco: 1 hito atrasado"]
    assert coordinador == ["Asignar asesor(a) a 1 entidad"]


@pytest.mark.rule("GP-08")
def test_the_source_lists_365_beneficiaries_of_phase_two():
    assert sum(len(names) for names in beneficiaries().values()) == 365
    assert reference()["beneficiaries"]["gobernaciones"] == 32


@pytest.mark.rule("GP-09")
def test_quoted_figures_stay_quotes_beside_the_warning_that_they_do_not_add_up(here):
    quotes = reference()["quotes"]
    page = page_of(here.asesora).get(reverse("pes:territory-reference")).content.decode()

    assert all(isinstance(value, str) for quote in quotes for _, value in quote["figures"])
    assert "43,1 %" in page
    assert reference()["warning"] in page
    assert here.report(*HITO, 10, now=NOW, on=TODAY).report.progress == 10  # nothing is checked against them


@pytest.mark.rule("GP-04", "GP-05")
def test_a_hito_done_does_not_move_to_another_day_without_a_reason(here):
    months(here.schedule, here.coordinador, h10=date(2025, 3, 1))
    first = here.report(*HITO, 100, on=date(2025, 6, 4))

    with pytest.raises(Refused) as early:
        here.report(*HITO, 100, on=date(1995, 1, 1))
    with pytest.raises(Refused) as silent:
        here.report(*HITO, 100, on=date(2025, 3, 20))
    assert here.hito(*HITO).done_on == date(2025, 6, 4)
    moved = here.report(*HITO, 100, on=date(2025, 3, 20), note="El acta es de marzo.")

    assert codes(early) == ["date_too_early", "reason_missing"]
    assert codes(silent) == ["reason_missing"]
    assert moved.corrects == first  # it is a correction although nobody ticked the box
    assert here.report(*HITO, 100, on=date(2025, 3, 20), note="El acta es de marzo.") == moved
    page = page_of(here.asesora)
    address = reverse("tracking:territory-hito", args=["52019", here.hito(*HITO).pk])
    shown = page.get(address)
    assert "corrección" in shown.content.decode()
    assert shown.context["form"].initial["on"] == date(2025, 3, 20)
    wrong = page.post(f"{address}reportar/", {"percentage": "100", "on": "1995-01-01", "note": "Otra vez"})
    assert "01/01/2024" in str(wrong.context["form"].errors["on"])


@pytest.mark.rule("GP-01", "GP-02")
def test_the_weight_of_a_hito_in_the_whole_is_on_its_page_that_of_its_entity_and_the_export(here):
    page, entity = page_of(here.asesora), reverse("tracking:territory-entity", args=["52019"])
    here.report("52019", "1", 100)

    shown = page.get(entity).content.decode()
    hito = page.get(reverse("tracking:territory-hito", args=["52019", here.hito("52019", "1").pk])).content.decode()
    book = page.get(reverse("tracking:territory-road-export", args=["52019"]))

    assert all(words in shown for words in ("De la fase", "Del total", "10,50\N{NO-BREAK SPACE}%", "hoja-de-ruta.xlsx"))
    assert "Peso en el total" in hito
    assert "1,00\N{NO-BREAK SPACE}%" in hito
    headers, *rows = openpyxl.load_workbook(BytesIO(book.content)).active.values
    column = headers.index("Peso en el total (%)")
    assert rows[0][0] == "1"
    assert rows[0][column] == 1
    assert rows[0][headers.index("Peso en la fase (%)")] == 5
    assert sum(Decimal(str(row[column])) for row in rows) == 100
    assert page_of(here.stranger).get(reverse("tracking:territory-road-export", args=["52019"])).status_code == 404


def test_an_entity_without_road_has_nothing_to_export(here):
    register_entity(facts(here.region, "52207"), by=here.coordinador)

    assert page_of(here.asesora).get(reverse("tracking:territory-road-export", args=["52207"])).status_code == 404


@pytest.mark.rule("AZ1")
def test_the_link_of_an_entity_of_a_sector_reports_no_hito(here):
    one = here.entities["52019"]
    words = {"kind": LessonKind.LESSON, "title": "Mesas", "text": "Se oyó a todos."}

    with pytest.raises(PermissionDenied):
        write_lesson(one, **words, by=here.cast.elena)
    assert here.report(*HITO, 10, by=here.analista).report.progress == 10
