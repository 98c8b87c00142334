"""The pages of «Marco» and of the action plan: what they show, who writes, and what a hostile text does to them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pes.edits import fingerprint
from pes.models import (
    DevelopmentPlan,
    EntityProblem,
    InvestmentProject,
    PlannedActivity,
    PublicPolicy,
    SectorActor,
    SectorStatement,
    StrategicLine,
)
from pes.profile.document_tables import document_tables
from pes.profile.records import facts_of
from tests import make, people
from tests.answers import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("LC-07")]
SCRIPT = '<script>alert("x")</script>'


@pytest.fixture
def ours() -> SimpleNamespace:
    them = people.cast()
    plan = make.plan(sector=them.sector)
    objective = make.objective(plan=plan, text="Construir la paz")
    line = StrategicLine.objects.create(plan=plan, number=1, name="Línea de paz")
    line.objectives.add(objective)
    make.objective(plan=plan, number=2, text="Servir mejor")
    SectorStatement.objects.create(
        plan=plan, kind="vision", text="Ser mejores", source_act="Resolución 277 de 2020",
        valid_from=date(2020, 5, 1), valid_until=date(2024, 12, 8), repealed_by="Resolución 630 de 2024",
    )  # fmt: skip
    return SimpleNamespace(them=them, plan=plan, objective=objective, url="/sectores/gestion-publica/pes/2020/marco/")


def actor(ours, **fields) -> SectorActor:
    return SectorActor.objects.create(plan=ours.plan, **{"name": "Ciudadanía", "kind": "society"} | fields)


@pytest.mark.rule("REF-01")
def test_the_framework_shows_each_text_with_its_act_and_what_is_loose(ours):
    ours.them.sector.mission = "Coordinar la gestión"
    ours.them.sector.save()

    shown = page_of(ours.them.luis).get(ours.url).content.decode()

    for text in ("Derogado", "derogado por Resolución 630 de 2024", "Coordinar la gestión", "Línea de paz"):
        assert text in shown
    assert "Objetivos que no están bajo ninguna línea" in shown
    assert "Servir mejor" in shown
    assert "El marco del sector lo escribe" in shown
    assert "corregir/" not in shown


def test_a_record_is_added_corrected_and_taken_out_in_the_browser(ours):
    page = page_of(ours.them.elena)
    entity = str(ours.them.head.pk)
    typed = {"entity": entity, "number": "1", "text": "Los trámites tardan", "objectives": [str(ours.objective.pk)]}

    added = page.post(f"{ours.url}problemas/nuevo/", typed)
    made = EntityProblem.objects.get()
    read = fingerprint(facts_of(made))
    changed = page.post(f"{ours.url}problemas/{made.pk}/corregir/", typed | {"theme": "Servicio", "read": read})
    stale = page.post(f"{ours.url}problemas/{made.pk}/corregir/", typed | {"theme": "Otro", "read": read})
    shown = page.get(f"{ours.url}entidades/").content.decode()
    asked = page.post(f"{ours.url}problemas/{made.pk}/retirar/", {"reason": ""})
    removed = page.post(f"{ours.url}problemas/{made.pk}/retirar/", {"reason": "Era de otra entidad"})

    assert [one.status_code for one in (added, changed, stale, asked, removed)] == [302, 302, 409, 422, 302]
    assert "Lo que cambió mientras usted editaba" in stale.content.decode()
    assert "Servicio" in shown
    assert "Los trámites tardan" in shown
    assert not EntityProblem.objects.exists()


@pytest.mark.rule("AZ1")
def test_the_doors_of_a_record(ours):
    them = ours.them
    made = EntityProblem.objects.create(plan=ours.plan, entity=them.second_entity, number=1, text="Problema")
    edit = f"{ours.url}problemas/{made.pk}/corregir/"

    pages = {who: page_of(who) for who in (them.ana, them.elena, them.diana, them.oscar)}
    answers = [page.get(edit).status_code for page in pages.values()]
    unknown = pages[them.ana].get(f"{ours.url}inventos/nuevo/").status_code
    typed = {"entity": them.second_entity.pk, "number": 2, "text": "x"}
    elsewhere = pages[them.elena].post(f"{ours.url}problemas/nuevo/", typed)

    line = pages[them.elena].get(f"{ours.url}lineas/nuevo/").status_code
    whole = pages[them.elena].post(f"{ours.url}actores/nuevo/", {"name": "Ciudadanía", "kind": "society"})

    assert answers == [200, 403, 403, 403]
    assert (line, whole.status_code) == (403, 422)  # the sector's own, and an actor of the whole sector
    assert (unknown, elsewhere.status_code) == (404, 422)  # an entity that one does not write for is no choice


def test_the_matrix_is_saved_whole_and_leaves_what_nobody_touched(ours):
    first, second = actor(ours), actor(ours, name="Concejo", kind="politics", planning="Aprueba")
    page = page_of(ours.them.ana)
    url = f"{ours.url}actores/matriz/"
    typed = {
        f"a{one.pk}-{name}": getattr(one, name)
        for one in (first, second)
        for name in ("planning", "execution", "follow_up")
    }
    typed |= {f"a{one.pk}-read": fingerprint(facts_of(one)) for one in (first, second)}

    shown = page.get(url).content.decode()
    SectorActor.objects.filter(pk=second.pk).update(planning="Discute y aprueba")
    saved = page.post(url, typed | {f"a{first.pk}-planning": "Propone"})
    stale = page.post(url, typed | {f"a{second.pk}-execution": "Vigila"})

    assert 'aria-label="Planeación · Concejo"' in shown
    assert (saved.status_code, stale.status_code) == (302, 409)
    assert dict(SectorActor.objects.values_list("name", "planning")) == {
        "Ciudadanía": "Propone",
        "Concejo": "Discute y aprueba",
    }
    assert page_of(ours.them.elena).get(url).status_code == 403


@pytest.mark.rule("LC-01")
def test_the_action_plan_marks_what_is_late(ours):
    project = InvestmentProject.objects.create(entity=ours.them.head, code="7868", name="Proyecto")
    for number, (ends, status) in enumerate(((date(2022, 3, 1), "ongoing"), (date(2022, 3, 1), "done")), 1):
        PlannedActivity.objects.create(
            project=project, vigencia_id=2022, number=number, text=f"Actividad {number}", responsible="Oficina",
            starts_on=date(2022, 1, 10), ends_on=ends, product="Informe", status=status,
            done_on=ends if status == "done" else None,
        )  # fmt: skip
    url = "/sectores/gestion-publica/pes/2020/recursos/plan-de-accion/?vigencia=2022"

    shown = page_of(ours.them.gabriel).get(url).content.decode()
    other = page_of(ours.them.ana).get(f"{url}&entidad=dascd").content.decode()

    assert "2 actividades · Atrasada: 1 · Cumplida: 1" in shown
    assert "Actividad 1" not in other
    assert "Sin plan de acción" in other


def test_a_hostile_text_stays_a_text(ours):
    SectorStatement.objects.create(plan=ours.plan, kind="value", name=SCRIPT, text=SCRIPT, source_act=SCRIPT)
    DevelopmentPlan.objects.create(plan=ours.plan, name=SCRIPT)
    head = ours.them.head
    EntityProblem.objects.create(plan=ours.plan, entity=head, number=1, text=SCRIPT, theme=SCRIPT, causes=SCRIPT)
    PublicPolicy.objects.create(plan=ours.plan, entity=head, name=SCRIPT, role="lead", source_act=SCRIPT)
    actor(ours, name=SCRIPT, role=SCRIPT, planning=SCRIPT)
    page = page_of(ours.them.ana)

    for rest in ("", "entidades/", "actores/", "actores/matriz/"):
        shown = page.get(ours.url + rest).content.decode()
        assert "alert" in shown
        assert SCRIPT not in shown


def test_the_document_reads_the_profile_live_in_a_constant_number_of_queries(ours):
    def built() -> dict[str, tuple]:
        return {table.key: table.build() for table in document_tables(ours.plan)}

    with CaptureQueriesContext(connection) as small:
        empty = built()
    actor(ours)
    people.unit("otra", "entity", ours.them.sector)
    EntityProblem.objects.create(plan=ours.plan, entity=ours.them.head, number=1, text="Problema").objectives.add(
        ours.objective
    )
    with CaptureQueriesContext(connection) as big:
        full = built()

    assert empty["problemas-secretaria-general"] == empty["actores"] == ()
    assert full["problemas-secretaria-general"][0].rows == (("1. Problema", "–", "–", "–", "Objetivo 1"),)
    assert "recursos-otra" in full
    assert len(big) <= len(small) + 1  # objectives are asked once there is a problem


@pytest.mark.parametrize("rest", ["", "entidades/", "actores/"])
def test_a_page_asks_as_many_queries_for_many_records(ours, rest):
    def fill(base: int) -> None:
        for at in range(base, base + 3):
            actor(ours, name=f"Actor {at}")
            EntityProblem.objects.create(plan=ours.plan, entity=ours.them.head, number=at, text="P").objectives.add(
                ours.objective
            )
            StrategicLine.objects.create(plan=ours.plan, number=at + 10, name="L").objectives.add(ours.objective)

    page = page_of(ours.them.ana)
    fill(1)
    page.get(ours.url + rest)
    counts = []
    for base in (20, 30):
        with CaptureQueriesContext(connection) as asked:
            page.get(ours.url + rest)
        counts.append(len(asked))
        fill(base)

    assert counts[0] == counts[1]
