"""The box of evidence and the view that serves it: what each person sees, sends and downloads (UP4, UP6 to UP8, UP13)."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from pes.files.images import without_metadata
from pes.models import User
from tests import people, plan_makers, report_makers
from tests.tracking import files, hostile
from tests.tracking.proofs import SITE, entry_of, on_disk, prove, two_goals, with_central_goal
from tracking import goal_evidence
from tracking.models import Evidence, QuarterReport
from tracking.pages.evidence import anchor_of, evidence_box, evidence_boxes

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def them(media_root: Path, settings) -> people.Cast:
    settings.PES_DEMO = True  # stands in for the second factor
    return people.cast()


@pytest.fixture
def report(them: people.Cast) -> QuarterReport:
    return two_goals(them)


def at(report: QuarterReport, number: int = 1) -> str:
    return report.url("goal-evidence", number)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_without_a_script_a_file_is_one_form_and_comes_back_to_its_page(report, them) -> None:
    pilar = logged_in(them.pilar)
    form = {"file": files.upload("acta año.pdf", files.pdf()), "back": report.get_absolute_url()}

    sent = pilar.post(at(report), form)
    shown = pilar.get(at(report))

    assert sent["Location"] == f"{report.get_absolute_url()}#{anchor_of(entry_of(report))}"
    assert "acta año.pdf" in text(shown)
    assert Evidence.objects.get().sha256 in text(shown)
    assert 'enctype="multipart/form-data"' in text(shown)


@pytest.mark.parametrize("back", ["https://otro.invalid/", "//otro.invalid", "javascript:alert(1)", ""])
def test_the_way_back_never_leaves_the_site(report, them, back) -> None:
    sent = logged_in(them.pilar).post(at(report), {"link": SITE, "back": back})

    assert sent["Location"].partition("#")[0] == at(report)


def test_a_script_gets_the_list_or_the_problems(report, them) -> None:
    pilar = logged_in(them.pilar)

    good = pilar.post(at(report), {"file": files.upload("foto.png", files.image())}, **SCRIPT)
    bad = pilar.post(at(report), {"file": files.upload("foto.pdf", b"<html>")}, **SCRIPT)
    nothing = pilar.post(at(report), {}, **SCRIPT)

    assert (good.status_code, "<html" in text(good), "foto.png" in text(good)) == (200, False, True)
    assert (bad.status_code, bad.json()["problems"][0][:28]) == (422, "El archivo no es un PDF, aun")
    assert (nothing.status_code, nothing.json()["problems"]) == (422, ["Elija un archivo o escriba un enlace."])


@pytest.mark.rule("UP4")
def test_a_heavy_file_is_413_and_nothing_is_kept_of_what_is_too_much(report, them, settings, media_root) -> None:
    settings.EVIDENCE_MAX_BYTES = 1000
    pilar = logged_in(them.pilar)

    answer = pilar.post(at(report), {"file": files.upload("a.pdf", bytes(5000))}, **SCRIPT)
    page = pilar.post(at(report), {"file": files.upload("a.pdf", bytes(5000))})

    assert (answer.status_code, page.status_code) == (413, 413)
    assert not Evidence.objects.exists()
    assert on_disk(media_root) == []


@pytest.mark.rule("UP4")
def test_a_heavier_request_is_refused_by_its_length_alone(report, them) -> None:
    pilar = logged_in(them.pilar)

    heavy = pilar.generic("POST", at(report), b"", CONTENT_LENGTH=str(26 * 1024**2))
    endless = pilar.generic("POST", at(report), b"", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")

    assert (heavy.status_code, endless.status_code) == (413, 411)


class Cut(BytesIO):
    """The body of a request whose sender is gone at 99 %."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body[: len(body) * 99 // 100])

    def read(self, size: int = -1) -> bytes:
        part = super().read(size)
        if not part:
            raise ConnectionResetError
        return part


