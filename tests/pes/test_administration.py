"""Units, calendar, and who may open each section of the administration (AZ1, AZ18, CAL-05)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pes import people as verbs
from pes import units, vigencias
from pes.calendar_co import non_working_days
from pes.models import (
    AuditEvent,
    Membership,
    NonWorkingDay,
    OrganizationUnit,
    UnitKind,
    UnitPermission,
)
from pes.permissions import Permission, Role
from pes.rules.calendar import report_due_on
from pes.rules.problems import Refused
from tests import people
from tests.answers import codes, page_of

pytestmark = pytest.mark.django_db
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def them():
    return people.cast()


def test_a_new_unit_is_reached_by_the_roles_above_it(them):
    page_of(them.alicia).post(
        reverse("administration:unit-new"),
        {"kind": "entity", "code": "idpac", "name": "Instituto", "parent": them.other_sector.pk, "sort_key": 0},
    )

    made = OrganizationUnit.objects.get(code="idpac")
    assert OrganizationUnit.objects.visible_to(them.olga).filter(pk=made.pk).exists()
    assert not OrganizationUnit.objects.visible_to(them.ana).filter(pk=made.pk).exists()
    assert AuditEvent.objects.get(verb="unit_added").after["parent"] == "gobierno"


def test_two_units_with_one_code_are_one(them):
    with pytest.raises(Refused, match="acaba de crear"):
        units.add(by=them.alicia, code="PLE-PIN", kind=UnitKind.PROCESS, parent=them.head, name="Otro")

    assert OrganizationUnit.objects.filter(code="PLE-PIN").count() == 1


def test_the_tree_costs_the_same_at_any_size(them, django_assert_num_queries):
    client = page_of(them.alicia)
    client.get("/administracion/unidades/")
    with CaptureQueriesContext(connection) as few:
        client.get("/administracion/unidades/")
    for number in range(20):
        people.unit(f"p-{number}", UnitKind.PROCESS, them.head)
    Membership.project_all()

    with django_assert_num_queries(len(few)):
        client.get("/administracion/unidades/")


def test_a_unit_that_moves_changes_hands_in_the_same_act(them):
    units.change(them.second_entity, by=them.alicia, parent=them.other_sector)

    assert not OrganizationUnit.objects.visible_to(them.ana).filter(pk=them.second_entity.pk).exists()
    rows = UnitPermission.objects.filter(content_object=them.second_entity, user=them.ana)
    assert not rows.exists()


@pytest.mark.parametrize(
    ("kind", "parent", "refusal"),
    [
        (UnitKind.SECTOR, "district", None),
        (UnitKind.SECTOR, "sector", "parent_kind"),
        (UnitKind.ENTITY, "sector", None),
        (UnitKind.ENTITY, "head", "parent_kind"),
        (UnitKind.PROCESS, "head", None),
        (UnitKind.PROCESS, "sector", "parent_kind"),
        (UnitKind.ALCALDIA_LOCAL, "head", None),
        (UnitKind.ALCALDIA_LOCAL, "process", "parent_kind"),
        (UnitKind.OFFICE, "head", None),
        (UnitKind.OFFICE, "alcaldia", "parent_kind"),
    ],
)
def test_the_tree_has_its_levels(them, kind, parent, refusal):
    made = OrganizationUnit(code="nueva", name="Nueva", kind=kind, parent=getattr(them, parent))

    assert [problem.code for problem in units.problems(made)] == ([refusal] if refusal else [])


def test_a_unit_never_depends_on_itself(them):
    office = people.unit("of-1", UnitKind.OFFICE, them.head)
    below = people.unit("of-2", UnitKind.OFFICE, office)
    Membership.project_all()

    with pytest.raises(Refused) as refused:
        units.change(office, by=them.alicia, parent=below)

    assert codes(refused) == ["cycle"]


def test_a_sector_has_one_head(them):
    with pytest.raises(Refused) as refused:
        units.change(them.second_entity, by=them.alicia, is_head=True)

    assert codes(refused) == ["two_heads"]


def test_only_an_entity_is_a_head(them):
    with pytest.raises(Refused) as refused:
        units.change(them.process, by=them.alicia, is_head=True)

    assert codes(refused) == ["head_kind"]


@pytest.mark.rule("REP-07")
def test_only_a_process_has_a_class(them):
    units.change(them.process, by=them.alicia, process_class="misional")
    them.process.refresh_from_db()
    assert them.process.process_class == "misional"

    with pytest.raises(Refused) as refused:
        units.change(them.alcaldia, by=them.alicia, process_class="misional")

    assert codes(refused) == ["class_kind"]


def test_mission_and_vision_are_written_on_the_page_of_the_unit(them):
    client = page_of(them.alicia)
    form = {"name": "Secretaría General", "acronym": "SG", "parent": them.sector.pk, "is_head": "on", "sort_key": 0}

    client.post(
        reverse("administration:unit", args=["secretaria-general"]),
        form | {"mission": "Servir", "vision": "Ser", "platform_act": "Res. 1"},
    )

    them.head.refresh_from_db()
    assert (them.head.mission, them.head.vision, them.head.platform_act) == ("Servir", "Ser", "Res. 1")
    event = AuditEvent.objects.get(verb="unit_changed")
    assert (event.before["mission"], event.after["mission"]) == ("", "Servir")


@pytest.mark.rule("AZ9")
def test_code_and_kind_never_change(them):
    form = {"name": "Otra", "parent": them.sector.pk, "sort_key": 0, "code": "otro", "kind": "sector"}

    page_of(them.alicia).post(reverse("administration:unit", args=["dascd"]), form)

    them.second_entity.refresh_from_db()
    assert (them.second_entity.name, them.second_entity.code, them.second_entity.kind) == ("Otra", "dascd", "entity")


def test_a_unit_with_active_units_below_stays(them):
    answer = page_of(them.alicia).post(
        reverse("administration:unit-deactivate", args=["sdg"]), {"reason": "Se suprime"}
    )

    assert answer.status_code == 422
    assert "1 unidad activa" in answer.content.decode()


def test_a_unit_goes_out_of_use_and_comes_back(them):
    client = page_of(them.alicia)

    client.post(reverse("administration:unit-deactivate", args=["PLE-PIN"]), {"reason": "Se fusiona"})
    gone = OrganizationUnit.objects.get(code="PLE-PIN").is_active
    client.post(reverse("administration:unit-reactivate", args=["PLE-PIN"]), {"reason": "Se separa"})

    assert (gone, OrganizationUnit.objects.get(code="PLE-PIN").is_active) == (False, True)


def test_a_sector_administers_only_its_own_branch(them):
    sectorial = people.person("Sara Sectorial", Role.ADMINISTRADOR, them.sector)
    client = page_of(sectorial)

    assert client.get(reverse("administration:unit", args=["sdg"])).status_code == 404
    assert client.get("/administracion/unidades/").context["branches"][0]["unit"] == them.sector
    with pytest.raises(PermissionDenied):
        units.change(them.second_entity, by=sectorial, parent=them.other_sector)


@pytest.mark.rule("CAL-05")
def test_a_day_off_by_decree_moves_the_due_dates_to_come(them):
    year = timezone.localdate().year
    due = report_due_on(year, 4, non_working_days([year, year + 1]))

    page_of(them.alicia).post(
        reverse("administration:day-new"), {"on": due.isoformat(), "reason": "Día cívico", "act": "Decreto 9"}
    )

    assert report_due_on(year, 4, non_working_days([year, year + 1])) > due
    assert AuditEvent.objects.get(verb="day_off_declared").after["on"] == due.isoformat()


@pytest.mark.rule("CAL-05")
def test_days_that_passed_neither_come_nor_go(them):
    yesterday = timezone.localdate() - timedelta(days=1)
    day = NonWorkingDay.objects.create(on=yesterday, reason="Día cívico")

    with pytest.raises(Refused) as declared:
        vigencias.declare_day_off(on=yesterday - timedelta(days=1), reason="x", act="", by=them.alicia)
    with pytest.raises(Refused) as withdrawn:
        vigencias.withdraw_day_off(day, by=them.alicia, reason="x")

    assert codes(declared) == codes(withdrawn) == ["past_day"]


def test_a_day_is_declared_once_and_can_be_withdrawn(them):
    client = page_of(them.alicia)
    form = {"on": TOMORROW.isoformat(), "reason": "Día cívico"}
    client.post(reverse("administration:day-new"), form)

    twice = client.post(reverse("administration:day-new"), form)
    client.post(reverse("administration:day-remove", args=[NonWorkingDay.objects.get().pk]), {"reason": "Se derogó"})

    assert twice.status_code == 422
    assert NonWorkingDay.objects.count() == 0
    assert AuditEvent.objects.get(verb="day_off_withdrawn").reason == "Se derogó"


@pytest.mark.rule("CAL-01", "CAL-04")
def test_the_calendar_shows_holidays_and_due_dates_of_a_year(them):
    page = page_of(them.alicia).get("/administracion/calendario/?anio=2022")

    text = page.content.decode()
    assert "lunes 18 de abril de 2022" in text
    assert "Viernes Santo" in text


@pytest.mark.parametrize("year", ["x", "0", "99999", "²", "-1"])
def test_a_year_that_is_none_shows_this_one(them, year):
    page = page_of(them.alicia).get(f"/administracion/calendario/?anio={year}")

    assert page.context["year"] == timezone.localdate().year


SECTIONS = {
    "people": Permission.PEOPLE_MANAGE,
    "units": Permission.UNITS_MANAGE,
    "calendar": Permission.CALENDAR_MANAGE,
    "methodology": Permission.METHODOLOGY_MANAGE,
    "audit": Permission.AUDIT_READ,
}


@pytest.mark.rule("AZ1", "AZ18")
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("alicia", {"people", "units", "calendar", "audit"}),
        ("jorge", {"calendar", "methodology", "audit"}),
        ("olga", {"audit"}),
        ("ana", set()),
        ("luis", set()),
        ("diana", set()),
    ],
)
def test_each_section_opens_to_who_holds_its_permission(them, who, expected):
    client = page_of(getattr(them, who))

    opened = {name for name in SECTIONS if client.get(reverse(f"administration:{name}")).status_code == 200}

    assert opened == expected
    assert client.get(reverse("administration:index")).status_code == (200 if expected else 403)


@pytest.mark.parametrize(
    ("who", "labels"),
    [("alicia", ["Mi trabajo", "Administración"]), ("olga", ["Mi trabajo", "Bitácora"]), ("luis", ["Mi trabajo"])],
)
def test_the_menu_offers_only_what_one_may_open(them, who, labels):
    menu = [entry["label"] for entry in page_of(getattr(them, who)).get("/").context["menu"]]

    ours = [label for label in menu if label in {"Mi trabajo", "Administración", "Bitácora"}]
    assert ours == labels


@pytest.mark.rule("AZ1")
@pytest.mark.parametrize(
    "act",
    [
        lambda them: units.add(by=them.ana, code="x", kind=UnitKind.ENTITY, parent=them.sector, name="X"),
        lambda them: units.change(them.head, by=them.ana, name="X"),
        lambda them: units.deactivate(them.process, by=them.ana, reason="x"),
        lambda them: units.reactivate(them.process, by=them.ana, reason="x"),
        lambda them: verbs.grant(
            user=them.luis, unit=them.sector, role=Role.JEFE_OAP, starts_on=TOMORROW, ends_on=None, by=them.ana
        ),
        lambda them: verbs.end(Membership.objects.get(user=them.luis), on=TOMORROW, by=them.ana, reason="x"),
        lambda them: verbs.deactivate(them.luis, by=them.ana, reason="x"),
        lambda them: verbs.reactivate(them.luis, by=them.ana, reason="x"),
        lambda them: verbs.renew_invitation(them.luis, by=them.ana),
        lambda them: vigencias.open_vigencia(2030, by=them.ana),
        lambda them: vigencias.save_draft(2030, by=them.ana),
        lambda them: vigencias.publish_methodology(2030, by=them.ana),
        lambda them: vigencias.declare_day_off(on=TOMORROW, reason="x", act="", by=them.ana),
        lambda them: vigencias.withdraw_day_off(NonWorkingDay(on=TOMORROW), by=them.ana, reason="x"),
    ],
)
def test_a_verb_asks_for_power_by_itself(them, act):
    before = AuditEvent.objects.count()

    with pytest.raises(PermissionDenied):
        act(them)

    assert AuditEvent.objects.count() == before
