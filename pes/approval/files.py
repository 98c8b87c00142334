"""The document as PDF, DOCX and JSON: drafts of what is written now, and each frozen version; made by durable jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from pes import audit, jobs
from pes.access import demand
from pes.dates import long_date
from pes.demo_mark import demo_mark
from pes.documents.assets import asset
from pes.documents.blocks import Document, Facts, Grid, Section, Text
from pes.documents.docx import docx_of
from pes.documents.html import html_of
from pes.documents.pdf import STYLE, render_html
from pes.documents.store import sha256
from pes.models import Adoption, Job, PesVersion, SectorPlan, User, VersionFiles
from pes.permissions import Permission
from pes.rules.problems import Problem, Refused
from pes.writing.content import Content, content_of, from_json, to_json
from pes.writing.whole import document_of

DRAFT_JOB, VERSION_JOB = "render_pes_draft", "render_pes_version"
DATA = "datos.json"
DRAFT_MARK, PRESENTED_MARK = "Borrador", "Versión sin adoptar"


@dataclass(frozen=True)
class Reading:
    """Everything that the files are made from, at one moment."""

    content: Content
    data: bytes  # the canonical JSON: its SHA-256 is the digest of the version
    digest: str
    edition: str
    dated_at: datetime
    marks: tuple[str, ...]
    proof: tuple[tuple[str, str], ...]  # what the page of verification says
    approvals: tuple[tuple[str, ...], ...]  # entity, day
    version: int = 0
    adoption: int = 0
    correction: int = 0  # of the act, the last that these files know


@dataclass(frozen=True, slots=True)
class Files:
    """Contents by suffix, the HTML that pages show among them, and the pages of the PDF."""

    contents: dict[str, bytes]
    pages: int


@transaction.atomic
def ask_draft(plan: SectorPlan, *, by: User) -> Job:
    """Ask for the files of what is written now; waiting requests of one PES are one job. Raises PermissionDenied."""
    demand(by, Permission.DOCUMENT_WRITE, plan)
    audit.record("pes_draft_requested", plan, by=by, after={"plan": str(plan)})
    return jobs.enqueue(DRAFT_JOB, f"{DRAFT_JOB}:{plan.pk}", {"version": 1, "plan": plan.pk}, by=by)


@transaction.atomic
def ask_version_files(version: PesVersion, *, adoption: Adoption | None = None, by: User) -> Job:
    """Ask for the files of a frozen version, as it was presented or as it was adopted: they are made once.

    Presenting, adopting and correcting the act ask by themselves; asking again is for when that failed. Raises PermissionDenied, or
    Refused: they exist.
    """
    demand(by, Permission.PES_READ, version)
    if VersionFiles.objects.standing().filter(version=version, adoption=adoption).exists():
        message = "Los archivos de esta versión ya están hechos y no se rehacen."
        raise Refused([Problem("files_exist", "PD4", message, fix="Vuelva a cargar la página.")])
    key = f"{VERSION_JOB}:{version.pk}:{adoption.pk if adoption else 0}"
    payload = {"version": 1, "pes_version": version.pk, "adoption": adoption.pk if adoption else None}
    return jobs.enqueue(VERSION_JOB, key, payload, by=by)


def jobs_of(plan: SectorPlan) -> QuerySet[Job]:
    """The jobs that make files of a PES and have not ended, the newest first."""
    busy = Job.objects.filter(finished_at__isnull=True)
    versions = list(PesVersion.objects.filter(plan=plan).values_list("pk", flat=True))
    drafts = busy.filter(kind=DRAFT_JOB, payload__plan=plan.pk)
    return (drafts | busy.filter(kind=VERSION_JOB, payload__pes_version__in=versions)).order_by("-pk")


def draft_reading(plan: SectorPlan) -> Reading:
    """What is written now, to be read as a draft."""
    content, now = content_of(plan), timezone.now()
    data = audit.canonical(to_json(content))
    proof = (("Estado", "Borrador: no se ha presentado a las entidades y puede cambiar en cualquier momento"),)
    return _reading(content, data, f"Borrador del {long_date(now)}", now, (DRAFT_MARK,), proof)


def version_reading(version: PesVersion, adoption: Adoption | None) -> Reading:
    """A frozen version; nothing is asked of the data it was made from."""
    data, content = audit.canonical(version.content), from_json(version.content)
    approved = version.decisions.filter(approves=True).select_related("entity")
    rows = tuple((one.entity.name, long_date(one.at)) for one in approved.order_by("entity__sort_key", "pk"))
    proof = [("Versión", f"{version.number}, presentada el {long_date(version.presented_at)}")]
    edition, instant, marks = f"Versión {version.number}", version.presented_at, (PRESENTED_MARK,)
    if adoption is not None:
        edition, instant, marks = f"Versión {version.number} · {adoption.act}", adoption.at, ()
        day = f" del {long_date(adoption.act.issued_on)}" if adoption.act.issued_on else ""
        proof.append(("Acto que lo adopta", f"{adoption.act}{day}"))
    places = {"approvals": rows, "version": version.pk}
    if adoption is not None:
        renamed = adoption.act.corrections.filter(renames=True).first()
        places |= {"adoption": adoption.pk, "correction": renamed.pk if renamed else 0}
        if renamed:
            proof.append(("Corrección del acto", f"Del {long_date(renamed.made_at)}: {renamed.reason}"))
    return _reading(content, data, edition, instant, marks, tuple(proof), **places)


def document_from(reading: Reading) -> Document:
    """The document with its page of verification."""
    return document_of(
        reading.content,
        edition=reading.edition,
        dated_at=reading.dated_at,
        digest=reading.digest,
        marks=reading.marks,
        annexes=(_verification(reading),),
    )


def make_files(reading: Reading, progress: Callable[[int], None]) -> Files:
    """Everything that the document is delivered as, without the database."""
    document = document_from(reading)
    progress(5)
    contents = {"json": reading.data, "html": html_of(document, asset(STYLE).decode()).encode()}
    progress(10)
    contents["docx"] = docx_of(document)
    progress(25)
    said = f"Contenido del documento: {document.title}"
    made = render_html(html_of(document), reading.data, dated_at=reading.dated_at, description=said, name=DATA)
    contents["pdf"] = made.content
    progress(95)
    return Files(contents, made.pages)


def _reading(
    content: Content, data: bytes, edition: str, dated_at: datetime, marks: tuple[str, ...],
    proof: tuple[tuple[str, str], ...], **places: Any,
) -> Reading:  # fmt: skip
    demo = (demo_mark(),) if demo_mark() else ()
    values = {"approvals": (), **places}
    return Reading(content, data, sha256(data), edition, dated_at, (*marks, *demo), proof, **values)


def _verification(reading: Reading) -> Section:
    blocks: list[Any] = [Facts((*reading.proof, ("Huella SHA-256 del contenido", reading.digest)))]
    if reading.approvals:
        blocks.append(Grid("Entidades que aprobaron esta versión", ("Entidad", "Aprobó el"), reading.approvals))
    said = (
        f"El PDF lleva adentro el archivo {DATA} con todo el contenido. Su huella SHA-256 es la de esta página: "
        "si una palabra o una cifra cambia, la huella cambia."
    )
    return Section("verificacion", "Cómo verificar este documento", (*blocks, Text(said)))
