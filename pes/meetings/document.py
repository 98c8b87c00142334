"""The acta of a meeting as a document: the blocks from which PDF and DOCX are written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from pes.dates import long_date, long_instant
from pes.demo_mark import demo_mark
from pes.documents.blocks import Block, Document, Facts, Grid, Section, Text, Title
from pes.meetings.facts import OTHERS, presences_of, seal_of, what_it_is
from pes.models import Commitment, TechnicalWorkshop
from pes.rules.technical_workshops import MeetingStatus, coverage

NO_NAME, DASH = "Nombre reservado", "–"
PENDING, BEFORE_CLOSING = "Acta sin cerrar", "Borrador, anterior al cierre"
BEFORE_ADDENDUM, FINAL = "Acta, sin la última adenda", "Acta"
_Rows = tuple[tuple[str, ...], ...]
ATTENDANCE = ("Entidad", "Nombre", "Cargo o calidad")
DECISIONS = ("Número", "Decisión")
COMMITMENTS = ("Número", "Compromiso", "Responsable", "Plazo acordado")


def acta_of(meeting: TechnicalWorkshop) -> Document:
    """Read everything that an acta says, at one moment."""
    people = tuple(
        (one.entity.short_name if one.entity else OTHERS, one.person.name or NO_NAME, one.person.position)
        for one in presences_of(meeting)
    )
    decisions = tuple((str(row.number), row.text) for row in meeting.decisions.all())
    agreed = meeting.commitments.select_related("owner", "owner_entity").order_by("number")
    commitments = tuple(_commitment(row) for row in agreed)
    return _document(meeting, tuple(_sections(meeting, people, decisions, commitments)))


def settled_at(meeting: TechnicalWorkshop) -> datetime | None:
    """When a closed acta said its last word, addenda included; None while it may change."""
    last = meeting.addenda.last()
    return last.at if last else meeting.closed_at


def edition_of(meeting: TechnicalWorkshop, made_at: datetime) -> str:
    """What files of some instant are today: those of before the closing never pass for the closed acta."""
    settled = settled_at(meeting)
    if settled is None or meeting.closed_at is None:
        return PENDING
    if made_at < meeting.closed_at:
        return BEFORE_CLOSING
    return BEFORE_ADDENDUM if made_at < settled else FINAL


def _document(meeting: TechnicalWorkshop, sections: tuple[Section, ...]) -> Document:
    is_closed = meeting.status == MeetingStatus.CLOSED
    dated_at = settled_at(meeting) or timezone.now()  # a closed acta gives the same bytes whenever it is made (PD4)
    return Document(
        title=f"Acta. {meeting.topic}",
        institution=settings.PES_INSTITUTION,
        entity=f"Sector {meeting.plan.sector.name}",
        period=f"{what_it_is(meeting)} · {long_date(meeting.on)}",
        cutoff="",
        edition="Acta cerrada" if is_closed else PENDING,
        dated=long_date(dated_at),
        dated_at=dated_at,
        digest=meeting.digest or seal_of(meeting),
        marks=tuple(filter(None, ("" if is_closed else PENDING, demo_mark()))),
        correction="",
        sections=sections,
    )


def _sections(meeting: TechnicalWorkshop, people: _Rows, decisions: _Rows, commitments: _Rows) -> Iterator[Section]:
    yield Section("reunion", "La reunión", (Facts(tuple(_about(meeting))),))
    yield Section("asistencia", "Asistencia", tuple(_attendance(meeting, people)))
    points = tuple(_points(meeting))
    if points:
        yield Section("desarrollo", "Desarrollo de la agenda", points)
    observed = tuple((row.theme, row.text) for row in meeting.observations.all())
    if observed:
        table = Grid("Lo observado por tema", ("Tema", "Lo observado"), observed, hide_caption=True)
        yield Section("observado", "Lo observado en campo", (table,))
    said = "No se tomaron decisiones."
    yield Section("decisiones", "Decisiones", (_table("Decisiones", DECISIONS, decisions, said),))
    said = "No quedaron compromisos."
    yield Section("compromisos", "Compromisos", (_table("Compromisos", COMMITMENTS, commitments, said),))
    addenda = tuple(_addenda(meeting))
    if addenda:
        yield Section("adendas", "Adendas", addenda)
    yield Section("constancia", "Constancia", (Facts(tuple(_proof(meeting))),), "together")


def _about(meeting: TechnicalWorkshop) -> Iterator[tuple[str, str]]:
    yield "Qué reunión es", what_it_is(meeting)
    yield "Fecha y hora", f"{long_date(meeting.on)}, de {meeting.starts:%H:%M} a {meeting.ends:%H:%M}"
    yield "Lugar", " · ".join(part for part in (meeting.place, meeting.link) if part)
    if meeting.event:
        yield "Evento observado", f"{meeting.get_event_display()}: {meeting.event_name}"
    if meeting.aim:
        yield "Objetivo", meeting.aim
    yield "Entidades convocadas", ", ".join(one.short_name for one in meeting.entities.all()) or DASH


def _attendance(meeting: TechnicalWorkshop, people: _Rows) -> Iterator[Block]:
    yield _table("Asistentes", ATTENDANCE, people, "No se ha registrado la asistencia.")
    absent = coverage((row[0] for row in people), [one.short_name for one in meeting.entities.all()])
    if people and absent:
        yield Text(f"No asistió nadie de: {', '.join(absent)}.")


def _points(meeting: TechnicalWorkshop) -> Iterator[Block]:
    for item in meeting.agenda.all():
        yield Title(3, f"{item.number}. {item.topic} ({item.starts:%H:%M} a {item.ends:%H:%M})")
        yield from _paragraphs(item.minutes or "Sin texto todavía.")


def _proof(meeting: TechnicalWorkshop) -> Iterator[tuple[str, str]]:
    if meeting.held_by:
        yield "Registró la asistencia", f"{meeting.held_by}, {long_instant(meeting.held_at)}"
    if meeting.closed_by:
        yield "Cerró el acta", f"{meeting.closed_by}, {long_instant(meeting.closed_at)}"
        yield "Huella SHA-256 de lo escrito", meeting.digest
        yield (
            "Qué quiere decir",
            "Un acta cerrada no cambia: se corrige con adendas fechadas, que no entran en la huella",
        )
    else:
        yield "Estado", "Celebrada; el acta aún puede cambiar hasta que se cierre"


def _addenda(meeting: TechnicalWorkshop) -> Iterator[Block]:
    for row in meeting.addenda.select_related("by"):
        yield Title(3, f"{row}, {long_instant(row.at)}, {row.by}")
        yield from _paragraphs(row.text)


def _commitment(row: Commitment) -> tuple[str, ...]:
    return str(row.number), row.text, row.owner_name, long_date(row.agreed_due_on)


def _table(caption: str, headers: tuple[str, ...], rows: _Rows, otherwise: str) -> Block:
    return Grid(caption, headers, rows, hide_caption=True) if rows else Text(otherwise)


def _paragraphs(text: str) -> Iterator[Text]:
    for line in text.splitlines():
        if line.strip():
            yield Text(line)
