"""The log, the checklists and the reports, by the verbs and the pages (GP-05, GP-06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pes import jobs, registry
from pes.models import AuditEvent, Job
from pes.roads.templates import GOVERNMENT_TO_PLAN
from pes.rules.problems import Refused
from tests.answers import codes, page_of
from tests.people import person
from tests.territory_world import NOW, Territory, territory
from tests.tracking.assistance_makers import HOSTILE, JULY, JUNE, ONE, TWO, drawn, photo, question
from tracking.assistance.checks import check_product, review_check, write_checklist
from tracking.assistance.log import PROOF_ADDED, Said, correct_assistance, log_assistance, void_assistance
from tracking.assistance.providers import OPEN_JOB, plan_openings
from tracking.assistance.reports import open_reports, receive_report, return_report, send_report
from tracking.models import AdvisorReport, Assistance

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(media_root) -> Territory:
    return territory()


@pytest.mark.rule("GP-06")
def test_an_assistance_is_kept_once_and_its_correction_is_another_row(here):
    hito = here.hito(ONE, "3")
    said = Said(date(2025, 6, 5), "in_person", hitos=[hito], minutes=90, participants=6, summary="Se revisó.")
    first = log_assistance(here.entities[ONE], said, upload=photo(), by=here.asesora, now=NOW)
    again = log_assistance(here.entities[ONE], said, by=here.asesora, now=NOW)

    wanted = Said(date(2025, 6, 6), "in_person", hitos=[hito], minutes=90, participants=6, summary="Se revisó.")
    second = correct_assistance(first, wanted, reason="Fue al día siguiente.", by=here.asesora, now=NOW)

    assert again == first
    assert (second.corrects, second.file, second.advisor) == (first, first.file, here.asesora)
    assert list(Assistance.objects.in_force()) == [second]
    with pytest.raises(Refused) as twice:
        correct_assistance(first, wanted, reason="Otra vez.", by=here.asesora, now=NOW)
    with pytest.raises(Refused) as foreign:
        question(here, TWO, hitos=[hito])
    void_assistance(second, reason="No ocurrió.", by=here.coordinador, now=NOW)
    assert (codes(twice), codes(foreign)) == (["corrected_already"], ["foreign_hito"])
    assert not Assistance.objects.in_force().exists()
    verbs = set(AuditEvent.objects.filter(object_type="tracking.assistance").values_list("verb", flat=True))
    assert verbs == {"assistance_logged", "assistance_corrected", "assistance_voided"}


@pytest.mark.rule("GP-06")
def test_only_what_still_counts_with_the_same_proof_is_a_repetition(here):
    void_assistance(question(here), reason="Era de otra entidad.", by=here.asesora, now=NOW)
    again = question(here)
    assert list(Assistance.objects.in_force()) == [again]
    assert question(here) == again

    said = Said(date(2025, 6, 5), "call", theme="Formatos", minutes=20, summary="Se explicó.")
    entity, told = here.entities[TWO], {"by": here.asesora, "now": NOW}
    bare = log_assistance(entity, said, **told)
    proved = log_assistance(entity, said, upload=photo(), **told)
    assert (proved.corrects, proved.reason, proved.file.display_name) == (bare, PROOF_ADDED, "lista.png")
    assert log_assistance(entity, said, upload=photo(), **told) == log_assistance(entity, said, **told) == proved
    second = log_assistance(entity, said, upload=photo(9), **told)
    assert list(Assistance.objects.in_force().filter(entity=entity).order_by("pk")) == [proved, second]
    fixed = correct_assistance(second, replace(said, minutes=30), reason="Duró más.", **told)
    assert log_assistance(entity, replace(said, minutes=30), **told) == fixed


@pytest.mark.rule("GP-06")
def test_an_assistance_is_not_of_before_the_entity_was_accompanied(here):
    page = page_of(here.asesora)
    typed = {"kind": "call", "held_on": "1850-01-01", "minutes": "20", "theme": "Formatos", "summary": "Se explicó."}
    refused = page.post(f"{reverse('tracking:assistance-new')}?entidad={ONE}", typed)

    assert (
        "01/01/2024" in refused.context["form"].errors["held_on"][0]
    )  # its road's government; the advisor came in 2025
    assert not Assistance.objects.exists()
    assert question(here, held_on=date(2024, 1, 1)).held_on == date(2024, 1, 1)
    with pytest.raises(Refused) as moved:
        correct_assistance(
            question(here), Said(date(2023, 12, 31), "question", theme="x", summary="y"), reason="Fue antes.",
            by=here.asesora, now=NOW,
        )  # fmt: skip
    assert codes(moved) == ["date_too_early"]


def test_only_who_assists_in_the_region_logs(here):
    said = Said(date(2025, 6, 5), "question", theme="Formatos", summary="Se explicó.")
    for somebody in (here.stranger, here.cast.diana, here.analista, here.cast.elena):
        with pytest.raises(PermissionDenied):
            log_assistance(here.entities[ONE], said, by=somebody, now=NOW)
    colleague = person("Berta Colega", "asesor_territorial", here.region)
    with pytest.raises(Refused) as others:
        correct_assistance(question(here), said, reason="No fue así.", by=colleague, now=NOW)
    assert codes(others) == ["not_own"]


@pytest.mark.rule("GP-06")
def test_a_quick_question_takes_three_boxes(here):
    page, address = page_of(here.asesora), reverse("tracking:assistance-quick")

    empty = page.post(address, {"entity": ONE, "theme": "", "summary": ""})
    done = page.post(address, {"entity": ONE, "theme": "Formatos", "summary": HOSTILE}, follow=True)

    assert (empty.status_code, done.status_code) == (422, 200)
    made = Assistance.objects.get()
    assert (made.kind, made.minutes, made.advisor) == ("question", None, here.asesora)
    assert HOSTILE not in done.content.decode()
    assert HOSTILE not in page.get(made.get_absolute_url()).content.decode()
    assert page.post(address, {"entity": "54109", "theme": "x", "summary": "y"}).status_code == 422
    assert page_of(here.cast.diana).post(address).status_code == 403


def test_the_whole_form_and_the_corrections_on_the_page(here):
    page, hito = page_of(here.asesora), here.hito(ONE, "3")
    new = f"{reverse('tracking:assistance-new')}?entidad={ONE}"
    typed = {"kind": "workshop", "held_on": "2025-06-03", "minutes": "120", "participants": "14", "hitos": [hito.pk]}
    typed |= {"summary": "Taller de diagnóstico", "agreements": "Enviar el acta", "upload": photo()}

    assert page.get(reverse("tracking:assistance-new")).status_code == page.get(new).status_code == 200
    made = page.post(new, typed, follow=True)
    one = Assistance.objects.get()
    assert "Enviar el acta" in made.content.decode()
    del typed["upload"]
    address = reverse("tracking:assistance-correct", args=[one.pk])
    assert page.get(address).status_code == 200
    assert page.post(address, typed).status_code == 422  # it does not say why
    page.post(address, typed | {"minutes": "60", "reason": "Duró una hora."})
    last = Assistance.objects.in_force().get()
    assert (last.minutes, last.corrects) == (60, one)
    assert "Duró una hora." in page.get(one.get_absolute_url()).content.decode()
    void = reverse("tracking:assistance-void", args=[last.pk])
    assert page.post(void, {"reason": ""}).status_code == 422
    assert page.post(void, {"reason": "No ocurrió."}).status_code == 302


def test_the_list_answers_its_filters_and_the_workbook_is_what_is_on_screen(here):
    question(here)
    question(here, TWO, theme="Otro tema")
    question(here, TWO, held_on=date(2025, 5, 10))
    page, address = page_of(here.coordinador), reverse("tracking:assistances")

    asked = {
        "mes": "2025-06",
        "clase": "question",
        "region": here.region.code,
        "asesor": str(here.asesora.pk),
        "q": "alb",
    }
    assert len(page.get(address).context["rows"]) == 3
    assert [row["code"] for row in page.get(address, asked).context["rows"]] == [ONE]
    book = openpyxl.load_workbook(BytesIO(page.get(reverse("tracking:assistances-export"), asked).content))
    assert [row[1] for row in book.active.iter_rows(min_row=2, values_only=True)] == [ONE]
    assert page.get(address, {"mes": "nunca", "asesor": "x" * 900}).status_code == 200


def test_a_foreign_region_does_not_exist(here):
    made = question(here)
    survey = drawn(here)
    open_reports(JUNE, now=JULY)
    report = AdvisorReport.objects.get(advisor=here.asesora)
    stranger = page_of(here.stranger)

    for name, args in (
        ("tracking:assistance", [made.pk]),
        ("tracking:assistance-correct", [made.pk]),
        ("tracking:entity-products", [ONE]),
        ("tracking:perception-survey", [survey.pk]),
        ("tracking:perception-interview", [survey.pk, 1]),
        ("tracking:advisor-report", [report.pk]),
    ):
        assert stranger.get(reverse(name, args=args)).status_code == 404, name
    assert stranger.get(f"{reverse('tracking:assistance-new')}?entidad={ONE}").status_code == 404
    assert stranger.get(reverse("tracking:assistances")).context["rows"] == []
    pilar = page_of(here.cast.pilar)
    for name in ("assistances", "products", "perception", "advisor-reports"):
        assert pilar.get(reverse(f"tracking:{name}")).status_code == 403


def test_the_lists_take_as_many_queries_for_any_number(here):
    page = page_of(here.coordinador)
    question(here)
    counted = []
    for _ in range(2):
        for name in ("assistances", "advisor-reports", "perception", "products"):
            page.get(reverse(f"tracking:{name}"))
            with CaptureQueriesContext(connection) as queries:
                page.get(reverse(f"tracking:{name}"))
            counted.append(len(queries))
        question(here, TWO)
        question(here, TWO, theme="Otro")
        question(here, ONE, theme="Otro más")
    assert counted[:4] == counted[4:]


@pytest.mark.rule("GP-05")
def test_a_product_is_checked_with_its_list_and_decided_by_another_person(here):
    items = "Tiene diagnóstico\nTiene metas\nTiene presupuesto"
    said = {"template_code": GOVERNMENT_TO_PLAN[0], "code": "10", "product": "Plan de desarrollo", "items": items}
    checklist = write_checklist(here.region, **said, by=here.coordinador, now=NOW)
    hito, answers = here.hito(ONE, "10"), {1: "met", 2: "not_met", 3: "na"}
    told = {"quality": "Faltan metas.", "link": "https://ejemplo.invalid/plan"}

    made = check_product(here.entities[ONE], hito, checklist, answers, **told, by=here.asesora, now=NOW)
    again = check_product(here.entities[ONE], hito, checklist, answers, **told, by=here.asesora, now=NOW)
    with pytest.raises(Refused) as other:
        check_product(here.entities[ONE], here.hito(ONE, "9"), checklist, answers, **told, by=here.asesora, now=NOW)
    with pytest.raises(PermissionDenied):
        review_check(made, decision="accepted", by=here.asesora)
    later = write_checklist(here.region, **said | {"items": items + "\nOtro"}, by=here.coordinador, now=NOW)

    said_so = (here.entities[ONE], hito, checklist, answers)
    proved = check_product(*said_so, **told, upload=photo(), by=here.asesora, now=NOW)
    same = check_product(*said_so, **told, upload=photo(), by=here.asesora, now=NOW)
    newer = check_product(*said_so, **told, upload=photo(9), by=here.asesora, now=NOW)

    assert again == made
    assert made != proved == same != newer  # another file is another product
    assert newer.file.sha256 != proved.file.sha256
    assert (codes(other), later.edition, made.checklist.items.count()) == (["foreign_checklist"], 2, 3)
    review_check(made, decision="returned", note="Complete las metas.", by=here.coordinador)
    with pytest.raises(Refused) as twice:
        review_check(made, decision="accepted", by=here.coordinador)
    assert codes(twice) == ["reviewed_already"]
    assert "50,00" in page_of(here.analista).get(made.get_absolute_url()).content.decode()


def test_the_pages_of_products(here):
    coordinator, advisor = page_of(here.coordinador), page_of(here.asesora)
    said = {
        "unit": here.region.pk,
        "hito": f"{GOVERNMENT_TO_PLAN[0]}:10",
        "product": HOSTILE,
        "items": f"Uno\n{HOSTILE}",
    }
    assert coordinator.post(reverse("tracking:checklist-write"), said).status_code == 302
    hito = here.hito(ONE, "10")
    apply = reverse("tracking:product-apply", args=[ONE, hito.pk])
    assert advisor.get(reverse("tracking:entity-products", args=[ONE])).context["hitos"][0]["hito"] == hito
    assert advisor.get(apply).status_code == 200
    typed = {"item_1": "met", "item_2": "met", "quality": HOSTILE}
    assert advisor.post(apply, typed).status_code == 422  # no evidence
    made = advisor.post(apply, typed | {"upload": photo()}, follow=True)
    assert HOSTILE not in made.content.decode()
    check = made.context["found"]
    review = reverse("tracking:product-review", args=[check.pk])
    assert advisor.post(review, {"decision": "accepted"}).status_code == 403
    assert coordinator.post(review, {"decision": "returned"}).status_code == 422
    assert coordinator.post(review, {"decision": "accepted"}).status_code == 302
    assert HOSTILE not in coordinator.get(reverse("tracking:products")).content.decode()
    assert advisor.get(reverse("tracking:product-apply", args=[ONE, here.hito(ONE, "9").pk])).status_code == 404


@pytest.mark.rule("GP-06")
def test_the_report_of_the_month_opens_by_itself_and_freezes_its_figures(here):
    question(here)
    here.report(ONE, "3", 40)
    keys = list(plan_openings(date(2025, 7, 1)))
    jobs.run_now(Job.objects.get(kind=OPEN_JOB))
    report = AdvisorReport.objects.get()

    assert (keys, list(plan_openings(date(2025, 7, 2)))) == ([f"{OPEN_JOB}:2025-06"], [])
    assert (report.advisor, report.month, report.due_on) == (here.asesora, JUNE, date(2025, 7, 9))
    with pytest.raises(Refused):
        send_report(report, narrative="Hecho.", by=here.asesora, now=NOW)
    with pytest.raises(PermissionDenied):
        send_report(report, narrative="Hecho.", by=here.cast.diana, now=JULY)
    with pytest.raises(Refused) as other:
        send_report(report, narrative="Hecho.", by=here.coordinador, now=JULY)
    sent = send_report(report, narrative="Hecho.", by=here.asesora, now=JULY + timedelta(days=8))
    question(here, TWO)
    assert codes(other) == ["not_own"]
    assert (sent.figures["kinds"]["question"], sent.figures["hitos"]) == (1, ["3 (Albán)"])
    assert AdvisorReport.objects.get().figures["entities"] == {ONE: "Albán"}
    shown = page_of(here.coordinador).get(reverse("tracking:advisor-reports")).context["rows"][0]
    assert (shown["is_late"], shown["state"]) == (True, "Enviado")


@pytest.mark.rule("GP-06")
def test_the_coordinator_receives_or_returns_and_only_they_and_its_author_read_it(here):
    question(here)
    open_reports(JUNE, now=JULY)
    report = AdvisorReport.objects.get()
    advisor, coordinator = page_of(here.asesora), page_of(here.coordinador)
    send = reverse("tracking:advisor-report-send", args=[report.pk])

    titles = [item["title"] for item in registry.collect("inbox", here.asesora)]
    assert "Enviar el informe de junio de 2025" in titles
    assert advisor.post(send, {"narrative": ""}).status_code == 422
    assert advisor.post(send, {"narrative": HOSTILE}).status_code == 302
    assert "Recibir 1 informe mensual" in [item["title"] for item in registry.collect("inbox", here.coordinador)]
    for somebody in (here.cast.diana, here.stranger):
        assert page_of(somebody).get(report.get_absolute_url()).status_code == 404
    back = reverse("tracking:advisor-report-return", args=[report.pk])
    assert coordinator.post(back, {"reason": ""}).status_code == 422
    assert coordinator.post(back, {"reason": "Falta el taller."}).status_code == 302
    assert "Falta el taller." in advisor.get(report.get_absolute_url()).content.decode()
    advisor.post(send, {"narrative": "Con el taller."})
    assert advisor.post(reverse("tracking:advisor-report-receive", args=[report.pk])).status_code == 403
    assert coordinator.post(reverse("tracking:advisor-report-receive", args=[report.pk])).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.received_by) == ("received", here.coordinador)
    for act in (
        lambda: receive_report(report, by=here.coordinador),
        lambda: return_report(report, reason="x", by=here.coordinador),
    ):
        with pytest.raises(Refused):
            act()
