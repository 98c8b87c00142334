"""What the verbs of approval share: one order of locks, and words for whoever came late."""

from __future__ import annotations

from collections.abc import Collection

from pes.approval.versions import latest_of
from pes.models import AdministrativeAct, Adoption, ApprovalRound, OrganizationUnit, PesVersion
from pes.rules.approval import moment_problems
from pes.rules.approval_states import ApprovalStatus
from pes.rules.problems import Problem, Refused, refuse_if_any


def hold_round(pk: int) -> ApprovalRound:
    """The round with its row locked until the transaction ends: what is counted is what is decided (JB15)."""
    rows = ApprovalRound.objects.select_for_update(of=("self",), no_key=True).select_related("plan__sector")
    return rows.get(pk=pk)


def hold_version(version: PesVersion, states: Collection[ApprovalStatus]) -> PesVersion:
    """The version with its round locked. Raises Refused when another one took its place, or from another state (WF4)."""
    held = hold_round(version.round_id)
    latest = latest_of(held)
    refuse_if_any(
        moment_problems(
            asked=version.number, latest=latest.number, is_open=held.state in states, label=held.state.label
        )
    )
    latest.round = held
    return latest


def hold_act(pk: int) -> AdministrativeAct:
    """The act as it is now, with its row locked until the transaction ends."""
    rows = AdministrativeAct.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("unit", "file", "repealed_by").get(pk=pk)


def hold_adoption(adoption: Adoption) -> Adoption:
    """The adoption with its round, if it has one, and its act locked, the act as it is now."""
    if adoption.version is not None:
        adoption.version.round = hold_round(adoption.version.round_id)
    adoption.act = hold_act(adoption.act_id)
    return adoption


def of_sector(version: PesVersion, entity: OrganizationUnit) -> OrganizationUnit:
    """The entity, if it is one of the sector of the version. Raises Refused for any other unit."""
    if entity.parent_id != version.plan.sector_id:
        message = f"«{entity}» no es una entidad del sector."
        raise Refused([Problem("entity_of_other_sector", "AZ10", message, fix="Elija una entidad de la lista.")])
    return entity
