"""Goals of investment projects on the screen: entered, corrected, linked, and then measured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluation.models import Cutoff, IndicatorWeight
from pes.goals import amounts_of, fingerprint
from pes.models import AuditEvent, GoalKind, Indicator, InvestmentProject, SectorGoal, SectorPlan
from pes.permissions import Role
from pes.project_goals import GoalWords, NewGoal, add_project_goal, change_project_goal, link_goal, targets_of
from pes.rules.problems import Refused
from pes.rules.programming import ProgrammingType
from tests import make, people
from tests.evaluation.sector import Sector, sector
from tracking.models import Measurement

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(settings) -> Sector:
    settings.PES_DEMO = True
    return sector()


@pytest.fixture
def project(ours) -> InvestmentProject:
    return InvestmentProject.objects.create(entity=ours.them.head, code="7868", name="Paz y memoria")


@pytest.fixture
def ana(ours, client) -> Client:
    client.force_login(ours.them.ana)
    return client


def typed(ours: Sector, **changes: str) -> dict[str, str]:
    second = ours.plan.objectives.get(number=2)
    return {
        "objective": str(second.pk), "code": "4", "text": "Atender 5.000 personas", "key": "P4",
        "name": "Personas atendidas", "unit": "Personas", "formula": "", "programming_type": "SUMA", "baseline": "",
        "total": "", "p_2020": "", "p_2021": "", "p_2022": "1000,5", "p_2023": "2000", "p_2024": "0",
    } | changes  # fmt: skip


def page(ours: Sector, project: InvestmentProject, rest: str = "") -> str:
    return ours.url(f"proyectos/{project.pk}/{rest}")


def add(client: Client, ours: Sector, project: InvestmentProject, **changes: str):
    return client.post(page(ours, project, "metas/nueva/"), typed(ours, **changes), follow=True)


def correct(client: Client, ours: Sector, project: InvestmentProject, key: str = "P4", **changes: str):
    """Open the correction of a goal, change some boxes and send it as the browser does."""
    url = page(ours, project, f"metas/{key}/corregir/")
    form = client.get(url).context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    sent = {name: "" if value is None else str(value) for name, value in values.items()}
    return client.post(url, sent | changes, follow=True)


def test_a_goal_is_entered_with_its_indicator_and_its_programme(ours, project, ana):
    """PES-02, PT-12: an empty vigencia and a zero are not programmed."""
    answer = add(ana, ours, project)

    assert "Meta 4 agregada con el indicador P4" in answer.content.decode()
    indicator = Indicator.objects.select_related("goal").get(key="P4")
    assert (indicator.goal.kind, indicator.goal.code, indicator.goal.project) == ("proyecto", "4", project)
    assert (indicator.entity, indicator.programming_type, indicator.code) == (ours.them.head, "SUMA", "")
    assert dict(indicator.targets.values_list("vigencia", "programmed")) == {2022: Decimal("1000.5"), 2023: 2000}
    assert list(AuditEvent.objects.filter(verb__in=["goal_added", "indicator_added"]).values_list("actor", flat=True)) \
        == [ours.them.ana.pk] * 2  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "box", "said"),
    [
        ({"key": "P/4"}, "key", "Use letras sin tilde"),
        ({"key": "1"}, "key", "ya tiene un indicador con la clave 1"),
        ({"total": "4000"}, "total", "faltan 999,5"),
        ({"programming_type": "DECRECIENTE", "p_2024": ""}, "baseline", "Escriba la línea base"),
        ({"programming_type": "CRECIENTE", "p_2024": "5"}, "p_2024", "menos que 2023"),
        ({"programming_type": "CONSTANTE"}, "p_2022", "la magnitud 2.000"),
        ({"p_2022": "1.234"}, "p_2022", "1.234"),
        ({"p_2022": "", "p_2023": ""}, None, "No hay nada programado"),
        ({"programming_type": ""}, "programming_type", "obligatorio"),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_box_with_what_to_do(ours, project, ana, changes, box, said):
    """PT-02, PT-03b, PT-04, IM3."""
    answer = add(ana, ours, project, **changes)

    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors["__all__" if box is None else box])
    assert not SectorGoal.objects.filter(kind="proyecto").exists()


def test_a_code_taken_in_the_objective_is_refused(ours, project, ana):
    add(ana, ours, project)

    answer = add(ana, ours, project, key="P5")

    assert "El objetivo 2 ya tiene la meta de proyecto 4" in answer.content.decode()
    assert Indicator.objects.filter(goal__project=project).count() == 1


def test_a_decreciente_with_baseline_may_reach_zero(ours, project, ana):
    add(ana, ours, project, programming_type="DECRECIENTE", baseline="10", p_2022="4", p_2023="2", p_2024="0")

    programmed = dict(Indicator.objects.get(key="P4").targets.values_list("vigencia", "programmed"))
    assert programmed == {2022: 4, 2023: 2, 2024: 0}


def test_a_programme_never_leaves_weights_behind(ours, project, ana):
    """W-03: objective 1 is weighted in 2022, and the goal would be programmed there without a weight."""
    before = IndicatorWeight.objects.count(), AuditEvent.objects.count()

    answer = add(ana, ours, project, objective=str(ours.objective.pk))

    assert answer.status_code == 422
    assert (
        "2022 quedaría con el indicador P4 programado y sin ponderación" in answer.context["form"].errors["p_2022"][0]
    )
    assert (IndicatorWeight.objects.count(), AuditEvent.objects.count()) == before
    assert not Indicator.objects.filter(key="P4").exists()
    assert add(ana, ours, project, objective=str(ours.objective.pk), p_2022="").status_code == 200


def test_words_and_programme_are_corrected_and_both_values_stay_in_the_audit(ours, project, ana):
    add(ana, ours, project)

    answer = correct(ana, ours, project, text="Atender 6.000 personas", unit="Ciudadanos", p_2023="", p_2024="3000")

    assert "Meta corregida" in answer.content.decode()
    indicator = Indicator.objects.select_related("goal").get(key="P4")
    assert (indicator.goal.text, indicator.unit) == ("Atender 6.000 personas", "Ciudadanos")
    assert dict(indicator.targets.values_list("vigencia", "programmed")) == {2022: Decimal("1000.5"), 2024: 3000}
    event = AuditEvent.objects.get(verb="indicator_changed")
    assert (event.before["unit"], event.after["unit"]) == ("Personas", "Ciudadanos")
    assert event.after["programme"] == {"2022": "1000.5000", "2024": "3000.0000"}
    assert AuditEvent.objects.get(verb="goal_changed").before == {"text": "Atender 5.000 personas"}


def test_saving_without_changes_leaves_no_trace(ours, project, ana):
    add(ana, ours, project)
    before = AuditEvent.objects.count()

    assert "No había cambios" in correct(ana, ours, project).content.decode()
    assert AuditEvent.objects.count() == before


def test_the_programme_of_a_consolidated_vigencia_does_not_change(ours, project, ana):
    """PG-09e: the box is shut, and what is sent anyway is not read."""
    add(ana, ours, project)
    SectorPlan.objects.update(consolidated_through=date(2022, 3, 31))

    correct(ana, ours, project, p_2022="7", p_2023="8")

    assert dict(Indicator.objects.get(key="P4").targets.values_list("vigencia", "programmed")) == {
        2022: Decimal("1000.5"), 2023: 8,
    }  # fmt: skip
    shown = ana.get(page(ours, project, "metas/P4/corregir/")).content.decode()
    assert shown.count("Consolidado hasta el 31 de marzo de 2022: no cambia.") == 3


def test_a_vigencia_consolidated_while_one_edits_is_refused(ours, project, ana):
    """PG-09e: what the form read was open, the verb asks again."""
    add(ana, ours, project)
    indicator = Indicator.objects.get(key="P4")
    read = fingerprint(indicator, amounts_of(targets_of(indicator)))
    SectorPlan.objects.update(consolidated_through=date(2022, 3, 31))
    words = GoalWords("Otra", "Otro", "", "")

    with pytest.raises(Refused) as refused:
        change_project_goal(indicator, words, {2022: Decimal(7)}, read=read, by=ours.them.ana)

    assert [problem.code for problem in refused.value.problems] == ["programme_sealed"]


def test_a_stale_correction_overwrites_nothing(ours, project, ana):
    """WF3."""
    add(ana, ours, project)

    answer = correct(ana, ours, project, read="otra", unit="Ciudadanos")

    assert answer.status_code == 422
    assert "Otra persona cambió esta meta" in answer.content.decode()
    assert Indicator.objects.get(key="P4").unit == "Personas"


def test_a_changed_programme_asks_for_the_cutoffs(ours, project, ana):
    add(ana, ours, project)
    make.measurement(indicator=Indicator.objects.get(key="P4"), by=ours.them.gabriel, achieved=300)
    make.run_jobs()

    correct(ana, ours, project, p_2022="600")
    make.run_jobs()

    second = Cutoff.objects.get(plan=ours.plan, on=date(2022, 3, 31)).sector_result.objectives[1]
    assert second.indicators[0].progress == Decimal("0.5")


def test_a_goal_that_came_without_project_is_linked(ours, project, ana):
    goal = make.goal(objective=ours.objective, code="4", kind=GoalKind.PROYECTO)
    make.indicator(goal=goal, entity=ours.them.head, key="P4", targets={2023: 5})

    answer = ana.post(page(ours, project, "metas/vincular/"), {"goal": str(goal.pk)}, follow=True)

    goal.refresh_from_db()
    assert goal.project == project
    assert "Meta 4 vinculada al proyecto" in answer.content.decode()
    event = AuditEvent.objects.get(verb="goal_linked")
    assert (event.before, event.after) == ({"project": None}, {"project": project.pk})


@pytest.mark.parametrize("kind", ["of another entity", "linked already", "sectorial"])
def test_only_a_free_goal_of_the_project_s_entity_is_a_choice(ours, project, ana, kind):
    other = InvestmentProject.objects.create(entity=ours.them.head, code="9", name="Otro")
    fields = {"linked already": {"project": other}, "sectorial": {"kind": GoalKind.SECTORIAL}}.get(kind, {})
    goal = make.goal(objective=ours.objective, code="4", **({"kind": GoalKind.PROYECTO} | fields))
    entity = ours.them.second_entity if kind == "of another entity" else ours.them.head
    make.indicator(goal=goal, entity=entity, key="P4", targets={2023: 5})

    answer = ana.post(page(ours, project, "metas/vincular/"), {"goal": str(goal.pk)})

    assert answer.status_code == 422
    assert "No hay metas por vincular" in answer.content.decode()
    assert not AuditEvent.objects.filter(verb="goal_linked").exists()


@pytest.mark.parametrize(
    ("code", "fields", "is_ours"),
    [
        ("project_of_other_goal", {"kind": GoalKind.SECTORIAL}, True),
        ("goal_of_other_entity", {"kind": GoalKind.PROYECTO}, False),
    ],
)
def test_the_verb_refuses_to_link_what_the_screen_does_not_offer(ours, project, code, fields, is_ours):
    """PES-02, REP-01."""
    goal = make.goal(objective=ours.objective, code="4", **fields)
    make.indicator(goal=goal, entity=ours.them.head if is_ours else ours.them.second_entity, key="P4", targets={})

    with pytest.raises(Refused) as refused:
        link_goal(goal, project, by=ours.them.ana)

    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_goal_is_linked_once(ours, project):
    goal = make.goal(objective=ours.objective, code="4", kind=GoalKind.PROYECTO)
    link_goal(goal, project, by=ours.them.ana)

    with pytest.raises(Refused, match="ya está vinculada"):
        link_goal(SectorGoal.objects.get(pk=goal.pk), project, by=ours.them.ana)


@pytest.mark.parametrize("name", ["gabriel", "diana", "oscar"])
def test_the_verbs_ask_for_the_permission_themselves(ours, project, name):
    """AZ1."""
    goal = make.goal(objective=ours.objective, code="4", kind=GoalKind.PROYECTO)
    indicator = make.indicator(goal=goal, entity=ours.them.head, key="P4", targets={})
    person, words = getattr(ours.them, name), GoalWords("Meta", "Indicador", "", "")
    new = NewGoal(ours.objective, "5", "P5", words, ProgrammingType.SUMA, None, {2023: Decimal(1)})

    with pytest.raises(PermissionDenied):
        add_project_goal(project, new, by=person)
    with pytest.raises(PermissionDenied):
        change_project_goal(indicator, words, {}, read="", by=person)
    with pytest.raises(PermissionDenied):
        link_goal(goal, project, by=person)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("ana", 200), ("jorge", 200), ("diana", 403), ("elena", 403), ("gabriel", 403), ("luis", 403), ("olga", 403),
     ("alicia", 403), ("oscar", 403)],
)  # fmt: skip
@pytest.mark.parametrize("path", ["metas/nueva/", "metas/vincular/", "metas/P4/corregir/"])
def test_who_edits_the_pes_edits_its_goals_and_nobody_else(ours, project, client, name, expected, path):
    """AZ1, AZ2 as a truth table."""
    goal = make.goal(objective=ours.objective, code="4", kind=GoalKind.PROYECTO, project=project)
    make.indicator(goal=goal, entity=ours.them.head, key="P4", targets={2023: 5})
    client.force_login(getattr(ours.them, name))

    assert client.get(page(ours, project, path)).status_code == expected
    assert (client.post(page(ours, project, path), typed(ours)).status_code == 403) is (expected == 403)


@pytest.mark.parametrize("path", ["metas/nueva/", "metas/vincular/", "metas/P4/corregir/"])
def test_the_goals_of_another_sector_are_404(ours, project, client, path):
    client.force_login(people.person("Otra Analista", Role.ANALISTA_OAP, ours.them.other_sector))

    assert client.get(page(ours, project, path)).status_code == 404


def test_the_goal_is_then_measured_every_month_from_the_page_of_its_project(ours, project, ana):
    """REP-01."""
    add(ana, ours, project)
    ana.force_login(ours.them.gabriel)
    shown = ana.get(page(ours, project, "?vigencia=2022")).content.decode()
    assert 'href="/sectores/gestion-publica/indicadores/P4/mediciones/nueva/"' in shown
    assert "metas/P4/corregir/" not in shown

    answer = ana.post(
        "/sectores/gestion-publica/indicadores/P4/mediciones/nueva/",
        {"on": "2022-01-31", "achieved": "250,25", "analysis": "Dos jornadas."},
    )

    assert answer.status_code == 302
    assert Measurement.objects.get(indicator__key="P4").achieved == Decimal("250.25")


def cost(client: Client, url: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_screens_cost_the_same_with_more_goals(ours, project, ana):
    add(ana, ours, project)
    urls = [page(ours, project, path) for path in ("", "metas/nueva/", "metas/vincular/", "metas/P4/corregir/")]
    loose = make.goal(objective=ours.objective, code="30", kind=GoalKind.PROYECTO)
    make.indicator(goal=loose, entity=ours.them.head, key="L30", targets={2023: 5})
    ana.get("/")
    few = [cost(ana, url) for url in urls]
    for number in range(31, 36):
        add(ana, ours, project, code=str(number), key=f"Q{number}")
        goal = make.goal(objective=ours.objective, code=str(number), kind=GoalKind.PROYECTO)
        make.indicator(goal=goal, entity=ours.them.head, key=f"L{number}", targets={2023: 5, 2024: 6})

    assert [cost(ana, url) for url in urls] == few
