"""What the approval knows of gate G3: every entity approved, the act is recorded, it is on the web (LC-02)."""

from __future__ import annotations

from collections.abc import Iterator

from pes.approval.versions import adoptions_of, latest_of, stands_of
from pes.models import Adoption, ApprovalRound, PublicationChannel, PublicationLink, SectorPlan
from pes.plan_frame import plan_url
from pes.rules.approval import ADOPTION_ACT, still_to_approve
from pes.rules.approval_states import APPROVED, ApprovalStatus
from pes.rules.gates import GateFact


def gate_facts(plan: SectorPlan) -> Iterator[GateFact]:
    """`entities_approved_same_version`, `adoption_act` and `published_on_web`.

    A PES adopted before this tool was approved before it, too: its act stands for both.
    """
    url, adoptions = plan_url(plan, "pes:approval"), adoptions_of(plan)
    missing = "" if adoptions else _approval_missing(plan)
    yield GateFact("entities_approved_same_version", not missing, missing, url)
    lacking = "" if adoptions else "Falta registrar el acto que adopta el PES: tipo, número, fecha y archivo."
    yield GateFact(ADOPTION_ACT, not lacking, lacking, url)
    unpublished = _publication_missing(adoptions)
    yield GateFact("published_on_web", not unpublished, unpublished, url)


def _approval_missing(plan: SectorPlan) -> str:
    round_ = ApprovalRound.objects.filter(plan=plan).order_by("-number").first()
    if round_ is None or round_.state == ApprovalStatus.WITHDRAWN:
        return "Falta presentar el documento a las entidades del sector."
    if round_.state in APPROVED:
        return ""
    version = latest_of(round_)
    return f"Falta que aprueben la versión {version.number}: {', '.join(still_to_approve(stands_of(version)))}."


def _publication_missing(adoptions: list[Adoption]) -> str:
    if not adoptions:
        return "Se publica cuando el PES esté adoptado."
    found = PublicationLink.objects.filter(adoption__in=[one.pk for one in adoptions], channel=PublicationChannel.WEB)
    return "" if found.exists() else "Falta registrar en qué página web se publicó."
