"""The cast: named people with their roles on a small sector. `cast()` walks the real grants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator

from pes.models import Membership, OrganizationUnit, UnitKind, User
from pes.permissions import Role

SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class Cast:
    """Units and people of most tests; passwords are unusable, log in with `client.force_login`."""

    district: OrganizationUnit
    sector: OrganizationUnit
    head: OrganizationUnit
    second_entity: OrganizationUnit
    process: OrganizationUnit
    alcaldia: OrganizationUnit
    other_sector: OrganizationUnit
    other_entity: OrganizationUnit
    other_alcaldia: OrganizationUnit
    ana: User  # analista OAP of the sector
    jorge: User  # jefe OAP of the sector
    luis: User  # líder de proceso
    marta: User  # alcaldesa local
    pilar: User  # promotora of the process
    diana: User  # directora of the sector
    elena: User  # enlace de planeación of the head entity
    gabriel: User  # gerente de proyecto of the head entity
    olga: User  # control interno
    alicia: User  # administradora of the district
    oscar: User  # a stranger: alcalde local in another sector


def unit(
    code: str, kind: UnitKind, parent: OrganizationUnit | None, name: str = "", **fields: object
) -> OrganizationUnit:
    """A unit, by default named after its code."""
    return OrganizationUnit.objects.create(code=code, kind=kind, parent=parent, name=name or code.title(), **fields)


def person(name: str, role: Role | None = None, on: OrganizationUnit | None = None) -> User:
    """A person, with a role since 2020 if one is given."""
    email = name.lower().translate(str.maketrans("áéíóúñ ", "aeioun.")) + "@ejemplo.invalid"
    user = User.objects.create_user(email, full_name=name)
    if role and on:
        Membership.grant(user=user, unit=on, role=role, starts_on=SINCE, by=None)
    return user


def with_second_factor(user: User) -> User:
    """The person, with an application of codes already set up."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "sin uso"})
    return user


def cast() -> Cast:
    """Everybody, on a district with two sectors."""
    district = unit("bogota", UnitKind.DISTRICT, None, "Bogotá, Distrito Capital")
    sector = unit("gestion-publica", UnitKind.SECTOR, district, "Gestión Pública")
    head = unit("secretaria-general", UnitKind.ENTITY, sector, "Secretaría General", acronym="SG", is_head=True)
    second = unit("dascd", UnitKind.ENTITY, sector, "Servicio Civil", acronym="DASCD")
    process = unit("PLE-PIN", UnitKind.PROCESS, head, "Planeación Institucional")
    alcaldia = unit("AL-01", UnitKind.ALCALDIA_LOCAL, head, "Alcaldía Local de Usaquén")
    other = unit("gobierno", UnitKind.SECTOR, district, "Gobierno")
    other_entity = unit("sdg", UnitKind.ENTITY, other, "Secretaría de Gobierno", is_head=True)
    other_alcaldia = unit("AL-02", UnitKind.ALCALDIA_LOCAL, other_entity, "Alcaldía Local de Chapinero")
    return Cast(
        district,
        sector,
        head,
        second,
        process,
        alcaldia,
        other,
        other_entity,
        other_alcaldia,
        ana=person("Ana Analista", Role.ANALISTA_OAP, sector),
        jorge=person("Jorge Jefe", Role.JEFE_OAP, sector),
        luis=person("Luis Líder", Role.LIDER_PROCESO, process),
        marta=person("Marta Alcaldesa", Role.ALCALDE_LOCAL, alcaldia),
        pilar=person("Pilar Promotora", Role.PROMOTOR, process),
        diana=person("Diana Directora", Role.DIRECTIVO, sector),
        elena=person("Elena Enlace", Role.ENLACE_ENTIDAD, head),
        gabriel=person("Gabriel Gerente", Role.GERENTE_PROYECTO, head),
        olga=person("Olga Control", Role.CONTROL_INTERNO, district),
        alicia=person("Alicia Administradora", Role.ADMINISTRADOR, district),
        oscar=person("Óscar Extraño", Role.ALCALDE_LOCAL, other_alcaldia),
    )
