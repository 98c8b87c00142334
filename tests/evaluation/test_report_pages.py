"""Screens of reports: the series with what is missing, the period's page, downloads, and the public portal."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.documents import pdf
from evaluation.models import IssuedReport, ReportDraft
from pes import registry
from pes.documents.pdf import Pdf
from pes.models import Job
from tests import make
from tests.evaluation import reports

pytestmark = [pytest.mark.django_db, pytest.mark.rule("AZ12", "AZ13", "REP-01")]
LIST = "/sectores/gestion-publica/informes/"
PAGE = f"{LIST}mensual/2022-03/"
PUBLIC = "/publico/gestion-publica/mensual/2022-03/"


@pytest.fixture(autouse=True)
def quick(media_root, monkeypatch, settings):
    """What documents look like is proven in test_documents; the demonstration counts as the second factor."""
    settings.PES_DEMO = True
    monkeypatch.setattr(pdf, "render", lambda context, workbook: Pdf(b"%PDF-1.7 un documento", 3))


@pytest.fixture
def case(media_root) -> reports.Case:
    return reports.case()


def content(response) -> bytes:
    """What a download holds; reading it to the end closes its file."""
    return response.getvalue()


def test_the_series_names_the_periods_that_are_missing(case, client):
    client.force_login(case.them.ana)

    page = client.get(LIST).content.decode()

    assert "Faltan por generar" in page
    assert "marzo de 2022" in page
    assert page.count("Sin mediciones") == 12  # eleven months and a semester


def test_a_report_is_asked_for_watched_read_and_downloaded(case, client):
    client.force_login(case.them.ana)

    asked = client.post(f"{PAGE}generar/")
    make.run_jobs()
    job, page = client.get(asked["Location"]), client.get(PAGE)
    file = client.get(f"{PAGE}0/informe.pdf")

    assert PAGE in job.content.decode()
    assert "24,15\u00a0%" in page.content.decode()
    assert content(file).startswith(b"%PDF")
    assert file["Content-Disposition"].startswith("attachment")
    assert (file["X-Content-Type-Options"], file["Cache-Control"]) == ("nosniff", "private, no-store")


@pytest.mark.parametrize("name", ["oscar", "alicia"])
def test_a_report_of_another_sector_does_not_exist(case, client, name):
    case.draft()
    client.force_login(getattr(case.them, name))

    answers = {client.get(path).status_code for path in (PAGE, LIST, f"{PAGE}0/informe.pdf")}

    assert answers <= {403, 404}


def test_who_reads_may_not_ask_issue_or_publish(case, client):
    case.issue()
    client.force_login(case.them.diana)

    answers = [client.post(f"{PAGE}{verb}").status_code for verb in ("generar/", "emitir/", "1/publicar/")]

    assert answers == [403, 403, 403]
    assert client.get(PAGE).status_code == 200


def test_the_jefe_issues_and_publishes_and_a_correction_asks_for_its_reason(case, client):
    case.cutoff.consolidate(by=case.them.jorge)
    client.force_login(case.them.jorge)
    client.post(f"{PAGE}emitir/", {"reason": ""})
    make.run_jobs()
    client.post(f"{PAGE}1/publicar/")

    refused = client.post(f"{PAGE}emitir/", {"reason": ""})

    assert IssuedReport.objects.get().publication
    assert refused.status_code == 422
    assert "error-summary" in refused.content.decode()


def test_a_button_that_cannot_act_says_why(case, client):
    case.draft()
    client.force_login(case.them.jorge)

    assert "El corte del informe no está consolidado" in client.get(PAGE).content.decode()


def test_a_file_that_lost_its_digest_is_not_handed_over(case, client):
    draft = case.draft()
    draft.path("pdf").write_bytes(b"otra cosa")
    client.force_login(case.them.ana)

    assert client.get(f"{PAGE}0/informe.pdf").status_code == 409


def test_a_page_that_was_changed_on_disk_is_not_shown(case, client):
    report = case.issue()
    report.publish(by=case.them.jorge)
    stored = report.path("html")
    stored.write_text(stored.read_text().replace("24,15", "99,99"))

    assert "99,99" not in client.get(PUBLIC).content.decode()


def test_what_waits_to_be_issued_and_published_is_in_the_inbox(case):
    def waiting() -> list[str]:
        return [
            item["title"] for item in registry.collect("inbox", case.them.jorge) if item["kind"].startswith("report")
        ]

    case.cutoff.consolidate(by=case.them.jorge)
    case.draft()
    before = waiting()
    report = case.issue()
    issued = waiting()
    report.publish(by=case.them.jorge)

    assert before == ["Emitir el informe mensual: marzo de 2022"]
    assert issued == ["Publicar el informe mensual: marzo de 2022"]
    assert waiting() == []


def test_a_job_that_was_refused_says_why(case, client):
    job = ReportDraft.ask(case.plan, reports.MARCH, by=case.them.ana)
    Job.objects.filter(pk=job.pk).update(payload=job.payload | {"period": "2022-05"})
    make.run_jobs()
    client.force_login(case.them.ana)

    assert "No hay mediciones en mayo de 2022" in client.get(f"/trabajos/{job.pk}/").content.decode()


@pytest.mark.parametrize("path", ["mensual/2022-13/", "mensual/nada/", "anual/2099/", "semanal/2022-03/"])
def test_a_period_that_cannot_be_is_not_found(case, client, path):
    client.force_login(case.them.ana)

    assert client.get(LIST + path).status_code == 404


def test_the_public_sees_only_what_was_published(case, client):
    case.draft()
    case.issue()
    assert client.get("/publico/").status_code == 200
    assert [client.get(path).status_code for path in (PUBLIC, f"{PUBLIC}1/informe.pdf")] == [404, 404]

    IssuedReport.objects.get().publish(by=case.them.jorge)

    assert "marzo de 2022" in client.get("/publico/").content.decode()
    assert content(client.get(f"{PUBLIC}1/informe.pdf")).startswith(b"%PDF")
    assert client.get(f"{PUBLIC}1/informe.html").status_code == 404
    assert client.get(f"{PUBLIC}0/informe.pdf").status_code == 404


def test_the_public_sees_the_newest_edition_and_why_it_corrects_the_other(case, client):
    case.issue().publish(by=case.them.jorge)
    case.issue(reason="Se corrigió el indicador 644").publish(by=case.them.jorge)

    page = client.get(PUBLIC).content.decode()

    assert "Edición 2" in page
    assert "Se corrigió el indicador 644" in page
    assert "La reemplazó la edición 2" in page
    assert content(client.get(f"{PUBLIC}1/informe.xlsx")).startswith(b"PK")


def test_the_public_never_reads_a_name_of_staff(case, client):
    case.issue().publish(by=case.them.jorge)

    pages = "".join(client.get(path).content.decode() for path in ("/publico/", PUBLIC))
    book = content(client.get(f"{PUBLIC}1/informe.xlsx"))

    for person in (case.them.jorge, case.them.ana, case.them.elena):
        assert person.full_name not in pages
        assert person.email not in pages
        assert person.full_name.encode() not in book


def test_public_pages_may_be_cached_and_those_with_a_menu_may_not(case, client):
    case.issue().publish(by=case.them.jorge)
    anonymous, file = client.get(PUBLIC), client.get(f"{PUBLIC}1/informe.pdf")
    again = client.get(f"{PUBLIC}1/informe.pdf", headers={"If-None-Match": file["ETag"]})
    client.force_login(case.them.ana)

    assert "public" in anonymous["Cache-Control"]
    assert "public" in file["Cache-Control"]
    assert content(file)
    assert again.status_code == 304
    assert "private" in client.get(PUBLIC)["Cache-Control"]


def test_the_series_asks_as_many_questions_with_one_report_as_with_three(case, client):
    client.force_login(case.them.ana)
    client.get(LIST)
    counts = []
    for period in (reports.MARCH, reports.HALF, reports.YEAR):
        case.draft(period)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert len(set(counts)) == 1
