"""Evidence: what is kept, what is refused by its structure, how it is served (UP1 to UP15)."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from pes.rules.problems import Refused
from tests.evaluation.sector import Sector, sector
from tests.tracking import files
from tracking.models import Evidence, Measurement
from tracking.storage import attach_file, attach_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(settings, media_root) -> Sector:
    settings.PES_DEMO = True
    return sector()


@pytest.fixture
def measurement(ours) -> Measurement:
    return Measurement.objects.get(indicator__key="1")


def kept(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("acta.pdf", files.pdf()),
        ("foto.png", files.image()),
        ("foto.JPG", files.image("JPEG")),
        ("informe.docx", files.office()),
        ("datos.xlsx", files.office(files.SHEET)),
    ],
)
def test_a_good_file_is_kept_with_its_digest(ours, measurement, media_root, name, content):
    made = attach_file(measurement, files.upload(name, content), by=ours.them.elena)

    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert made.path.read_bytes() == content
    assert kept(media_root) == [made.path]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", files.with_attachment(), "active_pdf"),
        ("a.svg", b"<svg/>", "format_not_accepted"),
        ("a.pdf", b"", "empty_file"),
    ],
    ids=["by_its_structure", "by_its_name", "by_its_weight"],
)
def test_a_refused_file_leaves_nothing_behind(ours, measurement, media_root, name, content, code):
    """UP1 to UP6; each verdict is proven with the hostile files."""
    with pytest.raises(Refused) as refused:
        attach_file(measurement, files.upload(name, content), by=ours.them.elena)

    assert code in {problem.code for problem in refused.value.problems}
    assert kept(media_root) == []
    assert not Evidence.objects.exists()


def test_a_file_over_the_limit_is_refused(ours, measurement, settings):
    """UP4."""
    settings.EVIDENCE_MAX_BYTES = len(files.pdf()) - 1

    with pytest.raises(Refused) as refused:
        attach_file(measurement, files.upload("a.pdf", files.pdf()), by=ours.them.elena)

    assert refused.value.problems[0].code == "file_too_large"


def test_the_same_file_twice_is_told(ours, measurement):
    """UP8."""
    attach_file(measurement, files.upload("a.png", files.image()), by=ours.them.elena)

    with pytest.raises(Refused) as refused:
        attach_file(measurement, files.upload("b.png", files.image()), by=ours.them.elena)

    assert refused.value.problems[0].code == "repeated_file"


def test_a_link_is_kept_as_text_and_is_not_in_custody(ours, measurement, media_root):
    """UP15."""
    made = attach_link(measurement, "https://ejemplo.invalid/acta", by=ours.them.elena)

    assert (made.sha256, made.get_kind_display()) == ("", "Enlace (no custodiado)")
    assert kept(media_root) == []


@pytest.mark.parametrize("name", ["diana", "luis", "olga", "oscar", "gabriel"])
def test_only_who_measures_may_attach(ours, measurement, name):
    with pytest.raises(PermissionDenied):
        attach_file(measurement, files.upload("a.png", files.image()), by=getattr(ours.them, name))
    assert not Evidence.objects.exists()


def test_evidence_is_never_changed_nor_removed(ours, measurement):
    """WF21."""
    made = attach_file(measurement, files.upload("a.png", files.image()), by=ours.them.elena)

    for act in (made.delete, lambda: Evidence.objects.filter(pk=made.pk).update(sha256="0" * 64)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_file_is_served_as_a_download_and_nothing_else(ours, measurement, client):
    """UP13."""
    made = attach_file(measurement, files.upload("acta año.pdf", files.pdf()), by=ours.them.elena)
    client.force_login(ours.them.diana)

    answer = client.get(made.get_absolute_url())

    assert b"".join(answer.streaming_content) == made.path.read_bytes()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_a_file_altered_on_disk_is_not_handed_over(ours, measurement, client):
    """UP14."""
    made = attach_file(measurement, files.upload("a.pdf", files.pdf()), by=ours.them.elena)
    made.path.chmod(0o640)
    made.path.write_bytes(b"%PDF-otro")
    client.force_login(ours.them.diana)

    answer = client.get(made.get_absolute_url())

    assert answer.status_code == 409
    assert "La descarga está bloqueada" in answer.content.decode()


def test_a_missing_file_is_404(ours, measurement, client):
    made = attach_file(measurement, files.upload("a.pdf", files.pdf()), by=ours.them.elena)
    made.path.unlink()
    client.force_login(ours.them.diana)

    assert client.get(made.get_absolute_url()).status_code == 404


def test_the_evidence_of_another_sector_is_the_same_as_none(ours, measurement, client):
    """AZ2, AZ8."""
    made = attach_file(measurement, files.upload("a.pdf", files.pdf()), by=ours.them.elena)
    client.force_login(ours.them.oscar)

    answers = [client.get(made.get_absolute_url()), client.get(f"/evidencias/{uuid.uuid4()}/")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_link_is_never_served_by_us(ours, measurement, client):
    made = attach_link(measurement, "https://ejemplo.invalid/acta", by=ours.them.elena)
    client.force_login(ours.them.diana)

    assert client.get(made.get_absolute_url()).status_code == 404
