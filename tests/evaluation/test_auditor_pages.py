"""Acts and pages of the documents for control offices: draft, edition, publication, columns, commands (act. 14, 15)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from evaluation import auditor_acts
from evaluation.auditor import files
from evaluation.models import AuditorColumns, AuditorDraft, AuditorReport
from pes import registry
from pes.documents import store
from pes.documents.pdf import Pdf
from pes.models import AuditEvent, Job
from pes.rules.problems import Refused
from tests import make, people
from tests.answers import codes, page_of
from tests.evaluation import years
from tests.once import once
from tests.report_makers import opened_on

pytestmark = [pytest.mark.django_db, pytest.mark.rule("REP-04", "AZ12", "AZ13")]
LIST = "/auditoria/formatos/"
PAGE = f"{LIST}secretaria-general/2022/gestion/"
PUBLIC = "/publico/informes-de-gestion/"


@pytest.fixture(scope="module")
def world_of_module(django_db_setup, django_db_blocker) -> Iterator[people.Cast]:
    yield from once(lambda: years.year(upto=1), django_db_blocker, years.NOW)


@pytest.fixture
def them(world_of_module, db, settings, media_root, monkeypatch) -> Iterator[people.Cast]:
    """What the documents look like is proven in test_auditor; the demonstration counts as the second factor."""
    settings.PES_DEMO = True
    monkeypatch.setattr(files, "render_html", lambda *args, **named: Pdf(b"%PDF-1.7 un documento", 3))
    with time_machine.travel(years.NOW, tick=False):
        yield world_of_module


@pytest.fixture
def whole(them, monkeypatch) -> people.Cast:
    """As if the fourth quarter were the one consolidated: what an unfinished year refuses is proven on its own."""
    monkeypatch.setattr(auditor_acts, "LAST_QUARTER", 1)
    return them


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return unescape(answer.content.decode()).replace("\xa0", " ")


def asked(client: Client, act: str, **said: str) -> Job:
    answer = client.post(f"{PAGE}{act}/", said)
    assert answer.status_code == 302, answer.content.decode()[:300]
    make.run_jobs()
    return Job.objects.get(pk=answer["Location"].strip("/").split("/")[-1])


def test_a_draft_is_asked_for_watched_read_and_downloaded(them, media_root):
    client = page_of(them.ana)
    assert "Sin generar" in read(client, LIST)

    job = asked(client, "generar")

    assert job.state == "done", job.error
    assert "Abrir el documento" in read(client, f"/trabajos/{job.pk}/")
    page = read(client, PAGE)
    assert "Borrador" in page
    assert "Convivencia" in page
    assert "<script>alert" not in client.get(PAGE).content.decode()
    draft = AuditorDraft.objects.get()
    for suffix in ("pdf", "docx", "xlsx"):
        got = client.get(f"{PAGE}0/documento.{suffix}").getvalue()
        assert hashlib.sha256(got).hexdigest() == draft.digests[suffix]
    assert client.get(f"{PAGE}0/documento.html").status_code == 404
    asked(client, "generar")
    assert AuditorDraft.objects.get().folder != draft.folder


def test_an_unfinished_year_has_a_draft_and_no_edition(them):
    client = page_of(them.jorge)

    assert "El cuarto trimestre de 2022 no está consolidado" in read(client, PAGE)
    answer = client.post(f"{PAGE}emitir/", {"reason": ""})
    assert answer.status_code == 422
    assert not Job.objects.filter(kind="issue_auditor_report").exists()


def test_an_edition_is_issued_once_corrected_with_a_reason_and_never_changes(whole, media_root):
    client = page_of(whole.jorge)
    asked(client, "generar")
    assert "Emitir: Informe de gestión institucional 2022" in [
        one["title"] for one in registry.collect("inbox", whole.jorge)
    ]
    asked(client, "emitir", reason="")

    first = AuditorReport.objects.get()
    assert (first.edition, AuditorDraft.objects.count()) == (1, 0)
    assert store.sha256(first.path("pdf").read_bytes()) == first.digests["pdf"]
    with pytest.raises(Refused) as refused:
        auditor_acts.request_issue(whole.head, 2022, "gestion", by=whole.jorge)
    assert codes(refused) == ["reason_missing"]
    assert client.post(f"{PAGE}emitir/", {"reason": " "}).status_code == 422

    asked(client, "emitir", reason="Se corrige una tilde.")
    second = AuditorReport.objects.get(edition=2)
    assert second.reason == "Se corrige una tilde."
    assert "Corrige: Se corrige una tilde." in read(client, PAGE)
    assert store.sha256(first.path("pdf").read_bytes()) == first.digests["pdf"]
    verbs = AuditEvent.objects.filter(verb__startswith="auditor_report").order_by("pk").values_list("verb", flat=True)
    assert [*verbs][:4] == [
        "auditor_report_requested", "auditor_report_drafted", "auditor_report_issue_requested", "auditor_report_issued",
    ]  # fmt: skip


@pytest.mark.rule("AZ15")
def test_whoever_lost_the_power_while_the_job_waited_gets_no_edition(whole):
    job = auditor_acts.request_issue(whole.head, 2022, "gestion", by=whole.jorge)
    for membership in whole.jorge.memberships.all():
        membership.withdraw(by=whole.alicia, reason="Cambió de cargo.")

    make.run_jobs()

    job.refresh_from_db()
    assert job.state == "failed"
    assert not AuditorReport.objects.exists()


def test_only_the_last_edition_of_the_institutional_report_goes_public(whole, media_root):
    client, citizen = page_of(whole.jorge), Client()
    asked(client, "emitir", reason="")
    assert "secretaria-general" not in read(citizen, PUBLIC)
    assert citizen.get(f"{PUBLIC}secretaria-general/2022/1/informe.pdf").status_code == 404
    waiting = [item["title"] for item in registry.collect("inbox", whole.jorge)]
    assert "Publicar: Informe de gestión institucional 2022" in waiting

    client.post(f"{PAGE}1/publicar/")
    client.post(f"{PAGE}1/publicar/")  # a second click changes nothing

    assert AuditEvent.objects.filter(verb="auditor_report_published").count() == 1
    assert "Informe de gestión 2022" in read(citizen, PUBLIC)
    assert "Convivencia" in read(citizen, f"{PUBLIC}secretaria-general/2022/")
    file = citizen.get(f"{PUBLIC}secretaria-general/2022/1/informe.pdf")
    assert file["ETag"] == f'"{AuditorReport.objects.get().digests["pdf"]}"'
    assert file.getvalue().startswith(b"%PDF")
    asked(client, "emitir", reason="Se corrige una tilde.")
    client.post(f"{PAGE}2/publicar/")
    text = read(citizen, PUBLIC)
    assert "Edición 2" in text
    assert "La reemplazó la edición 2." in text


def test_formats_for_the_contraloria_are_not_published(whole, media_root):
    make_issue = auditor_acts.request_issue(whole.head, 2022, "cb0404", by=whole.jorge)
    make.run_jobs()
    make_issue.refresh_from_db()
    assert make_issue.state == "done", make_issue.error

    with pytest.raises(Refused) as refused:
        auditor_acts.publish_report(AuditorReport.objects.get(), by=whole.jorge)

    assert codes(refused) == ["kind_not_public"]


@pytest.mark.rule("AZ2", "AZ4")
def test_who_may_not_is_refused_and_strangers_find_nothing(them):
    olga, ana, jorge = (page_of(one) for one in (them.olga, them.ana, them.jorge))
    assert olga.get(PAGE).status_code == 200
    assert olga.post(f"{PAGE}generar/").status_code == 403
    assert ana.post(f"{PAGE}emitir/").status_code == 403
    assert ana.get(f"{LIST}columnas/").status_code == 403
    assert page_of(them.oscar).get(PAGE).status_code == 404
    assert jorge.get(f"{LIST}secretaria-general/2021/gestion/").status_code == 404
    assert jorge.get(f"{LIST}secretaria-general/2022/otro/").status_code == 404
    assert Client().get(PAGE).status_code == 302
    with pytest.raises(PermissionDenied):
        auditor_acts.request_draft(them.head, 2022, "gestion", by=them.oscar)


@pytest.mark.rule("REP-08")
def test_columns_are_edited_on_their_page(them):
    client = page_of(them.jorge)
    page = read(client, f"{LIST}columnas/")
    assert "Rigen las columnas de fábrica." in page
    rows = [("2", "8", "Proceso", "proceso", ""), ("1", "4", "Sector", "", "Gobierno"), ("", "", "Oculta", "meta", "")]
    said = {"base": "0", "columnas-TOTAL_FORMS": "3", "columnas-INITIAL_FORMS": "0"}
    for at, row in enumerate(rows):
        names = ("position", "number", "header", "source", "constant")
        said |= {f"columnas-{at}-{name}": value for name, value in zip(names, row, strict=True)}

    assert client.post(f"{LIST}columnas/guardar/", said).status_code == 302

    kept = AuditorColumns.objects.get()
    assert [(one["number"], one["header"], one["constant"]) for one in kept.columns] == [
        (4, "Sector", "Gobierno"), (8, "Proceso", ""),
    ]  # fmt: skip
    assert "Rige la versión 1." in read(client, f"{LIST}columnas/")
    stale = client.post(f"{LIST}columnas/guardar/", said)
    assert stale.status_code == 422
    assert "Otra persona guardó la versión 1" in stale.content.decode()
    assert client.post(f"{LIST}columnas/guardar/", said | {"columnas-0-number": "x"}).status_code == 422


@pytest.mark.rule("JB13")
def test_the_sweep_knows_the_documents(whole, media_root, monkeypatch):
    auditor_acts.request_draft(whole.head, 2022, "cb1090", by=whole.ana)
    auditor_acts.request_issue(whole.head, 2022, "gestion", by=whole.jorge)
    make.run_jobs()
    orphan = store.store({"pdf": b"x"})
    monkeypatch.setattr(store, "ABANDONED_AFTER", timedelta(seconds=-5))

    with time_machine.travel(opened_on(2090, 1), tick=False):
        swept = store.sweep()

    assert swept == [orphan]
    kept = {AuditorDraft.objects.get().folder, AuditorReport.objects.get().folder}
    assert {path.name for path in store.root().iterdir()} == kept


def test_the_command_writes_every_format_of_a_kind(them, tmp_path, capsys):
    call_command("render_report", "--kind", "cb1090", "--vigencia", "2022", "--out", str(tmp_path / "salida"))

    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert names == [f"secretaria-general-cb1090-2022.{suffix}" for suffix in ("docx", "pdf", "xlsx")]
    assert all((tmp_path / "salida" / name).stat().st_size for name in names)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["--kind", "gestion"], "Falta --vigencia"),
        (["--kind", "monthly", "--period", "2022-03"], "Falta --sector"),
        (["--kind", "monthly", "--sector", "gestion-publica"], "Falta --period"),
        (["--kind", "gestion", "--vigencia", "2022", "--sector", "gestion-publica"], "no lleva --sector"),
        (["--kind", "cb0404", "--vigencia", "2022", "--format", "docx"], "--format acepta"),
    ],
    ids=["vigencia", "sector", "period", "foreign", "format"],
)
def test_a_wrong_call_is_a_usage_error_that_names_the_option(them, tmp_path, said, words):
    with pytest.raises(CommandError, match=words) as wrong:
        call_command("render_report", *said, "--out", str(tmp_path))

    assert wrong.value.returncode == 2


def test_a_year_without_closes_is_refused_by_the_command(them, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("render_report", "--kind", "gestion", "--vigencia", "2019", "--out", str(tmp_path))

    assert ended.value.code == 1
    assert "2019" in capsys.readouterr().err
