"""The versions of a PES and their files, as pages list them; and its adoptions, with what is in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from pes.approval.versions import light_versions
from pes.audit_sentences import facts_said
from pes.dates import long_date, long_instant
from pes.models import ActCorrection, ActKind, AdministrativeAct, Adoption, PublicationChannel, SectorPlan, VersionFiles
from pes.models.document_files import DocumentFiles
from pes.plan_frame import plan_url
from pes.rules.approval_states import UNDER_WAY

LABELS = {"pdf": "Documento", "docx": "Texto editable", "json": "Contenido, para verificar"}
PRESENTED, ADOPTED = "presentada", "adoptada"


@dataclass(frozen=True)
class FileLink:
    """A file to take away, with the digest that proves it."""

    url: str
    label: str
    format: str
    detail: str
    digest: str


@dataclass(frozen=True)
class ShownCorrection:
    """What an act said before it was corrected, and why; the file that was replaced is for who works here."""

    title: str
    reason: str
    before: tuple[tuple[str, str], ...]
    file_url: str
    file_name: str


@dataclass(frozen=True)
class ShownAct:
    """An act and its validity, in words."""

    pk: int
    name: str
    day: str
    issuer: str
    subject: str
    validity: str
    tone: str
    state: str
    link: str
    file_url: str
    file_name: str


def file_links(files: DocumentFiles | None, name: str, *args: Any) -> tuple[FileLink, ...]:
    """The files that are on disk, through the view of that name; its arguments end in the suffix."""
    if files is None:
        return ()
    return tuple(
        FileLink(
            reverse(name, args=[*args, suffix]), LABELS[suffix], suffix.upper(), _detail(files, suffix),
            files.digest_of(suffix),
        )
        for suffix in files.suffixes
        if files.path(suffix).is_file()
    )  # fmt: skip


def version_rows(plan: SectorPlan) -> list[dict[str, Any]]:
    """Every version of a PES, the last one first; two queries, without their contents."""
    adopted = {one.version_id: one for one in Adoption.objects.filter(plan=plan).select_related("act")}
    rows = list(light_versions().filter(plan=plan).order_by("-number"))
    latest = {row.round_id: row.number for row in reversed(rows)}
    return [
        {
            "number": row.number,
            "url": plan_url(plan, "pes:version", row.number),
            "kind": row.get_kind_display(),
            "at": long_instant(row.presented_at),
            "by": str(row.presented_by),
            "note": row.note,
            "digest": f"{row.digest[:12]}…",
            "state": _version_state(row, adopted.get(row.pk), latest[row.round_id]),
            "diff_url": plan_url(plan, "pes:version-diff", row.number - 1, row.number) if row.number > 1 else "",
        }
        for row in rows
    ]


def files_of(version_id: int, adoption: Adoption | None = None) -> VersionFiles | None:
    """The files of a version as it was presented, or as it was adopted."""
    return VersionFiles.objects.standing().filter(version=version_id, adoption=adoption).first()


def shown_act(
    act: AdministrativeAct, on: date, *, amended_by: Sequence[AdministrativeAct] = (), file_url: str = ""
) -> ShownAct:
    """An act as of a day; `file_url` is where its file is served to who reads the page.

    `amended_by`: the acts that adopted the PES anew while this one was in force (see `succession.amending_acts`).
    """
    tone, state = _validity(act, on, amended_by)
    return ShownAct(
        pk=act.pk,
        name=str(act),
        day=long_date(act.issued_on) if act.issued_on else f"{act.year} (día sin registrar)",
        issuer=act.issuer,
        subject=act.subject,
        validity=_term(act, amended_by),
        tone=tone,
        state=state,
        link=act.link,
        file_url=file_url or (act.file.get_absolute_url() if act.file else ""),
        file_name=act.file.display_name if act.file else "",
    )


def corrections_of(act: AdministrativeAct, *, is_public: bool = False) -> tuple[ShownCorrection, ...]:
    """What was corrected of an act and of the one that repeals it, the last first of each.

    For the public, nobody's name and no earlier file.
    """
    own = [_correction(one, "Se", is_public) for one in act.corrections.all()]
    other = act.repealed_by.corrections.all() if act.repealed_by else ()
    return (*own, *(_correction(one, f"{act.repealed_by}: se", is_public) for one in other))


def publications_of(adoption: Adoption, *, is_public: bool = False) -> list[tuple[str, str, str]]:
    """Where an adopted PES was published: medium, address, day; the web first. The public is not sent to an intranet."""
    order = list(PublicationChannel)
    hidden = {PublicationChannel.INTRANET} if is_public else set()
    found = (one for one in adoption.publications.all() if one.channel not in hidden)
    rows = sorted(found, key=lambda one: (order.index(PublicationChannel(one.channel)), one.pk))
    return [(one.get_channel_display(), one.url, long_date(one.published_on)) for one in rows]


def missing_channels(adoption: Adoption) -> list[str]:
    """Media of the guide in which it is not published yet."""
    done = {one.channel for one in adoption.publications.all()}
    return [channel.label.lower() for channel in PublicationChannel if channel not in done]


def choices(rows: Iterable[dict[str, Any]]) -> list[tuple[int, str]]:
    """Versions as options of a select."""
    return [(row["number"], f"Versión {row['number']} · {row['kind'].lower()}") for row in rows]


def _correction(one: ActCorrection, begins: str, is_public: bool) -> ShownCorrection:
    who, kept = ("", None) if is_public else (f" por {one.made_by}", one.file)
    return ShownCorrection(
        title=f"{begins} corrigió el {long_date(one.made_at)}{who}",
        reason=one.reason,
        before=facts_said(one.before),
        file_url=kept.get_absolute_url() if kept else "",
        file_name=kept.display_name if kept else "",
    )


def _version_state(row: Any, adoption: Adoption | None, latest: int) -> tuple[str, str]:
    """Words and tone of a version in the list; `latest` is the last one of its round."""
    if adoption is not None:
        return f"Adoptada por {adoption.act}", "ok"
    if row.number != latest:
        return f"Reemplazada por la versión {row.number + 1}", "neutral"
    if row.round.state in UNDER_WAY:
        return f"En aprobación: {row.round.state.label.lower()}", "info"
    return "Sin adoptar", "neutral"


def _term(act: AdministrativeAct, amended_by: Sequence[AdministrativeAct]) -> str:
    begins = act.valid_from or act.issued_on
    words = f"Rige desde el {long_date(begins)}" if begins else f"Rige desde {act.year}"
    if act.valid_until:
        words += f", hasta el {long_date(act.valid_until)}"
    if amended_by:
        it, first = "la" if _is_feminine(act) else "lo", amended_by[0]
        words += f"; {it} modifica {first} desde el {long_date(first.begins_on)}"
    if act.repealed_by and act.repealed_on:
        words += f"; {_ended(act, 'derogad')} por {act.repealed_by} desde el {long_date(act.repealed_on)}"
    return f"{words}."


def _validity(act: AdministrativeAct, on: date, amended_by: Sequence[AdministrativeAct]) -> tuple[str, str]:
    """Tone and words of a day; an act that is in force, but amended by another that is too, no longer says the PES."""
    if act.repealed_on is not None and on >= act.repealed_on:
        return "risk", f"{_ended(act, 'Derogad')} por {act.repealed_by}"
    if act.is_in_force(on):
        amended = next((one for one in amended_by if one.is_in_force(on)), None)
        return ("neutral", f"{_ended(act, 'Modificad')} por {amended}") if amended else ("ok", "Vigente")
    return ("info", "Por empezar") if on < act.begins_on else ("off", _ended(act, "Terminad"))


def _ended(act: AdministrativeAct, stem: str) -> str:
    """A participle that agrees with the kind of act."""
    return f"{stem}a" if _is_feminine(act) else f"{stem}o"


def _is_feminine(act: AdministrativeAct) -> bool:
    return act.kind in {ActKind.RESOLUCION, ActKind.CIRCULAR}


def _detail(files: DocumentFiles, suffix: str) -> str:
    size = filesizeformat(files.path(suffix).stat().st_size)
    return f"{files.pages} páginas · {size}" if suffix == "pdf" else size
