"""Roles: given between two dates, taken away for good, projected into rows that follow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from pes.access import can
from pes.models import AuditEvent, Membership, UnitPermission
from pes.permissions import Permission, Role
from pes.rules.problems import Refused
from tests import people


@pytest.fixture
def them(db):
    return people.cast()


def grant(them, starts_on: date, ends_on: date | None = None) -> Membership:
    return Membership.grant(
        user=them.oscar, unit=them.sector, role=Role.ANALISTA_OAP, starts_on=starts_on, ends_on=ends_on, by=them.alicia
    )


def may(them) -> bool:
    return can(them.oscar, Permission.WEIGHTS_EDIT, them.sector)


@pytest.mark.rule("AZ6", "AZ20")
@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [(0, None, True), (0, 0, True), (-9, -1, False), (1, None, False), (-9, 0, True), (1, 9, False)],
)
def test_a_role_counts_from_its_first_day_through_its_last(them, starts, ends, expected):
    today = timezone.localdate()

    grant(them, today + timedelta(days=starts), None if ends is None else today + timedelta(days=ends))

    assert may(them) is expected


@pytest.mark.rule("AZ7")
@pytest.mark.parametrize(("starts", "ended"), [(-9, -1), (0, -1), (0, -9), (5, -1), (-9, -9)])
def test_an_ended_role_gives_nothing_on_any_day(them, starts, ended):
    """Also one that had not begun, or began the same day: it never comes into force."""
    today = timezone.localdate()
    membership = grant(them, today + timedelta(days=starts))

    membership.end(on=today + timedelta(days=ended), by=them.alicia, reason="Se equivocó")

    assert not may(them)
    assert not Membership.objects.filter(pk=membership.pk).in_force(today + timedelta(days=max(starts, 0))).exists()
    assert AuditEvent.objects.get(verb="membership_ended").reason == "Se equivocó"


def test_ending_never_prolongs_a_role(them):
    membership = grant(them, date(2020, 1, 1), date(2021, 12, 31))

    with pytest.raises(Refused) as refused:
        membership.end(on=timezone.localdate(), by=them.alicia, reason="x")

    assert refused.value.problems[0].code == "ends_later"
    assert not may(them)


@pytest.mark.rule("AZ19")
def test_rows_written_by_hand_do_not_outlive_the_night(them):
    membership = grant(them, date(2020, 1, 1))
    real = UnitPermission.objects.filter(membership=membership).count()
    forged = UnitPermission.objects.filter(permission__codename=Permission.WEIGHTS_LOCK).first()
    UnitPermission.objects.create(
        user=them.oscar, permission=forged.permission, content_object=them.sector, membership=membership
    )
    assert can(them.oscar, Permission.WEIGHTS_LOCK, them.sector)

    Membership.project_all()

    assert not can(them.oscar, Permission.WEIGHTS_LOCK, them.sector)
    assert UnitPermission.objects.filter(membership=membership).count() == real
