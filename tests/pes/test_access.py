"""Who may do what to which object, as truth tables (AZ1, AZ2, AZ7, AZ16 to AZ20)."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from pes import access
from pes.middleware import DefaultDeny
from pes.models import AuditEvent, Membership, OrganizationUnit, UnitKind, UnitPermission, User
from pes.permissions import ROLES, Permission, Role
from tests import make, people

pytestmark = pytest.mark.django_db
P = Permission


@pytest.fixture
def them():
    return people.cast()


def sees(user, unit, permission=P.PES_READ) -> bool:
    """Both questions, which must agree."""
    listed = OrganizationUnit.objects.visible_to(user, permission).filter(pk=unit.pk).exists()
    assert access.can(user, permission, unit) is listed
    return listed


@pytest.mark.parametrize(
    ("who", "sector", "entity", "process", "alcaldia", "stranger"),
    [
        ("ana", True, True, True, True, False),
        ("jorge", True, True, True, True, False),
        ("diana", True, True, True, True, False),
        ("elena", False, True, True, True, False),
        ("luis", False, False, True, False, False),
        ("marta", False, False, False, True, False),
        ("olga", True, True, True, True, True),
        ("oscar", False, False, False, False, True),
        ("alicia", False, False, False, False, False),
    ],
)
def test_a_role_reaches_its_unit_and_everything_below(them, who, sector, entity, process, alcaldia, stranger):
    user = getattr(them, who)
    units = (them.sector, them.head, them.process, them.alcaldia, them.other_alcaldia)

    assert [sees(user, unit) for unit in units] == [sector, entity, process, alcaldia, stranger]


@pytest.mark.parametrize("permission", list(Permission))
def test_a_role_gives_exactly_its_permissions(them, permission):
    holders = {
        name
        for name in ("ana", "jorge", "diana", "olga", "alicia", "elena", "gabriel", "luis")
        if access.holds(getattr(them, name), permission)
    }
    roles = {
        "ana": Role.ANALISTA_OAP,
        "jorge": Role.JEFE_OAP,
        "diana": Role.DIRECTIVO,
        "olga": Role.CONTROL_INTERNO,
        "alicia": Role.ADMINISTRADOR,
        "elena": Role.ENLACE_ENTIDAD,
        "gabriel": Role.GERENTE_PROYECTO,
        "luis": Role.LIDER_PROCESO,
    }

    assert holders == {name for name, role in roles.items() if permission in ROLES[role].permissions}


@pytest.mark.rule("AZ18")
def test_control_interno_reads_everything_and_writes_nothing():
    assert ROLES[Role.CONTROL_INTERNO].permissions == {P.PES_READ, P.PLAN_READ, P.AUDIT_READ, P.TERRITORY_READ}


@pytest.mark.rule("AZ6")
@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(2026, 3, 1, 4, 59, 59, tzinfo=UTC), False),  # 28 February, 23:59:59 in Bogotá
        (datetime(2026, 3, 1, 5, 0, 0, tzinfo=UTC), True),  # 1 March, 00:00 in Bogotá
        (datetime(2026, 4, 1, 4, 59, 59, tzinfo=UTC), True),  # 31 March, 23:59:59 in Bogotá
        (datetime(2026, 4, 1, 5, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_membership_counts_from_its_first_midnight_to_its_last(them, instant, expected):
    user = people.person("Temporal")
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    Membership.grant(user=user, unit=them.process, role=Role.PROMOTOR, starts_on=first, ends_on=last, by=None)

    with time_machine.travel(instant, tick=False):
        assert sees(user, them.process) is expected
        assert access.holds(user, P.PES_READ) is expected
        assert access.holds_any(user, [P.PES_READ, P.AUDIT_READ]) is expected


@pytest.mark.rule("AU6", "AZ19")
def test_a_deactivated_person_sees_and_holds_nothing(them):
    them.ana.is_active = False
    them.ana.save()

    assert not sees(them.ana, them.sector)
    assert not access.holds(them.ana, P.PES_READ)
    assert not access.holds_any(them.ana, Permission)


@pytest.mark.rule("AZ20")
def test_who_moves_from_one_process_to_another_loses_the_first_at_once(them):
    yesterday = timezone.localdate() - timedelta(days=1)
    membership = Membership.objects.get(user=them.luis)

    membership.end(on=yesterday, by=None, reason="Traslado")
    Membership.grant(
        user=them.luis, unit=them.other_alcaldia, role=Role.LIDER_PROCESO, starts_on=timezone.localdate(), by=None
    )

    assert not sees(them.luis, them.process)
    assert sees(them.luis, them.other_alcaldia)


@pytest.mark.rule("AZ19")
def test_the_projection_equals_the_memberships(them):
    Membership.project_all()

    for membership in Membership.objects.select_related("unit"):
        rows = UnitPermission.objects.filter(membership=membership).values_list(
            "content_object_id", "permission__codename"
        )
        below = OrganizationUnit.objects.below(membership.unit)
        assert set(rows) == {(unit, p.value) for unit in below for p in ROLES[Role(membership.role)].permissions}


@pytest.mark.rule("AZ19")
def test_rebuilding_the_projection_changes_nothing(them):
    before = set(UnitPermission.objects.values_list("user_id", "content_object_id", "permission_id"))

    Membership.project_all()

    assert set(UnitPermission.objects.values_list("user_id", "content_object_id", "permission_id")) == before


@pytest.mark.rule("AZ17")
@pytest.mark.parametrize("permission", list(Permission))
def test_a_superuser_has_no_business_approvals(them, permission):
    root = User.objects.create_superuser("raiz@ejemplo.invalid", full_name="Raíz")

    assert not access.holds(root, permission)
    assert not access.can(root, permission, them.sector)


@pytest.mark.rule("AZ12")
def test_nobody_in_particular_sees_nothing(them):
    assert not sees(AnonymousUser(), them.sector)
    assert not access.holds(AnonymousUser(), P.PES_READ)


def test_the_console_enters_data_and_never_approves(them):
    console = User.objects.console()

    assert access.can(
        console,
        P.INDICATOR_MEASURE,
        make.indicator(goal=make.goal(objective=make.objective(plan=make.plan(sector=them.sector))), entity=them.head),
    )
    assert not access.holds(console, P.WEIGHTS_LOCK)
    assert not access.holds(console, P.CUTOFF_CONSOLIDATE)
    assert not access.holds(console, P.REPORT_ISSUE)


def test_a_demand_that_is_not_met_says_which_permission(them):
    with pytest.raises(PermissionDenied, match="Bloquear"):
        access.demand(them.ana, P.WEIGHTS_LOCK, them.sector)


@pytest.mark.rule("AZ1")
def test_a_view_that_declares_nothing_is_refused(them):
    request = RequestFactory().get("/")
    request.user = them.jorge
    request.resolver_match = None

    with pytest.raises(PermissionDenied):
        DefaultDeny(lambda r: None).process_view(request, test_a_view_that_declares_nothing_is_refused, (), {})


@pytest.mark.rule("AZ2")
def test_what_belongs_to_others_is_answered_like_what_does_not_exist(them, client):
    admin = people.person("Sara Sectorial", Role.ADMINISTRADOR, them.sector)
    people.with_second_factor(admin)
    client.force_login(admin)
    stranger = client.get(reverse("administration:person", args=[them.oscar.pk]))
    nobody = client.get(reverse("administration:person", args=[10**6]))

    assert stranger.status_code == nobody.status_code == 404
    assert without_token(stranger) == without_token(nobody)
    assert [e.after["status"] for e in AuditEvent.objects.filter(verb="access_denied", actor=admin)] == [404, 404]


def without_token(response) -> str:
    """The page but for its CSRF token, which is masked anew each time."""
    return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", response.content.decode())


@pytest.mark.rule("AZ16")
@pytest.mark.parametrize("method", ["get", "head", "options", "post", "put", "delete"])
def test_every_method_meets_the_same_policy(them, client, method):
    client.force_login(them.luis)

    assert getattr(client, method)(reverse("administration:person-invite")).status_code == 403


@pytest.mark.rule("AZ7")
def test_a_role_that_ended_between_the_form_and_its_answer_decides(them, client):
    people.with_second_factor(them.alicia)
    client.force_login(them.alicia)
    page = reverse("administration:unit-new")
    assert client.get(page).status_code == 200
    Membership.objects.get(user=them.alicia).end(on=timezone.localdate() - timedelta(days=1), by=None, reason="Fin")

    answer = client.post(page, {"kind": UnitKind.ENTITY, "code": "nueva", "name": "Nueva", "parent": them.sector.pk})

    assert answer.status_code == 403
    assert not OrganizationUnit.objects.filter(code="nueva").exists()


def test_the_person_of_a_request_spends_no_query_on_what_no_role_of_theirs_has(them, django_assert_num_queries):
    of_request = SimpleLazyObject(lambda: them.luis)
    seen = set(OrganizationUnit.objects.visible_to(of_request, P.PLAN_READ).values_list("pk", flat=True))

    with django_assert_num_queries(0):
        assert not OrganizationUnit.objects.visible_to(of_request, P.UNITS_MANAGE).exists()
        assert not access.can(of_request, P.QUARTER_REVIEW, them.sector)

    assert seen == set(OrganizationUnit.objects.visible_to(them.luis, P.PLAN_READ).values_list("pk", flat=True))
    assert seen
