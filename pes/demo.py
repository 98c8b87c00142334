"""The people of the demonstration: one per role, on addresses that no mail server knows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from pes.models import Membership, User
from pes.permissions import ROLES, Role

DOMAIN = "@demo.invalid"
_GROUPS = (
    ("Oficina Asesora de Planeación", {Role.JEFE_OAP, Role.ANALISTA_OAP}),
    (
        "Quienes reportan",
        {
            Role.ENLACE_ENTIDAD,
            Role.GERENTE_PROYECTO,
            Role.LIDER_PROCESO,
            Role.ALCALDE_LOCAL,
            Role.DELEGADO,
            Role.PROMOTOR,
            Role.EQUIPO,
            Role.AREA_CENTRAL,
            Role.LIDER_TRANSVERSAL,
            Role.CONCEPTO_LOCAL,
        },
    ),
    (
        "Quienes dirigen y verifican",
        {Role.DIRECTIVO, Role.CONTROL_INTERNO, Role.SECRETARIA_TECNICA, Role.COMUNICACIONES},
    ),
    ("Territorio", {Role.ASESOR_TERRITORIAL, Role.COORDINADOR_REGIONAL}),
    ("Administración", {Role.ADMINISTRADOR}),
)


@dataclass(frozen=True)
class DemoPerson:
    """Who may be tried, and what they come to do."""

    pk: int
    name: str
    initials: str
    role: str
    unit: str
    purpose: str


def people() -> list[tuple[Role, DemoPerson]]:
    """Active people of the demonstration with the first role they hold today, in the order of the procedure."""
    in_force = Membership.objects.in_force(timezone.localdate()).select_related("unit")  # type: ignore[attr-defined]
    found = (
        User.objects.filter(email__endswith=DOMAIN, is_active=True, is_service=False)
        .order_by("pk")
        .prefetch_related(Prefetch("memberships", queryset=in_force))
    )
    rows = [(Role(person.memberships.all()[0].role), person) for person in found if person.memberships.all()]
    order = {role: place for place, role in enumerate(ROLES)}
    return [(role, _shown(role, person)) for role, person in sorted(rows, key=lambda row: order[row[0]])]


def groups() -> list[tuple[str, list[DemoPerson]]]:
    """The same people under the heading of what they do."""
    everybody = people()
    named = [(title, [person for role, person in everybody if role in roles]) for title, roles in _GROUPS]
    return [(title, members) for title, members in named if members]


def _shown(role: Role, person: User) -> DemoPerson:
    unit = person.memberships.all()[0].unit
    return DemoPerson(person.pk, str(person), person.initials, role.label, unit.short_name, ROLES[role].description)
