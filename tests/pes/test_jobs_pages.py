"""A job's page: who sees it, how far it is, what it made (AZ2, AZ11, AZ15)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pes import jobs, registry
from pes.models import Job, JobState, Membership, OrganizationUnit
from pes.permissions import Permission, Role
from pes.views.jobs import WORDS
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people.cast()


@pytest.fixture(autouse=True)
def about_a_sector(monkeypatch):
    """A kind of work about a sector, for whoever may ask for its reports."""

    def scope(job):
        if job.kind == "test_page":
            yield Permission.REPORT_REQUEST, OrganizationUnit.objects.get(pk=job.payload["sector"])

    jobs.register("test_page", read=lambda job: None, make=lambda context, progress: None, write=lambda job, c, m: {})
    monkeypatch.setitem(registry._PROVIDERS, "job_scope", [scope])
    monkeypatch.setitem(registry._PROVIDERS, "job_title", [lambda job: ["Informe de prueba"]])
    monkeypatch.setitem(
        registry._PROVIDERS, "job_links", [lambda job: [{"label": "Descargar", "url": "/informe.pdf", "format": "PDF"}]]
    )
    yield
    del jobs.WORK["test_page"]


@pytest.fixture
def job(them) -> Job:
    return jobs.enqueue("test_page", "prueba", {"sector": them.sector.pk}, by=them.luis)


def page(user, job, **headers):
    client = Client()
    client.force_login(people.with_second_factor(user))
    return client.get(reverse("pes:job", args=[job.pk]), headers=headers)


def move(job: Job, state: str, **values) -> Job:
    Job.objects.filter(pk=job.pk).update(state=state, queue_key=None if state != "queued" else job.key, **values)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(
    ("who", "status"),
    [("luis", 200), ("ana", 200), ("jorge", 200), ("diana", 404), ("oscar", 404), ("alicia", 404), ("olga", 404)],
)
def test_only_who_asked_or_may_work_on_it_sees_a_job(them, job, who, status):
    assert page(getattr(them, who), job).status_code == status


@pytest.mark.rule("AZ2")
def test_a_foreign_job_looks_like_one_that_does_not_exist(them, job):
    foreign, missing = page(them.oscar, job), Client()
    missing.force_login(them.marta)
    answer = missing.get(reverse("pes:job", args=[10**6]))

    assert foreign.status_code == answer.status_code == 404
    assert "prueba" not in foreign.content.decode()


@pytest.mark.rule("AZ15")
def test_who_loses_the_role_loses_the_job(them, job):
    Membership.objects.get(user=them.ana).end(on=timezone.localdate() - timedelta(days=1), by=None, reason="x")

    assert page(them.ana, job).status_code == 404


def test_a_job_about_something_that_is_gone_is_seen_by_who_asked(them, job):
    job.payload = {"sector": 10**6}
    job.save()

    assert page(them.luis, job).status_code == 200
    assert page(them.ana, job).status_code == 404


def test_while_it_runs_the_page_asks_again_by_itself_and_by_a_link(them, job):
    text = page(them.luis, move(job, "running", progress=40, lease_until=timezone.now())).content.decode()

    assert 'hx-trigger="every 1s"' in text
    assert f'href="/trabajos/{job.pk}/">Actualizar' in text
    assert 'value="40"' in text


def test_what_htmx_asks_for_is_only_the_piece(them, job):
    piece = page(them.luis, job, **{"HX-Request": "true"}).content.decode()

    assert "<html" not in piece
    assert "En espera de turno" in piece


def test_when_it_ends_the_page_stops_asking_and_offers_the_result(them, job):
    text = page(them.luis, move(job, "done", progress=100, finished_at=timezone.now())).content.decode()

    assert "hx-trigger" not in text
    assert "/informe.pdf" in text


@pytest.mark.parametrize(
    ("attempts", "error", "is_told"),
    [
        (5, "ValueError: secreto", False),
        (1, "ValueError: secreto", False),
        (1, "Falta el secreto de la medición.", True),
    ],
)
def test_a_failure_is_told_in_words_for_people_or_not_at_all(them, job, attempts, error, is_told):
    failed = move(job, "failed", error=error, attempts=attempts, finished_at=timezone.now())

    text = page(them.luis, failed).content.decode()

    assert "No se pudo terminar" in text
    assert ("secreto" in text) is is_told
    assert "hx-trigger" not in text


def test_every_state_of_a_job_has_words():
    assert set(WORDS) == set(JobState)


def test_roles_that_see_nothing_of_it_cannot_be_told_apart(them, job):
    stranger = people.person("Nadie", Role.EQUIPO, them.other_entity)

    assert page(stranger, job).status_code == 404
