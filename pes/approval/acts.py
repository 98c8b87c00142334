"""Administrative acts: entered with their file, and later repealed by another (LC-06, REF-01)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from pes import audit
from pes.access import demand
from pes.duplicates import once
from pes.files.stored import keep
from pes.models import ActKind, AdministrativeAct, OrganizationUnit, User
from pes.permissions import Permission
from pes.rules.acts import ActFacts, RepealFacts, act_problems, repeal_problems
from pes.rules.problems import Problem, Refused, refuse_if_any
from pes.rules.texts import one_line

ADOPT = Permission.PES_ADOPT
TWICE = "Ese acto ya está registrado."


@dataclass(frozen=True)
class ActDraft:
    """What is written down of an act; of an old one perhaps only the year is known."""

    kind: ActKind
    number: str
    year: int
    other_kind: str = ""
    issued_on: date | None = None
    issuer: str = ""
    subject: str = ""
    link: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def kind_name(self) -> str:
        """«Resolución», or what another kind is called."""
        return one_line(self.other_kind) if self.kind == ActKind.OTRO else ActKind(self.kind).label

    @property
    def name(self) -> str:
        """«Resolución 12 de 2026»."""
        return f"{self.kind_name} {one_line(self.number)} de {self.year}"

    def facts(self, *, has_file: bool) -> ActFacts:
        """What the rules ask of it."""
        return ActFacts(
            kind_name=self.kind_name, number=self.number, year=self.year, issued_on=self.issued_on, has_file=has_file,
            link=self.link, valid_from=self.valid_from, valid_until=self.valid_until,
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """The columns of the act."""
        return {
            "kind": self.kind, "other_kind": one_line(self.other_kind) if self.kind == ActKind.OTRO else "",
            "number": one_line(self.number), "year": self.year, "issued_on": self.issued_on,
            "issuer": one_line(self.issuer), "subject": one_line(self.subject), "link": self.link.strip(),
            "valid_from": self.valid_from, "valid_until": self.valid_until,
        }  # fmt: skip


@once(TWICE)
def register_act(
    unit: OrganizationUnit,
    draft: ActDraft,
    *,
    file: UploadedFile | None = None,
    is_earlier: bool = False,
    by: User,
    now: datetime | None = None,
) -> AdministrativeAct:
    """Enter an act of a sector or an entity, with its file.

    Raises PermissionDenied, or Refused: its number, day, file or validity, or it is entered already.
    """
    demand(by, ADOPT, unit)
    instant = now or timezone.now()
    facts = draft.facts(has_file=file is not None)
    refuse_if_any(act_problems(facts, today=timezone.localdate(instant), is_earlier=is_earlier))
    act = AdministrativeAct(unit=unit, registered_by=by, registered_at=instant, **draft.values())
    refuse_known(act)
    act.file = keep(file, unit=unit, by=by) if file is not None else None
    act.save()
    audit.record("act_registered", act, by=by, after=act_facts(act))
    return act


@once(TWICE)
def repeal(act: AdministrativeAct, *, repealed_by: AdministrativeAct, on: date, by: User) -> None:
    """Say that an act is repealed by a later one from a day on (REF-01); said again, nothing changes.

    Raises PermissionDenied, or Refused: repealed already by another, by itself, by an older one, or before it began.
    """
    demand(by, ADOPT, act)
    held = AdministrativeAct.objects.select_for_update(no_key=True).get(pk=act.pk)
    if (held.repealed_by_id, held.repealed_on) == (repealed_by.pk, on):
        return
    before = act_facts(held)
    said = repeal_facts(held, repealed_by, on)
    refuse_if_any(repeal_problems(replace(said, is_repealed=held.repealed_by_id is not None)))
    held.repealed_by, held.repealed_on = repealed_by, on
    held.save(update_fields=["repealed_by", "repealed_on"])
    old, new = audit.differences(before, act_facts(held))
    audit.record("act_repealed", held, by=by, before=old, after={"act": str(held)} | new)


def repeal_facts(act: AdministrativeAct, repealer: AdministrativeAct, on: date) -> RepealFacts:
    """What the rules ask of an act that is repealed by another from a day on."""
    return RepealFacts(
        begins_on=act.begins_on, earliest_day=act.earliest_day, repealed_on=on,
        repealer_latest_day=repealer.latest_day, is_itself=act.pk == repealer.pk,
        is_mutual=repealer.repealed_by_id == act.pk,
    )  # fmt: skip


def known_act(unit: OrganizationUnit, draft: ActDraft, file: UploadedFile | None = None) -> AdministrativeAct | None:
    """The act of a unit that was entered before with that kind, number and year. Raises Refused if it says otherwise."""
    said = draft.values()
    same = {name: said[name] for name in ("kind", "other_kind", "number", "year")}
    found = AdministrativeAct.objects.filter(unit=unit, **same).first()
    if found and (file or any(value != getattr(found, name) for name, value in said.items() if value)):
        fix = "Deje solo su tipo, su número y su año, o corrija antes ese acto."
        raise Refused([Problem("act_repeated", "WF1", f"{found} ya está en la herramienta, con otros datos.", fix=fix)])
    return found


def act_facts(act: AdministrativeAct) -> dict[str, Any]:
    """What the audit keeps of an act."""
    days = {name: getattr(act, name) for name in ("issued_on", "valid_from", "valid_until", "repealed_on")}
    said = {
        "act": str(act),
        "kind": act.get_kind_display(),
        "unit": act.unit.code,
        "issuer": act.issuer,
        "subject": act.subject,
        "repealed_by": str(act.repealed_by) if act.repealed_by else None,
        "sha256": act.file.sha256 if act.file else None,
        "url": act.link,
    }
    return said | {name: day.isoformat() if day else None for name, day in days.items()}


def refuse_known(act: AdministrativeAct) -> None:
    """Raise Refused if another act of the unit has its kind, number and year."""
    same = {"unit": act.unit, "kind": act.kind, "other_kind": act.other_kind, "number": act.number, "year": act.year}
    if AdministrativeAct.objects.filter(**same).exclude(pk=act.pk).exists():
        fix = "Revise el número y el año."
        raise Refused([Problem("act_repeated", "WF1", f"{act} ya está en la herramienta.", fix=fix)])
