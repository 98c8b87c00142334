"""The published organisation: what has a source, once, and nothing an administrator changed is touched."""

from collections import Counter

import pytest

from pes.access import can
from pes.models import AuditEvent, Membership, OrganizationUnit, User
from pes.organization_data import load_organization, published_units
from pes.permissions import Permission, Role
from tests import people

pytestmark = pytest.mark.django_db


def test_the_organisation_is_loaded_once():
    console = User.objects.console()
    added = load_organization(by=console)
    OrganizationUnit.objects.filter(code="sdg").update(name="Otro nombre")

    again = load_organization(by=console)

    assert Counter(OrganizationUnit.objects.values_list("kind", flat=True)) == {
        "district": 1, "sector": 15, "entity": 27, "process": 7, "office": 6, "alcaldia_local": 20,
    }  # fmt: skip
    assert (len(added), again) == (76, [])
    assert OrganizationUnit.objects.get(code="sdg").name == "Otro nombre"
    assert AuditEvent.objects.filter(verb="organization_loaded").count() == 1


def test_roles_reach_the_units_that_are_added():
    district = people.unit("bogota", "district", None)
    alicia = people.person("Alicia Administradora", Role.ADMINISTRADOR, district)

    load_organization(by=User.objects.console())

    assert can(alicia, Permission.UNITS_MANAGE, OrganizationUnit.objects.get(code="AL-20"))
    assert Membership.objects.count() == 1


def test_every_unit_says_where_it_comes_from_and_nothing_unverified_is_there():
    units = published_units()

    assert all(unit["source"] for unit in units)
    assert not {unit["code"] for unit in units} & {"sdh", "idep", "gdi-gpd", "udfjc"}


def test_a_repealed_act_says_so():
    act = next(unit for unit in published_units() if unit["code"] == "sgamb")["platform_act"]

    assert act == "Resolución 277 de 2020, derogada por la Resolución 630 de 2024"