@pytest.mark.rule("UP12")
def test_a_connection_lost_at_the_end_leaves_nothing_anywhere(report, them, settings, media_root, tmp_path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "temporary"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    form = encode_multipart(BOUNDARY, {"file": files.upload("a.pdf", files.pdf() + bytes(300_000))})
    pilar = Client(enforce_csrf_checks=True)
    pilar.force_login(them.pilar)

    whole = {"CONTENT_LENGTH": str(len(form)), "wsgi.input": Cut(form)}
    answer = pilar.generic("POST", at(report), b"", MULTIPART_CONTENT, **whole)

    assert answer.status_code == 403
    assert (Evidence.objects.count(), on_disk(media_root), on_disk(tmp_path / "temporary")) == (0, [], [])


def test_others_read_and_do_not_add(report, them) -> None:
    made = prove(report, them.pilar)

    for user in (them.ana, them.jorge, them.diana, them.olga):
        page = logged_in(user).get(at(report))
        assert ("foto.png" in text(page), "Subir archivo" in text(page)) == (True, False)
        assert logged_in(user).post(at(report), {"link": SITE}).status_code == 403
        assert logged_in(user).get(made.get_absolute_url()).status_code == 200


@pytest.mark.rule("AZ2")
@pytest.mark.parametrize("name", ["marta", "oscar"])
def test_what_is_not_theirs_is_not_there(report, them, name) -> None:
    made = prove(report, them.pilar)
    stranger = logged_in(getattr(them, name))
    withdraw = reverse("tracking:evidence-withdraw", args=[made.pk])

    answers = [
        stranger.get(at(report)),
        stranger.post(at(report), {"link": SITE}),
        stranger.get(made.get_absolute_url()),
        stranger.post(withdraw),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


@pytest.mark.rule("AZ10")
def test_a_version_of_another_goals_evidence_is_not_found(report, them) -> None:
    other = prove(report, them.pilar, number=2)

    answer = logged_in(them.pilar).post(at(report, 1), {"link": SITE, "replaces": other.pk})

    assert (answer.status_code, Evidence.objects.count()) == (404, 1)


def test_a_central_area_sees_its_own_goal_and_the_team_reads_who_proves_it(them) -> None:
    report, carla = with_central_goal(them)
    own, central = prove(report, them.pilar), prove(report, carla, number=2)

    assert [logged_in(carla).get(one.get_absolute_url()).status_code for one in (own, central)] == [404, 200]
    assert logged_in(carla).get(at(report, 1)).status_code == 404
    shown = text(logged_in(them.pilar).get(at(report, 2)))
    assert "Las aporta Talento Humano, que reporta esta meta." in shown
    assert "Subir archivo" not in shown


def test_a_version_and_a_withdrawal_go_through_the_page(report, them) -> None:
    pilar = logged_in(them.pilar)
    first = prove(report, them.pilar)

    pilar.post(at(report), {"file": files.upload("mejor.png", files.image(size=(9, 9))), "replaces": first.pk})
    pilar.post(at(report), {"link": SITE})
    link = Evidence.objects.get(url=SITE)
    pilar.post(reverse("tracking:evidence-withdraw", args=[link.pk]))

    [row] = evidence_box(entry_of(report), them.pilar).rows
    assert (row.last.name, [one.name for one in row.earlier]) == ("mejor.png", ["foto.png"])
    assert (row.summary, row.withdraw_url) == ("Versión 2 · Huella · Cambiar", "")
    assert logged_in(them.ana).get(first.get_absolute_url()).status_code == 200


@pytest.mark.rule("WF21")
def test_a_withdrawn_file_is_handed_to_nobody(report, them) -> None:
    made = prove(report, them.pilar)
    goal_evidence.withdraw(made, by=them.pilar)

    assert [logged_in(user).get(made.get_absolute_url()).status_code for user in (them.pilar, them.ana)] == [404, 404]


@pytest.mark.rule("UP8")
def test_the_reviewer_is_told_of_a_file_that_proves_two_goals(report, them) -> None:
    for number in (1, 2):
        prove(report, them.pilar, number=number)

    boxes = evidence_boxes(report.entries.all(), them.ana)

    told = [box.rows[0].shared for box in boxes.values()]
    assert told == [f"El mismo archivo respalda también la meta {number}." for number in (2, 1)]


@pytest.mark.rule("AZ11")
def test_an_area_is_not_told_of_goals_that_are_not_its(them) -> None:
    report, carla = with_central_goal(them)
    mine, other = entry_of(report, 2), entry_of(report, 1)
    content = files.image(size=(9, 9))
    prove(other, them.luis, content)
    prove(mine, carla, content)

    assert [row.shared for row in evidence_box(mine, carla).rows] == [""]
    assert evidence_box(mine, them.ana).rows[0].shared.endswith("la meta 1.")


def test_the_boxes_of_a_page_cost_the_same_whatever_the_number_of_goals(them) -> None:
    counts = []
    for quarter, goals in ((1, 2), (2, 12)):
        unit = people.unit(f"PRO-{goals}", them.process.kind, them.head, f"Proceso {goals}")
        plan = plan_makers.management_plan(unit=unit, goals=goals)
        found = report_makers.report(plan, quarter, status="filling")
        reader = plan_makers.holder(plan_makers.Permission.QUARTER_FILL, unit)
        entries = list(found.entries.all())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            boxes = evidence_boxes(entries, reader)
        assert [len(box.rows) for box in boxes.values()] == [1] * goals
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 7


@pytest.mark.rule("WF16")
def test_an_upload_that_crosses_the_end_of_the_term_says_both_instants(report, them) -> None:
    pilar = logged_in(them.pilar)
    with time_machine.travel(datetime(2022, 4, 19, 5, 2, tzinfo=UTC), tick=False):
        pilar.force_login(them.pilar)
        form = {"link": SITE, "began": "2022-04-19T04:58:00Z"}

        answer = pilar.post(at(report), form, **SCRIPT)

    assert "Empezó a subirlo el 18 de abril de 2022" in text(answer)
    assert "llegó completo el 19 de abril de 2022" in text(answer)
    assert report_makers.again(report).is_late is False


@pytest.mark.rule("UP6")
def test_a_photo_is_served_without_its_place_and_kept_with_its_digest(report, them) -> None:
    made = prove(report, them.pilar, hostile.photo(), name="foto.jpg")

    answer = logged_in(them.ana).get(made.get_absolute_url())
    served = b"".join(answer.streaming_content)

    assert made.path.read_bytes() == hostile.photo()
    assert answer["Content-Type"] == "image/jpeg"
    for secret in (b"secreto", b"script", b"cola oculta"):
        assert (secret in hostile.photo(), secret in served) == (True, False)
    with Image.open(BytesIO(served)) as shown, Image.open(BytesIO(hostile.photo())) as original:
        assert dict(shown.getexif()) == {0x0112: 6}  # which way is up
        assert shown.tobytes() == original.tobytes()


@pytest.mark.rule("UP6")
def test_a_png_is_served_without_its_words(media_root) -> None:
    good = files.image()
    said = good[:33] + hostile.chunk(b"tEXt", b"Author\0Pilar") + hostile.chunk(b"eXIf", b"MM") + good[33:] + b"cola"

    assert without_metadata(said, ".png") == good
    assert without_metadata(b"%PDF-", ".pdf") == b"%PDF-"


@pytest.mark.rule("UP7", "UP13")
def test_a_name_cannot_leave_the_header_it_is_sent_in(report, them) -> None:
    made = prove(report, them.pilar, files.pdf(), name='..\\..\\acta "1"; filename=x.exe\r\nX: y.pdf')

    answer = logged_in(them.ana).get(made.get_absolute_url())
    b"".join(answer.streaming_content)

    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "X" not in answer.headers
    assert "/" not in made.display_name
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
