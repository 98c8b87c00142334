"""What an administrative act needs: its number and day, its file, its validity (LC-06, REF-01)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pes.rules.files import link_problems
from pes.rules.problems import Problem
from pes.rules.spoken import spoken_day
from pes.rules.threads import TEXT_LIMIT

RULE = "LC-06"
VALIDITY = "REF-01"


@dataclass(frozen=True, slots=True)
class ActFacts:
    """What is written down of an act; `year` is that of its day when there is one."""

    kind_name: str
    number: str
    year: int
    issued_on: date | None = None
    has_file: bool = False
    link: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


def act_problems(act: ActFacts, *, today: date, is_earlier: bool) -> Iterator[Problem]:
    """What is wrong with an act.

    One that adopts now has its day and its file; one from before this tool may know its year only, and have a link to
    where it is published in place of the file.
    """
    if not act.kind_name.strip():
        yield Problem("act_kind_missing", RULE, "Falta qué clase de acto es.", fix="Por ejemplo: directiva.")
    if not act.number.strip():
        yield Problem("act_number_missing", RULE, "Falta el número del acto.", fix="Cópielo del acto.")
    if act.link:
        yield from link_problems(act.link)
    yield from _day_problems(act, today, is_earlier=is_earlier)
    if not act.has_file and not (is_earlier and act.link):
        fix = (
            "Suba el PDF del acto, o escriba el enlace en que está publicado." if is_earlier else "Suba el PDF firmado."
        )
        yield Problem("act_file_missing", RULE, "Falta el archivo del acto.", fix=fix)
    yield from _validity_problems(act)


@dataclass(frozen=True, slots=True)
class RepealFacts:
    """An act that is repealed by another: since when it holds, the first day on which it was issued, the last of the other."""

    begins_on: date
    earliest_day: date
    repealed_on: date
    repealer_latest_day: date
    is_repealed: bool = False
    is_itself: bool = False
    is_mutual: bool = False


def repeal_problems(said: RepealFacts) -> Iterator[Problem]:
    """Why an act cannot be said to be repealed by another from a day on."""
    if said.is_itself:
        yield Problem("repeals_itself", VALIDITY, "Un acto no se deroga a sí mismo.", fix="Elija el acto posterior.")
    if said.is_repealed:
        fix = "Vuelva a cargar la página para ver por cuál."
        yield Problem("repealed_already", VALIDITY, "El acto ya estaba derogado.", fix=fix)
    if said.is_mutual or said.repealer_latest_day < said.earliest_day:
        message = "Un acto lo deroga otro posterior, y ese es anterior o ya lo derogó este."
        yield Problem(
            "repealer_not_later", VALIDITY, message, fix="Revise el número y la fecha del acto que lo deroga."
        )
    if said.repealed_on < said.begins_on:
        message = f"El acto rige desde el {spoken_day(said.begins_on)}, después de la derogatoria."
        yield Problem("repealed_too_early", VALIDITY, message, fix="Revise la fecha del acto que lo deroga.")


def adoption_problems(*, issued_on: date | None, endorsed_on: date) -> Iterator[Problem]:
    """Why an act cannot adopt a version: it is older than the session in which the committee endorsed it."""
    if issued_on is not None and issued_on < endorsed_on:
        message = f"El acto es anterior a la sesión del Comité, del {spoken_day(endorsed_on)}."
        yield Problem("act_before_committee", RULE, message, fix="Revise las dos fechas.")


def earlier_problems(
    *, issued_on: date | None, year: int, opened_on: date, is_under_approval: bool
) -> Iterator[Problem]:
    """Why an act cannot stand for an adoption before the tool: its PES is adopted here, or the act is no older.

    `opened_on` is the day on which the PES's road was opened here; of an act without day its whole year must be over.
    """
    if (issued_on or date(year, 12, 31)) >= opened_on:
        message = f"El acto no es anterior al {spoken_day(opened_on)}, día desde el que este PES se lleva aquí."
        fix = "Un PES que se adopta ahora pasa por sus puertas y su Comité; si el acto es de antes, escriba su fecha."
        yield Problem("act_not_earlier", RULE, message, fix=fix)
    if is_under_approval:
        message = "Este PES ya se presentó aquí: lo adopta el acto de su versión, cuando las entidades la aprueben."
        yield Problem("earlier_under_approval", RULE, message, fix="Si se adoptó antes, retire primero la versión.")


def correction_problems(reason: str, *, earliest_day: date, registered_on: date) -> Iterator[Problem]:
    """What is wrong with correcting an act that everybody reads (AZ13): no reason, or a day after it was entered here."""
    if not reason.strip():
        message = "La ciudadanía ya puede leer este acto: falta el motivo de la corrección."
        yield Problem("reason_missing", "AZ13", message, fix="Escríbalo: se publica con ella.")
    elif len(reason) > TEXT_LIMIT:
        message = f"El motivo tiene {len(reason)} caracteres y caben {TEXT_LIMIT}."
        yield Problem("reason_too_long", "AZ13", message, fix="Acórtelo.")
    if earliest_day > registered_on:
        message = f"El acto se registró aquí el {spoken_day(registered_on)}: no se expidió después."
        yield Problem("act_after_registration", RULE, message, fix="Revise la fecha del acto.")


def redating_problems(*, adopted_on: date, published_on: date | None, is_reordered: bool) -> Iterator[Problem]:
    """Why an act that adopts a PES cannot have other days: it was published before, or another adoption would prevail.

    `adopted_on` is the first day on which the act, as corrected, may have been issued; `published_on`, the first
    publication of what it adopts; `is_reordered`, whether the adoptions of the PES would begin in another order.
    """
    if published_on is not None and published_on < adopted_on:
        message = f"El PES se publicó el {spoken_day(published_on)}, antes de ese día."
        yield Problem("act_after_publication", RULE, message, fix="Revise la fecha del acto.")
    if is_reordered:
        message = "Con esas fechas cambiaría cuál de los actos que adoptan este PES empieza a regir primero."
        yield Problem("adoptions_reordered", VALIDITY, message, fix="Revise la fecha y desde cuándo rige.")


def publication_problems(url: str, *, published_on: date, adopted_on: date, today: date) -> Iterator[Problem]:
    """What is wrong with where and when the adopted PES was published."""
    yield from link_problems(url)
    if published_on > today:
        message = f"El {spoken_day(published_on)} no ha llegado."
        yield Problem("published_in_future", RULE, message, fix="Registre la publicación cuando se haya hecho.")
    elif published_on < adopted_on:
        message = f"Se publicaría antes de adoptarse, el {spoken_day(adopted_on)}."
        yield Problem("published_too_early", RULE, message, fix="Revise la fecha.")


def _day_problems(act: ActFacts, today: date, *, is_earlier: bool) -> Iterator[Problem]:
    if act.issued_on is None:
        if not is_earlier:
            yield Problem("act_day_missing", RULE, "Falta la fecha del acto.", fix="Cópiela del acto.")
    elif act.issued_on > today:
        message = f"El {spoken_day(act.issued_on)} no ha llegado."
        yield Problem("act_in_future", RULE, message, fix="Registre el acto cuando se haya expedido.")
    elif act.issued_on.year != act.year:
        message = f"La fecha es de {act.issued_on.year} y el acto, de {act.year}."
        yield Problem("act_year_differs", RULE, message, fix="Revise el año y la fecha.")
    if act.year > today.year:
        yield Problem("act_in_future", RULE, f"El año {act.year} no ha llegado.", fix="Revise el año del acto.")


def _validity_problems(act: ActFacts) -> Iterator[Problem]:
    begins = act.valid_from or act.issued_on
    if act.valid_until is not None and begins is not None and act.valid_until < begins:
        message = f"El acto dejaría de regir el {spoken_day(act.valid_until)}, antes de empezar."
        yield Problem("validity_out_of_order", VALIDITY, message, fix="Revise desde cuándo y hasta cuándo rige.")
