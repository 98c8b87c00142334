"""The demonstration: published organisation and PES, invented people, one consolidated cut-off, plans and quarters.

Each step looks before it acts, so that doing it again changes nothing and keeps what a visitor did.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from evaluation import phase_demo
from evaluation.demo_quarters import load as load_quarters
from evaluation.models import Cutoff
from evaluation.pes_workbook.apply import import_workbook
from evaluation.pes_workbook.fixture import PUBLISHED, read_fixture
from evaluation.territory import demo as rating
from pes import jobs
from pes.access import demand
from pes.approval import demo as approval
from pes.meetings import demo as meetings
from pes.models import Job, JobState, Membership, Metodologia, OrganizationUnit, SectorPlan, User, Vigencia
from pes.organization_data import district, load_organization
from pes.participation import demo as participation
from pes.permissions import Permission, Role
from pes.profile import demo as profile
from pes.roads import demo as roads
from pes.territory import demo as regions
from pes.writing import demo as writing
from plans.demo_data import load as load_management_plans
from tracking.assistance import demo as assistance
from tracking.models.measurement import CUTOFF_JOB
from tracking.territory import demo as territory

PERSONAS = settings.BASE_DIR / "fixtures" / "demo_personas.json"
SECTOR, FIRST_VIGENCIA = "gestion-publica", 2020
CUTOFF = date(2022, 3, 31)
INVENTED = settings.BASE_DIR / "fixtures" / "demo_pes_gobierno.json"
GOVERNMENT = 4  # years, of which each PES has five vigencias
PATIENCE_SECONDS = 30


def prepare(units: Collection[str] | None = None) -> Cutoff:
    """The consolidated cut-off of 31 March 2022, which is returned, and the planes de gestión of Gobierno.

    With `units` (codes) only those report their quarters, which takes less time.
    """
    console = User.objects.console()
    load_organization(by=console)
    load_people(console)
    chief = User.objects.get(email=_first_with(Role.JEFE_OAP))
    _publish_methodology(chief)
    plan = _published_plan(console)
    _finish_computations(plan)
    cutoff = Cutoff.objects.get(plan=plan, on=CUTOFF)
    if not cutoff.snapshots.exists():
        cutoff.consolidate(by=chief)
    load_management_plans()
    load_quarters(units=units)
    _invented_plan(console)
    _load_phases(timezone.now())
    return cutoff


def _load_phases(now: datetime) -> None:
    """The six phases of both PES and the roads of the territory; each part looks at what the ones before it left."""
    territories = (regions, territory, assistance, rating)
    for part in (profile, participation, meetings, phase_demo, writing, approval, *territories, roads):
        part.load(now=now)


def load_people(console: User) -> None:
    """The invented people and their roles."""
    listed = json.loads(PERSONAS.read_text(encoding="utf-8"))
    units = {unit.code: unit for unit in OrganizationUnit.objects.all()}
    for entry in listed["people"]:
        person = User.objects.filter(email=entry["email"]).first()
        person = person or User.objects.create_user(entry["email"], full_name=entry["name"])
        if "role" in entry and not person.memberships.exists():
            since = date.fromisoformat(listed["since"])
            Membership.grant(
                user=person, unit=units[entry["unit"]], role=Role(entry["role"]), starts_on=since, by=console
            )


def _first_with(role: Role) -> str:
    people = json.loads(PERSONAS.read_text(encoding="utf-8"))["people"]
    return next(str(entry["email"]) for entry in people if entry.get("role") == role)


def _publish_methodology(chief: User) -> None:
    """The decided rules, in force for the vigencia of the cut-off."""
    Vigencia.objects.get_or_create(year=CUTOFF.year)
    if not Metodologia.objects.filter(vigencia=CUTOFF.year, published_at__isnull=False).exists():
        demand(chief, Permission.METHODOLOGY_MANAGE, district(by=chief))
        draft = Metodologia.next_draft(CUTOFF.year)
        draft.memo = "Demostración"
        draft.publish(by=chief)


def _published_plan(console: User) -> SectorPlan:
    found = SectorPlan.objects.filter(sector__code=SECTOR, first_vigencia=FIRST_VIGENCIA).first()
    if found is not None:
        return found
    answer = import_workbook(read_fixture(), by=console, file_name=PUBLISHED.name)
    assert answer.plan is not None, answer.errors  # the fixture is part of the product
    return answer.plan


def _invented_plan(console: User) -> None:
    """A PES for the sector of the planes de gestión, so that its dashboard shows them: last year's, invented."""
    if SectorPlan.objects.filter(sector__code="gobierno").exists():
        return
    last = timezone.localdate().year - 1
    first = last - (last - FIRST_VIGENCIA) % GOVERNMENT
    years = {"v": last} | {f"y{place}": first + place for place in range(GOVERNMENT + 1)}
    answer = import_workbook(read_fixture(INVENTED, years), by=console, file_name=INVENTED.name)
    assert answer.plan is not None, answer.errors  # the fixture is part of the product
    _finish_computations(answer.plan)


def _finish_computations(plan: SectorPlan) -> None:
    """Compute what waits here and now; where a worker was faster, wait for it."""
    mine = Job.objects.filter(kind=CUTOFF_JOB, payload__plan=plan.pk)
    for job in mine.filter(state=JobState.QUEUED):
        jobs.run_now(job)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while mine.filter(state=JobState.RUNNING).exists() and time.monotonic() < deadline:
        time.sleep(0.2)
