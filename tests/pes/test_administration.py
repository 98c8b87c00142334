"""Administration without a shell: people, units, calendar, methodology (AZ1, AZ4, AZ18, CAL-05, REP-09)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pes import people as verbs
from pes import units, vigencias
from pes.calendar_co import non_working_days
from pes.models import (
    AuditEvent,
    Membership,
    Metodologia,
    NonWorkingDay,
    OrganizationUnit,
    UnitKind,
    UnitPermission,
    User,
    Vigencia,
)
from pes.permissions import Permission, Role
from pes.rules.calendar import report_due_on
from pes.rules.problems import Refused
from tests import make, people

pytestmark = pytest.mark.django_db
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def them():
    return people.cast()


def page_of(user) -> Client:
    client = Client()
    client.force_login(people.with_second_factor(user))
    return client


def codes(refused) -> list[str]:
    return [problem.code for problem in refused.value.problems]


# People ------------------------------------------------------------------------------------------------------------


def test_one_sees_only_the_people_of_ones_units(them):
    sectorial = people.person("Sara Sectorial", Role.ADMINISTRADOR, them.sector)

    seen = {str(person) for person in verbs.visible_people(sectorial)}

    assert "Luis Líder" in seen
    assert seen.isdisjoint({"Óscar Extraño", "Olga Control", "Alicia Administradora"})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=luis", ["Luis Líder"]),
        ("q=Líder luis", ["Luis Líder"]),
        ("q=oscar.extrano@", ["Óscar Extraño"]),
        ("rol=jefe_oap", ["Jorge Jefe"]),
        ("unidad=PLE-PIN", ["Luis Líder", "Pilar Promotora"]),
        ("rol=promotor&unidad=PLE-PIN", ["Pilar Promotora"]),
        ("q=nadie", []),
    ],
)
def test_people_are_found_by_name_address_role_and_unit(them, query, expected):
    page = page_of(them.alicia).get(f"{reverse('administration:people')}?{query}")

    assert sorted(str(row["person"]) for row in page.context["rows"]) == expected


def test_people_are_found_by_the_state_of_their_account(them):
    them.luis.set_password("montaña de papel azul")
    them.luis.save()
    verbs.deactivate(them.pilar, by=them.alicia, reason="Se fue")
    client = page_of(them.alicia)

    found = {
        state: {str(row["person"]) for row in client.get(f"/administracion/personas/?estado={state}").context["rows"]}
        for state in ("activa", "invitada", "desactivada")
    }

    assert found["activa"] == {"Luis Líder"}
    assert found["desactivada"] == {"Pilar Promotora"}
    assert "Ana Analista" in found["invitada"]


def test_the_list_of_people_costs_the_same_at_any_size(them, django_assert_num_queries):
    client = page_of(them.alicia)
    client.get("/administracion/personas/")
    with CaptureQueriesContext(connection) as few:
        client.get("/administracion/personas/")
    for number in range(30):
        people.person(f"Persona {number}", Role.EQUIPO, them.process)

    with django_assert_num_queries(len(few)):
        client.get("/administracion/personas/")


def test_a_role_is_given_and_ended_on_the_page_of_the_person(them):
    client = page_of(them.alicia)

    client.post(
        reverse("administration:membership-grant", args=[them.luis.pk]),
        {"role": "equipo", "unit": them.head.pk, "starts_on": "2026-01-01", "ends_on": ""},
    )
    granted = Membership.objects.get(user=them.luis, role="equipo")
    client.post(
        reverse("administration:membership-end", args=[granted.pk]),
        {f"fin{granted.pk}-on": "2026-06-30", f"fin{granted.pk}-reason": "Cambió de equipo"},
    )

    granted.refresh_from_db()
    assert granted.ends_on == date(2026, 6, 30)
    assert AuditEvent.objects.get(verb="membership_ended").reason == "Cambió de equipo"


def test_what_is_wrong_is_shown_and_nothing_typed_is_lost(them):
    client = page_of(them.alicia)
    membership = Membership.objects.get(user=them.luis)

    granted = client.post(
        reverse("administration:membership-grant", args=[them.luis.pk]), {"role": "equipo", "starts_on": "2026-02-30"}
    )
    ended = client.post(
        reverse("administration:membership-end", args=[membership.pk]),
        {f"fin{membership.pk}-on": "2019-01-01", f"fin{membership.pk}-reason": "Por error"},
    )

    assert (granted.status_code, ended.status_code) == (422, 422)
    assert "2026-02-30" in granted.content.decode()
    assert "Por error" in ended.content.decode()
    assert "anterior al inicio del rol" in ended.content.decode()


@pytest.mark.rule("AZ4")
def test_nobody_touches_their_own_roles_or_account(them):
    other = people.person("Sara Sectorial", Role.ADMINISTRADOR, them.district)
    own = Membership.objects.get(user=other)

    with pytest.raises(Refused, match="propios roles"):
        verbs.end(own, on=TOMORROW, by=other, reason="x")
    with pytest.raises(Refused, match="propia cuenta"):
        verbs.deactivate(other, by=other, reason="x")


def test_a_role_is_not_given_twice_in_the_same_days(them):
    with pytest.raises(Refused, match="ya tiene el rol"):
        verbs.grant(
            user=them.luis, unit=them.process, role=Role.LIDER_PROCESO, starts_on=TOMORROW, ends_on=None, by=them.alicia
        )


@pytest.mark.rule("AU6")
def test_a_deactivated_account_loses_its_sessions_at_once(them):
    inside = Client()
    inside.force_login(them.luis)
    assert inside.get("/").status_code == 200

    page_of(them.alicia).post(reverse("administration:person-deactivate", args=[them.luis.pk]), {"reason": "Se fue"})

    assert inside.get("/").status_code == 302
    event = AuditEvent.objects.get(verb="person_deactivated")
    assert (event.actor, event.reason, event.after) == (them.alicia, "Se fue", {"is_active": False})


def test_a_decision_asks_for_its_reason(them):
    answer = page_of(them.alicia).post(
        reverse("administration:person-deactivate", args=[them.luis.pk]), {"reason": " "}
    )

    assert answer.status_code == 422
    assert User.objects.get(pk=them.luis.pk).is_active


def test_an_account_with_roles_elsewhere_is_not_closed_by_a_sector(them):
    sectorial = people.person("Sara Sectorial", Role.ADMINISTRADOR, them.sector)
    Membership.grant(user=them.luis, unit=them.other_entity, role=Role.EQUIPO, starts_on=date(2020, 1, 1), by=None)

    page = page_of(sectorial).get(reverse("administration:person", args=[them.luis.pk])).content.decode()

    assert "roles en unidades que usted no administra" in page
    assert "Secretaría de Gobierno" not in page
    with pytest.raises(PermissionDenied):
        verbs.deactivate(them.luis, by=sectorial, reason="x")


def test_a_reactivated_account_has_its_running_roles_again(them):
    verbs.deactivate(them.luis, by=them.alicia, reason="Licencia")

    verbs.reactivate(User.objects.get(pk=them.luis.pk), by=them.alicia, reason="Volvió")

    client = Client()
    client.force_login(User.objects.get(pk=them.luis.pk))
    assert client.get("/").status_code == 200


def test_only_who_reads_the_trail_sees_the_history_of_an_account(them):
    with_trail = page_of(them.alicia).get(reverse("administration:person", args=[them.luis.pk]))

    assert with_trail.context["history"][0]["what"] == "dio un rol"


# Units -------------------------------------------------------------------------------------------------------------


def test_a_new_unit_is_reached_by_the_roles_above_it(them):
    page_of(them.alicia).post(
        reverse("administration:unit-new"),
        {"kind": "entity", "code": "idpac", "name": "Instituto", "parent": them.other_sector.pk, "sort_key": 0},
    )

    made = OrganizationUnit.objects.get(code="idpac")
    assert OrganizationUnit.objects.visible_to(them.olga).filter(pk=made.pk).exists()
    assert not OrganizationUnit.objects.visible_to(them.ana).filter(pk=made.pk).exists()
    assert AuditEvent.objects.get(verb="unit_added").after["parent"] == "gobierno"


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


# Calendar ----------------------------------------------------------------------------------------------------------


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


# Methodology -------------------------------------------------------------------------------------------------------

RULES = {
    "cap_percent": "120,00",
    "constant_rule_plan": "PROMEDIO",
    "constant_rule_pes": "ULTIMO",
    "missing_rule": "EXCLUIR",
    "lights_enabled": "on",
    "light_red_to": "40",
    "light_yellow_to": "80,5",
    "light_green_to": "125",
    "technical_weight": "",
    "memo": "Memorando 7",
}


def draft(client, **changes):
    return client.post(reverse("administration:methodology-draft", args=[2022]), RULES | changes)


@pytest.mark.rule("REP-09")
def test_a_methodology_is_drafted_compared_and_published(them):
    make.vigencia(2022)
    client = page_of(them.jorge)

    draft(client)
    page = client.get(reverse("administration:methodology-year", args=[2022]))
    client.post(reverse("administration:methodology-publish", args=[2022]))

    assert ("Tope de calificación (%)", "100,00\xa0%", "120,00\xa0%") in page.context["changes"]
    in_force = Metodologia.in_force(2022)
    assert (in_force.label, str(in_force.light_yellow_to), in_force.missing_rule) == ("2022-v1", "80.50", "EXCLUIR")
    assert AuditEvent.objects.get(verb="methodology_published").before["cap_percent"] == "100.00"


@pytest.mark.rule("REP-09")
def test_what_is_published_never_changes_the_next_version_does(them):
    make.methodology(by=them.jorge, year=2022, memo="Memorando 1")
    client = page_of(them.jorge)

    draft(client)
    still = Metodologia.in_force(2022)
    client.post(reverse("administration:methodology-publish", args=[2022]))

    first = Metodologia.objects.get(version=1)
    assert (still.label, str(first.cap_percent), first.memo) == ("2022-v1", "100.00", "Memorando 1")
    assert Metodologia.in_force(2022).label == "2022-v2"
    with pytest.raises(Refused):
        first.publish(by=them.jorge)


def test_a_draft_saved_twice_is_one_draft(them):
    make.vigencia(2022)
    client = page_of(them.jorge)

    draft(client)
    draft(client, memo="")

    assert [(m.version, m.memo) for m in Metodologia.objects.all()] == [(1, "")]


def test_a_methodology_without_memo_is_not_published(them):
    make.vigencia(2022)
    client = page_of(them.jorge)
    draft(client, memo=" ")

    answer = client.post(reverse("administration:methodology-publish", args=[2022]), follow=True)

    assert "Falta el memorando" in answer.content.decode()
    assert Metodologia.in_force(2022).version == 0


def test_without_a_draft_there_is_nothing_to_publish(them):
    make.vigencia(2022)

    with pytest.raises(Refused) as refused:
        vigencias.publish_methodology(2022, by=them.jorge)

    assert codes(refused) == ["no_draft"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("light_yellow_to", "30"),
        ("cap_percent", "99,99"),
        ("technical_weight", "100"),
        ("missing_rule", "OTRA"),
        ("light_red_to", "mucho"),
    ],
)
def test_rules_that_contradict_each_other_are_refused(them, field, value):
    make.vigencia(2022)

    answer = draft(page_of(them.jorge), **{field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Metodologia.objects.count() == 0


def test_a_vigencia_is_opened_once(them):
    client = page_of(them.jorge)

    client.post(reverse("administration:vigencia-new"), {"year": 2027})
    client.post(reverse("administration:vigencia-new"), {"year": 2027})
    wrong = client.post(reverse("administration:vigencia-new"), {"year": 1800})

    assert Vigencia.objects.filter(year=2027).count() == 1
    assert AuditEvent.objects.filter(verb="vigencia_opened").count() == 1
    assert wrong.status_code == 422


# Who may -----------------------------------------------------------------------------------------------------------

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
