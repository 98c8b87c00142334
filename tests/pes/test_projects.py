"""Investment projects: entered, corrected, and read month by month."""

from __future__ import annotations

from datetime import date

import pytest

from pes.models import AuditEvent, GoalKind, InvestmentProject
from tests import make, people
from tests.evaluation.sector import Sector, sector

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(settings) -> Sector:
    settings.PES_DEMO = True
    return sector()


@pytest.fixture
def project(ours) -> InvestmentProject:
    return InvestmentProject.objects.create(entity=ours.them.head, code="7868", name="Paz y memoria")


def typed(ours: Sector, **changes: str) -> dict[str, str]:
    return {"entity": str(ours.them.head.pk), "code": "7870", "name": "Servicio a la ciudadanía"} | changes


def test_a_project_is_entered_and_leaves_an_audit_event(ours, client):
    client.force_login(ours.them.ana)

    answer = client.post(ours.url("proyectos/nuevo/"), typed(ours), follow=True)

    assert "Servicio a la ciudadanía" in answer.content.decode()
    assert AuditEvent.objects.filter(verb="project_created").count() == 1


def test_a_code_already_taken_is_refused_with_what_was_typed(ours, project, client):
    client.force_login(ours.them.ana)

    answer = client.post(ours.url("proyectos/nuevo/"), typed(ours, code="7868"))

    assert answer.status_code == 422
    assert "ya tiene un proyecto con el código 7868" in answer.content.decode()
    assert InvestmentProject.objects.count() == 1


def test_a_project_is_corrected(ours, project, client):
    client.force_login(ours.them.ana)

    client.post(
        ours.url(f"proyectos/{project.pk}/corregir/"), {"code": "7868", "name": "Paz, memoria y reconciliación"}
    )

    project.refresh_from_db()
    assert project.name == "Paz, memoria y reconciliación"
    event = AuditEvent.objects.get(verb="project_changed")
    assert event.before["name"] == "Paz y memoria"


@pytest.mark.parametrize("name", ["diana", "elena", "gabriel", "luis"])
def test_who_may_not_edit_is_refused_and_told(ours, project, client, name):
    client.force_login(getattr(ours.them, name))

    assert client.post(ours.url("proyectos/nuevo/"), typed(ours)).status_code == 403
    assert client.post(ours.url(f"proyectos/{project.pk}/corregir/"), typed(ours)).status_code == 403
    assert "Registra proyectos la oficina asesora de planeación" in client.get(ours.url("proyectos/")).content.decode()


def test_an_entity_of_another_sector_is_not_a_choice(ours, client):
    """AZ10."""
    client.force_login(ours.them.ana)

    answer = client.post(ours.url("proyectos/nuevo/"), typed(ours, entity=str(ours.them.other_entity.pk)))

    assert answer.status_code == 422
    assert not InvestmentProject.objects.exists()


@pytest.mark.parametrize("path", ["proyectos/", "proyectos/nuevo/", "proyectos/{}/", "proyectos/{}/corregir/"])
def test_the_projects_of_another_sector_are_404(ours, project, client, path):
    """AZ2."""
    client.force_login(people.person("Otra Analista", people.Role.ANALISTA_OAP, ours.them.other_sector))

    assert client.get(ours.url(path.format(project.pk))).status_code == 404


def test_a_month_executes_the_difference_of_two_measurements(ours, project, client):
    """REP-01."""
    goal = make.goal(objective=ours.objective, code="4", kind=GoalKind.PROYECTO, project=project)
    indicator = make.indicator(goal=goal, entity=ours.them.head, key="P4")
    for month, reached in ((1, 10), (2, 25), (3, 40)):
        make.measurement(indicator=indicator, by=ours.them.gabriel, achieved=reached, on=date(2022, month, 28))
    client.force_login(ours.them.gabriel)

    page = " ".join(client.get(ours.url(f"proyectos/{project.pk}/?vigencia=2022")).content.decode().split())

    assert page.count('data-label="Ejecutado en el mes">15<') == 2
    assert page.count('data-label="Ejecutado en el mes">10<') == 1
    assert "40,00 %" in page


def test_a_project_without_goals_says_what_to_do(ours, project, client):
    client.force_login(ours.them.diana)

    assert "no tiene metas en el PES" in client.get(ours.url(f"proyectos/{project.pk}/")).content.decode()
